"""Which collection days a series (Turnus) makes."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

WEEKDAYS = range(7)


class SeriesUnreadable(ValueError):
    """The town's rule about the series cannot be used; the message says what is wrong."""


@dataclass(frozen=True)
class Series:
    """A lorry comes to a district every week on one weekday (Monday is 0) with this capacity."""

    district: str
    weekday: int
    litres: int
    stops: int


@dataclass(frozen=True)
class NewDay:
    """A collection day that a series makes."""

    date: date
    district: str
    litres: int
    stops: int


def read_series(value: Iterable[Mapping[str, Any]]) -> tuple[Series, ...]:
    """Read `[{"district": "nord", "weekday": 1, "litres": 25000, "stops": 40}, …]`."""
    return tuple(_read_one(entry) for entry in value)


def _read_one(entry: Mapping[str, Any]) -> Series:
    try:
        series = Series(
            district=str(entry["district"]),
            weekday=int(entry["weekday"]),
            litres=int(entry["litres"]),
            stops=int(entry["stops"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise SeriesUnreadable(f"Turnus der Abfuhr: Die Angabe {error} fehlt oder ist keine Zahl.") from error
    if series.weekday not in WEEKDAYS or series.litres <= 0 or series.stops <= 0 or not series.district:
        raise SeriesUnreadable(
            f"Turnus der Abfuhr für „{series.district}“: weekday ist 0 (Montag) bis 6, "
            "litres und stops sind größer als 0."
        )
    return series


def dates_ahead(today: date, weeks: int) -> Iterator[date]:
    """Tomorrow until `weeks` weeks from today; today is no day anybody can still order for."""
    for offset in range(1, weeks * 7 + 1):
        yield today + timedelta(days=offset)


def days_on(day: date, series: Iterable[Series], closed: Set[date]) -> Iterator[NewDay]:
    """Make the collection days that fall on one date.

    None on a public holiday (Feiertag) or a closing day (Betriebsruhe). The first series of a
    district wins where two fall on one date.
    """
    if day in closed:
        return
    seen: set[str] = set()
    for entry in series:
        if entry.weekday == day.weekday() and entry.district not in seen:
            seen.add(entry.district)
            yield NewDay(date=day, district=entry.district, litres=entry.litres, stops=entry.stops)
