"""What those hear who have no e-mail: the same as everybody, on paper or on the telephone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from stadthaus.accounts.tests.factories import make_person
from stadthaus.base_services.messages import actions as messages
from stadthaus.base_services.messages.models import Message
from stadthaus.base_services.messages.rules.mail_text import MailText
from stadthaus.services.bulky_waste import actions, documents
from stadthaus.services.bulky_waste.models import Order
from stadthaus.services.bulky_waste.rules.states import State
from stadthaus.services.bulky_waste.tests import factories
from stadthaus.services.bulky_waste.tests.factories import CLERK, crew_says, make_day, pay, place_order, today

pytestmark = pytest.mark.usefixtures("town")
PAGE = "/buero/briefe-und-anrufe/"


def ordered(channel: str, **who: str) -> Order:
    return place_order(make_day(), who={"channel": channel, "email": "", **who})


def words_of(order: Order, template: str) -> str:
    """Everything a letter or a call says."""
    name = f"bulky_waste.{template}"
    telling = documents.letter if order.channel == "letter" else documents.call
    said = telling(template=name, number=order.number, now=timezone.now())
    assert said is not None
    return "\n".join(lines_of(said.words))


def lines_of(words: MailText) -> list[str]:
    return [words.subject, *(line for block in words.blocks for line in (*block.lines, block.link))]


def test_a_letter_goes_to_where_the_things_are_collected_if_no_other_address_is_given() -> None:
    order = ordered("letter")
    letter = documents.letter(template="bulky_waste.order_received", number=order.number, now=timezone.now())
    assert letter is not None
    assert letter.address == ("Erika Beispiel", "Mozartstraße 12", "59368 Werne")


def test_a_letter_goes_to_the_address_given_line_by_line() -> None:
    order = ordered("letter", address="Zwetschgenpfad 77, 59387 Ascheberg")
    letter = documents.letter(template="bulky_waste.order_received", number=order.number, now=timezone.now())
    assert letter is not None
    assert letter.address == ("Erika Beispiel", "Zwetschgenpfad 77", "59387 Ascheberg")


@pytest.mark.parametrize("template", ["order_received", "order_confirmed"])
def test_a_letter_says_what_is_collected_and_where(template: str) -> None:
    order = ordered("letter")
    if template == "order_confirmed":
        pay(order, timezone.now())
    words = words_of(order, template)
    assert "1 × " in words
    assert order.pickup_address in words


def test_a_letter_says_how_to_pay_and_leads_to_the_order() -> None:
    order = ordered("letter")
    words = words_of(order, "order_received")
    assert "15,00" in words
    assert "IBAN" in words
    assert documents.order_link(order) in words


def test_a_call_says_the_same_without_links_and_without_what_belongs_to_them() -> None:
    order = pay(ordered("phone"))
    call = documents.call(template="bulky_waste.order_confirmed", number=order.number, now=timezone.now())
    assert call is not None
    assert (call.name, call.phone) == ("Erika Beispiel", "02389 111")
    words = words_of(order, "order_confirmed")
    assert "Wir kommen am" in words
    assert [word for word in ("http", "Karte finden", "ausdrucken") if word in words] == []


@pytest.mark.parametrize("channel", ["letter", "phone"])
def test_neither_letter_nor_call_asks_for_an_answer_by_mail(channel: str) -> None:
    order = crew_says(pay(ordered(channel)), "not_collected", "electrical")
    assert "Der Grund:" in words_of(order, "order_result")
    assert "E-Mail" not in words_of(order, "order_result")


@pytest.mark.parametrize("template", ["order_result", "fee_back"])
@pytest.mark.parametrize("channel", ["letter", "phone"])
def test_what_the_crew_wrote_is_said_to_whoever_reads_no_page(channel: str, template: str) -> None:
    """The office tells only the newest about an order: that the fee goes back must not hide why things stand there."""
    order = crew_says(pay(ordered(channel)), "not_collected", "other", remark="Bitte an die Ecke stellen.")
    words = words_of(order, template)
    assert "„Bitte an die Ecke stellen.“" in words
    assert "Lesen, was" not in words


def test_a_letter_names_no_day_that_is_over_before_it_arrives() -> None:
    order = crew_says(pay(ordered("letter")), "partly_collected", "electrical")
    assert "gleich herein" in words_of(order, "order_result")
    assert "wieder von der Straße weg" not in words_of(order, "order_result")


def test_a_late_call_does_not_ask_for_something_by_a_day_that_is_over() -> None:
    order = crew_says(pay(ordered("phone")), "partly_collected", "electrical")
    assert "sorgen Sie dafür" in words_of(order, "order_result")
    day = order.booking.day
    day.date = today() - timedelta(days=7)
    day.save()
    assert "Stehen sie noch da?" in words_of(order, "order_result")


@pytest.mark.parametrize("channel", ["letter", "phone"])
def test_nobody_prints_or_calls_because_everything_was_taken(channel: str) -> None:
    order = crew_says(pay(ordered(channel)), "collected")
    telling = documents.letter if channel == "letter" else documents.call
    assert telling(template="bulky_waste.order_result", number=order.number, now=timezone.now()) is None


@pytest.mark.parametrize("channel", ["letter", "phone"])
def test_an_erased_person_is_neither_written_to_nor_called(channel: str) -> None:
    order = ordered(channel)
    actions.cancel(number=order.number, actor=CLERK, now=timezone.now())
    actions.erase_person(number=order.number, now=timezone.now())
    telling = documents.letter if channel == "letter" else documents.call
    assert telling(template="bulky_waste.order_cancelled", number=order.number, now=timezone.now()) is None


@pytest.mark.usefixtures("document_fonts")
def test_the_office_prints_what_is_still_true_and_the_history_names_who_printed(client: Client) -> None:
    order = pay(ordered("letter"))
    client.force_login(make_person("clerk", name="Bente Schalter"))
    content = client.get(PAGE).content.decode()
    assert "Bestätigt: Wir holen Ihren Sperrmüll" in content
    assert "Bestellt: Sperrmüll am" not in content
    client.post(f"{PAGE}druckstapel/")
    letter = Message.objects.get(about=order.reference, state="waiting")
    client.post(f"{PAGE}druckstapel/{letter.print_run_id}/gedruckt/")
    page = client.get(f"/buero/sperrmuell/{order.number}/").content.decode()
    assert "Bestätigung mit Karte, Brief: gedruckt" in page
    assert "Bestellung angenommen, Brief: hinfällig" in page
    assert "Brief gedruckt" in page
    assert "Bente Schalter" in page


def test_the_office_calls_with_name_number_and_words(client: Client) -> None:
    day = make_day(today() + timedelta(days=20))
    order = place_order(day, who={"channel": "phone", "email": ""}, now=timezone.now())
    client.force_login(make_person("clerk"))
    content = client.get(PAGE).content.decode()
    for text in ("Erika Beispiel", "02389 111", "Ihr Platz am", "Verwendungszweck", order.number[:3]):
        assert text in content
    assert factories.again(order).state == State.PLACED


# Mails nobody could deliver


def undelivered(order: Order) -> Message:
    message = Message.objects.get(about=order.reference, template="bulky_waste.order_received")
    messages.mark_failed(message=message, error="SMTP 550", now=timezone.now())
    return message


def test_the_office_reads_whom_an_undelivered_mail_is_for_and_whom_to_call(client: Client) -> None:
    order = place_order(make_day(), who={"phone": "", "on_site_name": "Otto Ruf", "on_site_phone": "02389 111"})
    undelivered(order)
    client.force_login(make_person("clerk"))
    content = client.get(PAGE).content.decode()
    for text in (
        order.name,
        "Otto Ruf",
        "tel:02389111",
        "Bestellung angenommen",
        f"/buero/sperrmuell/{order.number}/",
    ):
        assert text in content


def test_an_undelivered_mail_is_no_work_once_its_news_are_old(client: Client) -> None:
    order = place_order(make_day())
    message = undelivered(order)
    pay(order)
    client.force_login(make_person("clerk"))
    assert "Bestellung angenommen" not in client.get(PAGE).content.decode()
    assert Message.objects.get(pk=message.pk).state == "dropped"


def test_every_message_has_a_name_for_the_office() -> None:
    assert documents.MESSAGE_WORDS.keys() == documents._WORTH_SENDING.keys()
