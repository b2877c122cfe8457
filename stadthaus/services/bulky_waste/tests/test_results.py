"""What the crew says counts at once; whoever ordered hears it once, when the crew cannot correct it any more."""

from datetime import date, datetime, timedelta
from functools import partial

import pytest
from django.core import mail as mailbox

from stadthaus.base_services.collection_tours import actions as tours
from stadthaus.base_services.collection_tours.rules.outcomes import CORRECTION_TIME
from stadthaus.base_services.messages.models import Message
from stadthaus.kernel.calendars import BERLIN
from stadthaus.services.bulky_waste import actions
from stadthaus.services.bulky_waste.documents import order_link
from stadthaus.services.bulky_waste.models import Order
from stadthaus.services.bulky_waste.tests import factories
from stadthaus.services.bulky_waste.tests.browser import Browser
from stadthaus.services.bulky_waste.tests.factories import CREW, again, full_draft, make_day, pay, submit
from stadthaus.town import queries as town_queries
from stadthaus.work import actions as work

pytestmark = pytest.mark.usefixtures("town")

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=BERLIN)
ORDER_CUT_OFF = datetime(2026, 12, 3, 12, 0, tzinfo=BERLIN)
ON_THE_DAY = datetime(2026, 12, 8, 8, 0, tzinfo=BERLIN)
MINUTE = timedelta(minutes=1)
RESULT_SUBJECTS = {
    "collected": "Abgeholt: Ihr Sperrmüll ist weg",
    "partly_collected": "Teilweise abgeholt: Ihr Sperrmüll",
    "not_collected": "Nicht abgeholt: Ihr Sperrmüll",
}


@pytest.fixture
def order(town: None) -> Order:  # noqa: ARG001  the town is there first
    """A paid order that the contractor has."""
    day = make_day(date(2026, 12, 8))
    placed = pay(submit(full_draft(day, now=NOW), now=NOW, way="transfer"), NOW)
    actions.hand_over(day_id=day.pk, now=ORDER_CUT_OFF)
    return again(placed)


crew_says = partial(factories.crew_says, now=ON_THE_DAY)


def results_mailed(by: datetime) -> list[str]:
    """The subjects of all mails about results that have gone out by then."""
    work.run_due(by)
    subjects = [str(mail.subject) for mail in mailbox.outbox]
    return [subject for subject in subjects if subject in RESULT_SUBJECTS.values()]


@pytest.mark.parametrize(
    ("outcome", "reason"), [("collected", ""), ("partly_collected", "electrical"), ("not_collected", "not_there")]
)
def test_what_the_crew_says_is_the_orders_result_at_once_and_is_told_once_it_is_final(
    order: Order, outcome: str, reason: str
) -> None:
    for _ in range(3):
        order = crew_says(order, outcome, reason)
    assert (order.state, order.ended_at) == (outcome, ON_THE_DAY)
    assert results_mailed(ON_THE_DAY + CORRECTION_TIME) == []
    assert not Message.objects.filter(template="bulky_waste.order_result").exists()
    assert results_mailed(ON_THE_DAY + CORRECTION_TIME + MINUTE) == [RESULT_SUBJECTS[outcome]]


def test_the_page_behind_the_link_does_not_wait(order: Order) -> None:
    crew_says(order, "partly_collected", "electrical")
    page = Browser().open(order_link(order))
    assert page.heading == "Teilweise abgeholt."
    assert "Unter den Sachen war ein Elektrogerät." in page.text


@pytest.mark.parametrize(
    ("reason", "yard", "anew"),
    [("electrical", True, False), ("too_much", False, True), ("too_large", True, True), ("blocked", False, False)],
)
def test_the_page_says_where_the_yard_is_and_offers_to_order_again_if_that_helps(
    order: Order, reason: str, yard: bool, anew: bool
) -> None:
    crew_says(order, "partly_collected", reason)
    page = Browser().open(order_link(order))
    assert (town_queries.current().text("town.recycling_yard") in page.text) is yard
    assert ("Neu bestellen" in page.text) is anew


def test_a_corrected_result_is_told_once_and_as_it_is_in_the_end(order: Order) -> None:
    crew_says(order, "collected")
    tours.undo_result(reference=order.reference, actor=CREW, now=ON_THE_DAY + 4 * MINUTE)
    order = crew_says(order, "not_collected", "not_there", now=ON_THE_DAY + 5 * MINUTE)
    assert order.state == "not_collected"
    assert results_mailed(ON_THE_DAY + 5 * MINUTE + CORRECTION_TIME + MINUTE) == [RESULT_SUBJECTS["not_collected"]]


def test_a_result_taken_back_leaves_the_order_open_and_is_told_to_nobody(order: Order) -> None:
    crew_says(order, "collected")
    tours.undo_result(reference=order.reference, actor=CREW, now=ON_THE_DAY + 9 * MINUTE)
    assert (again(order).state, again(order).ended_at) == ("handed_over", None)
    assert results_mailed(ON_THE_DAY + timedelta(hours=1)) == []


@pytest.mark.parametrize("minutes", [2, 8, 45])
def test_another_result_after_one_taken_back_is_told_when_nobody_can_change_it(order: Order, minutes: int) -> None:
    crew_says(order, "collected")
    tours.undo_result(reference=order.reference, actor=CREW, now=ON_THE_DAY + MINUTE)
    given = ON_THE_DAY + minutes * MINUTE
    work.run_due(given)
    crew_says(order, "not_collected", "not_there", now=given)
    assert results_mailed(given + CORRECTION_TIME) == []
    assert results_mailed(given + CORRECTION_TIME + MINUTE) == [RESULT_SUBJECTS["not_collected"]]


@pytest.mark.parametrize("channel", ["phone", "letter"])
def test_letters_and_calls_wait_for_the_final_result_too(order: Order, channel: str) -> None:
    Order.objects.filter(pk=order.pk).update(channel=channel, phone="02389 111")
    crew_says(order, "partly_collected", "electrical")
    work.run_due(ON_THE_DAY + CORRECTION_TIME)
    assert not Message.objects.filter(channel=channel).exists()
    work.run_due(ON_THE_DAY + CORRECTION_TIME + MINUTE)
    assert Message.objects.get(channel=channel).template == "bulky_waste.order_result"


def test_what_the_crew_wrote_is_read_after_name_and_house_number(order: Order) -> None:
    factories.crew_says(order, "not_collected", "other", remark="Der Herd steht noch.", now=ON_THE_DAY)
    browser = Browser().open(order_link(order))
    assert "Der Herd" not in browser.text
    assert "Lesen, was die Abfuhr dazu schreibt" in browser.text
    browser.open(f"{order_link(order)}ausweisen/").fill(surname="Beispiel", house="12")
    assert "Der Herd steht noch." in browser.text
