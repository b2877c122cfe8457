"""What was said when somebody ordered holds, whatever the rules become; and one rule says when it is too late."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from stadthaus.base_services.collection_tours.actions import DayIsClosed
from stadthaus.base_services.collection_tours.models import Booking, CollectionDay
from stadthaus.base_services.payments import queries as payment_queries
from stadthaus.base_services.payments.models import RefundOrder
from stadthaus.kernel.actors import CITIZEN, SYSTEM
from stadthaus.kernel.calendars import BERLIN
from stadthaus.services.bulky_waste import actions, documents, queries
from stadthaus.services.bulky_waste.actions import StillOpen, TooLate
from stadthaus.services.bulky_waste.documents import order_link
from stadthaus.services.bulky_waste.models import Draft, Order
from stadthaus.services.bulky_waste.rules.steps import Step
from stadthaus.services.bulky_waste.tests import walk
from stadthaus.services.bulky_waste.tests.browser import Browser
from stadthaus.services.bulky_waste.tests.factories import (
    CLERK,
    again,
    again_draft,
    full_draft,
    make_day,
    make_street,
    pay,
    submit,
    today,
)
from stadthaus.services.bulky_waste.tests.walk import draft_page, step_of
from stadthaus.town import actions as town_actions
from stadthaus.town import queries as town
from stadthaus.town.rules.dated import RuleKind, Source

pytestmark = pytest.mark.usefixtures("town")

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=BERLIN)
TODAY, FRIDAY, TUESDAY = NOW.date(), date(2026, 11, 20), date(2026, 12, 8)
PROMISED = datetime(2026, 12, 7, 12, 0, tzinfo=BERLIN)  # one working day before, at noon
SECOND = timedelta(seconds=1)


def enter_rule(key: str, value: Any, on: date = TODAY, source: Source | None = None) -> None:
    kind: RuleKind = "statute" if source else "operational"
    town_actions.enter_rule(
        key=key, kind=kind, value=value, valid_from=on, source=source, confirmed=True, actor=SYSTEM, now=NOW
    )


def cut_off(days: int) -> dict[str, Any]:
    return {"days": days, "unit": "working", "at": "12:00"}


def offered(draft: Draft, now: datetime = NOW) -> list[CollectionDay]:
    return queries.offered_days(queries.picture(again_draft(draft), town.current(), now))


@pytest.fixture
def day(town: None) -> CollectionDay:  # noqa: ARG001  the town is there first
    return make_day(TUESDAY)


@pytest.fixture
def paid(day: CollectionDay) -> Order:
    return pay(submit(full_draft(day, now=NOW), now=NOW, way="transfer"), NOW)


# Cancelling and refund


@pytest.fixture
def shortened(paid: Order) -> Order:
    """An order; then the town decides that nobody may cancel any more after a week before the day."""
    for name in ("cancel_until", "refund_until"):
        enter_rule(f"bulky_waste.{name}", cut_off(5))
    return again(paid)


def test_a_shorter_time_to_cancel_does_not_count_for_who_has_ordered(shortened: Order) -> None:
    assert queries.cancel_until(town.current(), TUESDAY) < PROMISED
    assert (shortened.cancel_until, shortened.refund_until) == (PROMISED, PROMISED)
    actions.cancel(number=shortened.number, actor=CITIZEN, now=PROMISED - SECOND)
    assert RefundOrder.objects.get().amount_cents == shortened.amount


def test_the_promise_ends_when_it_was_said_to_end(shortened: Order) -> None:
    with pytest.raises(TooLate):
        actions.cancel(number=shortened.number, actor=CITIZEN, now=PROMISED)


def test_page_and_mail_say_what_was_promised(shortened: Order) -> None:
    promised = "Montag, 7.\u00a0Dezember, 12:00\u00a0Uhr"
    content = documents.mail(template="bulky_waste.order_confirmed", number=shortened.number, now=NOW)
    assert content is not None
    assert promised in content.text
    for now, possible in ((PROMISED - SECOND, True), (PROMISED, False)):
        assert documents.own_order_facts(shortened, town.current(), now)["may_cancel"] is possible


def test_a_new_day_brings_new_moments(paid: Order) -> None:
    actions.cancel(number=paid.number, actor=CITIZEN, now=NOW)
    late = submit(full_draft(make_day(date(2026, 12, 15)), now=NOW), now=NOW, way="transfer")
    actions.cancel(number=late.number, actor=CITIZEN, now=NOW)
    pay(late, NOW)
    given = actions.give_new_day(number=late.number, day_id=paid.booking.day_id, actor=CLERK, now=NOW)
    assert (given.cancel_until, given.refund_until) == (PROMISED, PROMISED)
    assert again(given).cancel_until == PROMISED


# The statute


def test_a_statute_changed_on_the_day_of_the_order_is_not_cited_for_it(paid: Order) -> None:
    enter_rule(
        "bulky_waste.fee_per_card",
        1700,
        source=Source("Neue Satzung", "§ 9", "Rat vom 3.12.2026", "Amtsblatt 12/2026"),
    )
    text = Browser().open(order_link(paid)).text
    assert "15,00" in text
    assert "Neue Satzung" not in text
    assert "Satzung der Stadt Werne" in text


def test_an_order_of_the_same_day_after_the_change_cites_the_new_statute(day: CollectionDay) -> None:
    enter_rule(
        "bulky_waste.fee_per_card",
        1700,
        source=Source("Neue Satzung", "§ 9", "Rat vom 3.12.2026", "Amtsblatt 12/2026"),
    )
    order = submit(full_draft(day, now=NOW), now=NOW, way="transfer")
    assert "Neue Satzung, § 9" in Browser().open(order_link(order)).text


# One cut-off


def test_a_cut_off_of_the_future_counts_for_its_days_and_for_no_others(day: CollectionDay) -> None:
    sooner = make_day(date(2026, 12, 1))
    draft = full_draft(sooner, now=NOW)
    assert offered(draft) == [sooner, day]
    enter_rule("bulky_waste.order_until", cut_off(20), on=date(2026, 12, 2))
    assert offered(draft) == [sooner]


def test_a_day_is_offered_as_long_as_it_can_be_paid_and_is_not_the_contractors(day: CollectionDay) -> None:
    draft = full_draft(day, now=NOW)
    enter_rule("bulky_waste.order_until", cut_off(10), on=TUESDAY)
    last = queries.order_cut_off(town.current(), TUESDAY)
    assert last == datetime(2026, 11, 24, 12, 0, tzinfo=BERLIN)
    early, late = last - timedelta(minutes=31), last - timedelta(minutes=29)  # half an hour to pay online
    for moment, is_open in ((early, True), (late, False), (last, False)):
        ways = payment_queries.offered_ways(now=moment, cut_off=last, town=town.current(), told_on=moment.date())
        assert [bool(offered(draft, moment)), bool(ways)] == [is_open, is_open]
        assert (queries.picture(draft, town.current(), moment).day == day) is is_open


def test_nobody_holds_a_place_on_a_day_that_nobody_can_pay_for_any_more(day: CollectionDay, settings: Any) -> None:
    settings.DEMO = False  # and so nobody pays online
    soon = make_day(date(2026, 11, 24))  # orders until Thursday noon, counter and transfer have until later
    draft = full_draft(day, now=NOW)
    assert offered(draft) == [day]
    with pytest.raises(DayIsClosed):
        actions.choose_day(draft=again_draft(draft), day_id=soon.pk, now=NOW)
    assert CollectionDay.objects.get(pk=soon.pk).booked_litres == 0


# By letter


def by_letter(draft: Draft) -> Draft:
    return actions.answer(draft=draft, page="who", answers={**draft.answer("who"), "channel": "letter"}, now=NOW)


def test_a_day_before_which_no_letter_is_there_is_asked_for_again() -> None:
    enter_rule("bulky_waste.order_until", cut_off(1))
    soon, later = make_day(FRIDAY), make_day(FRIDAY + timedelta(days=3))  # the letter comes on Friday
    draft = by_letter(full_draft(soon, now=NOW))
    assert offered(draft) == [later]
    with pytest.raises(StillOpen) as open_page:
        submit(draft, now=NOW)
    assert open_page.value.step == Step.WHEN
    actions.choose_day(draft=again_draft(draft), day_id=later.pk, now=NOW)
    assert submit(again_draft(draft), now=NOW).booking.day == later
    assert Booking.objects.live().count() == 1


def test_a_chosen_day_that_a_letter_reaches_is_kept(day: CollectionDay) -> None:
    draft = by_letter(full_draft(day, now=NOW))
    assert submit(draft, now=NOW, way="transfer").booking.day == day


def test_the_page_says_why_the_day_is_asked_for_again() -> None:
    enter_rule("bulky_waste.order_until", {"days": 0, "unit": "calendar", "at": "23:59"})
    make_street()
    tomorrow = make_day(today() + timedelta(days=1))
    browser = Browser()
    draft = walk.to_check(browser, tomorrow)
    browser.open(draft_page(draft, "wer")).fill(channel="letter")
    assert step_of(browser) == Step.WHEN
    assert "Ein Brief von uns käme zu spät bei Ihnen an" in browser.text
