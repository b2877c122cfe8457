"""The money of one's own order behind the private link: where it goes back to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from stadthaus.base_services.payments import actions as payments
from stadthaus.services.bulky_waste import forms, queries
from stadthaus.services.bulky_waste.models import Order
from stadthaus.services.bulky_waste.views.link import ask_for_proof, behind_link, has_proof
from stadthaus.ui.pages import page


@behind_link
def account(request: HttpRequest, order: Order) -> HttpResponse:
    """Say where a refund by transfer goes to, once: what is there already only the office changes."""
    if not has_proof(request, order):
        return ask_for_proof(request, "konto/")
    form = forms.AccountForm(request.POST or None, initial={"holder": order.name})
    if form.is_valid() and form.account:
        payments.give_account(request_id=order.payment_id, account=form.account, now=timezone.now())
        return redirect(request.path.removesuffix("konto/"))
    waiting = [refund for refund in queries.refunds_of(order) if refund.needs_account]
    context = {"order": order, "form": form, "amount": sum(refund.amount_cents for refund in waiting)}
    return page(request, "bulky_waste/own/account.html", context)
