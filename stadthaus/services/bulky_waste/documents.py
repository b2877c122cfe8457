"""What leaves the house about an order: card, transfer slip, calendar entry, mails."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac
from icalendar import Calendar, Event

from stadthaus.base_services.collection_tours import queries as tours
from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.base_services.collection_tours.rules.outcomes import REASONS
from stadthaus.base_services.messages import documents as mails
from stadthaus.base_services.messages.rules.content import Addressee, Call, Content, Letter
from stadthaus.base_services.payments import documents as payment_documents
from stadthaus.base_services.payments import queries as payment_queries
from stadthaus.base_services.payments.models import PaymentRequest, RefundOrder
from stadthaus.kernel.calendars import day_of
from stadthaus.kernel.links import make_link
from stadthaus.kernel.measures import format_cubic_metres
from stadthaus.kernel.money import NARROW_SPACE, format_euro
from stadthaus.kernel.references import format_number
from stadthaus.kernel.spreadsheets import harmless
from stadthaus.services.bulky_waste import queries
from stadthaus.services.bulky_waste.models import DRAFT_DAYS, LINK_AGAIN, Draft, Order, OrderItem
from stadthaus.services.bulky_waste.queries import TourStop
from stadthaus.services.bulky_waste.rules.states import RESULTS, State, may_become
from stadthaus.town import queries as town_queries
from stadthaus.town.queries import Town
from stadthaus.ui import pdf, qr
from stadthaus.ui.templatetags.ui import NO_BREAK_SPACE, clock, long_day, short_day

DRAFT_LINK_SERIAL = 1
PLACES_FOLDER = "photos/places"  # photos of where the things will stand
_TYPST = Path(__file__).parent / "typst"


def order_link(order: Order) -> str:
    """The private link of an order, as a path."""
    link = make_link(settings.LINK_KEY, order.public_id, order.link_serial)
    return reverse("bulky_waste:own_order", args=[link])


def draft_key() -> bytes:
    """Links to drafts and links to orders are made with different keys, so that neither opens the other."""
    return settings.LINK_KEY + b"/draft"


def resume_link(draft: Draft) -> str:
    """The link that goes on with a draft on another device, as a path."""
    return reverse("bulky_waste:resume", args=[make_link(draft_key(), draft.public_id, DRAFT_LINK_SERIAL)])


def own_order_facts(order: Order, town: Town, now: datetime) -> dict[str, Any]:
    """What the page, the mail and the card say about an order: days, deadlines, what is possible now."""
    day = order.booking.day.date
    last_chance = payment_queries.last_chance(order.payment, town)
    may_cancel = may_become(order.state, State.CANCELLED) and now < order.cancel_until
    is_paid = order.payment.state == order.payment.State.PAID
    gets_refund = may_cancel and is_paid and now < order.refund_until
    refunds = [] if order.state == State.PLACED else queries.refunds_of(order)
    came = payment_queries.unclear_cents(order.payment)
    gone_by = town.term("bulky_waste.leftovers_gone_by", day).moment(day, town.calendar)
    return {
        "day": day,
        "out_by": queries.out_by(town, day),
        "out_from": queries.out_from(town, day),
        "payment": order.payment,
        "pay_by": last_chance,
        "pay_until": until_words(order.payment.way, last_chance),
        "too_late_to_pay": order.payment.is_open and now >= last_chance,
        "may_cancel": may_cancel,
        "gets_refund": gets_refund,
        "money_came": order.payment.settled_at if order.payment.means else None,  # nobody pays what is waived
        "fee": queries.fee_version(town, order),
        "gone_by": gone_by,
        "gone_by_is_over": now >= gone_by,
        **refund_facts(refunds),
        "needs_account": any(refund.needs_account for refund in refunds),
        "is_paid": is_paid,
        "came": came,
        "owed": max(order.amount - came, 0),
        "refund_days": town.value("payments.refund_days", day_of(now)),
    }


def refund_facts(refunds: Sequence[RefundOrder]) -> dict[str, Any]:
    """What is told of refunds: those still to be decided, those that are certain, and what was refused.

    Money that came in several ways goes back in several orders; one that was approved is a yes to all of them.
    """
    yes = {(refund.reason, refund.created_at) for refund in refunds if refund.state in {"approved", "done"}}
    undecided = [one for one in refunds if one.may_be_refused and (one.reason, one.created_at) not in yes]
    refused = [refund for refund in refunds if refund.is_refused]
    return {
        "refunds": refunds,
        "undecided": undecided,
        "certain": [refund for refund in refunds if refund not in undecided and refund not in refused],
        "refund_promised": sum(refund.amount_cents for refund in refunds if not refund.is_refused),
        "refused": refused[0] if refused else None,
        "refused_cents": sum(refund.amount_cents for refund in refused),
    }


def until_words(way: str, last_chance: datetime) -> str:
    """Until when to pay: "Mittwoch, 25. November, 12:00 Uhr"; for a transfer the day only, no hour can be promised."""
    day = long_day(last_chance)
    return day if way == PaymentRequest.Way.TRANSFER else f"{day}, {clock(last_chance)}"


# --- PDF --------------------------------------------------------------------------------------


def card(order: Order, town: Town) -> bytes:
    """The card (Sperrmüllkarte) as PDF; the code holds the order number only."""
    day = order.booking.day.date
    out_from = queries.out_from(town, day)
    data = {
        **_sender(town),
        "number": format_number(order.number),
        "day": long_day(day),
        "year": str(day.year),
        "out_by": queries.out_by(town, day),
        "out_from": f"{long_day(out_from)}, {clock(out_from)}",
        "name": order.name,
        "address": order.pickup_address,
        "place": town.text("town.postcode_place"),
        "place_note": _on_paper(order.place_note),
        "items": [_item_row(item) for item in queries.items_of(order)],
        "volume": format_cubic_metres(order.litres),
        "cards": order.cards,
        "amount": format_euro(order.amount),
        "paid": order.payment.state == order.payment.State.PAID,
        "waived": order.payment.state == order.payment.State.WAIVED,
        "qr": qr.svg(settings.PUBLIC_URL + reverse("bulky_waste:crew_stop", args=[order.number]), border=0),
    }
    created = order.confirmed_at or order.placed_at
    return pdf.render(_TYPST / "card.typ", data, title=f"Sperrmüllkarte {data['number']}", created=created)


def transfer_slip(order: Order, town: Town) -> bytes:
    """How to pay by transfer: account, amount, reference and the code for banking apps."""
    owed = payment_queries.still_owed_cents(order.payment)
    data = {
        **_sender(town),
        "number": format_number(order.number),
        "amount": format_euro(owed),
        "is_rest": owed != order.amount,
        "day": long_day(order.booking.day.date),
        "pay_by": until_words(order.payment.way, payment_queries.last_chance(order.payment, town)),
        "holder": town.text("town.bank.holder"),
        "iban": _groups_of_four(town.text("town.bank.iban")),
        "bank": town.text("town.bank.name"),
        "reference": str(order.payment),
        "qr": payment_documents.giro_code(order.payment, town),
    }
    title = f"Überweisung zur Bestellung {data['number']}"
    return pdf.render(_TYPST / "transfer.typ", data, title=title, created=order.placed_at)


def _sender(town: Town) -> dict[str, str]:
    keys = {"town": "town.name", "office": "town.office", "phone": "town.phone", "hours": "town.hours"}
    return {name: town.text(key) for name, key in keys.items()}


def _item_row(item: OrderItem) -> list[str]:
    return [str(item.count), _form_words(item), format_cubic_metres(item.litres)]


def _on_paper(note: str) -> str:
    """A note with a mark for each sign our fonts lack, and where to read it whole: the pages show it as written."""
    printed = pdf.printable(note)
    return (
        f"{printed} ({pdf.EMPTY_BOX}: nur am Bildschirm lesbar)"
        if printed != note and pdf.EMPTY_BOX in printed
        else note
    )


def _groups_of_four(iban: str) -> str:
    plain = iban.replace(" ", "")
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))


# --- Calendar ---------------------------------------------------------------------------------


def calendar_entry(order: Order) -> bytes:
    """A whole-day entry "Sperrmüll", nothing else: calendars are copied to foreign clouds.

    Who opens it again gets the newer version of the same entry: another day, or cancelled.
    """
    changed_at = max(moment for moment in (order.placed_at, order.confirmed_at, order.ended_at) if moment)
    calendar = Calendar()
    calendar.add("prodid", "-//Stadthaus//DE")
    calendar.add("version", "2.0")
    event = Event()
    event.add("summary", "Sperrmüll")
    event.add("dtstart", order.booking.day.date)
    event.add("dtstamp", changed_at)
    # Always the same, so that a changed day replaces the old one; told to strangers it leads nowhere.
    event.add("uid", f"{salted_hmac('stadthaus.bulky_waste.calendar', order.public_id).hexdigest()[:24]}@stadthaus")
    event.add("sequence", int((changed_at - order.placed_at).total_seconds()))
    if order.state in {State.CANCELLED, State.LAPSED}:
        event.add("status", "CANCELLED")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


# --- Mails ------------------------------------------------------------------------------------

# What each message tells, in a few words for the office.
MESSAGE_WORDS = {
    "order_received": "Bestellung angenommen",
    "way_changed": "Neuer Zahlungsweg",
    "payment_reminder": "Erinnerung an die Zahlung",
    "money_missing": "Ein Teil der Gebühr fehlt",
    "order_confirmed": "Bestätigung mit Karte",
    "order_lapsed": "Bestellung verfallen",
    "order_cancelled": "Bestellung storniert",
    "order_result": "Ergebnis der Abholung",
    "fee_back": "Gebühr geht zurück",
    "excess_back": "Zu viel bezahlt, Geld geht zurück",
    "late_money": "Geld kam nach dem Ende der Bestellung",
    "new_day": "Neuer Tag",
    "refund_decided": "Rückzahlung",
    "refund_refused": "Rückzahlung abgelehnt",
    LINK_AGAIN: "Link zur Bestellung noch einmal",
}

# A message is only worth sending while the order is in one of these states; None means always.
_WORTH_SENDING: dict[str, frozenset[State] | None] = {
    "order_received": frozenset({State.PLACED}),
    "way_changed": frozenset({State.PLACED}),
    "payment_reminder": frozenset({State.PLACED}),
    "money_missing": frozenset({State.PLACED}),
    "order_confirmed": frozenset({State.CONFIRMED, State.HANDED_OVER}),
    "order_lapsed": None,
    "order_cancelled": None,
    "order_result": RESULTS,
    "fee_back": RESULTS,
    "late_money": frozenset({State.CANCELLED, State.LAPSED}),
    "new_day": frozenset({State.CONFIRMED, State.HANDED_OVER}),
    "refund_decided": None,
    "excess_back": None,
    "refund_refused": None,
    LINK_AGAIN: None,
}


def mail(*, template: str, number: str, now: datetime) -> Content | None:
    """A mail about an order as it stands now; None if the order has moved on. It carries neither name nor address."""
    order, town = _order_to_tell(template, number, Order.Channel.EMAIL), town_queries.current()
    return None if order is None else mails.render(*_words(order, template, town, now), to=order.email, town=town)


def letter(*, template: str, number: str, now: datetime) -> Letter | None:
    """The same as a letter: to the address given, or to where the things are collected."""
    order, town = _order_to_tell(template, number, Order.Channel.LETTER), town_queries.current()
    if order is None:
        return None
    address = order.address.split(",") if order.address else [order.pickup_address, town.text("town.postcode_place")]
    lines = (order.name, *filter(None, map(str.strip, address)))
    return Letter(lines, mails.words(*_words(order, template, town, now), town=town))


def call(*, template: str, number: str, now: datetime) -> Call | None:
    """The same for the telephone."""
    order, town = _order_to_tell(template, number, Order.Channel.PHONE), town_queries.current()
    if order is None:
        return None
    words = mails.words(*_words(order, template, town, now), town=town)
    return Call(order.name, order.phone, words.without_links())


def addressee(*, template: str, number: str) -> Addressee | None:
    """Whom a mail that could not be delivered is for, with a telephone number if the order has one."""
    order = _order_to_tell(template, number, Order.Channel.EMAIL)
    if order is None:
        return None
    phone = order.phone or order.on_site_phone
    name = order.name if order.phone or not phone or not order.on_site_name else f"{order.name} ({order.on_site_name})"
    page = reverse("bulky_waste:office_order", args=[order.number])
    return Addressee(name, MESSAGE_WORDS[template.removeprefix("bulky_waste.")], phone, page)


def _order_to_tell(template: str, number: str, channel: str) -> Order | None:
    """The order, if a message about it is still worth sending and its person can be reached that way."""
    order = queries.order_of(number)
    if order is None or order.channel != channel or order.erased_at is not None:
        return None
    name = template.removeprefix("bulky_waste.")
    if name == "order_result" and order.state == State.COLLECTED and channel != Order.Channel.EMAIL:
        return None  # the empty kerb says it: nobody prints or calls for that
    if name == "refund_refused" and all(not refund.is_refused for refund in queries.refunds_of(order)):
        return None  # it was ordered once more meanwhile
    worth_sending = _WORTH_SENDING[name]
    return order if worth_sending is None or order.state in worth_sending else None


def _words(order: Order, template: str, town: Town, now: datetime) -> tuple[str, dict[str, Any]]:
    """The template of a message and what it needs to know."""
    stop = tours.result_of(order.reference) if order.has_ended else None
    context = {
        "order": order,
        "link": settings.PUBLIC_URL + order_link(order),
        "iban": _groups_of_four(town.text("town.bank.iban")),
        "holder": town.text("town.bank.holder"),
        "stop": stop,
        "reason": REASONS.get(stop.reason) if stop else None,
        "items": partial(queries.items_of, order),  # asked for by letters only
        **own_order_facts(order, town, now),
    }
    return f"bulky_waste/mails/{template.removeprefix('bulky_waste.')}.txt", context


def resume_mail(*, public_id: str) -> Content | None:
    """The mail with the link that goes on with a draft; None if the draft is gone, placed or has no address."""
    draft = Draft.objects.filter(public_id=public_id, order=None).first()
    email = draft.answer("who").get("email") if draft else ""
    if draft is None or not email:
        return None
    context = {"link": settings.PUBLIC_URL + resume_link(draft), "days": DRAFT_DAYS}
    return mails.render("bulky_waste/mails/resume_link.txt", context, to=email, town=town_queries.current())


# --- Day lists --------------------------------------------------------------------------------

_COLUMNS = (
    "Nummer",
    "Tag",
    "Bezirk",
    "Straße",
    "Hausnummer",
    "Teil der Straße",
    "Gegenstände",
    "Stück",
    "Fraktionen",
    "Volumen in m³",
    "Stelle",
    "Zugang",
    "Kontakt vor Ort",
    "Telefon vor Ort",
    "Stand",
)
_TAKEN_FOR_A_NUMBER = re.compile(r"0\d+|(?=.*[./:,-])[\d ./:,-]+")
_BYTE_ORDER_MARK_UTF_8 = "utf-8-sig"  # without it spreadsheets read umlauts wrong


def day_csv(day: CollectionDay, district: str, stops: Iterable[TourStop]) -> bytes:
    """A day's stops as a file for spreadsheets and route planners: `;` between cells, one row for each order."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    writer.writerows([harmless(cell) for cell in _csv_row(day, district, stop)] for stop in stops)
    return text.getvalue().encode(_BYTE_ORDER_MARK_UTF_8)


