"""The demo provider: a payment service of our own invention that does on request what real ones do by accident.

It answers from its own books (`DemoCharge`). They are separate from ours on purpose: nothing it
knows reaches a payment request but through `ask`.
"""

import secrets
from datetime import datetime, timedelta

from django.urls import reverse

from stadthaus.base_services.payments.models import DemoCharge, PaymentAttempt
from stadthaus.base_services.payments.providers.base import Started
from stadthaus.base_services.payments.rules.answers import Answer, AnswerState

Plan = DemoCharge.Plan
PAYABLE_FOR = timedelta(minutes=20)
_MISSING_CENTS = 100


class DemoProvider:
    """Keeps charges in a table and answers by the plan chosen on the demo payment page."""

    def start(self, attempt: PaymentAttempt, *, return_url: str, now: datetime) -> Started:
        """Open a demo payment page that can be used for 20 minutes."""
        charge = DemoCharge.objects.create(
            provider_ref=secrets.token_hex(10),
            attempt_public_id=attempt.public_id,
            amount_cents=attempt.amount_cents,
            purpose=attempt.request.purpose,
            return_url=return_url,
            payable_until=now + PAYABLE_FOR,
            pay_by=attempt.request.pay_by,
        )
        return Started(charge.provider_ref, reverse("payments:demo_page", args=[charge.provider_ref]))

    def ask(self, attempt: PaymentAttempt, *, now: datetime) -> Answer:
        """Look the attempt up; one that was never opened here was not paid."""
        charge = DemoCharge.objects.filter(attempt_public_id=attempt.public_id).first()
        if charge is None:
            return Answer("cancelled")
        state = _state(charge, now)
        missing = _MISSING_CENTS if charge.plan == Plan.WRONG_AMOUNT else 0
        return Answer(state, charge.amount_cents - missing if state == "paid" else 0, charge.provider_ref)


def _state(charge: DemoCharge, now: datetime) -> AnswerState:
    if charge.chosen_at is None:
        return "pending" if now < charge.payable_until else "cancelled"
    if charge.turns_at is not None and now >= charge.turns_at:
        return "paid"
    return _FIRST_ANSWERS[Plan(charge.plan)]


_FIRST_ANSWERS: dict[Plan, AnswerState] = {
    Plan.SUCCEED: "paid",
    Plan.TWICE: "paid",
    Plan.WRONG_AMOUNT: "paid",
    Plan.FAIL: "failed",
    Plan.FAIL_THEN_SUCCEED: "failed",
    Plan.AFTER_LAPSE: "failed",
    Plan.CANCEL: "cancelled",
    Plan.NEVER: "pending",
    Plan.LATE: "pending",
}
