"""When the nightly work of this app is due."""

from datetime import datetime, time, timedelta

from stadthaus.kernel.calendars import BERLIN

_AT = time(2, 30)


def next_night(now: datetime) -> datetime:
    """Find the next 2:30 on the town's clock after `now`."""
    local = now.astimezone(BERLIN)
    today = datetime.combine(local.date(), _AT, tzinfo=BERLIN)
    return today if local < today else datetime.combine(local.date() + timedelta(days=1), _AT, tzinfo=BERLIN)
