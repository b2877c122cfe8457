from datetime import date
from typing import Any

import pytest

from stadthaus.base_services.collection_tours.rules.series import (
    NewDay,
    Series,
    dates_ahead,
    days_on,
    read_series,
)
from stadthaus.town.rules.values import Unusable

TUESDAY = date(2026, 11, 24)
NORTH = Series("nord", weekday=1, litres=25_000, stops=40)
ENTRY = {"district": "nord", "weekday": 1, "litres": 25_000, "stops": 40}


def test_the_towns_rule_is_read() -> None:
    assert read_series([ENTRY]) == (NORTH,)


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekday": 7},
        {"weekday": -1},
        {"litres": 0},
        {"stops": 0},
        {"district": ""},
        {"stops": "viele"},
        {"weekday": None},
    ],
)
def test_a_rule_that_makes_no_sense_says_so(wrong: dict[str, Any]) -> None:
    with pytest.raises(Unusable, match=f"1. Eintrag: {next(iter(wrong))}"):
        read_series([ENTRY | wrong])


def test_a_missing_entry_is_named() -> None:
    with pytest.raises(Unusable, match="litres"):
        read_series([{"district": "nord", "weekday": 1}])


def test_days_ahead_begin_tomorrow_and_end_with_the_week() -> None:
    days = list(dates_ahead(TUESDAY, 8))
    assert (days[0], days[-1], len(days)) == (date(2026, 11, 25), date(2027, 1, 19), 56)


def test_a_series_makes_its_weekday_only() -> None:
    new = NewDay(date=TUESDAY, district="nord", litres=25_000, stops=40)
    assert list(days_on(TUESDAY, [NORTH], frozenset())) == [new]
    assert list(days_on(date(2026, 11, 25), [NORTH], frozenset())) == []


def test_a_holiday_makes_no_day() -> None:
    assert list(days_on(TUESDAY, [NORTH], frozenset({TUESDAY}))) == []


def test_a_district_gets_one_day_a_date() -> None:
    assert len(list(days_on(TUESDAY, [NORTH, NORTH], frozenset()))) == 1


def test_two_districts_can_share_a_date() -> None:
    south = Series("sued", weekday=1, litres=25_000, stops=40)
    assert [day.district for day in days_on(TUESDAY, [NORTH, south], frozenset())] == ["nord", "sued"]
