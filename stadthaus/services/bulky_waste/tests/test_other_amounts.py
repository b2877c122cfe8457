"""Less or more came than the fee: whoever ordered hears what is missing, and what goes back and where to."""

from io import BytesIO

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stadthaus.accounts.tests.factories import make_person
from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.base_services.messages.models import Message
from stadthaus.base_services.payments import actions as payments
from stadthaus.base_services.payments.models import RefundOrder
from stadthaus.kernel.actors import Actor
from stadthaus.kernel.calendars import day_of
from stadthaus.services.bulky_waste import actions, documents
from stadthaus.services.bulky_waste.documents import order_link
from stadthaus.services.bulky_waste.models import Order
from stadthaus.services.bulky_waste.rules.states import State
from stadthaus.services.bulky_waste.tests.browser import Browser
from stadthaus.services.bulky_waste.tests.factories import CLERK, again, crew_says, full_draft, pay, submit
from stadthaus.town import queries as town_queries

IBAN = "DE89 3704 0044 0532 0130 00"

pytestmark = pytest.mark.usefixtures("town", "document_fonts")


@pytest.fixture
def short(day: CollectionDay) -> Order:
    """Of 15 euros, 10 have come."""
    now = timezone.now()
    return pay(submit(full_draft(day, now=now), now=now, way="transfer"), now, cents=1000)


def told(order: Order) -> list[str]:
    messages = Message.objects.filter(about=order.reference).order_by("pk")
    return [message.template.removeprefix("bulky_waste.") for message in messages]


def mail(order: Order, template: str) -> str:
    content = documents.mail(template=f"bulky_waste.{template}", number=order.number, now=timezone.now())
    assert content is not None
    return content.text


def end_unpaid(order: Order) -> Order:
    payments.declare_unpaid(request_id=order.payment_id, actor=CLERK, now=timezone.now())
    return again(order)


def test_the_mail_asks_for_what_is_missing_and_no_more(short: Order) -> None:
    assert told(short) == ["order_received", "money_missing"]
    assert "– Betrag: 5,00\N{NARROW NO-BREAK SPACE}€" in mail(short, "money_missing")


def test_each_part_is_told_with_what_is_missing_then(short: Order) -> None:
    pay(short, cents=200)
    assert told(short) == ["order_received", "money_missing", "money_missing"]
    assert "fehlen noch 3,00\N{NARROW NO-BREAK SPACE}€" in mail(short, "money_missing")


def test_the_page_gives_what_a_transfer_of_the_rest_needs(short: Order) -> None:
    page = Browser().open(order_link(short)).text
    assert 'data-copy="5,00"' in page
    assert str(short.payment) in page


def test_nobody_is_reminded_of_the_whole_while_a_part_is_there(short: Order) -> None:
    actions.remind_of_payment(number=short.number, now=timezone.now())
    assert "payment_reminder" not in told(short)


def test_the_slip_for_the_bank_is_for_the_rest_as_well(short: Order) -> None:
    with pikepdf.open(BytesIO(documents.transfer_slip(short, town_queries.current()))) as slip:
        found = [str(part.Alt) for part in slip.objects if isinstance(part, pikepdf.Dictionary) and "/Alt" in part]
    assert found == [f"GiroCode: Überweisung von 5,00\N{NARROW NO-BREAK SPACE}€ mit Verwendungszweck {short.payment}"]


def test_the_office_is_told_before_cancelling_that_a_part_goes_back(client: Client, short: Order) -> None:
    client.force_login(make_person("clerk"))
    page = client.get(reverse("bulky_waste:office_cancel", args=[short.number])).content.decode()
    assert "10,00\N{NARROW NO-BREAK SPACE}€ sind schon angekommen und gehen zurück" in page


def test_the_rest_pays_the_order(short: Order) -> None:
    assert pay(short, cents=500).state == State.CONFIRMED


def test_an_order_that_ends_so_does_not_say_that_nothing_came(short: Order) -> None:
    text = mail(end_unpaid(short), "order_lapsed")
    assert "nicht vollständig" in text
    assert "keine Zahlung" not in text


def test_an_order_that_ends_so_asks_where_the_part_goes_back_to(short: Order) -> None:
    text = mail(end_unpaid(short), "order_lapsed")
    assert "Sie bekommen 10,00\N{NARROW NO-BREAK SPACE}€ zurück" in text
    assert f"{order_link(short)}konto/" in text


def known(order: Order) -> Browser:
    """The browser of somebody who has shown that they know the order."""
    return Browser().open(f"{order_link(order)}ausweisen/").fill(surname=order.name.split()[-1], house=order.house)


def test_before_cancelling_the_page_says_that_the_part_goes_back_and_asks_where_to(short: Order) -> None:
    page = known(short).open(f"{order_link(short)}stornieren/").text
    assert "10,00\N{NARROW NO-BREAK SPACE}€ sind schon angekommen" in page
    assert "Das kostet Sie nichts" not in page
    assert "Auf welches Konto?" in page


def test_the_account_given_while_cancelling_is_where_the_part_goes_back_to(short: Order) -> None:
    known(short).open(f"{order_link(short)}stornieren/").fill(iban=IBAN, holder="Erika Beispiel")
    assert RefundOrder.objects.get(request=short.payment_id).iban == IBAN.replace(" ", "")


def by_card(order: Order) -> Order:
    """A paper card pays for all, though a part had come."""
    payments.redeem_paper_card(
        request_id=order.payment_id, numbers=["A123"], cards_needed=1, actor=CLERK, now=timezone.now()
    )
    return again(order)


