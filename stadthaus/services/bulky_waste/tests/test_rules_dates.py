"""Scenario 5: the cut-off to the second, over Easter, over the year's end, over both clock changes."""

from datetime import UTC, date, datetime, time, timedelta

import holidays
import pytest

from stadthaus.kernel.calendars import BERLIN, WorkCalendar
from stadthaus.kernel.deadlines import CutOff
from stadthaus.services.bulky_waste.rules.dates import day_of_letter, may_be_chosen

NRW = WorkCalendar(closed=frozenset(holidays.country_holidays("DE", subdiv="NW", years=range(2026, 2029))))
ORDER_UNTIL = CutOff(days=3, unit="working", at=time(12))
CANCEL_UNTIL = CutOff(days=1, unit="working", at=time(12))
SECOND = timedelta(seconds=1)


def may_be_ordered(day: date, now: datetime) -> bool:
    return may_be_chosen(day, first=day, cut_off=ORDER_UNTIL.moment(day, NRW), now=now)


LAST_MOMENTS = [
    pytest.param(date(2026, 11, 24), datetime(2026, 11, 19, 12, tzinfo=BERLIN), id="an ordinary week"),
    pytest.param(date(2027, 4, 1), datetime(2027, 3, 25, 12, tzinfo=BERLIN), id="over Easter and to summer time"),
    pytest.param(date(2027, 1, 5), datetime(2026, 12, 30, 12, tzinfo=BERLIN), id="over the year's end"),
    pytest.param(date(2026, 12, 29), datetime(2026, 12, 23, 12, tzinfo=BERLIN), id="over Christmas"),
    pytest.param(date(2028, 3, 28), datetime(2028, 3, 23, 12, tzinfo=BERLIN), id="over the change to summer time"),
    pytest.param(date(2026, 10, 27), datetime(2026, 10, 22, 12, tzinfo=BERLIN), id="over the change to winter time"),
]


@pytest.mark.parametrize(("day", "moment"), LAST_MOMENTS)
def test_a_day_can_be_ordered_until_the_last_second_before_its_cut_off(day: date, moment: datetime) -> None:
    assert may_be_ordered(day, moment - SECOND)
    assert may_be_ordered(day, moment - timedelta(microseconds=1))
    assert not may_be_ordered(day, moment)
    assert not may_be_ordered(day, moment + SECOND)


@pytest.mark.parametrize(("day", "moment"), LAST_MOMENTS)
def test_it_makes_no_difference_on_which_clock_the_moment_is_read(day: date, moment: datetime) -> None:
    in_utc = moment.astimezone(UTC)
    assert may_be_ordered(day, in_utc - SECOND)
    assert not may_be_ordered(day, in_utc)


def test_no_day_can_be_ordered_before_the_first_one_that_can_be_reached() -> None:
    day, now = date(2026, 11, 24), datetime(2026, 11, 16, 10, tzinfo=BERLIN)
    cut_off = ORDER_UNTIL.moment(day, NRW)
    assert may_be_chosen(day, first=day, cut_off=cut_off, now=now)
    assert not may_be_chosen(day, first=day + timedelta(days=1), cut_off=cut_off, now=now)


def test_the_hour_of_a_cut_off_differs_between_summer_and_winter_by_world_time() -> None:
    before = [ORDER_UNTIL.moment(day, NRW).astimezone(UTC).hour for day in (date(2026, 10, 20), date(2026, 11, 3))]
    assert before == [10, 11]


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        (date(2026, 11, 24), datetime(2026, 11, 23, 12, tzinfo=BERLIN)),
        (date(2027, 3, 30), datetime(2027, 3, 25, 12, tzinfo=BERLIN)),
        (date(2026, 12, 28), datetime(2026, 12, 24, 12, tzinfo=BERLIN)),
    ],
)
def test_an_order_can_be_cancelled_until_the_last_second(day: date, moment: datetime) -> None:
    assert CANCEL_UNTIL.moment(day, NRW) == moment


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 11, 16), date(2026, 11, 20)),
        (date(2027, 3, 24), date(2027, 4, 1)),
        (date(2026, 12, 23), date(2026, 12, 30)),
    ],
)
def test_who_is_answered_by_letter_gets_no_day_before_the_letter_is_there(today: date, first: date) -> None:
    assert day_of_letter(today, 4, NRW) == first
