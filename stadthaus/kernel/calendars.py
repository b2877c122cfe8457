"""Working days (Werktage): Monday to Friday without public holidays; opening hours (Öffnungszeiten) of a counter."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
SATURDAY = 5
LONGEST_CLOSED = timedelta(days=31)


def day_of(moment: datetime) -> date:
    """The day it is in the town at a moment."""
    return moment.astimezone(BERLIN).date()


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


@dataclass(frozen=True)
class OpeningHours:
    """When a counter (Schalter) is open.

    `spans` are weekday (Monday is 0), opening and closing time; `closed` are public holidays, `closed_each_year` more
    days as month and day.
    """

    spans: tuple[tuple[int, time, time], ...]
    closed: frozenset[date] = frozenset()
    closed_each_year: frozenset[tuple[int, int]] = frozenset()

    def is_closed(self, day: date) -> bool:
        """Whether the counter stays closed on this day whatever the weekday."""
        return day in self.closed or (day.month, day.day) in self.closed_each_year

    def last_moment(self, until: datetime) -> datetime | None:
        """The last moment, not after `until`, at which somebody can come; None if it was closed for a month before."""
        day = day_of(until)
        earliest = day - LONGEST_CLOSED
        while day > earliest:
            spans = [] if self.is_closed(day) else self._spans_on(day)
            ends = [min(until, closes) for opens, closes in spans if opens < until]
            if ends:
                return max(ends)
            day -= timedelta(days=1)
        return None

    def _spans_on(self, day: date) -> list[tuple[datetime, datetime]]:
        times = [(opens, closes) for weekday, opens, closes in self.spans if weekday == day.weekday()]
        return [
            (datetime.combine(day, opens, tzinfo=BERLIN), datetime.combine(day, closes, tzinfo=BERLIN))
            for opens, closes in times
        ]
