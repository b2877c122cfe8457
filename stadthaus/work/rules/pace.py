"""When work that comes again and again is due next."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from stadthaus.kernel.calendars import BERLIN, day_of

Pace = Callable[[datetime], datetime]


def every(span: timedelta) -> Pace:
    """So long after the last time."""
    return lambda now: now + span


def daily(at: time) -> Pace:
    """Each day at this time on the town's clock; on the day of the clock change at the moment that exists."""

    def next_time(now: datetime) -> datetime:
        day = day_of(now)
        today = datetime.combine(day, at, tzinfo=BERLIN)
        return today if today > now else datetime.combine(day + timedelta(days=1), at, tzinfo=BERLIN)

    return next_time
