"""The program with its guard taken off: it looks whether there is room, and writes later.

The negative control of all races: if this does not sell more than there is, the race proves nothing.
"""

import time
from datetime import datetime, timedelta
from typing import Any

from stadthaus.config.wsgi import application  # first, because it sets Django up

# isort: split
from stadthaus.base_services.collection_tours import actions as tours
from stadthaus.base_services.collection_tours.models import Booking, CollectionDay
from stadthaus.services.bulky_waste import actions
from stadthaus.services.bulky_waste.models import Draft

_choose_day = actions.choose_day


PAUSE = 0.02  # seconds between looking and writing; makes certain what would be likely anyway


def _look_first(*, draft: Draft, day_id: int, **rest: Any) -> Any:
    day = CollectionDay.objects.get(pk=day_id)
    taken = list(Booking.objects.live().filter(day=day).values_list("litres", flat=True))
    if len(taken) >= day.capacity_stops or sum(taken) >= day.capacity_litres:
        raise tours.DayIsFull(day_id)
    time.sleep(PAUSE)
    return _choose_day(draft=draft, day_id=day_id, **rest)


def _just_write(
    *,
    reference: str,
    day_id: int,
    litres: int,
    minutes: int,
    now: datetime,
    is_first: bool = False,  # noqa: ARG001  as `hold` takes it
) -> Booking:
    return Booking.objects.create(
        day_id=day_id,
        reference=reference,
        litres=litres,
        state=Booking.State.HELD,
        held_until=now + timedelta(minutes=minutes),
        made_at=now,
    )


actions.choose_day = _look_first
tours.hold = _just_write

__all__ = ["application"]
