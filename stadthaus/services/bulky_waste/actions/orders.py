"""What happens to an order once it is placed."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from stadthaus import rows
from stadthaus.accounts import actions as accounts
from stadthaus.base_services.collection_tours import actions as tours
from stadthaus.base_services.collection_tours.rules.outcomes import CORRECTION_TIME, Result
from stadthaus.base_services.messages import actions as messages
from stadthaus.base_services.messages import queries as message_queries
from stadthaus.base_services.payments import actions as payments
from stadthaus.base_services.payments import queries as payment_queries
from stadthaus.base_services.payments.models import PaymentRequest, RefundOrder
from stadthaus.base_services.payments.rules.accounts import Account
from stadthaus.kernel.actors import CITIZEN, SYSTEM, Actor
from stadthaus.kernel.calendars import day_of
from stadthaus.services.bulky_waste import queries
from stadthaus.services.bulky_waste.models import LINK_AGAIN, ORDERS, SEND_LINKS, TELL_RESULT, Order
from stadthaus.services.bulky_waste.rules.items import OWN
from stadthaus.services.bulky_waste.rules.states import RESULTS, State, check_transition
from stadthaus.town import queries as town_queries
from stadthaus.work import actions as work

PERSONAL_FIELDS = (
    "name",
    "for_name",
    "email",
    "phone",
    "contact_key",
    "address",
    "debtor_name",
    "debtor_address",
    "on_site_name",
    "on_site_phone",
    "house",
    "place_note",
    "access_note",
)
OWN_ITEM = "eigener Gegenstand"  # instead of what the orderer wrote, which can name somebody
# A minute more than the crew has for corrections: a tap of the last second may still be on its way.
RESULT_IS_TOLD_AFTER = CORRECTION_TIME + timedelta(minutes=1)


class NothingHappenedYet(Exception):
    """The crew has not been there: whoever wants the fee back cancels."""


class TooLate(Exception):
    """The cut-off for this change has passed; nothing was changed."""


_LOCKED = rows.Prepared(
    lambda given: (
        Order.objects.select_for_update(of=("self",))
        .select_related("booking__day")
        .filter(number=given("number"))
        .order_by()
    )
)


def locked_order(number: str) -> Order:
    """The order, locked until the transaction ends. Its payment request is locked before it."""
    order = _LOCKED.first(number=number)
    if order is None:
        raise Order.DoesNotExist
    return order


def locked_with_payment(number: str) -> tuple[Order, PaymentRequest]:
    """The order and its payment request, both locked until the transaction ends."""
    payment = payments.lock(request_id=Order.objects.values_list("payment_id", flat=True).get(number=number))
    return locked_order(number), payment


def tell(order: Order, template: str, now: datetime, once: str = "") -> None:
    """Queue a message about a state change; each state change sends at most one."""
    messages.queue(
        template=f"bulky_waste.{template}",
        about=order.reference,
        channel=order.channel,
        once_key=_once_key(order, template, once),
        now=now,
    )


def _once_key(order: Order, template: str, once: str) -> str:
    return f"{order.reference}/{template}{once}"


@transaction.atomic
def ask_for_links(*, email: str, now: datetime) -> None:
    """Have the newest orders of an e-mail address mailed their links: one job, as fast for every address."""
    orders = {"orders": queries.orders_of_email(email)}
    work.schedule(kind=SEND_LINKS, key=secrets.token_hex(8), due_at=now, payload=orders)


@transaction.atomic
def send_link_again(*, number: str, actor: Actor, now: datetime) -> bool:
    """Mail the private link to the address the order has, and to no other, at most once a day; whether now.

    Not by letter: a letter that still waits holds the link, and of two about one order the newer is printed. Not while
    a mail could not be delivered: whoever types a dead address keeps nobody busy, and only the office tries again.
    """
    order = locked_order(number)
    asked_by = "" if actor == CITIZEN else "/office"
    once = f"/{day_of(now)}{asked_by}"
    undelivered = actor == CITIZEN and message_queries.undelivered().filter(about=order.reference).exists()
    if not order.can_be_mailed or undelivered or message_queries.is_queued(_once_key(order, LINK_AGAIN, once)):
        return False
    tell(order, LINK_AGAIN, now, once)
    accounts.record(actor=actor, about=order.reference, event="order.link_sent", now=now)
    return True


def _step(
    order: Order, state: State, *, actor: Actor, now: datetime, at: str, reason: str = "", **also: datetime | None
) -> None:
    """Move an order to its next state, write down when, and audit it; why is free text and goes with the person."""
    check_transition(State(order.state), state)
    changes = {"state": state, at: now, **also}
    for name, value in changes.items():
        setattr(order, name, value)
    rows.change(Order, order.pk, changes)
    why = {"reason": ("", reason)} if reason else None
    accounts.record(actor=actor, about=order.reference, event=f"order.{state}", now=now, fields=why, personal=True)


@transaction.atomic(savepoint=False)
def confirm(*, number: str, now: datetime) -> None:
    """The fee is paid or waived: the card is issued. A second call changes nothing."""
    order = locked_order(number)
    if order.state == State.PLACED:
        _step(order, State.CONFIRMED, actor=SYSTEM, now=now, at="confirmed_at")
        tell(order, "order_confirmed", now)


@transaction.atomic
def lapse(*, number: str, now: datetime) -> None:
    """Nothing was paid in time: the order lapses and its place is free again. A second call changes nothing."""
    order = locked_order(number)
    if order.state == State.PLACED:
        _step(order, State.LAPSED, actor=SYSTEM, now=now, at="ended_at")
        tours.release(reference=order.reference, now=now)
        tell(order, "order_lapsed", now)


@transaction.atomic
def cancel(
    *,
    number: str,
    actor: Actor,
    now: datetime,
    reason: str = "",
    refund: bool = False,
    account: Account | None = None,
) -> Order:
    """Cancel an order: the place is free at once, money goes back as promised. Cancelling twice changes nothing.

    Citizens may cancel until the moment they were told (raises TooLate after it); staff until the lorry has
    been there, and they may give the fee back (`refund`) although the time for that is over. `account` is
    where a transfer goes back to; where nothing is transferred back it is not kept.
    """
    order, payment = locked_with_payment(number)
    if order.state != State.CANCELLED:
        _cancel(order, actor=actor, now=now, reason=reason, refund=refund)
    if account is not None:
        payments.give_account(request_id=payment.pk, account=account, now=now)
    return order


def _cancel(order: Order, *, actor: Actor, now: datetime, reason: str, refund: bool) -> None:
    if actor.kind == "citizen" and now >= order.cancel_until:
        raise TooLate
    _step(order, State.CANCELLED, actor=actor, now=now, at="ended_at", reason=reason)
    tours.release(reference=order.reference, now=now)
    in_time = now < order.refund_until
    payments.withdraw(
        request_id=order.payment_id,
        refund=refund or in_time,
        actor=actor,
        now=now,
        reason=RefundOrder.Reason.CANCELLED if in_time else RefundOrder.Reason.GOODWILL,
        because="" if in_time else reason,
    )
    tell(order, "order_cancelled", now, once=f"/{order.booking_id}")  # again, if a new day is cancelled too


@transaction.atomic
def give_fee_back(*, number: str, reason: str, actor: Actor, now: datetime) -> int:
    """The collection went wrong and the orderer is not to blame: the fee goes back (cents), the orderer hears it.

    A second call finds nothing left to give back. As with every refund somebody else approves it.
    """
    order, payment = locked_with_payment(number)
    if order.state not in RESULTS:
        raise NothingHappenedYet
    why = RefundOrder.Reason.OUR_FAULT
    cents = payments.withdraw(request_id=payment.pk, actor=actor, now=now, reason=why, because=reason)
    if cents:
        fields = {"reason": ("", reason)}
        accounts.record(
            actor=actor, about=order.reference, event="order.fee_given_back", now=now, fields=fields, personal=True
        )
        tell(order, "fee_back", now, once=f"/{payment.refund_orders.count()}")  # again after a refusal
    return cents


@transaction.atomic
def give_new_day(*, number: str, day_id: int, actor: Actor, now: datetime) -> Order:
    """Give a new day to an order whose money came after its end: it is confirmed, the orderer hears it.

    The same day again changes nothing. Raises `tours.NoPlace` if there is no room any more and
    `payments.PaymentRefused` if there is no such money.
    """
    order, payment = locked_with_payment(number)
    if order.state == State.CONFIRMED and order.booking.day_id == day_id:
        return order
    payments.give_date(request_id=payment.pk, actor=actor, now=now)
    town = town_queries.current()
    day = next((day for day in queries.days_with_room_for(order, town, now) if day.pk == day_id), None)
    if day is None:
        raise tours.DayIsFull(day_id)
    order.booking = tours.book(
        held_as=order.reference, reference=order.reference, day_id=day_id, litres=order.litres, now=now
    )
    order.save(update_fields=["booking"])
    _step(
        order,
        State.CONFIRMED,
        actor=actor,
        now=now,
        at="confirmed_at",
        ended_at=None,
        cancel_until=queries.cancel_until(town, day.date),
        refund_until=queries.refund_until(town, day.date),
    )
    tell(order, "new_day", now)
    return order


@transaction.atomic
def tell_of_missing_money(*, number: str, now: datetime) -> None:
    """Less came than the fee: whoever ordered hears what is missing, once for each part that came."""
    order = locked_order(number)
    tell(order, "money_missing", now, once=f"/{payment_queries.still_owed_cents(order.payment)}")


@transaction.atomic
def tell_of_late_money(*, number: str, now: datetime) -> None:
    """Money came after the end of the order: whoever ordered hears it, and what happens now."""
    tell(locked_order(number), "late_money", now)


@transaction.atomic
def tell_of_refund(*, number: str, now: datetime) -> None:
    """Money that came after the end of the order goes back: whoever ordered hears it."""
    tell(locked_order(number), "refund_decided", now)


@transaction.atomic
def tell_of_excess(*, number: str, refund_id: int, now: datetime) -> None:
    """Money came that the order does not need: whoever ordered hears that it goes back, once for each refund."""
    tell(locked_order(number), "excess_back", now, once=f"/{refund_id}")


@transaction.atomic
def tell_of_refusal(*, number: str, refund_id: int, now: datetime) -> None:
    """Money that was announced does not go back after all: whoever ordered hears why, once for each refund."""
    tell(locked_order(number), "refund_refused", now, once=f"/{refund_id}")


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
    """The crew has been there: the order gets its result; the orderer hears it once the crew cannot take it back."""
    order = locked_order(number)
    if order.state == State.CONFIRMED and now >= queries.order_cut_off(town_queries.current(), order.booking.day.date):
        _step(order, State.HANDED_OVER, actor=SYSTEM, now=now, at="handed_over_at")
    _step(order, outcome, actor=SYSTEM, now=now, at="ended_at")
    work.schedule(kind=TELL_RESULT, key=number, due_at=now + RESULT_IS_TOLD_AFTER)


@transaction.atomic
def tell_result(*, number: str, now: datetime) -> None:
    """The crew's time for corrections is over: tell the orderer the result, unless it was taken back."""
    order = locked_order(number)
    if order.state in RESULTS:
        tell(order, "order_result", now)


