"""The treasury's desk (Stadtkasse): lists, one payment, and what can be done with it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from stadthaus.accounts.audience import staff
from stadthaus.accounts.queries import actor_of
from stadthaus.base_services.payments import actions, documents, queries
from stadthaus.base_services.payments.forms import (
    AccountForm,
    CounterForm,
    MonthForm,
    PaperCardForm,
    ReceivedForm,
    RefusalForm,
    SearchForm,
    TransferForm,
    WaiverForm,
)
from stadthaus.base_services.payments.models import PaymentRequest, RefundOrder, Waiver
from stadthaus.base_services.payments.views import desk
from stadthaus.base_services.payments.views.desk import desk_page, payment_or_404, payment_page
from stadthaus.kernel.calendars import day_of
from stadthaus.ui.lists import key_page
from stadthaus.ui.pages import file, town_of

_LONGEST_COUNT = 6


@staff("payments.view")
def open_requests(request: HttpRequest) -> HttpResponse:
    """Payments still expected."""
    return _list(request, "open", "Offene Zahlungen", PaymentRequest.objects.waiting())


@staff("payments.view")
def all_requests(request: HttpRequest) -> HttpResponse:
    """Every payment, for searching."""
    return _list(request, "all", "Alle Zahlungen", PaymentRequest.objects.all())


@staff("payments.view")
def unclear(request: HttpRequest) -> HttpResponse:
    """Payments a person has to decide about."""
    return _list(request, "unclear", "Zahlungen zu klären", PaymentRequest.objects.unclear())


@staff("payments.view")
def without_date(request: HttpRequest) -> HttpResponse:
    """Money that came after the order had ended."""
    return _list(request, "without_date", "Bezahlt ohne Termin", PaymentRequest.objects.without_date())


@staff("payments.view")
def refunds(request: HttpRequest) -> HttpResponse:
    """Money to pay back, longest waiting first."""
    waiting = RefundOrder.objects.to_do().select_related("request", "attempt")
    rows = key_page(waiting, request.GET, oldest_first=True)
    context = {"here": "refunds", "rows": rows, "orders": queries.are_covered(rows.rows)}
    return desk_page(request, "payments/refunds.html", context)


@staff("payments.view")
def waivers(request: HttpRequest) -> HttpResponse:
    """Waivers to decide, longest waiting first."""
    rows = key_page(queries.waivers_waiting(), request.GET, oldest_first=True)
    return desk_page(request, "payments/waivers.html", {"here": "waivers", "rows": rows})


@staff("payments.view")
def ledger(request: HttpRequest) -> HttpResponse:
    """Choose a month; `?monat=2026-11` is its ledger entries as a file for the finance system."""
    form = MonthForm(request.GET or None, months=queries.ledger_months(day_of(timezone.now())))
    if form.is_valid():
        month = form.cleaned_data["monat"]
        content = documents.ledger_csv(month)
        return file(content, "text/csv; charset=utf-8", f"buchungen-{month:%Y-%m}.csv", download=True)
    return desk_page(request, "payments/ledger.html", {"here": "ledger", "form": form})


@staff("payments.view")
def request_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """One payment with everything that happened to it, and the form for what `?tun=…` names."""
    return payment_page(request, public_id)


@staff("payments.mark_received")
@require_POST
def mark_received(request: HttpRequest, public_id: str) -> HttpResponse:
    """Book a transfer."""
    action = partial(actions.mark_received, booked=_lines_seen(request))
    return _submit(request, public_id, desk.TRANSFER, TransferForm, action)


@staff("payments.mark_received")
@require_POST
def take_second_transfer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Book one more transfer for a payment that is settled, and pay it back."""
    action = partial(actions.take_second_transfer, booked=_lines_seen(request))
    return _submit(request, public_id, desk.SECOND, ReceivedForm, action)


