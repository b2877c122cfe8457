"""Another way to pay an order that is still open: which are left, until when, and what the page says before."""

from datetime import timedelta

import pytest
from django.utils import timezone

from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.base_services.messages.models import Message
from stadthaus.base_services.payments import actions as payments
from stadthaus.base_services.payments import queries as payments_queries
from stadthaus.base_services.payments.models import ASK
from stadthaus.base_services.payments.rules.answers import Answer, AnswerState
from stadthaus.services.bulky_waste import actions, documents, queries
from stadthaus.services.bulky_waste.documents import order_link
from stadthaus.services.bulky_waste.models import Order
from stadthaus.services.bulky_waste.tests.browser import Browser
from stadthaus.services.bulky_waste.tests.factories import (
    again,
    full_draft,
    leave_time_for_the_counter,
    make_day,
    pay,
    submit,
    today,
)
from stadthaus.town import queries as town
from stadthaus.ui.templatetags.ui import clock
from stadthaus.work.models import Job

pytestmark = pytest.mark.usefixtures("town")


@pytest.fixture
def order(day: CollectionDay) -> Order:
    leave_time_for_the_counter()
    now = timezone.now()
    return submit(full_draft(day, now=now), now=now)


def tried(order: Order, state: AnswerState) -> Order:
    """The payer was at the payment page, and this is what the provider says about it."""
    attempt = payments.start_attempt(request_id=order.payment_id, now=order.placed_at)
    payments.settle_attempt(attempt_id=attempt.pk, answer=Answer(state), now=order.placed_at)
    return again(order)


def known(order: Order) -> Browser:
    """The browser of somebody who has shown that they know the order."""
    return Browser().open(f"{order_link(order)}ausweisen/").fill(surname=order.name.split()[-1], house=order.house)


def change(order: Order, way: str) -> Order:
    actions.change_way(number=order.number, way=way, now=order.placed_at + timedelta(minutes=5))
    return again(order)


def test_who_cannot_pay_online_chooses_another_way_and_gets_its_deadline(order: Order) -> None:
    browser = known(tried(order, "failed")).open(f"{order_link(order)}bezahlen/")
    assert browser.form_with("way").choices["way"] == ["transfer", "counter"]
    browser.fill(way="transfer")
    assert browser.heading.endswith("Bitte überweisen Sie 15,00 €.")
    placed = again(order)
    assert placed.payment.way == "transfer"
    assert placed.payment.pay_by > order.payment.pay_by
    assert placed.booking == order.booking


def test_a_payment_broken_off_is_no_failure(order: Order) -> None:
    text = Browser().open(order_link(tried(order, "cancelled"))).text
    assert "Sie haben die Zahlung abgebrochen" in text
    assert "Es wurde nichts abgebucht." in text
    assert "nicht geklappt" not in text
    assert "Anders bezahlen" in text


def test_of_a_failed_payment_nothing_is_said_that_may_turn_out_wrong(order: Order) -> None:
    text = Browser().open(order_link(tried(order, "failed"))).text
    assert "Die Zahlung hat nicht geklappt" in text
    assert "nichts abgebucht" not in text


def test_while_money_may_be_on_its_way_the_way_stays(order: Order) -> None:
    tried(order, "pending")
    assert "Anders bezahlen" not in Browser().open(order_link(order)).text
    assert known(order).open(f"{order_link(order)}bezahlen/").heading == "Anders bezahlen geht hier nicht"
    with pytest.raises(actions.WayNotOffered):
        change(order, "transfer")


def test_what_is_paid_is_not_paid_another_way(order: Order) -> None:
    change(order, "transfer")
    paid = pay(again(order), order.placed_at)
    assert known(paid).open(f"{order_link(paid)}bezahlen/").heading == "Anders bezahlen geht hier nicht"
    with pytest.raises(actions.WayNotOffered):
        change(paid, "counter")


def test_a_way_that_ends_too_late_for_the_day_is_not_left(town: None) -> None:  # noqa: ARG001  the town is there
    now = timezone.now()
    order = submit(full_draft(make_day(today() + timedelta(days=8)), now=now), now=now)
    with pytest.raises(actions.WayNotOffered):
        change(order, "transfer")


def test_changing_to_and_fro_wins_no_time(order: Order) -> None:
    online_by = order.payment.pay_by
    transfer_by = change(order, "transfer").payment.pay_by
    assert change(order, "online").payment.pay_by == online_by
    assert change(order, "transfer").payment.pay_by == transfer_by
    current = town.current()
    assert [way.way for way in queries.ways_left(again(order), current, online_by)] == ["counter"]


def test_the_new_deadline_is_told_once_for_each_way(order: Order) -> None:
    for way in ("transfer", "counter", "transfer", "transfer"):
        change(order, way)
    told = Message.objects.filter(about=order.reference, template="bulky_waste.way_changed")
    assert told.count() == 2


def test_the_mail_says_how_to_pay_now_and_names_nobody(order: Order) -> None:
    order = change(order, "transfer")
    content = documents.mail(template="bulky_waste.way_changed", number=order.number, now=timezone.now())
    assert content is not None
    assert str(order.payment) in content.text
    assert order_link(order) in content.text
    assert "Beispiel" not in content.text


def test_a_stranger_behind_the_link_changes_no_way(order: Order) -> None:
    browser = Browser().open(f"{order_link(order)}bezahlen/")
    assert browser.heading == "Nur zur Sicherheit"
    browser.client.post(f"{order_link(order)}bezahlen/", {"way": "transfer"})
    assert again(order).payment.way == "online"


def asked(order: Order) -> bool:
    """Whether the worker is to ask the provider right now."""
    next_ask = payments_queries.asked_again_at(order.payment)
    return next_ask is not None and next_ask <= timezone.now()


def test_who_reloads_the_page_of_their_own_order_makes_us_ask_again(order: Order) -> None:
    attempt = payments.start_attempt(request_id=order.payment_id, now=timezone.now())
    payments.note_provider_ref(attempt_id=attempt.pk, provider_ref="x")
    Browser().open(order_link(order))
    assert not asked(order), "a stranger with the link makes us do nothing"
    assert "Wir fragen gerade beim Zahlungsdienst nach." in known(order).open(order_link(order)).text
    assert asked(order)


def test_who_left_the_payment_page_is_led_back_there_while_that_is_still_possible(order: Order) -> None:
    browser = Browser().open(order_link(order))
    browser.client.post(f"/bezahlen/{order.payment.public_id}/", {"back": order_link(order)})
    Job.objects.filter(kind=ASK).delete()  # the next look is the one at the deadline
    browser.open(order_link(order))
    assert "Haben Sie bezahlt? Dann bitte nicht noch einmal." in browser.text
    assert '<details class="more" open><summary>Sie haben nichts bezahlt?' in browser.text
    assert f"noch bis {clock(order.payment.pay_by)}" in browser.text
    assert "hier noch einmal bezahlen. Danach" not in browser.text