def _csv_row(day: CollectionDay, district: str, stop: TourStop) -> list[str]:
    fractions = [f"{name} {_plain_cubic_metres(litres)}" for name, litres in stop.litres_by_fraction.items()]
    return [
        stop.number,
        f"{day.date:%d.%m.%Y}",
        district,
        stop.street,
        _typed(stop.house.replace("-", "–")),
        stop.hint,
        " | ".join(map(_item_words, stop.items)),
        str(stop.pieces),
        " | ".join(fractions),
        _plain_cubic_metres(stop.litres),
        _typed(stop.place_note),
        _typed(stop.access_note),
        _typed(stop.contact_name),
        _dialled(stop.contact_phone),
        stop.stop.get_outcome_display() if stop.stop else "offen",
    ]


def _typed(text: str) -> str:
    """What somebody typed, as text: a spreadsheet makes a date of "8/10", and of "02389111" a number without its 0."""
    return f"'{text}" if _TAKEN_FOR_A_NUMBER.fullmatch(text) else text


def _dialled(phone: str) -> str:
    """A telephone number as it is dialled here, "+49 (0) 171/55501" → "0171 55501": no formula, number or date."""
    national = re.sub(r"^\s*\+49\s*(\(0\))?\s*", "0", phone)
    digits = " ".join(re.findall(r"[0-9]+", re.sub(r"^\s*\+", "00", national)))
    return digits if " " in digits else f"{digits[:5]} {digits[5:]}".rstrip()


