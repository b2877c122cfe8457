"""One's own order behind the private link: state, how to pay, card, calendar entry."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from stadthaus.accounts.audience import link as link_audience
from stadthaus.base_services.collection_tours import queries as tours
from stadthaus.base_services.collection_tours.rules.outcomes import REASONS
from stadthaus.base_services.payments import actions as payments_actions
from stadthaus.base_services.payments import documents as payment_documents
from stadthaus.base_services.payments import queries as payments
from stadthaus.kernel.links import is_genuine, public_id_of
from stadthaus.services.bulky_waste import documents, forms, queries
from stadthaus.services.bulky_waste.models import Order
from stadthaus.services.bulky_waste.rules.proof import house_numbers_in
from stadthaus.services.bulky_waste.rules.states import State
from stadthaus.services.bulky_waste.views import limits
from stadthaus.services.bulky_waste.views.photos import photo_or_404
from stadthaus.town.queries import Town
from stadthaus.ui.pages import file, keep_town, page, town_of

OrderView = Callable[[HttpRequest, Order], HttpResponseBase]

PROOF_COOKIE = "stadthaus_own_"
PROOF_SALT = "bulky_waste.proof"
PROOF_DAYS = 90


def behind_link(view: OrderView) -> Callable[..., HttpResponseBase]:
    """Give a view the order that a genuine link names; everybody else sees that there is nothing here."""

    @link_audience
    @wraps(view)
    def guarded(request: HttpRequest, link: str) -> HttpResponseBase:
        found = queries.order_behind(public_id_of(link))
        if found is None or not is_genuine(settings.LINK_KEY, link, found[0].link_serial):
            return _nothing_here(request)
        order, town = found
        keep_town(request, town)
        return view(request, order)

    return guarded


def _nothing_here(request: HttpRequest) -> HttpResponse:
    """Only wrong links are counted: a right one opens also where somebody else guesses."""
    if limits.may(request, "wrong_link", limits.WRONG_LINKS_PER_HOUR, limits.HOUR):
        return page(request, "bulky_waste/own/no_order.html", status=404)
    return page(request, "bulky_waste/too_often.html", status=429)


def remember_proof(response: HttpResponse, order: Order, link: str) -> HttpResponse:
    """This browser has shown that it knows the order: it is not asked again.

    The cookie is sent to this order's link only: whoever orders for many people has one for each of them, and all
    together would be more than a server takes.
    """
    response.set_signed_cookie(
        PROOF_COOKIE + order.public_id,
        str(order.link_serial),
        salt=PROOF_SALT + order.public_id,
        max_age=PROOF_DAYS * 24 * 3600,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
        path=link,
    )
    return response


def has_proof(request: HttpRequest, order: Order) -> bool:
    """Whether this browser may see name, address and card, and cancel."""
    serial = request.get_signed_cookie(
        PROOF_COOKIE + order.public_id,
        default="",
        salt=PROOF_SALT + order.public_id,
        max_age=PROOF_DAYS * 24 * 3600,
    )
    return serial == str(order.link_serial)


@behind_link
def own_order(request: HttpRequest, order: Order) -> HttpResponse:
    """State and what happens next; neither name nor address before the proof."""
    town, now, proven = town_of(request), timezone.now(), has_proof(request, order)
    context: dict[str, Any] = {"order": order, "link": request.path, "proven": proven}
    context |= {"items": queries.items_of(order), **documents.own_order_facts(order, town, now)}
    if order.state == State.PLACED:
        context |= _news_of_payment(order, town, now, look=proven)
        if order.payment.way == order.payment.Way.TRANSFER:
            context["giro_code"] = payment_documents.giro_code(order.payment, town)
    if order.has_ended:
        context["stop"] = stop = tours.result_of(order.reference)
        context["reason"] = REASONS.get(stop.reason) if stop else None
    return page(request, "bulky_waste/own/order.html", context)


def _news_of_payment(order: Order, town: Town, now: datetime, *, look: bool) -> dict[str, Any]:
    """What is known about the money for an unpaid order: it is being cleared up, it failed, or nothing yet."""
    payment = order.payment
    if payment.is_uncertain:
        if payment.attention == payment.Attention.WRONG_AMOUNT:
            came = payments.unclear_cents(payment)
            missing, spare = max(order.amount - came, 0), max(came - order.amount, 0)
            return {"uncertain": True, "missing": missing, "spare": spare}
        # Whoever reloads the page of their own order wants to know.
        if look and not payment.attention and payments_actions.ask_again(request_id=payment.pk, now=now):
            return {"uncertain": True, "asks_now": True}
        next_look = payments.asked_again_at(payment)
        next_look = next_look and max(next_look, now)  # a worker may be late
        is_last = next_look is not None and next_look >= payment.pay_by
        return {"uncertain": True, "asked_again_at": next_look, "asked_last": is_last}
    tried = payment.attempts.last() if payment.way == payment.Way.ONLINE else None
    return {"tried": tried, "other_ways": queries.ways_left(order, town, now)}


@behind_link
def prove(request: HttpRequest, order: Order) -> HttpResponse:
    """Ask once for surname and house number, then go where the person wanted."""
    form = forms.ProveForm(request.POST or None)
    if form.is_valid() and _is_right(request, order, form):
        return remember_proof(redirect(_wanted(request)), order, _base(request))
    wanted = request.POST.get("wanted") or request.GET.get("zu", "")
    return page(request, "bulky_waste/own/prove.html", {"form": form, "order": order, "wanted": wanted})


def _is_right(request: HttpRequest, order: Order, form: forms.ProveForm) -> bool:
    if wait := limits.wait_to_guess(request, order.number):
        form.refuse_guess(f"{wait}, oder rufen Sie uns an: {town_of(request).text('town.phone')}")
        return False
    houses = [order.house, *house_numbers_in(order.address), *house_numbers_in(order.debtor_address)]
    return form.fits(names=[order.name, order.for_name, order.debtor_name], houses=houses)


def _base(request: HttpRequest) -> str:
    """The order's own page, from where it is proven."""
    return request.path.removesuffix("ausweisen/")


