"""What is due in payments: asking providers, letting unpaid requests lapse, forgetting who owed.

Asking is the slow outside thing, so it happens here, between transactions; the answer goes to an action.
"""

from datetime import datetime, timedelta

import structlog

from stadthaus.base_services.payments import actions, queries
from stadthaus.base_services.payments.models import ASK, LAPSE, NOTIFY, DemoCharge, PaymentAttempt, PaymentRequest
from stadthaus.base_services.payments.providers import PROVIDERS
from stadthaus.base_services.payments.providers.base import ProviderUnavailable
from stadthaus.base_services.payments.rules.answers import Answer
from stadthaus.town import queries as town
from stadthaus.work.registry import DueJob, handles, handles_regularly
from stadthaus.work.rules.pace import every

log = structlog.get_logger()


def ask_provider(*, attempt_id: int, now: datetime) -> None:
    """Ask the provider what became of an attempt and write down its answer. No answer is "unknown"."""
    attempt = PaymentAttempt.objects.select_related("request").get(pk=attempt_id)
    if attempt.state == PaymentAttempt.State.PAID:
        return
    try:
        answer = PROVIDERS[attempt.provider].ask(attempt, now=now)
    except ProviderUnavailable as error:
        log.warning(
            "payment provider gave no answer", provider=attempt.provider, reason=type(error.__cause__).__name__
        )
        answer = Answer("unknown")
    actions.settle_attempt(attempt_id=attempt_id, answer=answer, now=now)


def open_payment_page(*, attempt: PaymentAttempt, return_url: str, now: datetime) -> str | None:
    """Have the provider open its page for a new attempt; its address, or None if the provider does not answer."""
    try:
        started = PROVIDERS[attempt.provider].start(attempt, return_url=return_url, now=now)
    except ProviderUnavailable as error:
        log.warning("payment provider did not start", provider=attempt.provider, reason=type(error.__cause__).__name__)
        return None
    actions.note_provider_ref(attempt_id=attempt.pk, provider_ref=started.provider_ref)
    return started.redirect_url


@handles(ASK)
def ask_about_attempt(job: DueJob, now: datetime) -> None:
    """Ask about one attempt; while it is not paid, plan the next question until `ask_until`."""
    attempt_id = int(job.key)
    ask_provider(attempt_id=attempt_id, now=now)
    actions.ask_later(attempt_id=attempt_id, now=now)


@handles(NOTIFY)
def notify_like_a_provider(job: DueJob, now: datetime) -> None:
    """The demo provider has news. Like a real one's call, that is a reason to ask it and nothing more."""
    charge = DemoCharge.objects.get(pk=int(job.key))
    actions.ask_soon(provider_ref=charge.provider_ref, now=now)


@handles(LAPSE)
def lapse_if_unpaid(job: DueJob, now: datetime) -> None:
    """The deadline has come: ask about every attempt first; only what is known to be unpaid lapses."""
    request = PaymentRequest.objects.get(pk=int(job.key))
    if not request.is_open or request.attention:
        return
    for attempt in request.attempts.maybe_paid():
        ask_provider(attempt_id=attempt.pk, now=now)
    if not actions.lapse(request_id=request.pk, now=now):
        rounds = int(job.payload.get("rounds", 0)) + 1
        actions.wait_for_clarity(request_id=request.pk, rounds=rounds, now=now)


@handles_regularly("payments.erase_debtors", every(timedelta(hours=1)))
def erase_debtors(now: datetime) -> None:
    """Names on vouchers that need not be kept any more go."""
    for request_id in queries.debtors_to_erase(town.current(), now):
        actions.erase_debtor(request_id=request_id, now=now)
