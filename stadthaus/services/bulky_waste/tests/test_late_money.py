"""Money that comes after an order has ended: the payer hears it, somebody gives a new day or pays back."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stadthaus.accounts.tests.factories import make_person
from stadthaus.base_services.collection_tours import queries as tour_queries
from stadthaus.base_services.collection_tours.actions import DayIsFull
from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.base_services.messages.models import Message
from stadthaus.base_services.payments import actions as payments
from stadthaus.base_services.payments.models import RefundOrder
from stadthaus.kernel.actors import CITIZEN
from stadthaus.services.bulky_waste import actions
from stadthaus.services.bulky_waste.documents import order_link
from stadthaus.services.bulky_waste.models import Order
from stadthaus.services.bulky_waste.rules.states import TransitionRefused
from stadthaus.services.bulky_waste.tests.browser import Browser
from stadthaus.services.bulky_waste.tests.factories import (
    CLERK,
    again,
    full_draft,
    make_day,
    pay,
    submit,
    today,
)

pytestmark = pytest.mark.usefixtures("town")


@pytest.fixture
def later_day(day: CollectionDay) -> CollectionDay:
    return make_day(day.date + timedelta(days=7))


@pytest.fixture
def order(day: CollectionDay) -> Order:
    """Cancelled while the transfer was on its way; then the money came."""
    now = timezone.now()
    placed = submit(full_draft(day, now=now), now=now, way="transfer")
    actions.cancel(number=placed.number, actor=CITIZEN, now=now)
    return pay(placed, now)


def give(order: Order, day: CollectionDay) -> Order:
    actions.give_new_day(number=order.number, day_id=day.pk, actor=CLERK, now=timezone.now())
    return again(order)


def refund(order: Order) -> None:
    payments.refund_without_date(request_id=order.payment_id, actor=CLERK, now=timezone.now())


def told(order: Order) -> list[str]:
    messages = Message.objects.filter(about=order.reference).order_by("pk").values_list("template", flat=True)
    return [template.removeprefix("bulky_waste.") for template in messages]


def test_the_payer_hears_of_it_once_and_the_page_says_so(order: Order) -> None:
    assert told(order) == ["order_received", "order_cancelled", "late_money"]
    assert order.state == "cancelled"
    assert "Sie bekommen einen neuen Tag oder Ihr Geld zurück." in Browser().open(order_link(order)).text


def test_after_a_lapse_the_payer_hears_it_too(day: CollectionDay) -> None:
    now = timezone.now()
    placed = submit(full_draft(day, now=now), now=now, way="transfer")
    payments.lapse(request_id=placed.payment_id, now=placed.payment.lapses_at)
    pay(placed, placed.payment.lapses_at)
    assert told(placed) == ["order_received", "order_lapsed", "late_money"]


def test_a_new_day_confirms_the_order_takes_the_place_and_is_told_once(
    order: Order, day: CollectionDay, later_day: CollectionDay
) -> None:
    for _ in range(2):
        order = give(order, later_day)
    assert (order.state, order.ended_at, order.payment.state) == ("confirmed", None, "paid")
    assert order.booking.day == later_day
    assert day.date < order.cancel_until.date() < later_day.date
    assert [CollectionDay.objects.get(pk=found.pk).booked_stops for found in (day, later_day)] == [0, 1]
    assert not tour_queries.imbalanced_days().exists()
    assert told(order)[2:] == ["late_money", "new_day"]
    assert not RefundOrder.objects.exists()


def test_a_new_day_that_is_cancelled_gives_place_and_money_back_and_is_told_again(
    order: Order, later_day: CollectionDay
) -> None:
    give(order, later_day)
    actions.cancel(number=order.number, actor=CITIZEN, now=timezone.now())
    later_day.refresh_from_db()
    assert later_day.booked_stops == 0
    assert RefundOrder.objects.get().amount_cents == order.amount
    assert told(order)[2:] == ["late_money", "new_day", "order_cancelled"]


def test_a_full_day_is_not_given_and_nothing_has_changed(order: Order) -> None:
    full = make_day(today() + timedelta(days=35), stops=0)
    with pytest.raises(DayIsFull):
        give(order, full)
    assert (again(order).state, again(order).payment.state) == ("cancelled", "paid_without_date")


def test_the_day_of_another_district_is_not_given(order: Order) -> None:
    with pytest.raises(DayIsFull):
        give(order, make_day(today() + timedelta(days=35), district="sued"))


def test_no_new_day_without_money_and_none_once_it_goes_back(order: Order, later_day: CollectionDay) -> None:
    now = timezone.now()
    unpaid = submit(full_draft(later_day, now=now), now=now, way="transfer")
    refund(order)
    for ended in (unpaid, order):
        with pytest.raises(payments.PaymentRefused):
            give(ended, later_day)
    with pytest.raises(payments.PaymentRefused):
        give(pay(unpaid, now), make_day(today() + timedelta(days=42)))


def test_the_refund_is_told_once_on_mail_and_page(order: Order) -> None:
    refund(order)
    refund(order)
    assert told(order)[2:] == ["late_money", "refund_decided"]
    text = Browser().open(order_link(order)).text
    assert "Sie bekommen Geld zurück" in text
    assert "einen neuen Tag" not in text


# The office


def new_day(client: Client, order: Order, **data: object) -> str:
    address = reverse("bulky_waste:office_new_day", args=[order.number])
    answer = client.post(address, data, follow=True) if data else client.get(address)
    return answer.content.decode()


def page_of(client: Client, order: Order) -> str:
    return client.get(reverse("bulky_waste:office_order", args=[order.number])).content.decode()


def test_a_clerk_gives_a_new_day(client: Client, order: Order, later_day: CollectionDay) -> None:
    client.force_login(make_person("clerk"))
    assert "Neuen Tag geben" in page_of(client, order)
    assert "Bitte wählen Sie einen Tag." in new_day(client, order, day="")
    assert "gerade voll geworden" in new_day(client, order, day="0")
    for _ in range(2):
        assert "Neuer Termin, gilt als bezahlt" in new_day(client, order, day=later_day.pk)
    assert again(order).booking.day == later_day
    assert "Neuen Tag geben" not in page_of(client, order)


@pytest.mark.parametrize("role", ["clerk", "waste_administration"])
def test_whoever_may_give_a_day_sees_at_home_that_one_is_missing(client: Client, order: Order, role: str) -> None:
    client.force_login(make_person(role))
    waiting = reverse("bulky_waste:office_without_day")
    assert waiting in client.get("/buero/").content.decode()
    assert reverse("bulky_waste:office_order", args=[order.number]) in client.get(waiting).content.decode()


def test_once_somebody_has_decided_nothing_waits_any_more(
    client: Client, order: Order, later_day: CollectionDay
) -> None:
    client.force_login(make_person("clerk"))
    give(order, later_day)
    assert "ohne Termin" not in client.get("/buero/").content.decode()
    assert "Hier wartet nichts." in client.get(reverse("bulky_waste:office_without_day")).content.decode()


def test_money_that_goes_back_waits_for_no_day(client: Client, order: Order) -> None:
    client.force_login(make_person("clerk"))
    refund(order)
    assert "ohne Termin" not in client.get("/buero/").content.decode()


def test_an_order_without_late_money_gets_no_new_day(client: Client, order: Order, later_day: CollectionDay) -> None:
    client.force_login(make_person("clerk"))
    refund(order)
    assert "Ein neuer Tag geht hier nicht" in new_day(client, order)
    assert "Ein neuer Tag geht hier nicht" in new_day(client, order, day=later_day.pk)
    assert again(order).state == "cancelled"


def test_the_treasury_is_told_that_the_office_gives_the_day_and_cannot_do_it(client: Client, order: Order) -> None:
    client.force_login(make_person("treasury"))
    assert "Die Erstattung ordnet die Stadtkasse an." in page_of(client, order)
    assert "Neuen Tag geben" not in page_of(client, order)
    assert client.get(reverse("bulky_waste:office_new_day", args=[order.number])).status_code == 403


def test_an_order_takes_as_many_paper_cards_as_it_has_cards(client: Client, day: CollectionDay) -> None:
    now = timezone.now()
    placed = submit(full_draft(day, now=now), now=now, way="counter")
    client.force_login(make_person("clerk"))
    redeem = reverse("payments:redeem_paper_card", args=[placed.payment.public_id])
    assert placed.cards == 1
    client.post(redeem, {"card_1": "A 17"})
    assert (again(placed).state, again(placed).payment.means) == ("confirmed", "paper_card")


def test_the_end_of_an_order_is_left_by_a_new_day_only(order: Order) -> None:
    actions.confirm(number=order.number, now=timezone.now())
    assert again(order).state == "cancelled"
    with pytest.raises(TransitionRefused):
        actions.reopen(number=order.number, now=timezone.now())
