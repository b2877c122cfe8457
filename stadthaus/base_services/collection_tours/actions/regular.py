"""What happens every day and every minute without anybody asking."""

from datetime import datetime, timedelta

from django.db import transaction

from stadthaus.base_services.collection_tours.models import Booking
from stadthaus.work import actions as work

KEEP_DAYS = "collection_tours.keep_days"
RELEASE_HOLDS = "collection_tours.release_holds"
TIDY_UP = "collection_tours.tidy_up"
REGULAR_KEY = "regular"

# One day longer than the draft a hold belongs to.
RELEASED_HOLDS_KEPT = timedelta(days=8)


@transaction.atomic
def start_regular_jobs(*, now: datetime) -> None:
    """Have the regular jobs done from now on; each schedules its next run itself. Repeating it is harmless."""
    for kind in (KEEP_DAYS, RELEASE_HOLDS, TIDY_UP):
        work.schedule(kind=kind, key=REGULAR_KEY, due_at=now)


@transaction.atomic
def forget_released_holds(*, now: datetime) -> int:
    """Delete holds that never became a booking and were given back, eight days after their end; how many.

    A booked place has no end, so the place of a cancelled order stays.
    """
    holds = Booking.objects.filter(state=Booking.State.RELEASED, held_until__lte=now - RELEASED_HOLDS_KEPT)
    deleted, _ = holds.delete()
    return deleted