@staff("payments.take_cash")
@require_POST
def take_at_counter(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take money at the counter."""
    return _submit(request, public_id, desk.COUNTER, CounterForm, actions.take_at_counter)


@staff("payments.take_cash")
@require_POST
def redeem_paper_card(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take old paper cards in payment."""
    asked = payment_or_404(public_id)
    cards = queries.paper_cards_needed(asked)
    form = PaperCardForm(request.POST, cards=cards)
    if form.is_valid() and _are_taken(request, asked, form, cards):
        return redirect("payments:request", public_id)
    return payment_page(request, public_id, tried=desk.PAPER_CARD, form=form)


@staff("payments.request_waiver")
@require_POST
def request_waiver(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask for a waiver."""
    return _submit(request, public_id, desk.WAIVER, WaiverForm, actions.request_waiver)


@staff("payments.mark_received")
@require_POST
def declare_unpaid(request: HttpRequest, public_id: str) -> HttpResponse:
    """Decide that the money did not come."""
    return _do(request, public_id, actions.declare_unpaid)


@staff("payments.mark_received")
@require_POST
def accept_overpayment(request: HttpRequest, public_id: str) -> HttpResponse:
    """Accept too much and pay the rest back."""
    return _do(request, public_id, actions.accept_overpayment)


@staff("payments.mark_received")
@require_POST
def refund_without_date(request: HttpRequest, public_id: str) -> HttpResponse:
    """Pay back money that came too late."""
    return _do(request, public_id, actions.refund_without_date)


@staff("payments.approve_waiver")
@require_POST
def approve_refund(request: HttpRequest, order_id: int) -> HttpResponse:
    """Approve a refund."""
    return _do_refund(request, order_id, partial(actions.approve_refund, seen=request.POST.get("seen", "")))


@staff("payments.approve_waiver")
def refuse_refund(request: HttpRequest, order_id: int) -> HttpResponse:
    """Refuse a refund, with the reason that the payer reads."""
    order = get_object_or_404(RefundOrder.objects.select_related("request"), pk=order_id)
    if not order.may_be_refused:  # decided meanwhile, or owed: no list leads here
        return redirect("payments:refunds")
    form = RefusalForm(request.POST or None)
    if form.is_valid():
        return _do_refund(request, order_id, partial(actions.refuse_refund, **form.cleaned_data))
    cents = sum(part.amount_cents for part in RefundOrder.objects.decided_with(order))
    context = {"here": "refunds", "order": order, "cents": cents, "form": form}
    return desk_page(request, "payments/refuse_refund.html", context)


@staff("payments.approve_waiver")
@require_POST
def drop_refund(request: HttpRequest, order_id: int) -> HttpResponse:
    """Take a refund off the list whose money the payment service has taken back meanwhile."""
    return _do_refund(request, order_id, actions.refuse_refund)


@staff("payments.mark_received")
@require_POST
def mark_refunded(request: HttpRequest, order_id: int) -> HttpResponse:
    """The money is out, by transfer or online; what is handed out at the counter is `hand_out`."""
    get_object_or_404(RefundOrder.objects.exclude(pk__in=RefundOrder.objects.at_counter()), pk=order_id)
    return _do_refund(request, order_id, actions.mark_refunded)


@staff("payments.take_cash")
@require_POST
def hand_out(request: HttpRequest, order_id: int) -> HttpResponse:
    """The money is handed out at the counter, or the paper card is valid again."""
    get_object_or_404(RefundOrder.objects.at_counter(), pk=order_id)
    return _do_refund(request, order_id, actions.mark_refunded)


@staff("payments.mark_received")
def enter_account(request: HttpRequest, order_id: int) -> HttpResponse:
    """Enter the account a transfer goes back to."""
    order = get_object_or_404(RefundOrder.objects.to_an_account().select_related("request"), pk=order_id)
    form = AccountForm(request.POST or None)
    if form.is_valid():
        try:
            actions.enter_account(order_id=order_id, **form.cleaned_data, actor=actor_of(request), now=timezone.now())
        except actions.PaymentRefused as refusal:
            form.add_error("iban", str(refusal))
        else:
            return redirect("payments:refunds")
    return desk_page(request, "payments/account.html", {"here": "refunds", "order": order, "form": form})


@staff("payments.approve_waiver")
@require_POST
def approve_waiver(request: HttpRequest, waiver_id: int) -> HttpResponse:
    """Grant a waiver."""
    return _do_waiver(request, waiver_id, actions.approve_waiver)


@staff("payments.approve_waiver")
@require_POST
def refuse_waiver(request: HttpRequest, waiver_id: int) -> HttpResponse:
    """Refuse a waiver."""
    return _do_waiver(request, waiver_id, actions.refuse_waiver)


def _list(request: HttpRequest, here: str, title: str, requests: QuerySet[PaymentRequest]) -> HttpResponse:
    form = SearchForm(request.GET)
    if not form.is_valid():  # nobody instead of everybody
        requests = requests.none()
    text = form.cleaned_data.get("q", "")
    meant = queries.exact(text)
    if meant is not None:
        return redirect("payments:request", meant.public_id)
    rows = key_page(queries.search(requests, text), request.GET)
    town = town_of(request)
    payments = [(asked, queries.last_chance(asked, town) if asked.is_open else asked.pay_by) for asked in rows.rows]
    context = {"here": here, "title": title, "form": form, "searched": text, "rows": rows, "payments": payments}
    return desk_page(request, "payments/list.html", context)


def _lines_seen(request: HttpRequest) -> int:
    """How many lines of the ledger the person saw."""
    typed = request.POST.get("booked", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < _LONGEST_COUNT else 0


def _submit(
    request: HttpRequest, public_id: str, task: str, form_class: type[forms.Form], action: Callable[..., Any]
) -> HttpResponse:
    """One form of the payment's page: carry out its action, or show the page again with what is wrong."""
    asked = payment_or_404(public_id)
    form = form_class(request.POST)
    if form.is_valid():
        try:
            action(request_id=asked.pk, **form.cleaned_data, actor=actor_of(request), now=timezone.now())
        except actions.PaymentRefused as refusal:
            form.add_error(refusal.field, str(refusal))
            if isinstance(refusal, actions.WrongAmount) and isinstance(form, TransferForm):
                form.ask_whether_stated()
        else:
            return redirect("payments:request", public_id)
    return payment_page(request, public_id, tried=task, form=form)


def _are_taken(request: HttpRequest, asked: PaymentRequest, form: PaperCardForm, cards: int) -> bool:
    """Take the paper cards in payment, or say at the form which of them does not pay."""
    who, now = actor_of(request), timezone.now()
    try:
        actions.redeem_paper_card(request_id=asked.pk, numbers=form.numbers, cards_needed=cards, actor=who, now=now)
    except actions.CardAlreadyRedeemed as refusal:
        form.add_error(form.field_of(refusal.number), str(refusal))
        return False
    except actions.PaymentRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _do(request: HttpRequest, public_id: str, action: Callable[..., Any]) -> HttpResponse:
    asked = payment_or_404(public_id)
    try:
        action(request_id=asked.pk, actor=actor_of(request), now=timezone.now())
    except actions.PaymentRefused as refusal:
        return payment_page(request, public_id, error=str(refusal))
    return redirect("payments:request", public_id)


def _do_refund(request: HttpRequest, order_id: int, action: Callable[..., Any]) -> HttpResponse:
    order = get_object_or_404(RefundOrder.objects.select_related("request"), pk=order_id)
    try:
        action(order_id=order_id, actor=actor_of(request), now=timezone.now())
    except actions.PaymentRefused as refusal:
        return payment_page(request, order.request.public_id, error=str(refusal))
    return redirect("payments:refunds")


def _do_waiver(request: HttpRequest, waiver_id: int, action: Callable[..., Any]) -> HttpResponse:
    waiver = get_object_or_404(Waiver.objects.select_related("request"), pk=waiver_id)
    try:
        action(waiver_id=waiver_id, actor=actor_of(request), now=timezone.now())
    except actions.PaymentRefused as refusal:
        return payment_page(request, waiver.request.public_id, error=str(refusal))
    return redirect("payments:waivers")
