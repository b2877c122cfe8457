"""Which collection days a series (Turnus) makes."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from stadthaus.town.rules.values import list_of, parts, text, whole

_ROOM = whole(1, 1_000_000)
_SERIES = {"district": text(most=40), "weekday": whole(0, 6), "litres": _ROOM, "stops": _ROOM}


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


def read_series(value: Any) -> tuple[Series, ...]:
    """Read `[{"district": "nord", "weekday": 1, "litres": 25000, "stops": 40}, …]`."""
    return list_of(lambda one: Series(**parts(one, _SERIES)))(value)


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
