from datetime import UTC, date, datetime, time

import pytest

from stadthaus.kernel.calendars import BERLIN, OpeningHours, WorkCalendar, day_of

EASTER_2027 = WorkCalendar(closed=frozenset({date(2027, 3, 26), date(2027, 3, 29)}))
NEW_YEAR = WorkCalendar(closed=frozenset({date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)}))


@pytest.mark.parametrize("day", [date(2026, 11, 21), date(2026, 11, 22), date(2027, 3, 26)])
def test_nobody_works_on_weekends_and_holidays(day: date) -> None:
    assert not EASTER_2027.is_working_day(day)


def test_people_work_from_monday_to_friday() -> None:
    assert all(EASTER_2027.is_working_day(date(2026, 11, day)) for day in range(16, 21))


@pytest.mark.parametrize(
    ("calendar", "day", "count", "before"),
    [
        (EASTER_2027, date(2027, 3, 30), 1, date(2027, 3, 25)),
        (EASTER_2027, date(2027, 4, 1), 3, date(2027, 3, 25)),
        (EASTER_2027, date(2027, 3, 29), 1, date(2027, 3, 25)),
        (NEW_YEAR, date(2027, 1, 5), 3, date(2026, 12, 30)),
        (NEW_YEAR, date(2026, 12, 28), 1, date(2026, 12, 24)),
        (WorkCalendar(), date(2026, 11, 23), 1, date(2026, 11, 20)),
        (WorkCalendar(), date(2026, 11, 22), 1, date(2026, 11, 20)),
    ],
)
def test_working_days_are_counted_back(calendar: WorkCalendar, day: date, count: int, before: date) -> None:
    assert calendar.working_days_before(day, count) == before


@pytest.mark.parametrize(
    ("calendar", "day", "count", "after"),
    [
        (EASTER_2027, date(2027, 3, 25), 1, date(2027, 3, 30)),
        (NEW_YEAR, date(2026, 12, 30), 3, date(2027, 1, 5)),
        (WorkCalendar(), date(2026, 11, 20), 1, date(2026, 11, 23)),
    ],
)
def test_working_days_are_counted_on(calendar: WorkCalendar, day: date, count: int, after: date) -> None:
    assert calendar.working_days_after(day, count) == after


def test_no_working_day_at_all_is_the_day_itself() -> None:
    assert WorkCalendar().working_days_before(date(2026, 11, 22), 0) == date(2026, 11, 22)


def test_back_and_on_again_leads_to_the_same_working_day() -> None:
    day = date(2027, 4, 1)
    for count in range(1, 60):
        assert EASTER_2027.working_days_after(EASTER_2027.working_days_before(day, count), count) == day


COUNTER = OpeningHours(
    ((0, time(8), time(12)), (0, time(14), time(16)), (5, time(9), time(11))),
    frozenset({date(2026, 11, 16)}),
    frozenset({(12, 21)}),
)


def at(month: int, day: int, hour: int) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("until", "last"),
    [
        (at(11, 23, 23), at(11, 23, 16)),
        (at(11, 23, 15), at(11, 23, 15)),
        (at(11, 23, 13), at(11, 23, 12)),
        (at(11, 23, 8), at(11, 21, 11)),
        (at(11, 20, 12), at(11, 14, 11)),
        (at(12, 21, 23), at(12, 19, 11)),
    ],
    ids=["evening", "open", "lunch", "not open yet", "public holiday", "closed every year"],
)
def test_the_last_moment_at_which_a_counter_is_open(until: datetime, last: datetime) -> None:
    assert COUNTER.last_moment(until) == last


def test_a_counter_that_was_shut_for_a_month_has_no_last_moment() -> None:
    assert OpeningHours(()).last_moment(at(11, 23, 12)) is None


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 16, 22, 59, 59, tzinfo=UTC), date(2026, 11, 16)),
        (datetime(2026, 11, 16, 23, 0, 0, tzinfo=UTC), date(2026, 11, 17)),
        (datetime(2026, 7, 31, 21, 59, 59, tzinfo=UTC), date(2026, 7, 31)),
        (datetime(2026, 7, 31, 22, 0, 0, tzinfo=UTC), date(2026, 8, 1)),
        (datetime(2026, 12, 31, 23, 0, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_a_moment_belongs_to_the_day_on_the_towns_clock(moment: datetime, day: date) -> None:
    assert day_of(moment) == day
