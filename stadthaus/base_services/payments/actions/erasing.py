"""What goes when payment vouchers need not be kept any more."""

from datetime import datetime

from django.db import transaction

from stadthaus.base_services.payments.actions.booking import audit, lock
from stadthaus.kernel.actors import SYSTEM

ERASED = "Nach der Aufbewahrungsfrist gelöscht"


@transaction.atomic
def erase_debtor(*, request_id: int, now: datetime) -> None:
    """The term for vouchers is over: debtor, accounts and grounds go; the ledger stays, it names nobody."""
    request = lock(request_id=request_id)
    request.debtor = ""
    request.save(update_fields=["debtor"])
    request.waivers.update(ground=ERASED)
    request.refund_orders.update(iban="", account_holder="", ordered_because="")
    request.refund_orders.exclude(refused_because="").update(refused_because=ERASED)
    audit(request, "debtor_erased", actor=SYSTEM, now=now)
