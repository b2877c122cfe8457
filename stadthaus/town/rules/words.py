"""How values are said in German, with their unit: what the office reads beside the statute.

A value is said as it stands in the town's data; a reader (`rules.values`) has accepted it before.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Sayer = Callable[[Any], str]

WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
_NOTHING = "–"
_DAYS = {"working": ("Werktag", "Werktage"), "calendar": ("Tag", "Tage")}


def plainly(value: Any) -> str:
    """Say a word or a number as it stands."""
    return str(value) or _NOTHING


def unit(one: str, several: str = "") -> Sayer:
    """Make a sayer of whole numbers with their unit: "1 Karte", "3 Karten"."""
    return lambda value: f"{value} {one if value == 1 else several or one}"


def clock(value: str) -> str:
    """Say `"06:00"` as "6:00 Uhr"."""
    return f"{value.removeprefix('0')}\u00a0Uhr"


def cut_off(value: Mapping[str, Any]) -> str:
    """Say a cut-off: "3 Werktage vor der Abholung, 12:00 Uhr"."""
    return f"{_days(value)} vor der Abholung, {clock(value['at'])}"


def term(value: Mapping[str, Any]) -> str:
    """Say a term: "7 Tage danach, bis 23:59 Uhr"."""
    return f"{_days(value)} danach, bis {clock(value['at'])}"


def one_of(words: Mapping[str, str]) -> Sayer:
    """Make a sayer of a few words: `{"ordering": "mit der Bestellung"}`."""
    return lambda value: words.get(value, str(value))


def each(say: Sayer) -> Sayer:
    """Make a sayer of lists, one entry a line."""
    return lambda values: "\n".join(map(say, values)) or _NOTHING


def opening_hours(value: Mapping[str, Any]) -> str:
    """Say opening hours: "Montag, Dienstag 8:00–12:00 Uhr", a line each; then the days of the year it is closed."""
    lines = [
        f"{', '.join(WEEKDAYS[day] for day in part['weekdays'])} "
        f"{part['from'].removeprefix('0')}–{clock(part['until'])}"
        for part in value["hours"]
    ]
    closed: Sequence[str] = value["closed"]
    days = ", ".join(f"{int(day[3:])}.{int(day[:2])}." for day in closed)
    return "\n".join([*lines, *([f"geschlossen am {days}"] if days else [])])


def _days(value: Mapping[str, Any]) -> str:
    return unit(*_DAYS[value["unit"]])(value["days"])
