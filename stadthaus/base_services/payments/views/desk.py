"""The frame of the treasury's pages, and the page of one payment.

A payment's page is opened for every line of a bank statement: it shows the form this payment expects and links to what
else is possible. A form that is not shown is not built.
"""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from stadthaus.accounts.queries import permissions_of
from stadthaus.base_services.payments import queries
from stadthaus.base_services.payments.forms import CounterForm, PaperCardForm, ReceivedForm, TransferForm, WaiverForm
from stadthaus.base_services.payments.models import PaymentRequest
from stadthaus.base_services.payments.rules import states
from stadthaus.base_services.payments.rules.events import describe
from stadthaus.kernel.calendars import day_of
from stadthaus.ui.pages import page, town_of

# What can be done with a payment, as `?tun=…` asks for it.
COUNTER, PAPER_CARD, TRANSFER = "schalter", "papierkarte", "ueberweisung"
WAIVER, SECOND = "erlass", "zweite"
_OTHER_WAYS = {COUNTER: "bar oder Karte am Schalter", PAPER_CARD: "Papierkarte", TRANSFER: "Überweisung"}
_RIGHTS = {
    "may_take": "take_cash",
    "may_book": "mark_received",
    "may_ask": "request_waiver",
    "may_approve": "approve_waiver",
}


def desk_page(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """A page of the treasury, with what the person may do on it."""
    return page(request, template, _rights(request) | context)


def payment_or_404(public_id: str) -> PaymentRequest:
    """The payment of an address."""
    asked = queries.of_public_id(public_id)
    if asked is None:
        raise Http404
    return asked


def payment_page(
    request: HttpRequest, public_id: str, *, tried: str = "", form: forms.Form | None = None, error: str = ""
) -> HttpResponse:
    """One payment with everything that happened to it; after errors with the form that was `tried`."""
    asked, rights = payment_or_404(public_id), _rights(request)
    record = queries.record(asked)
    context: dict[str, object] = {
        "here": "",
        "asked": asked,
        "record": record,
        "balance": record.balance,
        "history": [(line, describe(line.event)) for line in record.history],
        "last_chance": queries.last_chance(asked, town_of(request)) if asked.is_open else None,
        "form": form,
        "error": error,
    }
    tasks = _tasks(asked, rights, tried or request.GET.get("tun", ""), form, waiver_waits=record.waiver is not None)
    return page(request, "payments/request.html", rights | context | tasks)


def _tasks(
    asked: PaymentRequest, rights: dict[str, object], wanted: str, tried: forms.Form | None, *, waiver_waits: bool
) -> dict[str, object]:
    """What can be done with the payment: the forms to show, that of the wanted task as it was tried, and the rest."""
    owed = queries.still_owed_cents(asked) if asked.is_open else 0
    cards = queries.paper_cards_needed(asked) if owed and rights["may_take"] else 0
    possible = _possible(asked, rights, owed=owed, cards=cards, waiver_waits=waiver_waits)
    shown = _shown(asked, possible, wanted)
    return {
        "owed": owed,
        "paper_cards": cards,
        "forms": {task: tried if tried and task == wanted else _form(task, cards) for task in shown},
        "other_ways": [(task, words) for task, words in _OTHER_WAYS.items() if task in possible and task not in shown],
        "others": [task for task in possible if task not in shown],
    }


def _rights(request: HttpRequest) -> dict[str, object]:
    may = permissions_of(request.user)
    return {name: f"payments.{right}" in may for name, right in _RIGHTS.items()}


def _possible(
    asked: PaymentRequest, rights: dict[str, object], *, owed: int, cards: int, waiver_waits: bool
) -> list[str]:
    has_ended = asked.state == states.WITHDRAWN
    can = {
        TRANSFER: rights["may_book"] and (owed or has_ended),
        COUNTER: rights["may_take"] and owed,
        PAPER_CARD: cards,
        WAIVER: rights["may_ask"] and asked.is_open and not waiver_waits,
        SECOND: rights["may_book"] and asked.state in states.SETTLED,
    }
    return [task for task, is_possible in can.items() if is_possible]


def _shown(asked: PaymentRequest, possible: list[str], wanted: str) -> list[str]:
    """What was asked for, else what the payment's way lets expect; unclear money is cleared up by a transfer."""
    if wanted in possible:
        return [wanted]
    if asked.attention or asked.way == PaymentRequest.Way.TRANSFER:
        expected = {TRANSFER}
    else:
        expected = {COUNTER, PAPER_CARD} if asked.way == PaymentRequest.Way.COUNTER else set()
    return [task for task in possible if task in expected]


def _form(task: str, cards: int) -> forms.Form:
    if task == COUNTER:
        return CounterForm()
    if task == PAPER_CARD:
        return PaperCardForm(cards=cards)
    if task == WAIVER:
        return WaiverForm()
    form = TransferForm() if task == TRANSFER else ReceivedForm()
    return form.fill(day_of(timezone.now()))
