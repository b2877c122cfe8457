"""Beside a running server: lets the day of an order come. `python -m tests.journeys.the_day_comes <number>`.

The order's own collection day becomes today, and what the worker does at its cut-off is done. With `final` behind
the number the day is there, and the minutes are over in which the crew may correct what it said.
"""

import sys
from datetime import timedelta

import django
from django.db import transaction
from django.utils import timezone

django.setup()

from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.services.bulky_waste import actions
from stadthaus.services.bulky_waste.models import Order

LONG_AGO = timedelta(days=500)


@transaction.atomic
def let_the_day_come(number: str) -> None:
    """Make the day of this order today; a day that is today already steps aside."""
    now = timezone.now()
    today = timezone.localdate(now)
    day = Order.objects.select_related("booking__day").get(number=number).booking.day
    same_district = CollectionDay.objects.filter(district=day.district)
    free = min(same_district.earliest("date").date, today - LONG_AGO) - timedelta(days=1)
    same_district.filter(date=today).update(date=free)
    same_district.filter(pk=day.pk).update(date=today)
    Order.objects.filter(number=number).update(cancel_until=now, refund_until=now)
    actions.hand_over(day_id=day.pk, now=now)


if __name__ == "__main__":
    if sys.argv[2:] == ["final"]:
        actions.tell_result(number=sys.argv[1], now=timezone.now())
    else:
        let_the_day_come(sys.argv[1])
