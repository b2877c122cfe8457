"""The one write to the demo provider's own books that a person makes: what the payment page shall do."""

from datetime import datetime

from django.db import transaction

from stadthaus.base_services.payments.models import DemoCharge


@transaction.atomic
def choose_outcome(*, charge_id: int, plan: str, now: datetime) -> bool:
    """Write down what the payer chose; the first choice counts, and only while the page is open."""
    open_charges = DemoCharge.objects.filter(pk=charge_id, plan="", payable_until__gt=now)
    return bool(open_charges.update(plan=DemoCharge.Plan(plan), chosen_at=now))
