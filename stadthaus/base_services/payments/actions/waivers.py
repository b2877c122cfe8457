"""Waiving a fee (Erlass): a ground, a limit, a second person."""

from datetime import datetime

from django.db import transaction

from stadthaus.base_services.payments import signals
from stadthaus.base_services.payments.actions.booking import (
    audit,
    decided_so_before,
    lock,
    move,
    refund_excess,
    write_entry,
)
from stadthaus.base_services.payments.actions.refusals import PaymentRefused, SecondPersonNeeded
from stadthaus.base_services.payments.models import LAPSE, LedgerEntry, PaymentRequest, Waiver
from stadthaus.base_services.payments.rules import states
from stadthaus.kernel.actors import SYSTEM, Actor
from stadthaus.kernel.calendars import day_of
from stadthaus.kernel.money import format_euro
from stadthaus.town import queries as town_queries
from stadthaus.work import actions as work

_DECIDED = "Über diesen Erlass ist schon entschieden."
_ONLY_OPEN = "Nur eine offene Zahlung kann erlassen werden."


@transaction.atomic
def request_waiver(*, request_id: int, ground: str, actor: Actor, now: datetime) -> Waiver:
    """Ask to waive an open payment, with the ground. Above the town's limit it is refused.

    A second call while one is waiting returns the first.
    """
    limit: int = town_queries.current().value("payments.waiver_limit", day_of(now))
    request = lock(request_id=request_id)
    if not request.is_open:
        raise PaymentRefused(_ONLY_OPEN)
    waiting = request.waivers.waiting().first()
    if waiting is not None:
        return waiting
    if actor.user_id is None or not ground.strip():
        raise PaymentRefused("Ein Erlass braucht einen Grund und eine Person, die ihn beantragt.")
    if request.amount_cents > limit:
        raise PaymentRefused(f"Hier können höchstens {format_euro(limit)} erlassen werden.")
    waiver = Waiver.objects.create(
        request=request,
        ground=ground.strip(),
        amount_cents=request.amount_cents,
        requested_at=now,
        requested_by=actor.label,
        requested_by_user=actor.user_id,
    )
    audit(request, "waiver_requested", actor=actor, now=now)
    return waiver


@transaction.atomic
def approve_waiver(*, waiver_id: int, actor: Actor, now: datetime) -> PaymentRequest:
    """A second person grants the waiver, once: the claim falls away and what was ordered is confirmed."""
    waiver, request = _locked(waiver_id)
    if decided_so_before(waiver, Waiver.State.APPROVED, actor):
        return request
    if not request.is_open:
        raise PaymentRefused(_ONLY_OPEN)
    _decide(waiver, Waiver.State.APPROVED, actor, now)
    move(request, states.WAIVED)
    had_attention, request.attention = bool(request.attention), ""
    request.settled_at = now
    request.save(update_fields=["state", "settled_at", "attention"])
    write_entry(request, LedgerEntry.Kind.WAIVER, request.amount_cents, actor=actor, now=now)
    if had_attention:
        refund_excess(request, actor=SYSTEM, now=now)  # by rule: whoever granted the waiver may approve it
    audit(request, "waived", actor=actor, now=now)
    work.cancel(kind=LAPSE, key=str(request.pk))
    signals.payment_completed.send(sender=PaymentRequest, request=request, now=now)
    return request


@transaction.atomic
def refuse_waiver(*, waiver_id: int, actor: Actor, now: datetime) -> PaymentRequest:
    """A second person refuses the waiver, once: the payment stays open."""
    waiver, request = _locked(waiver_id)
    if decided_so_before(waiver, Waiver.State.REFUSED, actor):
        return request
    _decide(waiver, Waiver.State.REFUSED, actor, now)
    audit(request, "waiver_refused", actor=actor, now=now)
    return request


def _locked(waiver_id: int) -> tuple[Waiver, PaymentRequest]:
    request_id = Waiver.objects.values_list("request_id", flat=True).get(pk=waiver_id)
    request = lock(request_id=request_id)
    return Waiver.objects.select_for_update().get(pk=waiver_id), request


def _decide(waiver: Waiver, state: Waiver.State, actor: Actor, now: datetime) -> None:
    if waiver.state != Waiver.State.REQUESTED:
        raise PaymentRefused(_DECIDED)
    if actor.user_id is None or actor.user_id == waiver.requested_by_user:
        raise SecondPersonNeeded("Einen Erlass entscheidet eine zweite Person, nicht wer ihn beantragt hat.")
    waiver.state, waiver.decided_at = state, now
    waiver.decided_by, waiver.decided_by_user = actor.label, actor.user_id
    waiver.save(update_fields=["state", "decided_at", "decided_by", "decided_by_user"])
