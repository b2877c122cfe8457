"""What leaves the house: mails without name and address, cards and slips whatever is printed on them."""

import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pikepdf
import pytest
from django.core import mail as mailbox
from icalendar import Calendar
from pytest_django import Settings

from stadthaus.accounts.tests.factories import make_person
from stadthaus.base_services.collection_tours import actions as tours
from stadthaus.base_services.messages.models import Message
from stadthaus.base_services.messages.rules.content import Content
from stadthaus.base_services.payments import actions as payments
from stadthaus.kernel.actors import CITIZEN, Actor
from stadthaus.kernel.calendars import BERLIN
from stadthaus.services.bulky_waste import actions, documents
from stadthaus.services.bulky_waste.models import Order
from stadthaus.services.bulky_waste.rules.items import Line
from stadthaus.services.bulky_waste.tests import factories
from stadthaus.services.bulky_waste.tests.factories import CLERK, CREW, again, full_draft, make_day, pay, submit
from stadthaus.town import queries as town
from stadthaus.work import actions as work

pytestmark = pytest.mark.usefixtures("town")

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=BERLIN)
TUESDAY = date(2026, 12, 8)
CANCEL_CUT_OFF = datetime(2026, 12, 7, 12, 0, tzinfo=BERLIN)
ON_THE_DAY = datetime(2026, 12, 8, 8, 0, tzinfo=BERLIN)

PERSON = {
    "name": "Xaverine Quittenbaum",
    "email": "quitte@example.org",
    "phone": "02389 987654",
    "address": "Zwetschgenpfad 77, 59368 Werne",
    "for_other": True,
    "other_name": "Balduin Holunder",
    "other_address": "Brombeerstieg 88, 59368 Werne",
    "debtor": "other",
    "on_site_name": "Kunigunde Schlehe",
    "on_site_phone": "0170 5550123",
}
STREET, HOUSE, PLACE = "Heidelbeergasse", "987z", "hinter dem Vogelhaus"
NEVER_IN_A_MAIL = [
    *(word for key in ("name", "other_name", "on_site_name") for word in str(PERSON[key]).split()),
    *("Zwetschgenpfad", "Brombeerstieg", STREET, HOUSE, "Vogelhaus", "987654", "5550123", "quitte@"),
]
EVERY_TEMPLATE = (
    "order_received",
    "payment_reminder",
    "money_missing",
    "order_confirmed",
    "order_lapsed",
    "order_cancelled",
    "order_result",
    "late_money",
    "new_day",
    "refund_decided",
    "way_changed",
    "fee_back",
    "refund_refused",
    "excess_back",
    "link_again",
)

# What came before a message is sent, in cents; None is the fee. Before the others nothing did.
WHAT_COMES = dict.fromkeys(["order_confirmed", "order_cancelled", "order_result", "fee_back", "refund_refused"])
WHAT_COMES["money_missing"] = 1000


def placed(way: str = "transfer", **answers: object) -> Order:
    day = make_day(TUESDAY)
    draft = full_draft(day, now=NOW, who={**PERSON, **answers}, street=STREET, house=HOUSE)
    actions.answer(draft=draft, page="place", answers={"place_note": PLACE}, now=NOW)
    return submit(draft, now=NOW, way=way)


def money_comes_late(order: Order, template: str) -> None:
    actions.cancel(number=order.number, actor=CITIZEN, now=NOW)
    pay(order, NOW)
    if template == "new_day":
        actions.give_new_day(number=order.number, day_id=order.booking.day_id, actor=CLERK, now=NOW)
    if template == "refund_decided":
        payments.refund_without_date(request_id=order.payment_id, actor=CLERK, now=NOW)


def refuse_refund(order: Order) -> None:
    approver = Actor(kind="staff", label="Anna Amt", user_id=make_person("waste_administration").pk)
    refund, why = order.payment.refund_orders.get(), f"Bei {STREET} {HOUSE} war alles abgeholt."
    payments.refuse_refund(order_id=refund.pk, actor=approver, now=ON_THE_DAY, refused_because=why)


def in_state_for(template: str) -> Order:
    """An order about which this message can be sent."""
    order = placed()
    if template in {
        "order_confirmed",
        "order_cancelled",
        "order_result",
        "fee_back",
        "refund_refused",
        "money_missing",
    }:
        order = pay(order, NOW, cents=1000 if template == "money_missing" else None)
    if template == "order_lapsed":
        actions.lapse(number=order.number, now=order.payment.pay_by)
    if template == "order_cancelled":
        actions.cancel(number=order.number, actor=CITIZEN, now=NOW)
    if template in {"late_money", "new_day", "refund_decided"}:
        money_comes_late(order, template)
    if template in {"order_result", "fee_back", "refund_refused"}:
        crew_says(order, "partly_collected", "electrical")
    if template in {"fee_back", "refund_refused"}:
        actions.give_fee_back(number=order.number, reason="zu spät", actor=CLERK, now=ON_THE_DAY)
    if template == "refund_refused":
        refuse_refund(order)
    return again(order)


