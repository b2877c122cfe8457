"""The steps every action about money shares: one state change, one ledger line, one audit line."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q

from stadthaus import rows
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
from stadthaus.base_services.payments.rules import refunds, states
from stadthaus.kernel.actors import SYSTEM, Actor
from stadthaus.kernel.calendars import day_of
from stadthaus.work import actions as work

_LOCKED = rows.Prepared(lambda given: PaymentRequest.objects.select_for_update().filter(pk=given("id")).order_by())


def lock(*, request_id: int) -> PaymentRequest:
    """The request, locked until the caller's transaction ends. Lock it before order, day and outbox."""
    request = _LOCKED.first(id=request_id)
    if request is None:
        raise PaymentRequest.DoesNotExist
    return request


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
    entry = {"request_id": request.pk, "kind": kind, "amount_cents": cents, "means": means, "detail": detail}
    rows.gather(_write_entries, {**entry, "booked_at": now, "booked_by": actor.label})


def _write_entries(entries: list[dict[str, Any]]) -> None:
    rows.insert_all(LedgerEntry, entries)


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
    """The money is complete, `cents` of it came only now (0: all of it was booked before).

    Open: paid. Withdrawn: paid without a date, if exactly the amount is there. Anything else goes back.
    """
    if cents:
        write_entry(request, LedgerEntry.Kind.PAYMENT, cents, actor=actor, now=now, means=means, detail=detail)
    if not _counts(request):
        send_back(request, cents, actor=actor, now=now, means=means, attempt=attempt)
        return
    was_open = request.is_open
    before, had_attention = request.state, bool(request.attention)
    move(request, states.PAID if was_open else states.PAID_WITHOUT_DATE)
    request.means, request.attention = means, ""
    request.received_on, request.settled_at = received_on or day_of(now), now
    changed = ("state", "means", "attention", "received_on", "settled_at")
    rows.change(PaymentRequest, request.pk, {name: getattr(request, name) for name in changed})
    if attempt is not None:
        attempt.effective = True
        attempt.save(update_fields=["effective"])
    if had_attention and was_open:
        refund_excess(request, actor=actor, now=now)
    signal = signals.payment_completed if was_open else signals.paid_without_date
    with rows.together():
        audit(request, "received", actor=actor, now=now, state=(before, request.state))
        work.cancel(kind=LAPSE, key=str(request.pk))
        signal.send(sender=PaymentRequest, request=request, now=now)


def _counts(request: PaymentRequest) -> bool:
    """Whether complete money settles the request; after its end only if just the amount is there and stays there."""
    if request.state == states.WITHDRAWN:
        return queries.refundable_cents(request) == request.amount_cents
    return request.is_open


def send_back(
    request: PaymentRequest,
    cents: int,
    *,
    actor: Actor,
    now: datetime,
    means: Means,
    attempt: PaymentAttempt | None = None,
    reason: RefundOrder.Reason | None = None,
) -> None:
    """Order newly booked money back that settles nothing: all of it, or what is left once missing money is made up."""
    if not cents:
        return
    if reason is None:
        has_ended = request.state == states.WITHDRAWN
        reason = RefundOrder.Reason.WRONG_AMOUNT if has_ended else RefundOrder.Reason.DUPLICATE
    back = min(cents, queries.excess_cents(request))
    if back > 0:
        way = refunds.WAY_BACK[means]
        refund = order_refund(request, back, reason, actor=actor, now=now, way=way, attempt=attempt)
        signals.excess_goes_back.send(sender=PaymentRequest, request=request, refund=refund, now=now)
    is_second = reason == RefundOrder.Reason.DUPLICATE
    audit(request, "paid_again" if is_second else "wrong_amount_after_end", actor=actor, now=now)
    if request.attention:
        check_cover(request, now=now)


