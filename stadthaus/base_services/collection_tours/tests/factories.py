"""Plain functions that make what the tests need."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from stadthaus.base_services.collection_tours import actions
from stadthaus.base_services.collection_tours.models import Booking, CollectionDay, Stop
from stadthaus.kernel.actors import Actor

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
CREW = Actor(kind="crew", label="Wagen 1")
OFFICE = Actor(kind="staff", label="Erika Beispiel", user_id=None)

_offsets = count(1)


def minutes_later(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def make_day(
    *, litres: int = 10_000, stops: int = 5, district: str = "nord", day: date | None = None
) -> CollectionDay:
    return CollectionDay.objects.create(
        date=day or TODAY + timedelta(days=next(_offsets)),
        district=district,
        capacity_litres=litres,
        capacity_stops=stops,
    )


def record(
    outcome: str = "collected",
    reason: str = "",
    *,
    reference: str = "order/1",
    photo: str = "",
    remark: str = "",
    minute: float = 0,
) -> Stop:
    """What the crew says about a stop."""
    return actions.record_result(
        reference=reference,
        outcome=outcome,
        reason=reason,
        remark=remark,
        found_litres=None,
        photo=photo,
        actor=CREW,
        now=minutes_later(minute),
    )


def figures(day: CollectionDay) -> tuple[int, int]:
    """Booked litres and booked stops as the database knows them."""
    return CollectionDay.objects.values_list("booked_litres", "booked_stops").get(pk=day.pk)


def state_of(booking: Booking) -> str:
    return Booking.objects.values_list("state", flat=True).get(pk=booking.pk)
