"""Asking for money and taking the claim back."""

import secrets
from datetime import datetime

from django.db import transaction

from stadthaus import rows
from stadthaus.base_services.payments import queries, signals
from stadthaus.base_services.payments.actions.booking import (
    audit,
    check_cover,
    hand_to_person,
    lock,
    move,
    order_refunds,
    refund_excess,
    write_entry,
)
from stadthaus.base_services.payments.actions.refusals import PaymentRefused
from stadthaus.base_services.payments.models import LAPSE, LedgerEntry, PaymentRequest, RefundOrder
from stadthaus.base_services.payments.rules import answers, kassenzeichen, states
from stadthaus.kernel.actors import SYSTEM, Actor
from stadthaus.kernel.calendars import day_of
from stadthaus.kernel.links import new_public_id
from stadthaus.town import queries as town_queries
from stadthaus.town.queries import Town
from stadthaus.work import actions as work

_CANNOT_COST_NOTHING = "Über null Euro wird keine Zahlung angefordert."


@transaction.atomic(savepoint=False)
def request_payment(
    *,
    reference: str,
    purpose: str,
    amount_cents: int,
    way: str,
    pay_by: datetime,
    ask_until: datetime,
    debtor: str,
    actor: Actor,
    now: datetime,
    town: Town | None = None,
) -> PaymentRequest:
    """Ask for money: Kassenzeichen, claim in the ledger, deadline (five statements; one more without `town`)."""
    if amount_cents <= 0:
        raise PaymentRefused(_CANNOT_COST_NOTHING)
    values = (town or town_queries.current()).value("payments.kassenzeichen", day_of(now))
    public_id = new_public_id(secrets.token_bytes(8))
    request = PaymentRequest(
        public_id=public_id,
        reference=reference,
        kassenzeichen=public_id,  # until the row has its number, from which the Kassenzeichen is made
        purpose=purpose,
        debtor=debtor,
        amount_cents=amount_cents,
        way=way,
        pay_by=pay_by,
        ask_until=max(ask_until, pay_by),
        created_at=now,
    )
    rows.insert(request)
    rows.amend(request, kassenzeichen=kassenzeichen.make(kassenzeichen.read_pattern(values), request.pk))
    write_entry(request, LedgerEntry.Kind.CLAIM, amount_cents, actor=actor, now=now)
    audit(request, "requested", actor=actor, now=now)
    work.schedule(kind=LAPSE, key=str(request.pk), due_at=request.lapses_at)
    return request


@transaction.atomic
def change_way(
    *, request_id: int, way: str, pay_by: datetime, ask_until: datetime, actor: Actor, now: datetime
) -> PaymentRequest:
    """Pay another way, until another deadline. Attempts already begun stay and are still asked about."""
    request = lock(request_id=request_id)
    if not request.is_open:
        raise PaymentRefused("Diese Zahlung ist nicht mehr offen. Der Zahlungsweg bleibt, wie er war.")
    before, request.way = request.way, way
    request.pay_by, request.ask_until = pay_by, max(ask_until, pay_by)
    request.save(update_fields=["way", "pay_by", "ask_until"])
    audit(request, "way_changed", actor=actor, now=now, way=(before, way))
    work.schedule(kind=LAPSE, key=str(request.pk), due_at=request.lapses_at)
    return request


@transaction.atomic
def withdraw(
    *,
    request_id: int,
    now: datetime,
    refund: bool = True,
    actor: Actor = SYSTEM,
    reason: RefundOrder.Reason = RefundOrder.Reason.CANCELLED,
    because: str = "",
) -> int:
    """Take the claim back because what was ordered is cancelled, or was not done; how many cents go back for it.

    Open: withdrawn. Paid: stays paid until a refund order has been carried out; without `refund`
    nothing changes. `because` is for the second person, who decides about what no rule gives. A second
    call finds nothing left to do.
    """
    request = lock(request_id=request_id)
    if request.is_open:
        return _withdraw_open(request, actor=actor, now=now)
    balance = queries.balance(request)
    # What is there is less only if the provider took money back; what it took is not made up from another way.
    cents = min(balance.owed_cents, sum(there for _, there in queries.ways_back(request)))
    if not refund or cents <= 0 or request.state not in (states.PAID, states.PARTLY_REFUNDED):
        return 0
    order_refunds(request, cents, reason, actor=actor, now=now, because=because)
    # What a clerk writes as reason can name somebody: it never goes into books that nobody may change.
    write_entry(request, LedgerEntry.Kind.WITHDRAWAL, balance.owed_cents, actor=actor, now=now, detail=reason.label)
    audit(request, "refund_ordered", actor=actor, now=now)
    if request.attention:
        check_cover(request, now=now)
    return cents


@transaction.atomic
def lapse(*, request_id: int, now: datetime) -> bool:
    """Nothing came in time: withdraw the request and tell the service. True if it lapsed now.

    It does not lapse before its time, nor while one attempt is not known, since `pay_by`, to be
    unpaid, nor while somebody has to decide about it or about a waiver.
    """
    request = lock(request_id=request_id)
    if not request.is_open or request.attention or now < request.lapses_at:
        return False
    attempts = request.attempts.maybe_paid()
    if attempts.exclude(last_answer__in=answers.NOT_PAID, asked_at__gte=request.pay_by).exists():
        return False
    if now < request.ask_until and request.waivers.waiting().exists():
        return False
    withdraw_unpaid(request, actor=SYSTEM, now=now, event="lapsed")
    return True


@transaction.atomic
def wait_for_clarity(*, request_id: int, rounds: int, now: datetime) -> None:
    """The deadline has passed and the money is uncertain: ask again later; after `ask_until` a person decides."""
    request = lock(request_id=request_id)
    if not request.is_open or request.attention:
        return
    if now < request.ask_until:
        again = min(now + answers.pause_before_next_ask(rounds), request.ask_until)
        work.schedule(kind=LAPSE, key=str(request.pk), due_at=again, payload={"rounds": rounds})
        return
    hand_to_person(request, PaymentRequest.Attention.NO_ANSWER, now=now)


def withdraw_unpaid(request: PaymentRequest, *, actor: Actor, now: datetime, event: str) -> int:
    """A locked open request comes to its end without being paid; what little came goes back (cents)."""
    move(request, states.WITHDRAWN)
    request.attention = ""
    request.save(update_fields=["state", "attention"])
    refund_cents = _drop_claim(request, actor=actor, now=now)
    audit(request, event, actor=actor, now=now)
    signals.payment_lapsed.send(sender=PaymentRequest, request=request, now=now)
    return refund_cents


def _withdraw_open(request: PaymentRequest, *, actor: Actor, now: datetime) -> int:
    move(request, states.WITHDRAWN)
    if request.attention == PaymentRequest.Attention.WRONG_AMOUNT:
        request.attention = ""
    request.save(update_fields=["state", "attention"])
    refund_cents = _drop_claim(request, actor=actor, now=now)
    audit(request, "withdrawn", actor=actor, now=now)
    work.cancel(kind=LAPSE, key=str(request.pk))
    return refund_cents


def _drop_claim(request: PaymentRequest, *, actor: Actor, now: datetime) -> int:
    write_entry(request, LedgerEntry.Kind.WITHDRAWAL, request.amount_cents, actor=actor, now=now)
    return refund_excess(request, actor=actor, now=now)