def check_cover(request: PaymentRequest, *, now: datetime) -> None:
    """For as long as less is there than is owed and promised back, a person looks at a request that is not open."""
    if request.is_open:
        return
    is_short = queries.excess_cents(request) < 0
    if is_short and not request.attention:
        hand_to_person(request, PaymentRequest.Attention.WRONG_AMOUNT, now=now)
    elif not is_short and request.attention == PaymentRequest.Attention.WRONG_AMOUNT:
        request.attention = ""
        request.save(update_fields=["attention"])


def hand_to_person(request: PaymentRequest, attention: PaymentRequest.Attention, *, now: datetime) -> None:
    """Put a locked request on the list of what a person has to decide."""
    request.attention = attention
    request.save(update_fields=["attention"])
    audit(request, f"unclear.{attention}", actor=SYSTEM, now=now)


def wait_for_rest(request: PaymentRequest, *, now: datetime) -> None:
    """Another amount than the one owed came for an open request: a person looks, and the payer hears of a rest."""
    hand_to_person(request, PaymentRequest.Attention.WRONG_AMOUNT, now=now)
    if queries.still_owed_cents(request):
        signals.payment_short.send(sender=PaymentRequest, request=request, now=now)


def decided_so_before(decision: Waiver | RefundOrder, state: str, actor: Actor) -> bool:
    """Whether this very person decided exactly this: the second click of a double click."""
    return decision.state == state and actor.user_id is not None and decision.decided_by_user == actor.user_id


def happened(request: PaymentRequest, event: str, **by: int) -> bool:
    """Whether the trail tells of an event of this request; `by` says whose (`actor_user_id`), if not anybody's."""
    return trail(request.reference).filter(event=f"payment.{event}", **by).exists()


def did_before(request: PaymentRequest, event: str, actor: Actor) -> bool:
    """Whether this very person has done this to the request already: the second click of a double click."""
    return actor.user_id is not None and happened(request, event, actor_user_id=actor.user_id)


def order_refunds(
    request: PaymentRequest,
    cents: int,
    reason: RefundOrder.Reason,
    *,
    actor: Actor,
    now: datetime,
    because: str = "",
) -> list[RefundOrder]:
    """Put money to be paid back on the treasury's list: each part goes back the way it came."""
    parts = queries.ways_back(request, cents)
    if sum(part for _, part in parts) != cents:
        raise LookupError("There is less money than is to be paid back.")
    return [order_refund(request, part, reason, actor=actor, now=now, way=way, because=because) for way, part in parts]


def order_refund(
    request: PaymentRequest,
    cents: int,
    reason: RefundOrder.Reason,
    *,
    actor: Actor,
    now: datetime,
    way: str,
    attempt: PaymentAttempt | None = None,
    because: str = "",
) -> RefundOrder:
    """Put money to be paid back one way on the treasury's list."""
    if attempt is None and way == RefundOrder.Way.ONLINE:
        attempt = _attempt_behind(request, reason)
    return RefundOrder.objects.create(
        request=request,
        attempt=attempt,
        amount_cents=cents,
        reason=reason,
        way=way,
        ordered_because=because,
        created_at=now,
        created_by=actor.label,
        created_by_user=actor.user_id,
        taken_by_user=_taken_by(request),
    )


def refund_excess(request: PaymentRequest, *, actor: Actor, now: datetime) -> int:
    """Order back what came beyond what is owed; how many cents that is."""
    excess = queries.refundable_cents(request) - queries.balance(request).owed_cents
    if excess > 0:
        order_refunds(request, excess, RefundOrder.Reason.WRONG_AMOUNT, actor=actor, now=now)
    return max(excess, 0)


def _attempt_behind(request: PaymentRequest, reason: RefundOrder.Reason) -> PaymentAttempt | None:
    """The attempt whose charge is paid back: a wrong amount came by one that does not count, if there is one."""
    came = request.attempts.filter(Q(effective=True) | Q(received_cents__gt=0))
    is_wrong = reason == RefundOrder.Reason.WRONG_AMOUNT
    return came.order_by("effective" if is_wrong else "-effective", "-id").first()


def _taken_by(request: PaymentRequest) -> int | None:
    return Receipt.objects.filter(request=request, amount_cents__gt=0).values_list("issued_by_user", flat=True).first()
