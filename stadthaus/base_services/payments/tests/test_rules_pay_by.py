from datetime import date, datetime, time, timedelta

from stadthaus.base_services.payments.rules.pay_by import PayByRules, Way, offered
from stadthaus.kernel.calendars import BERLIN, WorkCalendar
from stadthaus.kernel.deadlines import Term

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=BERLIN)  # a Monday
CALENDAR = WorkCalendar(closed=frozenset({date(2026, 12, 25), date(2026, 12, 26)}))
RULES = PayByRules(
    online_minutes=30,
    transfer=Term(7, "calendar", time(23, 59)),
    counter=Term(3, "calendar", time(23, 59)),
    banking_days=3,
)


def ways(cut_off: datetime, *, now: datetime = NOW, rules: PayByRules = RULES) -> list[Way]:
    return offered(rules, now=now, today=now.astimezone(BERLIN).date(), cut_off=cut_off, calendar=CALENDAR)


def names(cut_off: datetime) -> list[str]:
    return [way.way for way in ways(cut_off)]


def at(day: int, hour: int = 12, minute: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


def test_with_time_enough_every_way_is_offered() -> None:
    assert names(at(30)) == ["online", "transfer", "counter"]


def test_online_keeps_the_place_for_the_minutes_of_the_rule() -> None:
    assert ways(at(30))[0] == Way("online", NOW + timedelta(minutes=30), NOW + timedelta(minutes=30, hours=24))


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
    rules = PayByRules(None, RULES.transfer, RULES.counter, RULES.banking_days)
    assert [way.way for way in ways(at(30), rules=rules)] == ["transfer", "counter"]


def test_minutes_are_real_minutes_when_the_clocks_change() -> None:
    before_the_change = datetime(2026, 10, 25, 2, 45, tzinfo=BERLIN)
    way = ways(at(30), now=before_the_change)[0]
    assert way.pay_by.timestamp() - before_the_change.timestamp() == 30 * 60
