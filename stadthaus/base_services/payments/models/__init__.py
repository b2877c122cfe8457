"""Tables of payments. The database guards what must never be wrong about money."""

from stadthaus.base_services.payments.models.decisions import PaperCard, RefundOrder, Waiver
from stadthaus.base_services.payments.models.demo import NOTIFY, DemoCharge
from stadthaus.base_services.payments.models.ledger import AppendOnlyError, LedgerEntry, NumberRange, Receipt
from stadthaus.base_services.payments.models.means import Means
from stadthaus.base_services.payments.models.requests import ASK, LAPSE, PaymentAttempt, PaymentRequest

__all__ = [
    "ASK",
    "LAPSE",
    "NOTIFY",
    "AppendOnlyError",
    "DemoCharge",
    "LedgerEntry",
    "Means",
    "NumberRange",
    "PaperCard",
    "PaymentAttempt",
    "PaymentRequest",
    "Receipt",
    "RefundOrder",
    "Waiver",
]
