"""How long a failed job waits before it is tried again."""

from datetime import timedelta

_FIRST_DELAYS = (
    timedelta(seconds=10),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
)
_LONGEST_DELAY = timedelta(hours=1)

# The first delays and then 71 hours: about three days, a weekend without staff.
LAST_ATTEMPT = 77


def delay_after(attempts: int) -> timedelta | None:
    """The wait after so many failed attempts (from 1); None: given up, a person has to look."""
    if attempts >= LAST_ATTEMPT:
        return None
    if attempts <= len(_FIRST_DELAYS):
        return _FIRST_DELAYS[attempts - 1]
    return _LONGEST_DELAY
