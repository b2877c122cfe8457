"""Paying money back: a second person approves, the treasury pays out."""

from datetime import datetime

from django.db import transaction

from stadthaus.base_services.payments import queries, signals
from stadthaus.base_services.payments.actions.booking import (
    audit,
    check_cover,
    decided_so_before,
    lock,
    move,
    order_refund,
    write_entry,
)
from stadthaus.base_services.payments.actions.receiving import issue_receipt
from stadthaus.base_services.payments.actions.refusals import PaymentRefused, SecondPersonNeeded
from stadthaus.base_services.payments.models import LedgerEntry, Means, PaymentRequest, RefundOrder
from stadthaus.base_services.payments.rules import states
from stadthaus.base_services.payments.rules.accounts import Account, read_iban, why_unreadable
from stadthaus.base_services.payments.rules.ledger import Balance
from stadthaus.kernel.actors import CITIZEN, Actor

_DECIDED = "Über diese Erstattung ist schon entschieden."
_NO_REASON = "Bitte schreiben Sie, warum das Geld nicht zurückgeht."
_PARTLY_APPROVED = (
    "Ein anderer Teil dieser Erstattung ist schon genehmigt. Dann geht auch dieser Teil zurück: "
    "Bitte genehmigen Sie ihn, oder lassen Sie das jemand anderen tun."
)
_NOT_OURS = "Dieses Geld steht der Stadt nicht zu. Die Erstattung kann nicht abgelehnt werden."
_NOT_THERE = (
    "So viel Geld ist für diese Zahlung nicht mehr da: Der Zahlungsdienst hat seine Auskunft berichtigt. "
    "Bitte lassen Sie diese Erstattung streichen. Was danach noch zu viel da ist, wird von selbst neu angeordnet."
)
_NO_ACCOUNT = "Diese Erstattung geht nicht auf ein Konto. Sie braucht keine IBAN."
_ACCOUNT_CHANGED = (
    "Inzwischen hat jemand das Konto geändert. Es ist noch nichts genehmigt. "
    "Bitte sehen Sie unter „Erstattungen“ nach, wohin das Geld jetzt gehen soll."
)
_ACCOUNT_MISSING = "Für die Überweisung fehlt noch die IBAN. Bitte zuerst eintragen."


@transaction.atomic
def approve_refund(*, order_id: int, seen: str, actor: Actor, now: datetime) -> RefundOrder:
    """Approve a refund, once; not by who took the money and not by who ordered it back.

    `seen` is the order's `fingerprint` as the person saw it: the account is part of what is approved.
    """
    order, request = _locked(order_id)
    if decided_so_before(order, RefundOrder.State.APPROVED, actor):
        return order
    if order.state != RefundOrder.State.OPEN:
        raise PaymentRefused(_DECIDED)
    if order.way == RefundOrder.Way.TRANSFER and not order.iban:
        raise PaymentRefused(_ACCOUNT_MISSING)
    if seen != order.fingerprint:
        raise PaymentRefused(_ACCOUNT_CHANGED)
    if not _is_covered(order, queries.balance(request)):
        raise PaymentRefused(_NOT_THERE)
    _decide(order, RefundOrder.State.APPROVED, actor, now)
    audit(request, "refund_approved", actor=actor, now=now)
    return order


@transaction.atomic
def refuse_refund(*, order_id: int, actor: Actor, now: datetime, refused_because: str = "") -> RefundOrder:
    """Refuse a refund in all its parts, once: the claim stands again. What the town must not keep cannot be refused.

    The payer was told that the money comes, so they are told why it does not (`refused_because`). If so much is not
    there any more, nothing is kept and nothing claimed: what is still too much is ordered back anew, without a reason.
    """
    order, request = _locked(order_id)
    if decided_so_before(order, RefundOrder.State.REFUSED, actor):
        return order
    if not _is_covered(order, queries.balance(request)):
        _decide(order, RefundOrder.State.REFUSED, actor, now, even_approved=True)
        _order_the_rest(order, request, now=now)
        audit(request, "refund_without_money", actor=actor, now=now)
        check_cover(request, now=now)
        return order
    if order.is_owed:
        raise PaymentRefused(_NOT_OURS)
    if not refused_because:
        raise PaymentRefused(_NO_REASON)
    if order.state != RefundOrder.State.OPEN:
        raise PaymentRefused(_DECIDED)
    parts = list(RefundOrder.objects.select_for_update().decided_with(order))
    if any(part.state != RefundOrder.State.OPEN for part in parts):
        raise PaymentRefused(_PARTLY_APPROVED)
    for part in parts:
        part.refused_because = refused_because
        _decide(part, RefundOrder.State.REFUSED, actor, now)
        write_entry(request, LedgerEntry.Kind.CLAIM, part.amount_cents, actor=actor, now=now)
    audit(request, "refund_refused", actor=actor, now=now)
    signals.refund_refused.send(sender=PaymentRequest, request=request, refund=order, now=now)
    order.refresh_from_db()
    return order