def test_who_paid_by_paper_card_is_promised_the_card_and_no_euros(short: Order) -> None:
    order = by_card(short)
    page = known(order).open(f"{order_link(order)}stornieren/").text
    assert "Ihre Papierkarte bekommen Sie" in page
    assert "15,00" not in page


def test_the_office_reads_each_refund_with_its_way(client: Client, short: Order) -> None:
    order = by_card(short)
    actions.cancel(number=order.number, actor=CLERK, now=timezone.now(), reason="Auf Wunsch")
    client.force_login(make_person("clerk"))
    page = client.get(reverse("bulky_waste:office_order", args=[order.number])).content.decode()
    assert "10,00\N{NARROW NO-BREAK SPACE}€, Überweisung" in page
    assert "15,00\N{NARROW NO-BREAK SPACE}€, Papierkarte gilt wieder" in page


def test_who_left_the_account_out_is_not_told_that_all_is_done(short: Order) -> None:
    browser = known(short).open(f"{order_link(short)}stornieren/").fill(iban="", holder="")
    page = browser.open(f"{order_link(short)}stornieren/").text
    assert "Sie müssen nichts weiter tun" not in page
    assert "IBAN angeben" in page


def test_who_paid_too_much_hears_with_the_confirmation_where_the_rest_goes_back_to(day: CollectionDay) -> None:
    now = timezone.now()
    order = pay(submit(full_draft(day, now=now), now=now, way="transfer"), now, cents=2000)
    assert told(order) == ["order_received", "order_confirmed"]
    text = mail(order, "order_confirmed")
    assert "Sie bekommen 5,00\N{NARROW NO-BREAK SPACE}€ zurück" in text
    assert f"{order_link(order)}konto/" in text


def test_who_pays_a_second_time_hears_that_it_goes_back(day: CollectionDay) -> None:
    now = timezone.now()
    order = pay(submit(full_draft(day, now=now), now=now, way="transfer"), now)
    payments.take_second_transfer(
        request_id=order.payment_id,
        received_on=day_of(now),
        amount_cents=1500,
        booked=order.payment.ledger.count(),
        actor=CLERK,
        now=now,
    )
    assert told(order) == ["order_received", "order_confirmed", "excess_back"]
    assert "Sie bekommen 15,00\N{NARROW NO-BREAK SPACE}€ zurück" in mail(order, "excess_back")


def test_who_paid_in_two_ways_reads_before_cancelling_how_each_part_comes_back(short: Order) -> None:
    payments.take_at_counter(request_id=short.payment_id, means="cash", actor=CLERK, now=timezone.now())
    link = order_link(short)
    page = Browser().open(f"{link}ausweisen/").fill(surname=short.name.split()[-1], house=short.house)
    page.open(f"{link}stornieren/")
    assert "Sie bekommen 5,00\N{NARROW NO-BREAK SPACE}€ zurück, bar im" in page.text
    assert "Sie bekommen 10,00\N{NARROW NO-BREAK SPACE}€ zurück, als Überweisung" in page.text
    page.fill(iban=IBAN, holder="Erika Beispiel")
    orders = RefundOrder.objects.values_list("way", "amount_cents", "iban")
    assert set(orders) == {("counter", 500, ""), ("transfer", 1000, IBAN.replace(" ", ""))}
    assert mail(short, "order_cancelled").count("Sie bekommen ") == 2


def test_the_office_reads_before_cancelling_how_each_part_goes_back(client: Client, short: Order) -> None:
    payments.take_at_counter(request_id=short.payment_id, means="cash", actor=CLERK, now=timezone.now())
    client.force_login(make_person("clerk"))
    text = client.get(reverse("bulky_waste:office_cancel", args=[short.number])).content.decode()
    assert "<strong>5,00\N{NARROW NO-BREAK SPACE}€ gehen zurück</strong>, bar im" in text
    assert "<strong>10,00\N{NARROW NO-BREAK SPACE}€ gehen zurück</strong>, als Überweisung" in text


def test_what_came_in_two_ways_is_announced_and_refused_as_one_sum(short: Order) -> None:
    payments.take_at_counter(request_id=short.payment_id, means="cash", actor=CLERK, now=timezone.now())
    actions.hand_over(day_id=short.booking.day_id, now=timezone.now())
    order = crew_says(short, "not_collected", "electrical")
    actions.give_fee_back(number=order.number, reason="Falsche Straße", actor=CLERK, now=timezone.now())
    checks = "prüft bei uns noch eine zweite Person"
    assert (mail(order, "fee_back").count(checks), mail(order, "fee_back").count("Stimmt sie zu")) == (1, 2)
    assert Browser().open(order_link(order)).text.count(checks) == 1
    person = make_person("waste_administration")
    payments.refuse_refund(
        order_id=RefundOrder.objects.order_by("pk")[0].pk,
        actor=Actor(kind="staff", label=person.name, user_id=person.pk),
        now=timezone.now(),
        refused_because="Der Wagen war da.",
    )
    assert told(order).count("refund_refused") == 1
    assert "Ihre Gebühr von 15,00\N{NARROW NO-BREAK SPACE}€" in mail(order, "refund_refused")
    text = Browser().open(order_link(order)).text
    assert text.count("Wir wollten Ihnen 15,00\N{NARROW NO-BREAK SPACE}€ zurückzahlen.") == 1