crew_says = partial(factories.crew_says, now=ON_THE_DAY)


def written(template: str, order: Order) -> Content:
    content = documents.mail(template=f"bulky_waste.{template}", number=order.number, now=NOW)
    assert content is not None
    return content


# Mails


@pytest.mark.parametrize("template", EVERY_TEMPLATE)
def test_no_mail_carries_name_or_address(template: str) -> None:
    content = written(template, in_state_for(template))
    everything = content.subject + content.text + content.html
    assert [word for word in NEVER_IN_A_MAIL if word.lower() in everything.lower()] == []
    assert content.to == PERSON["email"]


@pytest.mark.parametrize("template", EVERY_TEMPLATE)
def test_after_the_greeting_a_mail_goes_on_as_one_does_after_a_comma(template: str) -> None:
    after = written(template, in_state_for(template)).text.removeprefix("Guten Tag,").lstrip()
    assert after.startswith(("Ihr ", "Ihre ", "15,00"))


@pytest.mark.parametrize(("way", "offered"), [("online", True), ("transfer", False), ("counter", False)])
def test_a_mail_offers_paying_only_where_the_page_takes_money(way: str, offered: bool) -> None:
    assert ("ansehen und bezahlen" in written("order_received", placed(way)).text) is offered


@pytest.mark.parametrize(
    ("photo", "remark", "promised"),
    [
        ("", "", "Bestellung ansehen"),
        ("x.jpg", "", "Foto ansehen"),
        ("", "Der Herd", "Lesen, was die Abfuhr dazu schreibt"),
        ("x.jpg", "Der Herd", "Foto ansehen und lesen, was die Abfuhr dazu schreibt"),
    ],
)
def test_a_mail_promises_photo_and_words_of_the_crew_only_if_there_are_some(
    photo: str, remark: str, promised: str
) -> None:
    order = pay(placed(), NOW)
    crew_says(order, "not_collected", "electrical", photo=photo, remark=remark)
    text = written("order_result", order).text
    assert f"{promised}:\n" in text or f"{promised}: http" in text
    assert "Der Herd" not in text


@pytest.mark.parametrize("way", ["online", "transfer", "counter"])
@pytest.mark.parametrize("template", ["order_received", "payment_reminder"])
def test_no_mail_about_paying_carries_name_or_address(template: str, way: str) -> None:
    content = written(template, placed(way))
    assert [word for word in NEVER_IN_A_MAIL if word in content.text + content.html] == []
    assert "15,00\u202f€" in content.text or way == "online"


@pytest.mark.parametrize("template", EVERY_TEMPLATE)
def test_every_mail_is_complete_and_leads_to_the_order(template: str) -> None:
    order = in_state_for(template)
    content = written(template, order)
    assert content.subject
    assert "\n" not in content.subject
    for text in (content.subject, content.text, content.html):
        assert not [mark for mark in ("{{", "}}", "{%", "None", "Betreff:", "→", "\\n") if mark in text]
    assert documents.order_link(order) in content.text
    assert documents.order_link(order) in content.html
    assert town.current().text("town.phone") in content.text


@pytest.mark.parametrize("outcome", ["collected", "partly_collected", "not_collected"])
def test_a_result_is_told_with_its_day_and_its_reason(outcome: str) -> None:
    order = pay(placed(), NOW)
    crew_says(order, outcome, "" if outcome == "collected" else "electrical")
    text = written("order_result", order).text
    assert "Am Dienstag, 8.\u00a0Dezember" in text
    assert "heute" not in text
    assert ("Der Grund: Unter den Sachen war ein Elektrogerät." in text) is (outcome != "collected")


@pytest.mark.parametrize(("reason", "told"), [("electrical", True), ("too_much", False)])
def test_a_result_that_sends_to_the_yard_says_where_it_is(reason: str, told: bool) -> None:
    order = pay(placed(), NOW)
    crew_says(order, "partly_collected", reason)
    assert (town.current().text("town.recycling_yard") in written("order_result", order).text) is told


def test_of_a_result_taken_back_there_is_nothing_to_tell() -> None:
    order = pay(placed(), NOW)
    crew_says(order, "not_collected", "electrical")
    tours.undo_result(reference=order.reference, actor=CREW, now=ON_THE_DAY)
    assert documents.mail(template="bulky_waste.order_result", number=order.number, now=NOW) is None


