"""The clerk's desk: all orders, one order with its history, cancelling."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from stadthaus.accounts.audience import staff
from stadthaus.accounts.queries import actor_of, permissions_of
from stadthaus.base_services.collection_tours import queries as tours
from stadthaus.base_services.collection_tours.actions import NoPlace
from stadthaus.base_services.messages import queries as messages
from stadthaus.base_services.messages.models import Message
from stadthaus.base_services.payments import queries as payments
from stadthaus.base_services.payments.actions import PaymentRefused
from stadthaus.base_services.payments.models import PaymentRequest
from stadthaus.kernel.calendars import day_of
from stadthaus.kernel.references import is_mistyped
from stadthaus.services.bulky_waste import actions, documents, forms, queries
from stadthaus.services.bulky_waste.forms.office import NO_ROOM_LEFT
from stadthaus.services.bulky_waste.models import LINK_AGAIN, Order
from stadthaus.services.bulky_waste.rules.states import RESULTS, State, TransitionRefused, may_become
from stadthaus.services.bulky_waste.views.photos import photo_or_404
from stadthaus.town.queries import Town
from stadthaus.ui.lists import key_page
from stadthaus.ui.pages import page, town_of

PAID = {PaymentRequest.State.PAID, PaymentRequest.State.PARTLY_REFUNDED}


@staff("orders.view")
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """All orders, newest first; search and filters work without JavaScript."""
    form = forms.OrderFilter(request.GET)
    found = Order.objects.none()  # while a field makes no sense, which is said at the field
    if form.is_valid():
        chosen = form.cleaned_data
        found = queries.listed_orders(chosen["q"], state=chosen["stand"], day=chosen["tag"])
    context = {"form": form, "listed": key_page(found, request.GET), "mistyped": is_mistyped(request.GET.get("q", ""))}
    return page(request, "bulky_waste/office/orders.html", context)


@staff("orders.change")
@require_safe
def without_day(request: HttpRequest) -> HttpResponse:
    """Orders whose money came after their end: whoever paid gets a new day, or the treasury pays back."""
    rows = key_page(queries.orders_without_day(), request.GET, oldest_first=True)
    return page(request, "bulky_waste/office/without_day.html", {"rows": rows})


@staff("orders.view")
@require_safe
def order(request: HttpRequest, number: int) -> HttpResponse:
    """One order with everything that is known about it."""
    found, now = _find(number), timezone.now()
    told = _messages(found)
    context = {
        "order": found,
        **_facts(found, town_of(request), now),
        **_rights(found, permissions_of(request.user)),
        "stop": tours.result_of(found.reference),
        "messages": told,
        "link_sent_today": _link_sent_on(day_of(now), told),
        "history": queries.history(found),
        "is_late_money": _is_late_money(found),
    }
    return page(request, "bulky_waste/office/order.html", context)


@staff("orders.view")
@require_safe
def photo(request: HttpRequest, number: int, kind: str) -> HttpResponseBase:  # noqa: ARG001  a view takes a request
    """The orderer's photo of the place, or the crew's of what was left."""
    found = _find(number)
    stop = tours.result_of(found.reference) if kind == "ergebnis" else None
    return photo_or_404((stop.photo.name if stop else "") if kind == "ergebnis" else found.place_photo)


@staff("orders.cancel")
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Say what cancelling means, ask for the reason, then cancel."""
    found, now = _find(number), timezone.now()
    if request.method == "POST" and found.state == State.CANCELLED:  # a second click
        return redirect("bulky_waste:office_order", found.number)
    facts = _facts(found, town_of(request), now)
    form = _cancel_form(request, facts)
    possible = may_become(found.state, State.CANCELLED)
    if possible and form.is_valid():
        try:
            actions.cancel(number=found.number, actor=actor_of(request), now=now, **form.cleaned_data)
        except TransitionRefused:
            possible = False  # the crew was faster
        else:
            return redirect("bulky_waste:office_order", found.number)
    context = {"order": found, "form": form, "possible": possible, "back": queries.ways_back(found), **facts}
    return page(request, "bulky_waste/office/cancel.html", context)


def _cancel_form(request: HttpRequest, facts: Mapping[str, Any]) -> forms.CancelForm:
    too_late = facts["is_paid"] and not facts["pays_back"]
    return forms.CancelForm(request.POST if request.method == "POST" else None, asks_for_refund=too_late)


