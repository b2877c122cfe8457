"""The program with its guard taken off: room is looked at first and taken later. Only for the negative control."""

import time

from stadthaus.config.wsgi import application  # first, because it sets Django up

# isort: split
from stadthaus.base_services.collection_tours.actions import places
from stadthaus.base_services.collection_tours.models import Booking, CollectionDay

_THINKING_SECONDS = 0.05


def _look_then_take(day_id: int, litres: int, stops: int) -> bool:
    """As it is often written: count what is taken, compare, go on. What happens in between is not seen."""
    del stops
    capacity = CollectionDay.objects.values_list("capacity_litres", flat=True).get(pk=day_id)
    taken = sum(Booking.objects.live().filter(day_id=day_id).values_list("litres", flat=True))
    time.sleep(_THINKING_SECONDS)
    return taken + litres <= capacity


places._took = _look_then_take

__all__ = ["application"]
