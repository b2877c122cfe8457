"""Deadlines (Fristen): so many days before or after a day, at a time on the town's clock."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from stadthaus.kernel.calendars import BERLIN, WorkCalendar

DayUnit = Literal["working", "calendar"]


@dataclass(frozen=True)
class CutOff:
    """A cut-off (Annahmeschluss): `days` before the day itself, at `at` on the town's clock.

    `unit` says whether working days (Werktage) or calendar days (Kalendertage) are counted.
    """

    days: int
    unit: DayUnit
    at: time

    def moment(self, day: date, calendar: WorkCalendar) -> datetime:
        """The first instant that is too late for `day`; a request is in time while now < moment."""
        if self.unit == "working":
            last_day = calendar.working_days_before(day, self.days)
        else:
            last_day = day - timedelta(days=self.days)
        return datetime.combine(last_day, self.at, tzinfo=BERLIN)


@dataclass(frozen=True)
class Term:
    """A term (Frist) that runs from a day: `days` later, until the end of `at` on the town's clock."""

    days: int
    unit: DayUnit
    at: time

    def moment(self, day: date, calendar: WorkCalendar) -> datetime:
        """The instant at which the term that began on `day` is over."""
        if self.unit == "working":
            last_day = calendar.working_days_after(day, self.days)
        else:
            last_day = day + timedelta(days=self.days)
        return datetime.combine(last_day, self.at, tzinfo=BERLIN)