@staff("orders.cancel")
def fee_back(request: HttpRequest, number: int) -> HttpResponse:
    """Give the fee back after a result that was not the orderer's fault."""
    found = _find(number)
    facts = _facts(found, town_of(request), timezone.now())
    form = forms.FeeBackForm(request.POST or None)
    if request.method == "POST" and facts["refund_promised"] and not facts["fee_can_go_back"]:  # a second click
        return redirect("bulky_waste:office_order", found.number)
    if facts["fee_can_go_back"] and form.is_valid():
        who, now = actor_of(request), timezone.now()
        try:
            actions.give_fee_back(number=found.number, actor=who, now=now, **form.cleaned_data)
        except actions.NothingHappenedYet:
            facts["fee_can_go_back"] = False  # the crew has taken its result back
        else:
            return redirect("bulky_waste:office_order", found.number)
    context = {"order": found, "form": form, "back": queries.ways_back(found), **facts}
    return page(request, "bulky_waste/office/fee_back.html", context)


@staff("orders.change")
@require_POST
def send_link(request: HttpRequest, number: int) -> HttpResponse:
    """Send the orderer the link to their order once more; the list of messages says whether it went out today."""
    found = _find(number)
    actions.send_link_again(number=found.number, actor=actor_of(request), now=timezone.now())
    return redirect(reverse("bulky_waste:office_order", args=[found.number]) + "#nachrichten")


@staff("orders.change")
def new_day(request: HttpRequest, number: int) -> HttpResponse:
    """Give a new day to an order whose money came after its end."""
    found, now = _find(number), timezone.now()
    days = queries.days_with_room_for(found, town_of(request), now)
    form = forms.NewDayForm(request.POST or None, days=days)
    if form.is_valid():
        day_id, who = int(form.cleaned_data["day"]), actor_of(request)
        try:
            actions.give_new_day(number=found.number, day_id=day_id, actor=who, now=now)
        except NoPlace:
            form.add_error("day", NO_ROOM_LEFT)
        except PaymentRefused as refusal:
            form.add_error("day", str(refusal))
        else:
            return redirect("bulky_waste:office_order", found.number)
    context = {"order": found, "form": form, "days": days, "possible": _is_late_money(found)}
    return page(request, "bulky_waste/office/new_day.html", context)


def _rights(found: Order, may: Collection[str]) -> dict[str, bool]:
    """What this person may do with the order."""
    return {
        "may_cancel": "orders.cancel" in may and may_become(found.state, State.CANCELLED),
        "may_give_fee_back": "orders.cancel" in may,
        "may_give_day": "orders.change" in may,
        "may_send_link": "orders.change" in may and found.can_be_mailed,
        "sees_payment": "payments.view" in may,
    }


def _messages(found: Order) -> list[tuple[Message, str]]:
    """What the orderer was told, newest first, each with what it was about."""
    words = documents.MESSAGE_WORDS
    return [
        (message, words.get(message.template.partition(".")[2], message.template))
        for message in messages.for_reference(found.reference)
    ]


def _link_sent_on(day: date, told: Iterable[tuple[Message, str]]) -> bool:
    went_out = {Message.State.WAITING, Message.State.SENT}
    links = [message for message, _ in told if message.template.endswith(f".{LINK_AGAIN}")]
    return any(day_of(message.created_at) == day and message.state in went_out for message in links)


def _is_late_money(found: Order) -> bool:
    return PaymentRequest.objects.without_date().filter(pk=found.payment_id).exists()


def _find(number: int) -> Order:
    found = queries.orders_with_all().prefetch_related("items").filter(number=str(number)).first()
    if found is None:
        raise Http404
    return found


def _facts(found: Order, town: Town, now: datetime) -> dict[str, Any]:
    """Day, district, fee with the rule version it came from, and whether cancelling now pays back."""
    day = found.booking.day
    is_paid = found.payment.state in PAID
    refunds = queries.refunds_of(found)
    told = documents.refund_facts(refunds)
    return {
        "day": day.date,
        "district": queries.district_names(town, day.date).get(found.district, found.district),
        "fee": queries.fee_version(town, found),
        "is_paid": is_paid,
        "pays_back": is_paid and now < found.refund_until,
        **told,
        "came": payments.unclear_cents(found.payment),
        "fee_can_go_back": is_paid and found.state in RESULTS and told["refund_promised"] < found.amount,
        "pay_until": documents.until_words(found.payment.way, payments.last_chance(found.payment, town)),
    }
