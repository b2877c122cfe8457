"""What a person decides when the program cannot: unclear money, money without a date."""

from datetime import datetime

from django.db import transaction

from stadthaus.base_services.payments import queries, signals
from stadthaus.base_services.payments.actions.booking import (
    audit,
    did_before,
    lock,
    move,
    order_refunds,
    refund_excess,
    write_entry,
)
from stadthaus.base_services.payments.actions.refusals import PaymentRefused
from stadthaus.base_services.payments.actions.requests import withdraw_unpaid
from stadthaus.base_services.payments.models import LAPSE, LedgerEntry, Means, PaymentRequest, RefundOrder
from stadthaus.base_services.payments.rules import states
from stadthaus.kernel.actors import Actor
from stadthaus.kernel.calendars import day_of
from stadthaus.work import actions as work

_NOTHING_UNCLEAR = "Hier ist nichts mehr zu klären. Jemand anders war schneller."


@transaction.atomic
def declare_unpaid(*, request_id: int, actor: Actor, now: datetime) -> int:
    """A person has looked: the full amount did not come. The request ends; what did come goes back (cents).

    One that has ended already stays as it is. A second call by the same person changes nothing.
    """
    request = lock(request_id=request_id)
    if not request.attention:
        if did_before(request, "declared_unpaid", actor) or did_before(request, "shortage_checked", actor):
            return 0
        raise PaymentRefused(_NOTHING_UNCLEAR)
    if request.is_open:
        work.cancel(kind=LAPSE, key=str(request.pk))
        return withdraw_unpaid(request, actor=actor, now=now, event="declared_unpaid")
    is_short = request.attention == PaymentRequest.Attention.WRONG_AMOUNT
    request.attention = ""
    request.save(update_fields=["attention"])
    audit(request, "shortage_checked" if is_short else "declared_unpaid", actor=actor, now=now)
    return 0


@transaction.atomic
def accept_overpayment(*, request_id: int, actor: Actor, now: datetime) -> PaymentRequest:
    """More than the amount came: the request is paid and the rest goes back. Once, however often it is clicked."""
    request = lock(request_id=request_id)
    if not (request.is_open and request.attention):
        if did_before(request, "overpayment_accepted", actor):
            return request
        raise PaymentRefused(_NOTHING_UNCLEAR)
    if queries.refundable_cents(request) < request.amount_cents:
        raise PaymentRefused("Es ist zu wenig angekommen. Bitte den Rest anfordern oder alles erstatten.")
    move(request, states.PAID)
    request.attention, request.means = "", Means.ONLINE
    request.settled_at, request.received_on = now, day_of(now)
    request.save(update_fields=["state", "attention", "means", "settled_at", "received_on"])
    refund_excess(request, actor=actor, now=now)
    audit(request, "overpayment_accepted", actor=actor, now=now)
    work.cancel(kind=LAPSE, key=str(request.pk))
    signals.payment_completed.send(sender=PaymentRequest, request=request, now=now)
    return request


@transaction.atomic
def give_date(*, request_id: int, actor: Actor, now: datetime) -> PaymentRequest:
    """The payer took a new date for money that came too late: it counts as paid.

    No signal is sent: the service calls this inside the action that books the date.
    """
    request = lock(request_id=request_id)
    if request.state != states.PAID_WITHOUT_DATE:
        raise PaymentRefused(_NOTHING_UNCLEAR)
    if request.refund_orders.to_do().filter(reason=RefundOrder.Reason.WITHOUT_DATE).exists():
        raise PaymentRefused("Für diese Zahlung ist schon eine Erstattung angeordnet.")
    if queries.refundable_cents(request) < request.amount_cents:
        raise PaymentRefused("Das Geld ist nicht mehr ganz da. Bitte fragen Sie die Stadtkasse.")
    move(request, states.PAID)
    request.save(update_fields=["state"])
    write_entry(request, LedgerEntry.Kind.CLAIM, request.amount_cents, actor=actor, now=now)
    audit(request, "date_given", actor=actor, now=now)
    return request


@transaction.atomic
def refund_without_date(*, request_id: int, actor: Actor, now: datetime) -> list[RefundOrder]:
    """The payer wants the money that came too late back. A second call returns the orders already made."""
    request = lock(request_id=request_id)
    made = list(request.refund_orders.counting().filter(reason=RefundOrder.Reason.WITHOUT_DATE))
    if made:
        return made
    if request.state != states.PAID_WITHOUT_DATE:
        raise PaymentRefused(_NOTHING_UNCLEAR)
    cents = queries.refundable_cents(request)
    if cents <= 0:
        raise PaymentRefused("Für diese Zahlung ist kein Geld mehr da, das noch nicht zurückgeht.")
    orders = order_refunds(request, cents, RefundOrder.Reason.WITHOUT_DATE, actor=actor, now=now)
    audit(request, "refund_ordered", actor=actor, now=now)
    signals.refund_decided.send(sender=PaymentRequest, request=request, now=now)
    return orders
