"""The clerk's desk: all orders, one order with its history, cancelling."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET

from stadthaus.accounts.audience import staff
from stadthaus.accounts.queries import actor_of, permissions_of
from stadthaus.base_services.collection_tours import queries as tours
from stadthaus.base_services.messages import queries as messages
from stadthaus.base_services.payments.models import PaymentRequest
from stadthaus.services.bulky_waste import actions, queries
from stadthaus.services.bulky_waste.models import STATE_CHOICES, Order
from stadthaus.services.bulky_waste.rules.states import TRANSITIONS, State, TransitionRefused
from stadthaus.town.queries import Town
from stadthaus.ui.forms import PlainTextArea, PlainTextField
from stadthaus.ui.lists import key_page
from stadthaus.ui.pages import page, town_of

MESSAGE_WORDS = {
    "order_received": "Bestellung angenommen",
    "payment_reminder": "Erinnerung an die Zahlung",
    "order_confirmed": "Bestätigung mit Karte",
    "order_lapsed": "Bestellung verfallen",
    "order_cancelled": "Bestellung storniert",
    "order_result": "Ergebnis der Abholung",
}
PAID = {PaymentRequest.State.PAID, PaymentRequest.State.PARTLY_REFUNDED}


class OrderFilter(forms.Form):
    """What the list shows; every field may stay empty."""

    q = PlainTextField(label="Nummer, Name, Straße", max_length=200, required=False, widget=forms.SearchInput)
    stand = forms.ChoiceField(label="Stand", choices=[("", "Alle"), *STATE_CHOICES], required=False)
    tag = forms.DateField(
        label="Abholtag",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Bitte schreiben Sie den Tag so: 9.12.2026."},
    )

    def apply(self) -> QuerySet[Order]:
        """The orders that fit what was filled in; a field that makes no sense is left out."""
        self.is_valid()
        found = queries.find_orders(self.cleaned_data.get("q", ""))
        if state := self.cleaned_data.get("stand"):
            found = found.filter(state=state)
        if day := self.cleaned_data.get("tag"):
            found = found.filter(booking__day__date=day)
        return found


class CancelForm(forms.Form):
    """Why the office cancels an order."""

    reason = PlainTextArea(
        label="Grund",
        help_text="Ein kurzer Satz ohne Namen, für die Kolleginnen und Kollegen.",
        max_length=140,
        rows=2,
        error_messages={"required": "Bitte schreiben Sie kurz, warum Sie stornieren."},
    )


@staff("orders.view")
@require_GET
def orders(request: HttpRequest) -> HttpResponse:
    """All orders, newest first; search and filters work without JavaScript."""
    form = OrderFilter(request.GET)
    listed = key_page(form.apply(), request.GET)
    return page(request, "bulky_waste/office/orders.html", {"form": form, "listed": listed})


@staff("orders.view")
@require_GET
def order(request: HttpRequest, number: int) -> HttpResponse:
    """One order with everything that is known about it."""
    found = _find(number)
    may = permissions_of(request.user)
    context = {
        "order": found,
        **_facts(found, town_of(request), timezone.now()),
        "stop": tours.result_of(found.reference),
        "messages": [
            (message, MESSAGE_WORDS.get(message.template.partition(".")[2], message.template))
            for message in messages.for_reference(found.reference)
        ],
        "history": queries.history(found),
        "may_cancel": "orders.cancel" in may and _can_be_cancelled(found),
        "sees_payment": "payments.view" in may,
    }
    return page(request, "bulky_waste/office/order.html", context)


@staff("orders.view")
@require_GET
def photo(request: HttpRequest, number: int, kind: str) -> HttpResponseBase:  # noqa: ARG001
    """The orderer's photo of the place, or the crew's of what was left."""
    found = _find(number)
    stop = tours.result_of(found.reference) if kind == "ergebnis" else None
    name = (stop.photo.name if stop else "") if kind == "ergebnis" else found.place_photo
    if not name or not default_storage.exists(name):
        raise Http404
    return FileResponse(default_storage.open(name), content_type="image/jpeg")


@staff("orders.cancel")
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Say what cancelling means, ask for the reason, then cancel."""
    found, now = _find(number), timezone.now()
    form = CancelForm(request.POST if request.method == "POST" else None)
    possible = _can_be_cancelled(found)
    if possible and form.is_valid():
        try:
            actions.cancel(number=found.number, actor=actor_of(request), now=now, reason=form.cleaned_data["reason"])
        except TransitionRefused:
            possible = False  # the crew was faster
        else:
            return redirect("bulky_waste:office_order", found.number)
    context = {"order": found, "form": form, "possible": possible, **_facts(found, town_of(request), now)}
    return page(request, "bulky_waste/office/cancel.html", context)


def _find(number: int) -> Order:
    found = queries.orders_with_all().prefetch_related("items").filter(number=str(number)).first()
    if found is None:
        raise Http404
    return found


def _can_be_cancelled(found: Order) -> bool:
    return State.CANCELLED in TRANSITIONS[State(found.state)]


def _facts(found: Order, town: Town, now: datetime) -> dict[str, Any]:
    """Day, district, fee with the rule version it came from, and whether cancelling now pays back."""
    day = found.booking.day
    fees = {rule.id: rule for rule in town.rules.get("bulky_waste.fee_per_card", ())}
    refund_until = queries.refund_until(town, found)
    is_paid = found.payment.state in PAID
    return {
        "day": day.date,
        "district": queries.district_names(town, day.date).get(found.district, found.district),
        "fee": fees.get(found.fee_rule),
        "refund_until": refund_until,
        "is_paid": is_paid,
        "pays_back": is_paid and now < refund_until,
        "refund_promised": queries.refund_promised(found),
    }
