"""How long a crew's phone stays signed in."""

from datetime import datetime, time, timedelta

from stadthaus.kernel.calendars import BERLIN, day_of

LINK_VALID = timedelta(minutes=15)
_USUAL_END = time(20, 0)
_SHORTEST = timedelta(hours=4)


def shift_end(now: datetime) -> datetime:
    """Find the end of the shift (Schichtende) that is signed in now: 20:00 in Werne, at least four hours ahead."""
    usual = datetime.combine(day_of(now), _USUAL_END, tzinfo=BERLIN)
    return max(usual, now + _SHORTEST)
