"""Shapes of rule values: how a cut-off, a term or opening hours are written as data."""

from datetime import date, time
from typing import Any

from stadthaus.kernel.calendars import OpeningHours
from stadthaus.kernel.deadlines import CutOff, DayUnit, Term

_UNITS: dict[str, DayUnit] = {"working": "working", "calendar": "calendar"}


def read_cut_off(value: Any) -> CutOff:
    """Read `{"days": 3, "unit": "working", "at": "12:00"}` as a cut-off."""
    return CutOff(days=int(value["days"]), unit=_UNITS[value["unit"]], at=time.fromisoformat(value["at"]))


def read_term(value: Any) -> Term:
    """Read `{"days": 7, "unit": "calendar", "at": "23:59"}` as a term."""
    return Term(days=int(value["days"]), unit=_UNITS[value["unit"]], at=time.fromisoformat(value["at"]))


def read_opening_hours(value: Any, public_holidays: frozenset[date]) -> OpeningHours:
    """Read `{"hours": [{"weekdays": [0, 1], "from": "08:00", "until": "12:00"}], "closed": ["12-24"]}`."""
    spans = [
        (int(weekday), time.fromisoformat(part["from"]), time.fromisoformat(part["until"]))
        for part in value["hours"]
        for weekday in part["weekdays"]
    ]
    each_year = [tuple(map(int, day.split("-"))) for day in value["closed"]]
    return OpeningHours(tuple(spans), public_holidays, frozenset((month, day) for month, day in each_year))