def _plain_cubic_metres(litres: int) -> str:
    return format_cubic_metres(litres).rpartition(NARROW_SPACE)[0]


def _item_words(item: OrderItem) -> str:
    return f"{item.count} × {_form_words(item)}"


def _form_words(item: OrderItem) -> str:
    return item.name + (", zerlegt" if item.dismantled else "")


def day_pdf(
    *, day: CollectionDay, district: str, stops: Sequence[TourStop], reserved: int, town: Town, now: datetime
) -> bytes:
    """A day's stops on A4, to tick off by hand; `reserved` places are not paid yet and stay without an address."""
    rows = [_pdf_row(stop) for stop in stops]
    cut_off = queries.order_cut_off(town, day.date)
    data = {
        **_sender(town),
        "contractor": town.text("town.contractor"),
        "district": district,
        "day": f"{long_day(day.date)} {day.date.year}",
        "printed": f"{short_day(now)}, {clock(now)}",
        "volume": format_cubic_metres(sum(stop.litres for stop in stops)),
        "reserved": reserved,
        "grows_until": "" if now >= cut_off else f"{long_day(cut_off)}, {clock(cut_off)}",
        "rows": rows,
    }
    return pdf.render(_TYPST / "day_list.typ", data, title=f"Tagesliste {district}, {data['day']}", created=now)


def _pdf_row(stop: TourStop) -> dict[str, Any]:
    contact = " ".join(filter(None, [stop.contact_name, stop.contact_phone]))
    return {
        "number": format_number(stop.number),
        "address": f"{stop.street}{NO_BREAK_SPACE}{stop.house}",
        "hint": stop.hint,
        "items": [_item_words(item) for item in stop.items],
        "pieces": stop.pieces,
        "volume": format_cubic_metres(stop.litres),
        "notes": [
            _on_paper(note) for note in (stop.place_note, stop.access_note, contact and f"Kontakt: {contact}") if note
        ],
    }


def crew_code(address: str) -> str:
    """The QR code that signs a crew's phone in, as SVG for a page: black on white also where the page is dark."""
    return qr.svg(address, border=4, scale=5, light="#fff")
