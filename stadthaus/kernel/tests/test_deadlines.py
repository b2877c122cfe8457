from datetime import UTC, date, datetime, time

import pytest

from stadthaus.kernel.calendars import BERLIN, WorkCalendar
from stadthaus.kernel.deadlines import CutOff, Term

NRW = WorkCalendar(
    closed=frozenset({date(2026, 12, 25), date(2027, 1, 1), date(2027, 3, 26), date(2027, 3, 29), date(2027, 5, 6)})
)
THREE_WORKING_DAYS = CutOff(days=3, unit="working", at=time(12))


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        pytest.param(date(2026, 11, 19), datetime(2026, 11, 16, 11, tzinfo=UTC), id="an ordinary week"),
        pytest.param(date(2027, 4, 1), datetime(2027, 3, 25, 11, tzinfo=UTC), id="over Easter and the clock change"),
        pytest.param(date(2027, 1, 5), datetime(2026, 12, 30, 11, tzinfo=UTC), id="over the year's end"),
        pytest.param(date(2026, 3, 31), datetime(2026, 3, 26, 11, tzinfo=UTC), id="over the change to summer time"),
        pytest.param(date(2026, 10, 27), datetime(2026, 10, 22, 10, tzinfo=UTC), id="over the change to winter time"),
        pytest.param(date(2027, 5, 11), datetime(2027, 5, 5, 10, tzinfo=UTC), id="over Ascension Day"),
    ],
)
def test_a_cut_off_lies_on_the_towns_clock(day: date, moment: datetime) -> None:
    assert THREE_WORKING_DAYS.moment(day, NRW) == moment


@pytest.mark.parametrize("day", [date(2026, 3, 30), date(2026, 10, 26)])
def test_calendar_days_are_counted_on_the_clock_and_not_in_hours(day: date) -> None:
    moment = CutOff(days=2, unit="calendar", at=time(12)).moment(day, WorkCalendar())
    assert moment.astimezone(BERLIN).timetuple()[:5] == (day.year, day.month, day.day - 2, 12, 0)


def test_a_cut_off_of_no_days_lies_on_the_day_itself() -> None:
    moment = CutOff(days=0, unit="calendar", at=time(6)).moment(date(2026, 11, 19), WorkCalendar())
    assert moment == datetime(2026, 11, 19, 6, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("term", "begun", "over"),
    [
        (Term(7, "calendar", time(23, 59)), date(2026, 12, 28), datetime(2027, 1, 4, 22, 59, tzinfo=UTC)),
        (Term(3, "working", time(12)), date(2027, 3, 25), datetime(2027, 4, 1, 10, tzinfo=UTC)),
        (Term(1, "calendar", time(20)), date(2026, 10, 24), datetime(2026, 10, 25, 19, tzinfo=UTC)),
        (Term(1, "calendar", time(20)), date(2026, 3, 28), datetime(2026, 3, 29, 18, tzinfo=UTC)),
    ],
)
def test_a_term_ends_on_the_towns_clock(term: Term, begun: date, over: datetime) -> None:
    assert term.moment(begun, NRW) == over
