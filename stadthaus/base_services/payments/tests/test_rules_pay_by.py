from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from stadthaus.base_services.payments.rules.pay_by import PayByRules, Way, last_chance, offered
from stadthaus.kernel.calendars import BERLIN, OpeningHours, WorkCalendar, day_of
from stadthaus.kernel.deadlines import Term

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=BERLIN)  # a Monday
CALENDAR = WorkCalendar(closed=frozenset({date(2026, 12, 25), date(2026, 12, 26)}))
MORNINGS = tuple((weekday, time(8), time(12)) for weekday in range(5))
HOURS = OpeningHours((*MORNINGS, (3, time(14), time(17, 30))), CALENDAR.closed, frozenset({(12, 24)}))
RULES = PayByRules(
    online_minutes=30,
    transfer=Term(7, "calendar", time(23, 59)),
    counter=Term(3, "calendar", time(23, 59)),
    banking_days=3,
    hours=HOURS,
)


def ways(cut_off: datetime, *, now: datetime = NOW, rules: PayByRules = RULES) -> list[Way]:
    return offered(rules, now=now, told_on=day_of(now), cut_off=cut_off, calendar=CALENDAR)


def names(cut_off: datetime) -> list[str]:
    return [way.way for way in ways(cut_off)]


def at(day: int, hour: int = 12, minute: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


def test_with_time_enough_every_way_is_offered() -> None:
    assert names(at(30)) == ["online", "transfer", "counter"]


def test_online_keeps_the_place_for_the_minutes_of_the_rule() -> None:
    half_an_hour_later = NOW + timedelta(minutes=30)
    way = Way("online", half_an_hour_later, half_an_hour_later, half_an_hour_later + timedelta(hours=24))
    assert ways(at(30))[0] == way


def test_nobody_is_asked_beyond_the_cut_off() -> None:
    assert ways(at(16, 18))[0].ask_until == at(16, 18)


def test_a_deadline_on_the_cut_off_itself_is_too_late() -> None:
    assert names(NOW + timedelta(minutes=30)) == []
    assert names(NOW + timedelta(minutes=30, seconds=1)) == ["online"]


def test_the_counter_is_offered_only_if_its_term_ends_before_the_cut_off() -> None:
    assert names(at(19, 23, 59)) == ["online"]
    assert names(at(20)) == ["online", "counter"]


def test_a_transfer_needs_banking_days_after_its_last_day() -> None:
    # Last day to transfer Monday 23rd, arrived by Thursday 26th, 23:59.
    assert names(at(26, 23, 58)) == ["online", "counter"]
    assert names(at(26, 23, 59)) == ["online", "transfer", "counter"]


def test_banking_days_skip_weekends_and_holidays() -> None:
    before_christmas = at(16, 10, month=12)
    transfer = ways(at(30, month=12) + timedelta(days=9), now=before_christmas)[1]
    assert transfer.pay_by == at(23, 23, 59, month=12)
    assert transfer.ask_until == at(29, 23, 59, month=12)


def test_without_a_provider_online_is_not_offered() -> None:
    rules = replace(RULES, online_minutes=None)
    assert [way.way for way in ways(at(30), rules=rules)] == ["transfer", "counter"]


def test_minutes_are_real_minutes_when_the_clocks_change() -> None:
    before_the_change = datetime(2026, 10, 25, 2, 45, tzinfo=BERLIN)
    way = ways(at(30), now=before_the_change)[0]
    assert way.pay_by.timestamp() - before_the_change.timestamp() == 30 * 60


# What people are told: only what they can do


def told(way: str, pay_by: datetime) -> datetime | None:
    return last_chance(way, pay_by, hours=HOURS, calendar=CALENDAR)


def test_at_the_counter_people_are_told_when_it_closes_for_the_last_time() -> None:
    assert told("counter", at(18, 23, 59)) == at(18, 12)
    assert told("counter", at(19, 23, 59)) == at(19, 17, 30)


def test_a_counter_deadline_on_a_weekend_is_told_as_fridays_closing() -> None:
    assert told("counter", at(22, 23, 59)) == at(20, 12)


def test_a_counter_deadline_within_opening_hours_is_told_as_it_is() -> None:
    assert told("counter", at(18, 10, 30)) == at(18, 10, 30)


def test_a_counter_deadline_before_it_opens_is_told_as_the_evening_before() -> None:
    assert told("counter", at(20, 8)) == at(19, 17, 30)


def test_nobody_is_sent_to_a_counter_that_is_shut_for_christmas() -> None:
    assert told("counter", at(27, 23, 59, month=12)) == at(23, 12, month=12)


def test_a_counter_that_never_opens_is_no_chance() -> None:
    assert last_chance("counter", at(18), hours=OpeningHours(()), calendar=CALENDAR) is None


@pytest.mark.parametrize(("pay_by", "banking_day"), [(29, 27), (28, 27), (27, 27), (23, 23)])
def test_a_transfer_is_asked_for_by_the_last_banking_day(pay_by: int, banking_day: int) -> None:
    assert told("transfer", at(pay_by, 23, 59)) == at(banking_day, 23, 59)


def test_a_transfer_is_asked_for_before_the_holidays() -> None:
    assert told("transfer", at(27, 23, 59, month=12)) == at(24, 23, 59, month=12)


def test_online_people_are_told_the_minute_itself() -> None:
    assert told("online", at(22, 20, 10)) == at(22, 20, 10)


def test_a_counter_that_opens_no_more_before_its_term_ends_is_not_offered() -> None:
    friday_afternoon = at(20, 13)
    short = replace(RULES, counter=Term(2, "calendar", time(23, 59)))  # until Sunday
    assert [way.way for way in ways(at(30) + timedelta(days=9), now=friday_afternoon, rules=short)] == [
        "online",
        "transfer",
    ]


def test_every_way_offered_can_still_be_used() -> None:
    for hours in range(0, 24 * 60, 5):
        now = NOW + timedelta(hours=hours)
        for way in ways(now + timedelta(days=21), now=now):
            assert now < way.last_chance <= way.pay_by <= way.ask_until
