from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from stadthaus.kernel.calendars import BERLIN
from stadthaus.town import queries
from stadthaus.town.models import Rule
from stadthaus.town.queries import RuleMissing
from stadthaus.town.rules.dated import Source
from stadthaus.town.tests.factories import SOURCE, TODAY, enter_fee, enter_text

pytestmark = pytest.mark.django_db
FEE = "bulky_waste.fee_per_card"


def test_the_value_in_force_carries_its_source() -> None:
    entered = enter_fee()
    rule = queries.current().rule(FEE, TODAY)
    assert (rule.id, rule.value, rule.source, rule.confirmed) == (entered.pk, 1500, SOURCE, True)


def test_a_new_version_is_seen_at_once() -> None:
    enter_fee()
    assert queries.current().value(FEE, TODAY) == 1500
    enter_fee(1800, TODAY)
    assert queries.current().value(FEE, TODAY) == 1800


def test_a_new_text_is_seen_at_once() -> None:
    enter_text()
    enter_fee()
    assert queries.current().text("town.name") == "Stadt Werne"
    enter_text(de="Stadt Werne an der Lippe")
    assert queries.current().text("town.name") == "Stadt Werne an der Lippe"


def test_days_before_a_new_version_keep_the_old_value() -> None:
    enter_fee()
    enter_fee(1800, date(2027, 1, 1))
    town = queries.current()
    assert (town.value(FEE, date(2026, 12, 31)), town.value(FEE, date(2027, 1, 1))) == (1500, 1800)


def test_asking_for_the_town_costs_one_statement(django_assert_num_queries: Any) -> None:
    enter_fee()
    enter_text()
    with django_assert_num_queries(3):
        queries.current()
    with django_assert_num_queries(1):
        queries.current()


def test_a_rule_that_is_missing_is_named_in_german() -> None:
    with pytest.raises(RuleMissing, match=r"Für „no\.such\.rule“ gilt am 16\.11\.2026 kein Wert"):
        queries.current().rule("no.such.rule", TODAY)


def test_a_text_that_is_missing_is_named_in_german() -> None:
    with pytest.raises(RuleMissing, match=r"Der Ortstext „town\.nothing“ fehlt"):
        queries.current().text("town.nothing")


def test_german_stands_in_for_a_missing_language() -> None:
    enter_text(en="Town of Werne")
    enter_fee()
    town = queries.current()
    assert town.text("town.name", "en") == "Town of Werne"
    assert town.text("town.name", "leicht") == "Stadt Werne"


def test_the_calendar_knows_public_holidays_and_the_contractors_closing_days() -> None:
    enter_text("town.land", de="NW")
    enter_fee(["2026-12-24"], key="town.closed_days", kind="operational", source=None)
    calendar = queries.current().calendar
    closed = [date(2026, 12, 24), date(2026, 12, 25), date(2027, 5, 27), date(2026, 11, 1)]
    assert not [day for day in closed if calendar.is_working_day(day)]
    assert calendar.is_working_day(date(2026, 12, 31))


def test_the_office_is_open_at_its_hours_and_never_on_public_holidays() -> None:
    enter_text("town.land", de="NW")
    hours = [{"weekdays": [3, 4], "from": "08:00", "until": "12:00"}]
    enter_fee({"hours": hours, "closed": ["12-31"]}, key="town.office_hours", kind="operational", source=None)
    office = queries.current().office_hours(TODAY)
    assert office.last_moment(datetime(2027, 1, 6, 18, 0, tzinfo=BERLIN)) == datetime(
        2026, 12, 24, 12, 0, tzinfo=BERLIN
    )
    assert office.is_closed(date(2029, 12, 31))


def test_placeholders_are_listed_until_somebody_confirms_them() -> None:
    enter_fee(confirmed=False)
    assert [rule.key for rule in queries.current().unconfirmed(TODAY)] == [FEE]
    enter_fee(confirmed=True)
    assert queries.current().unconfirmed(TODAY) == []


def test_a_placeholder_that_a_confirmed_value_has_replaced_by_today_is_none_any_more() -> None:
    enter_fee(confirmed=False)
    enter_fee(1800, TODAY)
    assert queries.current().unconfirmed(TODAY) == []
    assert [rule.value for rule in queries.current().unconfirmed(TODAY - timedelta(days=1))] == [1500]


def test_a_placeholder_that_counts_only_from_later_on_is_one_already_today() -> None:
    enter_fee()
    enter_fee(1800, TODAY + timedelta(days=30), confirmed=False)
    assert [rule.value for rule in queries.current().unconfirmed(TODAY)] == [1800]


def test_closing_days_add_up_so_an_early_unconfirmed_list_of_them_still_counts() -> None:
    days: dict[str, Any] = {"key": "town.closed_days", "kind": "operational", "source": None}
    enter_fee(["2026-12-24"], confirmed=False, **days)
    enter_fee(["2027-12-24"], TODAY, **days)
    assert [rule.value for rule in queries.current().unconfirmed(TODAY)] == [["2026-12-24"]]


def test_a_closing_day_entered_by_mistake_is_gone_once_its_version_is_put_right() -> None:
    enter_text("town.land", de="NW")
    days: dict[str, Any] = {"key": "town.closed_days", "kind": "operational", "source": None}
    enter_fee(["2026-11-25"], **days)
    enter_fee(["2026-11-26"], **days)
    calendar = queries.current().calendar
    assert [calendar.is_working_day(date(2026, 11, day)) for day in (25, 26)] == [True, False]


def test_a_confirmed_statute_value_without_its_full_source_is_refused_by_the_database() -> None:
    enter_fee(source=Source("Abfallgebührensatzung"), confirmed=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Rule.objects.update(confirmed=True)


def test_a_statute_value_without_a_source_is_refused_by_the_database() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        enter_fee(source=Source(""), confirmed=False)
    assert not Rule.objects.exists()


def test_a_deadline_is_read_for_the_day_it_counts_on() -> None:
    enter_text("town.land", de="NW")
    cut_off = {"days": 3, "unit": "working", "at": "12:00"}
    enter_fee(cut_off, key="bulky_waste.order_until", kind="operational", source=None)
    town = queries.current()
    moment = town.cut_off("bulky_waste.order_until", TODAY).moment(date(2026, 11, 19), town.calendar)
    assert moment == datetime(2026, 11, 16, 12, tzinfo=BERLIN)
