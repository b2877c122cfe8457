"""Online attempts. No network here: jobs and views ask the provider and bring its answer."""

import secrets
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from stadthaus.base_services.payments import queries
from stadthaus.base_services.payments.actions.booking import (
    audit,
    check_cover,
    hand_to_person,
    happened,
    lock,
    send_back,
    take_money,
    wait_for_rest,
    write_entry,
)
from stadthaus.base_services.payments.actions.refusals import PaymentRefused
from stadthaus.base_services.payments.models import (
    ASK,
    LedgerEntry,
    Means,
    PaymentAttempt,
    PaymentRequest,
    RefundOrder,
)
from stadthaus.base_services.payments.rules import answers, states
from stadthaus.base_services.payments.rules.answers import Answer
from stadthaus.kernel.actors import CITIZEN, SYSTEM
from stadthaus.kernel.links import new_public_id
from stadthaus.work import actions as work

_NOT_OPEN = "Hier ist nichts mehr zu bezahlen."
_TOO_LATE = (
    "Die Zeit zum Bezahlen ist vorbei, es wurde nichts abgebucht. Bitte bestellen Sie neu. "
    "Haben Sie schon auf anderem Weg bezahlt, melden wir uns bei Ihnen."
)
_TOO_LATE_AND_UNCERTAIN = (
    "Die Zeit zum Bezahlen ist vorbei. Ob Sie schon bezahlt haben, fragen wir gerade beim Zahlungsdienst nach. "
    "Bitte bezahlen Sie nicht noch einmal."
)
_NOT_ONLINE = "Online bezahlen geht gerade nicht. Bitte wählen Sie einen anderen Zahlungsweg."


@transaction.atomic
def start_attempt(*, request_id: int, now: datetime) -> PaymentAttempt:
    """Begin a new try to pay online. Each try is its own row; earlier ones stay and may still be paid."""
    request = lock(request_id=request_id)
    provider = queries.online_provider()
    if not request.is_open:
        raise PaymentRefused(_NOT_OPEN)
    if now >= request.pay_by:
        raise PaymentRefused(_TOO_LATE_AND_UNCERTAIN if request.is_uncertain else _TOO_LATE)
    if provider is None or request.way != PaymentRequest.Way.ONLINE:
        raise PaymentRefused(_NOT_ONLINE)
    attempt = PaymentAttempt.objects.create(
        public_id=new_public_id(secrets.token_bytes(8)),
        request=request,
        provider=provider,
        amount_cents=request.amount_cents,
        started_at=now,
    )
    audit(request, "attempt_started", actor=CITIZEN, now=now)
    work.schedule(kind=ASK, key=str(attempt.pk), due_at=now + answers.FIRST_ASK)
    return attempt


@transaction.atomic
def note_provider_ref(*, attempt_id: int, provider_ref: str) -> None:
    """Keep by which name the provider knows the attempt."""
    PaymentAttempt.objects.filter(pk=attempt_id, provider_ref="").update(provider_ref=provider_ref)


@transaction.atomic
def ask_soon(*, provider_ref: str, now: datetime) -> None:
    """Somebody claims that there is news about an attempt: that is only a reason to ask the provider."""
    attempt = PaymentAttempt.objects.maybe_paid().filter(provider_ref=provider_ref).first()
    if attempt is not None:
        work.schedule(kind=ASK, key=str(attempt.pk), due_at=now)


@transaction.atomic
def ask_again(*, request_id: int, now: datetime) -> bool:
    """The payer looks whether the money came: uncertain attempts are asked about now, at most every half minute.

    False if nothing is asked now.
    """
    uncertain = PaymentAttempt.objects.uncertain().filter(request=request_id)
    due = list(uncertain.exclude(asked_at__gt=now - answers.SHORTEST_PAUSE))
    for attempt in due:
        work.schedule(kind=ASK, key=str(attempt.pk), due_at=now)
    return bool(due)


@transaction.atomic
def settle_attempt(*, attempt_id: int, answer: Answer, now: datetime) -> PaymentRequest:
    """Write down what the provider answered. Locked and idempotent: the same answer again changes nothing."""
    request_id = PaymentAttempt.objects.values_list("request_id", flat=True).get(pk=attempt_id)
    request = lock(request_id=request_id)
    attempt = PaymentAttempt.objects.select_for_update().get(pk=attempt_id)
    if attempt.state == states.PAID:
        return request
    answer = _believed(attempt, answer)
    attempt.asked_at = now
    attempt.asks += 1
    if answer.state == "paid":
        _money_came(request, attempt, answer.amount_cents, now)
    else:
        _no_money(request, attempt, answer, now)
    return request


