"""Working days (Werktage): Monday to Friday without public holidays."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
SATURDAY = 5


@dataclass(frozen=True)
class WorkCalendar:
    """Knows which days are worked.

    `closed` holds public holidays (gesetzliche Feiertage) and a company's own closing days.
    """

    closed: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Whether people work on this day."""
        return day.weekday() < SATURDAY and day not in self.closed

    def working_days_before(self, day: date, count: int) -> date:
        """The day that lies `count` working days before `day`; `day` itself does not count."""
        return self._walk(day, count, -1)

    def working_days_after(self, day: date, count: int) -> date:
        """The day that lies `count` working days after `day`; `day` itself does not count."""
        return self._walk(day, count, 1)

    def _walk(self, day: date, count: int, step: int) -> date:
        for _ in range(count):
            day = next(self._working_days(day, step))
        return day

    def _working_days(self, day: date, step: int) -> Iterator[date]:
        while True:
            day += timedelta(days=step)
            if self.is_working_day(day):
                yield day
