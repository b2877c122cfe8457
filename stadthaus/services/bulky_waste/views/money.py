"""Cancelling one's own order behind the private link, and its money: another way to pay, where it goes back to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from stadthaus.base_services.payments import actions as payments
from stadthaus.base_services.payments.models import RefundOrder
from stadthaus.kernel.actors import CITIZEN
from stadthaus.services.bulky_waste import actions, documents, queries
from stadthaus.services.bulky_waste.forms import RefundAccountForm, WayForm
from stadthaus.services.bulky_waste.models import Order
from stadthaus.services.bulky_waste.rules.states import TransitionRefused
from stadthaus.services.bulky_waste.views.link import ask_for_proof, behind_link, has_proof
from stadthaus.ui.pages import page, town_of


@behind_link
def cancel(request: HttpRequest, order: Order) -> HttpResponse:
    """Cancel one's own order after asking; the refund follows the dated rule."""
    if not has_proof(request, order):
        return ask_for_proof(request, "stornieren/")
    now = timezone.now()
    facts = documents.own_order_facts(order, town_of(request), now)
    back = queries.ways_back(order) if facts["gets_refund"] or (facts["may_cancel"] and facts["came"]) else []
    asks = RefundOrder.Way.TRANSFER in dict(back) or facts["needs_account"]
    form = _account_form(request, order) if asks else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            actions.cancel(number=order.number, actor=CITIZEN, now=now, account=form.account if form else None)
        except (actions.TooLate, TransitionRefused):
            facts["may_cancel"] = False
        else:
            return redirect(request.path.removesuffix("stornieren/"))
    return page(request, "bulky_waste/own/cancel.html", {"order": order, "form": form, "back": back, **facts})


def _account_form(request: HttpRequest, order: Order) -> RefundAccountForm:
    data = request.POST if request.method == "POST" else None
    return RefundAccountForm(data, initial={"holder": order.name}, later=True)


@behind_link
def way(request: HttpRequest, order: Order) -> HttpResponse:
    """Choose another way to pay. Behind the proof: online leaves less time than a transfer does."""
    if not has_proof(request, order):
        return ask_for_proof(request, "bezahlen/")
    now = timezone.now()
    ways = [] if order.payment.is_uncertain else queries.ways_left(order, town_of(request), now)
    form = WayForm(request.POST or None, ways=ways)
    if form.is_valid():
        try:
            actions.change_way(number=order.number, way=form.cleaned_data["way"], now=now)
        except actions.WayNotOffered:
            ways = []  # money came meanwhile, or the time is over
        else:
            return redirect(request.path.removesuffix("bezahlen/"))
    return page(request, "bulky_waste/own/way.html", {"order": order, "form": form, "ways": ways})


@behind_link
def account(request: HttpRequest, order: Order) -> HttpResponse:
    """Say where a refund by transfer goes to, once: what is there already only the office changes."""
    if not has_proof(request, order):
        return ask_for_proof(request, "konto/")
    form = RefundAccountForm(request.POST or None, initial={"holder": order.name})
    if form.is_valid() and form.account:
        payments.give_account(request_id=order.payment_id, account=form.account, now=timezone.now())
        return redirect(request.path.removesuffix("konto/"))
    waiting = [refund for refund in queries.refunds_of(order) if refund.needs_account]
    context = {
        "order": order,
        "form": form,
        "amount": sum(refund.amount_cents for refund in waiting),
        "is_checked": any(refund.may_be_refused for refund in waiting),
    }
    return page(request, "bulky_waste/own/account.html", context)
