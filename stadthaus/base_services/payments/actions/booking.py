"""The steps every action about money shares: one state change, one ledger line, one audit line."""

from datetime import date, datetime

from stadthaus.accounts import actions as accounts
from stadthaus.accounts.queries import trail
from stadthaus.base_services.payments import queries, signals
from stadthaus.base_services.payments.models import (
    LAPSE,
    LedgerEntry,
    Means,
    PaymentAttempt,
    PaymentRequest,
    Receipt,
    RefundOrder,
    Waiver,
)
from stadthaus.base_services.payments.rules import states
from stadthaus.kernel.actors import Actor
from stadthaus.kernel.calendars import day_of
from stadthaus.work import actions as work

_WAY_BACK = {
    Means.ONLINE: RefundOrder.Way.ONLINE,
    Means.TRANSFER: RefundOrder.Way.TRANSFER,
    Means.CASH: RefundOrder.Way.COUNTER,
    Means.CARD: RefundOrder.Way.COUNTER,
    Means.PAPER_CARD: RefundOrder.Way.PAPER_CARD,
}
REASONS_WE_OWE = frozenset(
    {RefundOrder.Reason.DUPLICATE, RefundOrder.Reason.WRONG_AMOUNT, RefundOrder.Reason.WITHOUT_DATE}
)


def lock(*, request_id: int) -> PaymentRequest:
    """The request, locked until the caller's transaction ends. Lock it before order, day and outbox."""
    return PaymentRequest.objects.select_for_update().get(pk=request_id)


def move(request: PaymentRequest, state: str) -> None:
    """Change the request's state in memory; raises `TransitionRefused` if it may not follow."""
    states.check_request(request.state, state)
    request.state = state


def write_entry(
    request: PaymentRequest,
    kind: LedgerEntry.Kind,
    cents: int,
    *,
    actor: Actor,
    now: datetime,
    means: str = "",
    detail: str = "",
) -> None:
    """Append one line to the ledger."""
    LedgerEntry.objects.create(
        request=request,
        kind=kind,
        amount_cents=cents,
        means=means,
        detail=detail,
        booked_at=now,
        booked_by=actor.label,
    )


def audit(request: PaymentRequest, event: str, *, actor: Actor, now: datetime, **fields: tuple[str, str]) -> None:
    """Write what happened into the trail of whatever asked for the payment."""
    accounts.record(actor=actor, about=request.reference, event=f"payment.{event}", now=now, fields=fields)


def take_money(
    request: PaymentRequest,
    *,
    cents: int,
    means: Means,
    actor: Actor,
    now: datetime,
    received_on: date | None = None,
    attempt: PaymentAttempt | None = None,
    detail: str = "",
) -> None:
    """Money has come, `cents` of it for the first time. What it means depends on the request's state alone.

    Open: paid. Withdrawn: paid without a date. Anything else: it was paid already, so it goes back.
    """
    write_entry(request, LedgerEntry.Kind.PAYMENT, cents, actor=actor, now=now, means=means, detail=detail)
    if request.state not in (states.OPEN, states.WITHDRAWN):
        order_refund(request, cents, RefundOrder.Reason.DUPLICATE, actor=actor, now=now, means=means, attempt=attempt)
        audit(request, "paid_again", actor=actor, now=now)
        return
    was_open = request.is_open
    before, had_attention = request.state, bool(request.attention)
    move(request, states.PAID if was_open else states.PAID_WITHOUT_DATE)
    request.means, request.attention = means, ""
    request.received_on, request.settled_at = received_on or day_of(now), now
    request.save(update_fields=["state", "means", "attention", "received_on", "settled_at"])
    if attempt is not None:
        attempt.effective = True
        attempt.save(update_fields=["effective"])
    if had_attention:
        refund_excess(request, actor=actor, now=now)
    audit(request, "received", actor=actor, now=now, state=(before, request.state))
    work.cancel(kind=LAPSE, key=str(request.pk))
    signal = signals.payment_completed if was_open else signals.paid_without_date
    signal.send(sender=PaymentRequest, request=request, now=now)


def decided_so_before(decision: Waiver | RefundOrder, state: str, actor: Actor) -> bool:
    """Whether this very person decided exactly this: the second click of a double click."""
    return decision.state == state and actor.user_id is not None and decision.decided_by_user == actor.user_id


def did_before(request: PaymentRequest, event: str, actor: Actor) -> bool:
    """Whether this very person has done this to the request already: the second click of a double click."""
    done = trail(request.reference).filter(event=f"payment.{event}")
    return actor.user_id is not None and done.filter(actor_user_id=actor.user_id).exists()


def order_refund(
    request: PaymentRequest,
    cents: int,
    reason: RefundOrder.Reason,
    *,
    actor: Actor,
    now: datetime,
    means: str = "",
    attempt: PaymentAttempt | None = None,
) -> RefundOrder:
    """Put money to be paid back on the treasury's list; it goes back the way it came."""
    way = _WAY_BACK[Means(means or request.means)]
    if attempt is None and way == RefundOrder.Way.ONLINE:
        attempt = request.attempts.filter(effective=True).first()
    return RefundOrder.objects.create(
        request=request,
        attempt=attempt,
        amount_cents=cents,
        reason=reason,
        way=way,
        created_at=now,
        created_by=actor.label,
        created_by_user=actor.user_id,
        taken_by_user=_taken_by(request),
    )


def refund_excess(request: PaymentRequest, *, actor: Actor, now: datetime) -> int:
    """Order back what came beyond what is owed; how many cents that is."""
    excess = queries.refundable_cents(request) - queries.balance(request).owed_cents
    if excess > 0:
        order_refund(
            request, excess, RefundOrder.Reason.WRONG_AMOUNT, actor=actor, now=now, means=request.means or Means.ONLINE
        )
    return max(excess, 0)


def _taken_by(request: PaymentRequest) -> int | None:
    return Receipt.objects.filter(request=request, amount_cents__gt=0).values_list("issued_by_user", flat=True).first()