@transaction.atomic
def report_result(*, number: str, result: Result, actor: Actor, now: datetime) -> None:
    """The crew says what became of a stop. Raises what `tours.record_result` raises, or TransitionRefused.

    The order is locked before its place, as in cancelling; else the two could wait for each other.
    """
    locked_order(number)
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
def take_back_result(*, number: str, given_at: datetime | None, actor: Actor, now: datetime) -> None:
    """The crew takes the result of this moment back. Raises what `tours.undo_result` raises, or TransitionRefused."""
    locked_order(number)
    tours.undo_result(reference=f"{ORDERS}{number}", given_at=given_at, actor=actor, now=now)


@transaction.atomic
def reopen(*, number: str, now: datetime) -> None:
    """A result was taken back: the order waits for the crew again."""
    order = locked_order(number)
    check_transition(State(order.state), State.HANDED_OVER)
    order.state, order.ended_at = State.HANDED_OVER, None
    order.save(update_fields=["state", "ended_at"])
    accounts.record(actor=SYSTEM, about=order.reference, event="order.reopened", now=now)


@transaction.atomic
def erase_person(*, number: str, now: datetime) -> None:
    """The term for contact data is over: name, address, contact, notes and whatever else was written freely go.

    Number, street, days, catalogue items, volume and fee stay for figures; what the treasury must keep stays with the
    payment, photos have a term of their own.
    """
    order = locked_order(number)
    for field in PERSONAL_FIELDS:
        setattr(order, field, "")
    order.latitude, order.longitude = order.street.lat, order.street.lon
    order.erased_at = now
    order.save(update_fields=[*PERSONAL_FIELDS, "latitude", "longitude", "erased_at"])
    order.items.filter(key=OWN).update(name=OWN_ITEM)
    order.names.all().delete()
    tours.erase_result_details(reference=order.reference, remark=True, now=now)
    accounts.erase_audit_details(about=order.reference)
    accounts.record(actor=SYSTEM, about=order.reference, event="order.erased", now=now)


@transaction.atomic
def erase_photos(*, number: str, now: datetime) -> str:
    """The term for photos is over. Returns the name of the photo whose file nobody needs any more, empty if none."""
    order = locked_order(number)
    photo, order.place_photo = order.place_photo, ""
    order.save(update_fields=["place_photo"])
    tours.erase_result_details(reference=order.reference, photo=True, now=now)
    accounts.record(actor=SYSTEM, about=order.reference, event="order.photos_erased", now=now)
    return photo


@transaction.atomic
def remind_of_payment(*, number: str, now: datetime) -> None:
    """Remind once of an open payment; not while it is being cleared up what came: it may be there."""
    order = locked_order(number)
    if order.state == State.PLACED and not order.payment.is_uncertain:
        tell(order, "payment_reminder", now)
