"""Beside a running server: lets the day of an order come. `python -m tests.journeys.the_day_comes <number>`.

The order's own collection day becomes today, and what the worker does at its cut-off is done.
"""

import sys
from datetime import timedelta

import django
from django.db import transaction
from django.utils import timezone

django.setup()

from stadthaus.base_services.collection_tours.models import CollectionDay  # noqa: E402
from stadthaus.services.bulky_waste import actions  # noqa: E402
from stadthaus.services.bulky_waste.models import Order  # noqa: E402

LONG_AGO = timedelta(days=500)


@transaction.atomic
def let_the_day_come(number: str) -> None:
    """Make the day of this order today; a day that is today already steps aside."""
    now = timezone.now()
    day = Order.objects.select_related("booking__day").get(number=number).booking.day
    same_district = CollectionDay.objects.filter(district=day.district)
    same_district.filter(date=timezone.localdate(now)).update(date=timezone.localdate(now) - LONG_AGO)
    same_district.filter(pk=day.pk).update(date=timezone.localdate(now))
    actions.hand_over(day_id=day.pk, now=now)


if __name__ == "__main__":
    let_the_day_come(sys.argv[1])