@transaction.atomic
def ask_later(*, attempt_id: int, now: datetime) -> None:
    """The attempt is not paid, as far as is known: plan the next question, or leave the rest to a person."""
    attempt = PaymentAttempt.objects.get(pk=attempt_id)
    request = lock(request_id=attempt.request_id)
    if attempt.state == states.PAID:
        return
    if now < request.ask_until:
        again = min(now + answers.pause_before_next_ask(attempt.asks), request.ask_until)
        work.schedule(kind=ASK, key=str(attempt.pk), due_at=again)
    elif not (attempt.last_answer in answers.KNOWN or request.attention or happened(request, "declared_unpaid")):
        # Nobody who has said that nothing came is asked again.
        hand_to_person(request, PaymentRequest.Attention.NO_ANSWER, now=now)


def _believed(attempt: PaymentAttempt, answer: Answer) -> Answer:
    """The answer, or "unknown" if it speaks of another payment or of no money."""
    if answer.provider_ref:
        other = PaymentAttempt.objects.filter(provider=attempt.provider, provider_ref=answer.provider_ref)
        if attempt.provider_ref not in ("", answer.provider_ref) or other.exclude(pk=attempt.pk).exists():
            return replace(answer, state="unknown")
        attempt.provider_ref = answer.provider_ref
    if answer.state == "paid" and answer.amount_cents <= 0:
        return replace(answer, state="unknown")
    return answer


def _no_money(request: PaymentRequest, attempt: PaymentAttempt, answer: Answer, now: datetime) -> None:
    attempt.last_answer = answer.state
    if answer.state in answers.NOT_PAID and attempt.state != answer.state:
        states.check_attempt(attempt.state, answer.state)
        attempt.state = answer.state
        audit(request, f"attempt_{answer.state}", actor=SYSTEM, now=now)
    attempt.save(update_fields=["provider_ref", "asked_at", "asks", "last_answer", "state"])


def _money_came(request: PaymentRequest, attempt: PaymentAttempt, cents: int, now: datetime) -> None:
    """Book the difference to what is booked for this attempt: a provider may correct itself, up and down."""
    new_cents = cents - (attempt.received_cents or 0)
    complete = cents == attempt.amount_cents
    attempt.last_answer = "paid" if complete else answers.WRONG_AMOUNT
    attempt.received_cents = cents
    if complete:
        states.check_attempt(attempt.state, states.PAID)
        attempt.state, attempt.settled_at = states.PAID, now
    attempt.save()
    if new_cents < 0:
        _take_back(request, attempt, -new_cents, now)
    if complete:
        take_money(
            request,
            cents=max(new_cents, 0),
            means=Means.ONLINE,
            actor=SYSTEM,
            now=now,
            attempt=attempt,
            detail=attempt.provider,
        )
    elif new_cents > 0:
        _wrong_amount(request, attempt, new_cents, now)
    if new_cents < 0:
        check_cover(request, now=now)


def _take_back(request: PaymentRequest, attempt: PaymentAttempt, cents: int, now: datetime) -> None:
    """The provider says that less came than it had said before."""
    write_entry(
        request,
        LedgerEntry.Kind.REVERSAL,
        cents,
        actor=SYSTEM,
        now=now,
        means=Means.ONLINE,
        detail=attempt.provider,
    )
    audit(request, "provider_corrected", actor=SYSTEM, now=now)


def _wrong_amount(request: PaymentRequest, attempt: PaymentAttempt, cents: int, now: datetime) -> None:
    """Part of the amount, or too much: book what came; while the request is open, a person decides."""
    write_entry(
        request,
        LedgerEntry.Kind.PAYMENT,
        cents,
        actor=SYSTEM,
        now=now,
        means=Means.ONLINE,
        detail=attempt.provider,
    )
    if request.is_open:
        wait_for_rest(request, now=now)
    else:
        send_back(
            request,
            cents,
            actor=SYSTEM,
            now=now,
            means=Means.ONLINE,
            attempt=attempt,
            reason=RefundOrder.Reason.WRONG_AMOUNT,
        )
