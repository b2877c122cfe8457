"""What the demo provider does: it keeps in its own books what was chosen on its page, and notifies when that turns."""

from datetime import datetime

from django.db import transaction

from stadthaus.base_services.payments.models import NOTIFY, DemoCharge
from stadthaus.work import actions as work


@transaction.atomic
def choose_outcome(*, charge_id: int, plan: str, now: datetime) -> bool:
    """Write down what the payer chose; the first choice counts, and only while the page is open."""
    open_charges = DemoCharge.objects.filter(pk=charge_id, plan="", payable_until__gt=now)
    if not open_charges.update(plan=DemoCharge.Plan(plan), chosen_at=now):
        return False
    turns_at = DemoCharge.objects.get(pk=charge_id).turns_at
    if turns_at is not None:
        work.schedule(kind=NOTIFY, key=str(charge_id), due_at=turns_at)
    return True