def _wanted(request: HttpRequest) -> str:
    """The page of this order the person came from; never an address from outside."""
    base = _base(request)
    wanted = request.POST.get("wanted", "")
    return base + wanted if wanted in {"karte.pdf", "stornieren/", "konto/", "bezahlen/"} else base


def ask_for_proof(request: HttpRequest, wanted: str) -> HttpResponse:
    """Surname and house number first, then the page that was wanted."""
    base = request.path.removesuffix(wanted)
    return redirect(f"{base}ausweisen/?zu={wanted}")


@behind_link
@require_safe
def card(request: HttpRequest, order: Order) -> HttpResponse:
    """The card as PDF, once the order is confirmed."""
    if not has_proof(request, order):
        return ask_for_proof(request, "karte.pdf")
    if not order.has_card:
        return page(request, "bulky_waste/own/no_card.html", {"order": order}, status=404)
    return file(documents.card(order, town_of(request)), "application/pdf", f"Sperrmuellkarte-{order.number}.pdf")


@behind_link
@require_safe
def transfer_slip(request: HttpRequest, order: Order) -> HttpResponse:
    """How to pay by transfer, as PDF with the code for banking apps, while a transfer is expected."""
    if order.state != State.PLACED or order.payment.way != order.payment.Way.TRANSFER:
        return page(request, "bulky_waste/own/no_transfer.html", {"order": order}, status=404)
    content = documents.transfer_slip(order, town_of(request))
    return file(content, "application/pdf", f"Ueberweisung-{order.number}.pdf")


@behind_link
@require_safe
def calendar(request: HttpRequest, order: Order) -> HttpResponse:  # noqa: ARG001  a view takes a request
    """The day as calendar file: "Sperrmüll" and the date, nothing else."""
    return file(documents.calendar_entry(order), "text/calendar; charset=utf-8", "Sperrmuell.ics")


@behind_link
@require_safe
def photo(request: HttpRequest, order: Order) -> HttpResponseBase:
    """The crew's photo of what was left, for who has proven to know the order."""
    stop = tours.result_of(order.reference) if has_proof(request, order) else None
    return photo_or_404(stop.photo.name if stop else "")
