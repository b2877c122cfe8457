"""Shapes of rule values: how a cut-off or a term is written as data."""

from datetime import time
from typing import Any

from stadthaus.kernel.deadlines import CutOff, DayUnit, Term

_UNITS: dict[str, DayUnit] = {"working": "working", "calendar": "calendar"}


def read_cut_off(value: Any) -> CutOff:
    """Read `{"days": 3, "unit": "working", "at": "12:00"}` as a cut-off."""
    return CutOff(days=int(value["days"]), unit=_UNITS[value["unit"]], at=time.fromisoformat(value["at"]))


def read_term(value: Any) -> Term:
    """Read `{"days": 7, "unit": "calendar", "at": "23:59"}` as a term."""
    return Term(days=int(value["days"]), unit=_UNITS[value["unit"]], at=time.fromisoformat(value["at"]))