@pytest.mark.parametrize("outcome", ["collected", "partly_collected", "not_collected"])
def test_the_remark_of_the_crew_stays_on_the_page(outcome: str) -> None:
    order = pay(placed(), NOW)
    reason = "" if outcome == "collected" else "electrical"
    crew_says(order, outcome, reason, remark="" if outcome == "collected" else "Frau Quittenbaum war nicht da")
    content = written("order_result", order)
    assert "Quittenbaum" not in content.text + content.html


def test_a_refund_is_mentioned_only_when_there_is_one() -> None:
    paid_in_time = pay(placed(), NOW)
    actions.cancel(number=paid_in_time.number, actor=CITIZEN, now=NOW)
    assert "15,00\u202f€ zurück" in written("order_cancelled", paid_in_time).text


def test_no_refund_is_mentioned_when_nothing_was_paid() -> None:
    order = placed()
    actions.cancel(number=order.number, actor=CITIZEN, now=NOW)
    assert_no_refund(written("order_cancelled", order))


def test_a_cancelled_order_whose_fee_is_kept_says_so_and_promises_nothing() -> None:
    order = pay(placed(), NOW)
    actions.cancel(number=order.number, actor=CLERK, now=CANCEL_CUT_OFF)
    kept = "Für eine Rückzahlung war es zu spät. Die 15,00\u202f€ bekommen Sie nicht zurück."
    mail = written("order_cancelled", order)
    assert kept in mail.text
    assert_no_refund(Content(mail.to, mail.subject, mail.text.replace(kept, ""), ""))


def assert_no_refund(content: Content) -> None:
    said = (content.text + content.html).lower()
    assert not [word for word in ("zurück", "erstatt", "€") if word in said]


def test_a_mail_that_the_order_has_overtaken_is_not_sent() -> None:
    order = placed()
    actions.cancel(number=order.number, actor=CITIZEN, now=NOW)
    work.run_due(NOW)
    assert [mail.subject for mail in mailbox.outbox] == ["Storniert: Ihre Sperrmüll-Bestellung"]
    assert Message.objects.get(template="bulky_waste.order_received").state == "dropped"


def test_nothing_personal_stays_in_the_outbox(settings: Settings) -> None:
    settings.DEMO = False
    order = placed()
    work.run_due(NOW)
    row = Message.objects.values().get(about=order.reference)
    assert row["state"] == "sent"
    assert not [word for word in NEVER_IN_A_MAIL if word in repr(row)]


def test_a_mail_about_an_order_that_does_not_exist_is_none() -> None:
    assert documents.mail(template="bulky_waste.order_received", number="123456789", now=NOW) is None


def test_the_link_to_go_on_later_is_mailed_without_name_or_address() -> None:
    draft = full_draft(make_day(TUESDAY), now=NOW, who=PERSON, street=STREET, house=HOUSE)
    actions.send_resume_link(draft=draft, now=NOW)
    work.run_due(NOW)
    [mail] = mailbox.outbox
    assert mail.to == [PERSON["email"]]
    assert documents.resume_link(draft) in mail.body
    assert not [word for word in NEVER_IN_A_MAIL if word in f"{mail.subject} {mail.body}"]


def test_the_link_to_go_on_later_is_mailed_once_a_day() -> None:
    draft = full_draft(make_day(TUESDAY), now=NOW)
    for minutes in range(5):
        actions.send_resume_link(draft=draft, now=NOW + timedelta(minutes=minutes))
    assert Message.objects.filter(template="bulky_waste.resume_link").count() == 1


# Calendar


def test_the_calendar_entry_tells_what_and_when_and_nothing_else() -> None:
    entry = documents.calendar_entry(placed()).decode()
    assert "SUMMARY:Sperrmüll" in entry
    assert "DTSTART;VALUE=DATE:20261208" in entry
    assert not [word for word in NEVER_IN_A_MAIL if word in entry]


def test_the_calendar_entry_of_a_cancelled_order_takes_the_appointment_back() -> None:
    order = placed()
    before = Calendar.from_ical(documents.calendar_entry(order)).events[0]
    cancelled = actions.cancel(number=order.number, actor=CITIZEN, now=NOW + timedelta(hours=1))
    after = Calendar.from_ical(documents.calendar_entry(cancelled)).events[0]
    assert ("STATUS" not in before, after["STATUS"]) == (True, "CANCELLED")
    assert before["UID"] == after["UID"]
    assert int(before["SEQUENCE"]) < int(after["SEQUENCE"])  # type: ignore[arg-type]  # a number, see RFC 5545
    assert before.DTSTAMP < after.DTSTAMP


# PDF


NAMES = {
    "plain": "Erika Beispiel",
    "apostrophe": "Seán O’Neill d'Artagnan",
    "umlauts": "Jürgen Größe-Ötztal",
    "Cyrillic": "Анна Иванова",
    "Greek": "Αλέξανδρος Παπαδόπουλος",
    "Polish and Turkish": "Łukasz Żółć Şahin Ğ",
    "200 letters": "Ä" * 200,
    "200 letters with blanks": "Maria " * 33,
    "right to left": "محمد עברית",
    "Chinese": "王小明",
    "emoji": "Erika 🛋️ Beispiel",
    "code": '#panic("x") $1/0$ \\u{0} [*] `raw` @label <label> // /* ~',
    "markup": "<script>alert(1)</script> & \"'",
}