@transaction.atomic
def enter_account(*, order_id: int, account_holder: str, iban: str, actor: Actor, now: datetime) -> RefundOrder:
    """Enter where a transfer goes back to; the IBAN's check digits are tested, the audit names no account."""
    order, request = _locked(order_id)
    if order.way != RefundOrder.Way.TRANSFER:
        raise PaymentRefused(_NO_ACCOUNT)
    if order.state != RefundOrder.State.OPEN:
        raise PaymentRefused(_DECIDED)  # what was approved is what is paid: the account is part of it
    order.iban, order.account_holder = _checked(iban), account_holder
    order.save(update_fields=["iban", "account_holder"])
    audit(request, "refund_account_entered", actor=actor, now=now)
    return order


@transaction.atomic
def give_account(*, request_id: int, account: Account, now: datetime) -> bool:
    """Whoever paid says where the money goes back to; False if no refund waits for that.

    An account that is there already stays: only staff changes it (`enter_account`), so that a stranger
    who got as far as this page cannot lead the money away.
    """
    request = lock(request_id=request_id)
    iban = _checked(account.iban)
    if not request.refund_orders.without_account().update(iban=iban, account_holder=account.holder):
        return False
    audit(request, "refund_account_given", actor=CITIZEN, now=now)
    return True


@transaction.atomic
def mark_refunded(*, order_id: int, actor: Actor, now: datetime) -> PaymentRequest:
    """The money is out (Auszahlung). A second call changes nothing.

    At the counter a receipt with a negative amount is issued; a paper card becomes valid again.
    """
    order, request = _locked(order_id)
    if order.state == RefundOrder.State.DONE:
        return request
    if order.state != RefundOrder.State.APPROVED:
        raise PaymentRefused("Diese Erstattung ist noch nicht genehmigt.")
    if order.way == RefundOrder.Way.TRANSFER and not order.iban:
        raise PaymentRefused(_ACCOUNT_MISSING)
    balance = queries.balance(request)
    if not _is_covered(order, balance):
        raise PaymentRefused(_NOT_THERE)
    means, detail = _give_back(order, request, actor, now)
    write_entry(request, LedgerEntry.Kind.REFUND, order.amount_cents, actor=actor, now=now, means=means, detail=detail)
    order.state, order.done_at, order.done_by = RefundOrder.State.DONE, now, actor.label
    order.iban = order.account_holder = ""
    order.save(update_fields=["state", "done_at", "done_by", "iban", "account_holder"])
    before = request.state
    held = balance.held_cents - order.amount_cents
    after = states.state_after_refund(before=before, amount_cents=request.amount_cents, held_cents=held)
    if after != before:
        move(request, after)
        request.save(update_fields=["state"])
    audit(request, "refunded", actor=actor, now=now, state=(before, request.state))
    return request


def _give_back(order: RefundOrder, request: PaymentRequest, actor: Actor, now: datetime) -> tuple[Means, str]:
    """How the money goes back, and the number of the receipt for it, if there is one."""
    if order.way == RefundOrder.Way.COUNTER:
        receipt = issue_receipt(request, cents=-order.amount_cents, means=Means.CASH, actor=actor, now=now)
        return Means.CASH, str(receipt)
    if order.way == RefundOrder.Way.PAPER_CARD:
        request.paper_cards.filter(given_back_at__isnull=True).update(given_back_at=now)
        return Means.PAPER_CARD, ""
    return (Means.TRANSFER if order.way == RefundOrder.Way.TRANSFER else Means.ONLINE), ""


def _checked(iban: str) -> str:
    written = read_iban(iban)
    if written is None:
        raise PaymentRefused(why_unreadable(iban))
    return written


def _is_covered(order: RefundOrder, balance: Balance) -> bool:
    """Whether the town still holds the order's money, apart from what is owed to it."""
    return balance.spare_cents >= order.amount_cents


def _order_the_rest(order: RefundOrder, request: PaymentRequest, *, now: datetime) -> None:
    """What is still there of a refund that was ordered too high; it stays the order of whoever gave it."""
    cents = min(queries.excess_cents(request), order.amount_cents)
    if cents <= 0:
        return
    ordered_by = Actor(kind="system", label=order.created_by, user_id=order.created_by_user)
    reason = RefundOrder.Reason.WRONG_AMOUNT
    order_refund(request, cents, reason, actor=ordered_by, now=now, way=order.way, attempt=order.attempt)


def _locked(order_id: int) -> tuple[RefundOrder, PaymentRequest]:
    request_id = RefundOrder.objects.values_list("request_id", flat=True).get(pk=order_id)
    request = lock(request_id=request_id)
    return RefundOrder.objects.select_for_update().get(pk=order_id), request


def _decide(
    order: RefundOrder, state: RefundOrder.State, actor: Actor, now: datetime, *, even_approved: bool = False
) -> None:
    if order.state != RefundOrder.State.OPEN and not (even_approved and order.state == RefundOrder.State.APPROVED):
        raise PaymentRefused(_DECIDED)
    if actor.user_id is None or actor.user_id in order.not_by:
        raise SecondPersonNeeded(
            "Das muss eine zweite Person entscheiden: Sie haben das Geld angenommen oder die Erstattung angeordnet."
        )
    order.state, order.decided_at = state, now
    order.decided_by, order.decided_by_user, order.ordered_because = actor.label, actor.user_id, ""
    if state == RefundOrder.State.REFUSED:
        order.iban = order.account_holder = ""
    decided = ["state", "ordered_because", "refused_because", "decided_at", "decided_by", "decided_by_user"]
    order.save(update_fields=[*decided, "iban", "account_holder"])
