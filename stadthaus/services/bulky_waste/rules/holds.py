"""How much a place that is only held keeps from others: room times time."""

from datetime import datetime, timedelta
from math import ceil

LITRES_OF_A_STOP = 600  # a day has stops for about so much each: many small holds fill it as well


def kept_from_others(litres: int, until: datetime | None, now: datetime, *, whole: timedelta) -> int:
    """Litres kept for a whole hold (Reservierung): half as many for half the time, none once it is over.

    So changing one's mind costs nearly nothing, and keeping places by choosing again and again costs all of it.
    """
    left = max(until - now, timedelta()) if until else timedelta()
    return ceil(max(litres, LITRES_OF_A_STOP) * (left / whole))
