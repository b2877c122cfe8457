from datetime import date

import pytest

from stadthaus.kernel.calendars import WorkCalendar

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