@pytest.mark.usefixtures("document_fonts")
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_the_card_is_printed_for_every_name(name: str) -> None:
    order = pay(placed(name=name, for_other=False), NOW)
    Order.objects.filter(pk=order.pk).update(place_note=name[:300], access_note=name)
    assert documents.card(again(order), town.current()).startswith(b"%PDF-")


@pytest.mark.usefixtures("document_fonts")
def test_a_word_without_a_blank_stays_beside_the_code_on_the_card() -> None:
    order = pay(placed(name="Ä" * 200, for_other=False), NOW)
    Order.objects.filter(pk=order.pk).update(place_note="W" * 300)
    page_middle, code = 298, 453  # points from the left
    with pikepdf.open(io.BytesIO(documents.card(again(order), town.current()))) as card:
        assert max(end for start, end in text_lines(card.pages[0]) if start < page_middle) < code


@pytest.mark.usefixtures("document_fonts")
@pytest.mark.parametrize("lines", [1, 30])
def test_a_word_without_a_blank_stays_on_the_paper(lines: int) -> None:
    things = tuple(Line("own", 1, name="W" * 80, size_cm=(10, 10, 10)) for _ in range(lines))
    order = pay(submit(full_draft(make_day(TUESDAY), now=NOW, things=things), now=NOW, way="transfer"), NOW)
    right_margin = 556
    with pikepdf.open(io.BytesIO(documents.card(order, town.current()))) as card:
        assert max(end for page in card.pages for _, end in text_lines(page)) < right_margin


def text_lines(page: pikepdf.Page) -> list[tuple[float, float]]:
    """Where each line of text begins and ends, in points from the left edge."""
    widths = {name: dict(_widths(font.DescendantFonts[0].W)) for name, font in page.Resources.Font.items()}
    lines: list[tuple[float, float]] = []
    left, font, size = 0.0, "", 0.0
    for instruction in pikepdf.parse_content_stream(page):
        operands: Any = instruction.operands
        operator = instruction.operator
        if str(operator) == "cm":
            left = float(operands[4])
        elif str(operator) == "Tf":
            font, size = str(operands[0]), float(operands[1])
        elif str(operator) == "TJ":
            width = sum(_width(part, widths[font]) for part in operands[0])
            lines.append((left, left + width * size / 1000))
    return lines


def _width(part: Any, widths: dict[int, float]) -> float:
    """Of a few glyphs; a number between them moves them together."""
    if not isinstance(part, pikepdf.String):
        return -float(part)
    glyphs = bytes(part)
    return sum(widths[int.from_bytes(glyphs[at : at + 2], "big")] for at in range(0, len(glyphs), 2))


def _widths(array: Any) -> Iterator[tuple[int, float]]:
    """The widths of a font: runs of "first last width" and of "first [widths]"."""
    parts = list(array)
    while parts:
        first, second = int(parts.pop(0)), parts.pop(0)
        if isinstance(second, pikepdf.Array):
            yield from enumerate(map(float, second), start=first)
        else:
            width = float(parts.pop(0))
            yield from ((code, width) for code in range(first, int(second) + 1))


@pytest.mark.usefixtures("document_fonts")
def test_the_card_has_room_for_the_longest_list() -> None:
    day = make_day(TUESDAY)
    things = tuple(Line("own", 1, name=f"Kiste {number} " + "W" * 60, size_cm=(10, 10, 10)) for number in range(60))
    order = pay(submit(full_draft(day, now=NOW, things=things), now=NOW, way="transfer"), NOW)
    assert documents.card(order, town.current()).startswith(b"%PDF-")


@pytest.mark.usefixtures("document_fonts")
def test_the_same_card_is_printed_in_the_same_bytes() -> None:
    order = pay(placed(), NOW)
    assert documents.card(order, town.current()) == documents.card(order, town.current())


@pytest.mark.usefixtures("document_fonts")
def test_the_transfer_slip_is_printed() -> None:
    assert documents.transfer_slip(placed(), town.current()).startswith(b"%PDF-")


@pytest.mark.usefixtures("document_fonts")
def test_a_note_with_a_sign_paper_cannot_show_says_where_to_read_it() -> None:
    note = "beim 🐕 der Familie Łukasiewicz"
    assert documents._on_paper(note) == "beim □ der Familie Łukasiewicz (□: nur am Bildschirm lesbar)"
    assert documents._on_paper("links neben der Garage") == "links neben der Garage"
    assert documents._on_paper("") == ""
