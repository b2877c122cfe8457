"""The demo provider's payment page. It looks like somebody else's page, because it is meant to be one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from stadthaus.accounts.audience import demo_only
from stadthaus.base_services.payments import actions
from stadthaus.base_services.payments.models import DemoCharge

Plan = DemoCharge.Plan
_NOTIFICATIONS = {Plan.NEVER: 0, Plan.TWICE: 2}


@demo_only
def payment_page(request: HttpRequest, provider_ref: str) -> HttpResponse:
    """Show the charge with the choices; a choice writes the plan, notifies and sends the payer back."""
    now = timezone.now()
    charge = get_object_or_404(DemoCharge, provider_ref=provider_ref)
    plan = request.POST.get("plan", "")
    if request.method == "POST" and plan in Plan.values:
        return _act(request, charge, Plan(plan))
    context = {"charge": charge, "plans": Plan.choices, "closed": charge.plan or now >= charge.payable_until}
    return render(request, "payments/demo_page.html", context)


def _act(request: HttpRequest, charge: DemoCharge, plan: DemoCharge.Plan) -> HttpResponse:
    now = timezone.now()
    if actions.choose_outcome(charge_id=charge.pk, plan=plan, now=now):
        for _ in range(_NOTIFICATIONS.get(plan, 1)):
            actions.ask_soon(provider_ref=charge.provider_ref, now=now)
    if plan == Plan.NEVER:
        return render(request, "payments/demo_silent.html", status=504)
    return redirect(charge.return_url)
