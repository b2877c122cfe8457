"""Until when to pay: page, mails and slip say one thing, and it is something that people can do."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from stadthaus.base_services.payments.rules.pay_by import Way
from stadthaus.kernel.calendars import BERLIN
from stadthaus.services.bulky_waste import documents, queries
from stadthaus.services.bulky_waste.documents import order_link, until_words
from stadthaus.services.bulky_waste.forms import CheckForm
from stadthaus.services.bulky_waste.models import REMIND_OF_PAYMENT, Order
from stadthaus.services.bulky_waste.tests.browser import Browser
from stadthaus.services.bulky_waste.tests.factories import full_draft, make_day, place_order, submit, today
from stadthaus.town import queries as town
from stadthaus.work.models import Job

SUNDAY = datetime(2026, 11, 22, 18, 0, tzinfo=BERLIN)
FRIDAY = datetime(2026, 11, 27, 23, 59, tzinfo=BERLIN)
UNTIL = {
    "transfer": "Freitag, 27.\u00a0November",  # seven days later it is Sunday again: no bank works
    "counter": "Mittwoch, 25.\u00a0November, 12:00\u00a0Uhr",  # three days later, when the Bürgerbüro closes
}
IMPOSSIBLE = ("Sonntag", "23:59")


def placed(way: str) -> Order:
    return submit(full_draft(make_day(date(2026, 12, 15)), now=SUNDAY), now=SUNDAY, way=way)


def mail(template: str, order: Order) -> str:
    content = documents.mail(template=f"bulky_waste.{template}", number=order.number, now=timezone.now())
    assert content is not None
    return content.text


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("template", ["order_received", "payment_reminder"])
@pytest.mark.parametrize("way", UNTIL)
def test_a_mail_asks_for_the_money_while_it_can_be_paid(template: str, way: str) -> None:
    text = mail(template, placed(way))
    assert f"bis {UNTIL[way]}" in text
    assert not [word for word in IMPOSSIBLE if word in text]


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("template", ["order_received", "payment_reminder", "way_changed"])
def test_who_pays_at_the_counter_is_told_where_it_is_and_when_it_is_open(template: str) -> None:
    text = mail(template, placed("counter"))
    assert "im Bürgerbüro, Konrad-Adenauer-Platz 1. Sonst verfällt die Bestellung. Das kostet Sie nichts. " in text
    assert "Offen: Montag bis Freitag 8:00–12:00 Uhr" in text


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("way", UNTIL)
def test_page_and_slip_say_what_the_mails_say(way: str) -> None:
    facts = documents.own_order_facts(placed(way), town.current(), SUNDAY)
    assert facts["pay_until"] == UNTIL[way]
    assert facts["too_late_to_pay"] is False


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("way", UNTIL)
def test_a_reminder_comes_while_there_is_time_to_act_on_it(way: str) -> None:
    order = placed(way)
    due = Job.objects.get(kind=REMIND_OF_PAYMENT, key=order.number).due_at.astimezone(BERLIN)
    last_chance = documents.own_order_facts(order, town.current(), SUNDAY)["pay_by"]
    assert last_chance - due == timedelta(days={"transfer": 2, "counter": 1}[way])


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("way", UNTIL)
def test_who_is_told_by_letter_has_as_long_from_the_day_it_is_there(way: str) -> None:
    day, thursday = make_day(date(2026, 12, 22)), SUNDAY + timedelta(days=4)
    assert queries.told_on("letter", town.current(), SUNDAY) == thursday.date()
    by_letter, by_mail = (
        submit(full_draft(day, now=now, who={"channel": channel}), now=now, way=way)
        for channel, now in (("letter", SUNDAY), ("email", thursday))
    )
    assert by_letter.payment.pay_by == by_mail.payment.pay_by
    assert not Job.objects.filter(kind=REMIND_OF_PAYMENT, key=by_letter.number).exists()


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("way", UNTIL)
def test_the_place_is_kept_a_little_longer_than_people_are_told(way: str) -> None:
    order = placed(way)
    assert order.payment.pay_by > documents.own_order_facts(order, town.current(), SUNDAY)["pay_by"]


@pytest.mark.usefixtures("town")
def test_the_last_page_says_until_when_each_way_is_open() -> None:
    noon = datetime(2026, 11, 25, 12, 0, tzinfo=BERLIN)
    ways = [Way("transfer", FRIDAY, FRIDAY, FRIDAY), Way("counter", FRIDAY, noon, FRIDAY)]
    page = str(CheckForm(ways=ways, town=town.current()))
    assert f"Bitte überweisen Sie bis {UNTIL['transfer']}." in page
    assert f"Bezahlen Sie dort bis {UNTIL['counter']}." in page


def test_a_transfer_is_told_its_day_and_everything_else_its_minute() -> None:
    assert until_words("transfer", FRIDAY) == UNTIL["transfer"]
    assert until_words("counter", FRIDAY).endswith("23:59\u00a0Uhr")


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    ("way", "words"), [("transfer", "wir warten noch auf das Geld"), ("counter", "Bezahlen konnten Sie bis")]
)
def test_who_comes_too_late_is_told_so_and_not_asked_for_money(way: str, words: str) -> None:
    order = place_order(make_day(today() + timedelta(days=7)), way=way)  # four weeks ago; nobody let it lapse yet
    browser = Browser().open(order_link(order))
    assert browser.heading.endswith("Die Zeit zum Bezahlen ist um.")
    assert words in browser.text
    assert "IBAN" not in browser.text
    assert "Bitte bezahlen Sie" not in browser.text


@pytest.mark.usefixtures("town")
def test_a_lapsed_order_names_no_hour_at_which_nobody_could_pay() -> None:
    text = mail("order_lapsed", placed("counter"))
    assert "keine Zahlung erhalten" in text
    assert not [word for word in IMPOSSIBLE if word in text]


# How the account is told


@pytest.mark.usefixtures("town")
def test_every_value_of_a_transfer_can_be_copied_as_a_banking_app_takes_it() -> None:
    now = timezone.now()
    order = submit(full_draft(make_day(today() + timedelta(days=28)), now=now), now=now, way="transfer")
    text = Browser().open(order_link(order)).text
    iban = town.current().text("town.bank.iban")
    assert f'data-copy="{iban.replace(" ", "")}">{iban}<' in text
    assert 'data-copy="15,00">15,00\u202f€<' in text
    assert f'data-copy="">{order.payment}<' in text


@pytest.mark.usefixtures("town")
def test_account_and_amount_come_before_the_code_that_a_phone_cannot_photograph_itself() -> None:
    now = timezone.now()
    order = submit(full_draft(make_day(today() + timedelta(days=28)), now=now), now=now, way="transfer")
    text = Browser().open(order_link(order)).text
    assert text.index("IBAN") < text.index("<svg", text.index("transfer__values"))
    folded = text[text.index("<details") :]
    assert "QR-Code zeigen" in folded[: folded.index("<svg")]
