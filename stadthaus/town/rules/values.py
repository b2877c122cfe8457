"""Readers: how numbers, times, cut-offs, terms and opening hours are written as data.

A reader takes what stands in a file of the town and gives back what the program works with. What it cannot use it
refuses with `Unusable`, whose German message says what is wrong.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any

from stadthaus.kernel.calendars import OpeningHours
from stadthaus.kernel.deadlines import CutOff, DayUnit, Term

Reader = Callable[[Any], Any]

LONGEST_TERM_DAYS = 366
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_UNITS: dict[str, DayUnit] = {"working": "working", "calendar": "calendar"}
_LEAP_YEAR = 2000  # has every day that a year can have


class Unusable(ValueError):
    """The program cannot use a value; the message says in German why."""


def whole(least: int, most: int) -> Callable[[Any], int]:
    """Make a reader of whole numbers; `true` and `3.0` are none."""

    def read(value: Any) -> int:
        if type(value) is not int or not least <= value <= most:
            raise Unusable(f"{_quoted(value)} ist keine ganze Zahl von {least} bis {most}.")
        return value

    return read


def number(least: float, most: float) -> Callable[[Any], float]:
    """Make a reader of numbers, for example of degrees."""

    def read(value: Any) -> float:
        if type(value) not in {int, float} or not least <= value <= most:
            raise Unusable(f"{_quoted(value)} ist keine Zahl von {least} bis {most}.")
        return float(value)

    return read


def text(least: int = 1, most: int = 100_000) -> Callable[[Any], str]:
    """Make a reader of text with so many characters; blanks alone are none."""

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise Unusable(f"{_quoted(value)} ist kein Text in Anführungszeichen.")
        if len(value.strip()) < least:
            raise Unusable("Der Text fehlt.")
        if len(value) > most:
            raise Unusable(f"{_quoted(value)} ist länger als {most} Zeichen.")
        return value

    return read


def one_of(*choices: str) -> Callable[[Any], str]:
    """Make a reader that takes some words only."""

    def read(value: Any) -> str:
        if value not in choices:
            raise Unusable(f"{_quoted(value)} gibt es hier nicht. Möglich: {', '.join(map(_quoted, choices))}.")
        return str(value)

    return read


def list_of(read_one: Reader, *, least: int = 0) -> Callable[[Any], tuple[Any, ...]]:
    """Make a reader of lists, each entry read by the same reader."""

    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise Unusable(f"{_quoted(value)} ist keine Liste in eckigen Klammern.")
        if len(value) < least:
            raise Unusable("Die Liste ist leer.")
        return tuple(_read_part(f"{place}. Eintrag", read_one, one) for place, one in enumerate(value, start=1))

    return read


def parts(value: Any, needed: Mapping[str, Reader], optional: Mapping[str, Reader] | None = None) -> dict[str, Any]:
    """Read a table part by part; parts nobody knows are refused, because they are usually misspelt."""
    if not isinstance(value, Mapping):
        raise Unusable(f"{_quoted(value)} ist keine Angabe mit den Teilen {', '.join(needed)}.")
    readers = {**needed, **(optional or {})}
    if missing := [name for name in needed if name not in value]:
        raise Unusable(f"{_quoted(missing[0])} fehlt.")
    if unknown := [name for name in value if name not in readers]:
        raise Unusable(f"{_quoted(unknown[0])} kennt das Programm hier nicht.")
    return {name: _read_part(name, readers[name], part) for name, part in value.items()}


def _read_part(name: str, read: Reader, value: Any) -> Any:
    try:
        return read(value)
    except Unusable as reason:
        raise Unusable(f"{name}: {reason}") from reason


def _quoted(value: Any) -> str:
    return f"„{value}“"


def read_flag(value: Any) -> bool:
    """Read `true` or `false`; the word "ja" would count as true wherever Python is asked."""
    if not isinstance(value, bool):
        raise Unusable(f"{_quoted(value)} ist weder true noch false.")
    return value


def read_day(value: Any) -> date:
    """Read a TOML date; one with a time is none."""
    if type(value) is not date:
        raise Unusable(f"{_quoted(value)} ist kein Datum wie 2027-01-01, ohne Anführungszeichen.")
    return value


def read_written_day(value: Any) -> date:
    """Read `"2026-12-24"`."""
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise Unusable(f'{_quoted(value)} ist kein Tag wie "2026-12-24", in Anführungszeichen.') from error


def read_clock(value: Any) -> time:
    """Read `"06:00"`."""
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise Unusable(f'{_quoted(value)} ist keine Uhrzeit wie "06:00", in Anführungszeichen.')
    return time.fromisoformat(value)


def read_cut_off(value: Any) -> CutOff:
    """Read `{"days": 3, "unit": "working", "at": "12:00"}` as a cut-off."""
    return CutOff(**_read_days(value))


def read_term(value: Any) -> Term:
    """Read `{"days": 7, "unit": "calendar", "at": "23:59"}` as a term."""
    return Term(**_read_days(value))


def _read_days(value: Any) -> dict[str, Any]:
    return parts(value, {"days": whole(0, LONGEST_TERM_DAYS), "unit": one_of(*_UNITS), "at": read_clock})


def read_opening_hours(value: Any, public_holidays: frozenset[date] = frozenset()) -> OpeningHours:
    """Read `{"hours": [{"weekdays": [0, 1], "from": "08:00", "until": "12:00"}], "closed": ["12-24"]}`."""
    read = parts(value, {"hours": list_of(_read_hours, least=1), "closed": list_of(_read_day_of_year)})
    spans = tuple(span for part in read["hours"] for span in part)
    return OpeningHours(spans, public_holidays, frozenset(read["closed"]))


def _read_hours(value: Any) -> list[tuple[int, time, time]]:
    weekdays = list_of(whole(0, 6), least=1)
    part = parts(value, {"weekdays": weekdays, "from": read_clock, "until": read_clock})
    if part["from"] >= part["until"]:
        raise Unusable("„from“ liegt nicht vor „until“.")
    return [(weekday, part["from"], part["until"]) for weekday in part["weekdays"]]


def _read_day_of_year(value: Any) -> tuple[int, int]:
    try:
        day = date.fromisoformat(f"{_LEAP_YEAR}-{value}")
    except ValueError as error:
        raise Unusable(f'{_quoted(value)} ist kein Tag wie "12-24" (Monat und Tag).') from error
    return day.month, day.day
