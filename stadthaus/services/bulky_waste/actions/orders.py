"""What happens to an order once it is placed."""

from datetime import datetime

from django.db import transaction

from stadthaus.accounts import actions as accounts
from stadthaus.base_services.collection_tours import actions as tours
from stadthaus.base_services.collection_tours.rules.outcomes import Result
from stadthaus.base_services.messages import actions as messages
from stadthaus.base_services.payments import actions as payments
from stadthaus.kernel.actors import SYSTEM, Actor
from stadthaus.services.bulky_waste import queries
from stadthaus.services.bulky_waste.models import (
    ORDERS,
    Order,
)
from stadthaus.services.bulky_waste.rules.states import State, check_transition
from stadthaus.town import queries as town_queries

PERSONAL_FIELDS = (
    *("name", "name_folded", "email", "phone", "address", "debtor_name", "debtor_address"),
    *("on_site_name", "on_site_phone", "house", "place_note", "access_note", "place_photo"),
)


class TooLate(Exception):
    """The cut-off for this change has passed; nothing was changed."""


def _locked_order(number: str) -> Order:
    return Order.objects.select_for_update(of=("self",)).select_related("booking__day").get(number=number)


def tell(order: Order, template: str, now: datetime, once: str = "") -> None:
    """Queue a message about a state change; each state change sends at most one."""
    messages.queue(
        template=f"bulky_waste.{template}",
        about=order.reference,
        channel=order.channel,
        once_key=f"{order.reference}/{template}{once}",
        now=now,
    )


def _step(order: Order, state: State, *, actor: Actor, now: datetime, at: str, reason: str = "") -> None:
    """Move an order to its next state, write down when and why, and audit it."""
    check_transition(State(order.state), state)
    order.state = state
    setattr(order, at, now)
    order.save(update_fields=["state", at])
    why = {"reason": ("", reason)} if reason else None
    accounts.record(actor=actor, about=order.reference, event=f"order.{state}", now=now, fields=why)


@transaction.atomic
def confirm(*, number: str, now: datetime) -> None:
    """The fee is paid or waived: the card is issued. A second call changes nothing."""
    order = _locked_order(number)
    if order.state == State.PLACED:
        _step(order, State.CONFIRMED, actor=SYSTEM, now=now, at="confirmed_at")
        tell(order, "order_confirmed", now)


@transaction.atomic
def lapse(*, number: str, now: datetime) -> None:
    """Nothing was paid in time: the order lapses and its place is free again. A second call changes nothing."""
    order = _locked_order(number)
    if order.state == State.PLACED:
        _step(order, State.LAPSED, actor=SYSTEM, now=now, at="ended_at")
        tours.release(reference=order.reference, now=now)
        tell(order, "order_lapsed", now)


@transaction.atomic
def cancel(*, number: str, actor: Actor, now: datetime, reason: str = "") -> Order:
    """Cancel an order: the place is free at once, money goes back by the dated rule. Cancelling twice changes nothing.

    Citizens may cancel until the town's cut-off (raises TooLate after it); staff until the lorry has been there.
    """
    payment_id = Order.objects.values_list("payment_id", flat=True).get(number=number)
    payments.lock(request_id=payment_id)
    order = _locked_order(number)
    if order.state == State.CANCELLED:
        return order
    town = town_queries.current()
    if actor.kind == "citizen" and now >= queries.cancel_until(town, order):
        raise TooLate
    refund = now < queries.refund_until(town, order)
    _step(order, State.CANCELLED, actor=actor, now=now, at="ended_at", reason=reason)
    tours.release(reference=order.reference, now=now)
    payments.withdraw(
        request_id=payment_id, refund=refund, reason=reason or "Bestellung storniert", actor=actor, now=now
    )
    tell(order, "order_cancelled", now)
    return order


@transaction.atomic
def hand_over(*, day_id: int, now: datetime) -> int:
    """The cut-off of a day has passed: its confirmed orders are the contractor's now. Returns how many."""
    orders = Order.objects.select_for_update(of=("self",)).filter(booking__day_id=day_id, state=State.CONFIRMED)
    handed_over = list(orders.order_by("pk"))
    for order in handed_over:
        _step(order, State.HANDED_OVER, actor=SYSTEM, now=now, at="handed_over_at")
    return len(handed_over)


@transaction.atomic
def finish(*, number: str, outcome: State, now: datetime) -> None:
    """The crew has been there: the order gets its result, the orderer hears it."""
    order = _locked_order(number)
    if order.state == State.CONFIRMED and now >= queries.order_cut_off(town_queries.current(), order.booking.day.date):
        _step(order, State.HANDED_OVER, actor=SYSTEM, now=now, at="handed_over_at")
    _step(order, outcome, actor=SYSTEM, now=now, at="ended_at")
    tell(order, "order_result", now, once=f"/{now.isoformat()}")  # a corrected result is told as well


@transaction.atomic
def report_result(*, number: str, result: Result, actor: Actor, now: datetime) -> None:
    """The crew says what became of a stop. Raises what `tours.record_result` raises, or TransitionRefused.

    The order is locked before its place, as in cancelling; else the two could wait for each other.
    """
    _locked_order(number)
    tours.record_result(
        reference=f"{ORDERS}{number}",
        outcome=result.outcome,
        reason=result.reason,
        remark=result.remark,
        found_litres=result.found_litres,
        photo=result.photo,
        actor=actor,
        now=now,
    )


@transaction.atomic
def take_back_result(*, number: str, actor: Actor, now: datetime) -> None:
    """The crew takes its result back within the minutes it has for that."""
    _locked_order(number)
    tours.undo_result(reference=f"{ORDERS}{number}", actor=actor, now=now)


@transaction.atomic
def reopen(*, number: str, now: datetime) -> None:
    """A result was taken back: the order waits for the crew again."""
    order = _locked_order(number)
    check_transition(State(order.state), State.HANDED_OVER)
    order.state, order.ended_at = State.HANDED_OVER, None
    order.save(update_fields=["state", "ended_at"])
    accounts.record(actor=SYSTEM, about=order.reference, event="order.reopened", now=now)


@transaction.atomic
def erase_person(*, number: str, now: datetime) -> list[str]:
    """The term for contact data is over: name, address, contact, notes and photos of an order go.

    Number, days, things, volume and fee stay for figures; what the treasury must keep stays with the
    payment. Returns the names of photos whose files nobody needs any more.
    """
    order = _locked_order(number)
    photos = [order.place_photo] if order.place_photo else []
    for field in PERSONAL_FIELDS:
        setattr(order, field, "")
    order.erased_at = now
    order.save(update_fields=[*PERSONAL_FIELDS, "erased_at"])
    tours.erase_result_details(reference=order.reference, photo=True, remark=True, now=now)
    accounts.erase_audit_details(about=order.reference)
    accounts.record(actor=SYSTEM, about=order.reference, event="order.erased", now=now)
    return photos


@transaction.atomic
def remind_of_payment(*, number: str, now: datetime) -> None:
    """Remind once of an open payment."""
    order = _locked_order(number)
    if order.state == State.PLACED:
        tell(order, "payment_reminder", now)
