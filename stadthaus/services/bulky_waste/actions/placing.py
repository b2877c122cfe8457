"""Placing an order: from answers to an order with its fee, its place and its message."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from stadthaus import rows
from stadthaus.accounts import actions as accounts
from stadthaus.base_services.addresses.rules.names import address_line
from stadthaus.base_services.collection_tours import actions as tours
from stadthaus.base_services.collection_tours.models import Booking
from stadthaus.base_services.payments import actions as payments
from stadthaus.base_services.payments import queries as payment_queries
from stadthaus.base_services.payments.models import PaymentRequest
from stadthaus.base_services.payments.rules.pay_by import Way
from stadthaus.kernel.actors import CITIZEN
from stadthaus.kernel.calendars import day_of
from stadthaus.kernel.links import new_public_id
from stadthaus.kernel.references import new_number
from stadthaus.kernel.words import fold
from stadthaus.services.bulky_waste import queries
from stadthaus.services.bulky_waste.actions.drafts import (
    AlreadyOrdered,
    Changed,
    again_if_changed,
    check_as_read,
    not_counted,
    take,
)
from stadthaus.services.bulky_waste.actions.orders import locked_with_payment, tell
from stadthaus.services.bulky_waste.models import (
    FOLDED_LENGTH,
    ORDERS,
    REMIND_OF_PAYMENT,
    WORD_LENGTH,
    Draft,
    Order,
    OrderItem,
    OrderName,
)
from stadthaus.services.bulky_waste.rules import dates
from stadthaus.services.bulky_waste.rules.contact import contact_key
from stadthaus.services.bulky_waste.rules.names import name_words
from stadthaus.services.bulky_waste.rules.states import State
from stadthaus.services.bulky_waste.rules.steps import Step, first_open_step
from stadthaus.town import queries as town_queries
from stadthaus.town.queries import Town
from stadthaus.work import actions as work

# Orders that nobody pays keep room from others until they lapse. The index of states must not serve here: as long as
# the table is small it looks as good as the contact's, and PostgreSQL keeps that plan while the unpaid orders grow.
_UNPAID_BELOW = """
SELECT 1 WHERE (
    SELECT COUNT(*) FROM bulky_waste_order
    WHERE contact_key = %s AND COALESCE(state, '') = 'placed' AND number <> %s
) < %s
"""


class NotAsShown(Exception):
    """What would be ordered is not what the citizen saw; nothing was ordered. `seen` is how it is now."""

    def __init__(self, shown: queries.Shown, seen: queries.Picture) -> None:
        super().__init__(f"{shown} -> {seen.shown}")
        self.shown = shown
        self.seen = seen


class StillOpen(Exception):
    """A page of the order lacks its answer; nothing was ordered."""

    def __init__(self, step: Step) -> None:
        super().__init__(step)
        self.step = step


class WayNotOffered(Exception):
    """This way of paying ends too late for the chosen day; nothing was ordered."""


class TooManyUnpaid(Exception):
    """So many orders from this contact are still unpaid; nothing was ordered."""


def place_order(
    *,
    draft: Draft,
    way: str,
    shown: queries.Shown,
    now: datetime,
    seen: queries.Picture | None = None,
    most_unpaid: int | None = None,
    count: Callable[[int], None] = not_counted,
) -> Order:
    """Place the order: ask for the fee, take the place, write it down, tell the orderer. Once per draft.

    The second time gives the first order. Ordered is only what was `shown`. `seen` is the picture this very request
    has drawn; it is drawn anew if the draft has changed since. With `most_unpaid` unpaid orders of the same contact
    there is no further one; None for the town's own people, who order for others. `count` counts the order in the
    same transaction and may refuse it by raising.
    """
    while True:
        number = new_number(secrets.randbelow)
        try:
            return _place(
                draft=draft,
                number=number,
                way=way,
                shown=shown,
                now=now,
                seen=seen,
                most_unpaid=most_unpaid,
                count=count,
            )
        except AlreadyOrdered as already:
            return Order.objects.get(number=already.number)
        except IntegrityError:  # a number is drawn, not counted: of 90 million one may come again
            if not Order.objects.filter(number=number).exists():
                raise


@again_if_changed
@rows.together(PaymentRequest, Order)
def _place(
    *,
    draft: Draft,
    number: str,
    way: str,
    shown: queries.Shown,
    now: datetime,
    seen: queries.Picture | None,
    most_unpaid: int | None,
    count: Callable[[int], None],
) -> Order:
    or_raise: Exception | None = Changed()
    if seen is None or seen.draft is not draft:
        seen, or_raise = queries.picture(draft, town_queries.current(), now), None
    offer = _checked(seen, way, shown)
    assert seen.day is not None
    # Before all other writes: whoever presses twice waits here and is told the number, and whoever orders several
    # things at once waits for the order before.
    contact = _contact_key(draft)
    take(draft, {"order_id": number}, lock=f"{ORDERS}{contact}")
    if most_unpaid is not None:
        rows.find_or_raise(_UNPAID_BELOW, [contact, number, most_unpaid], refusal=TooManyUnpaid())
    accounts.record(actor=CITIZEN, about=f"{ORDERS}{number}", event="order.placed", now=now)
    payment = _ask_for_fee(seen, number, offer, now)
    booking = tours.book(
        held_as=draft.hold_reference,
        reference=f"{ORDERS}{number}",
        day_id=seen.day.pk,
        litres=seen.quote.litres,
        now=now,
        held=seen.booking,
        or_raise=or_raise,  # a hold that is not as seen any more: start again, then look for a place at once
    )
    order = _write_order(seen, number, payment, booking, now)
    tell(order, "order_received", now)
    _plan_reminder(seen.town, order, now)
    count(order.litres)
    return order


def _checked(seen: queries.Picture, way: str, shown: queries.Shown) -> Way:
    """The way to pay as it is offered, if all is answered and this is what was shown."""
    open_step = first_open_step(seen.answered)
    offer = next((offer for offer in seen.ways if offer.way == way), None)
    refusal: Exception | None = None
    if open_step is not Step.CHECK:
        refusal = StillOpen(open_step)
    elif seen.shown != shown:
        refusal = NotAsShown(shown, seen)
    if offer and not refusal:
        return offer
    check_as_read(seen.draft)  # the second press is told the number, whatever has changed since the first
    raise refusal or WayNotOffered(way)


def _contact_key(draft: Draft) -> str:
    who = draft.answer("who")
    return contact_key(who.get("email", ""), who.get("phone", ""), *_debtor(draft))


def _ask_for_fee(seen: queries.Picture, number: str, offer: Way, now: datetime) -> PaymentRequest:
    return payments.request_payment(
        reference=f"{ORDERS}{number}",
        purpose="Sperrmüllkarte",
        amount_cents=seen.quote.amount,
        way=offer.way,
        pay_by=offer.pay_by,
        ask_until=offer.ask_until,
        debtor=_debtor(seen.draft)[0],
        actor=CITIZEN,
        now=now,
        town=seen.town,
    )


def _debtor(draft: Draft) -> tuple[str, str]:
    """Name and address of who owes the fee."""
    who, where = draft.answer("who"), draft.answer("where")
    pickup = address_line(where["street_name"], where["house"], where.get("street_hint", ""))
    own = who.get("address") or pickup
    if who.get("for_other") and who.get("debtor") == "other":
        return who["other_name"], who.get("other_address") or pickup
    return who["name"], own


def _write_order(
    seen: queries.Picture, number: str, payment: PaymentRequest, booking: Booking, now: datetime
) -> Order:
    assert seen.day is not None
    where, who, place = (seen.draft.answer(page) for page in ("where", "who", "place"))
    debtor_name, debtor_address = _debtor(seen.draft)
    order = Order(
        number=number,
        public_id=new_public_id(secrets.token_bytes(8)),
        state=State.PLACED,
        placed_at=now,
        street_id=where["street_id"],
        street_name=where["street_name"],
        street_folded=fold(where["street_name"])[:FOLDED_LENGTH],
        street_hint=where.get("street_hint", ""),
        house=where["house"],
        district=where["district"],
        latitude=where["latitude"],
        longitude=where["longitude"],
        place_note=place.get("place_note", ""),
        access_note=place.get("access_note", ""),
        place_photo=place.get("photo", ""),
        name=who["name"],
        for_name=who.get("other_name", "") if who.get("for_other") else "",
        channel=who["channel"],
        email=who.get("email", ""),
        phone=who.get("phone", ""),
        contact_key=_contact_key(seen.draft),
        address=who.get("address", ""),
        debtor_name=debtor_name,
        debtor_address=debtor_address,
        on_site_name=who.get("on_site_name", ""),
        on_site_phone=who.get("on_site_phone", ""),
        litres=seen.quote.litres,
        cards=seen.quote.cards,
        amount=seen.quote.amount,
        fee_day=dates.fee_day(now),
        fee_rule=seen.tariff.fee_rule_id,
        measure_rule=seen.tariff.measure_rule_id,
        cancel_until=queries.cancel_until(seen.town, seen.day.date),
        refund_until=queries.refund_until(seen.town, seen.day.date),
        payment=payment,
        booking=booking,
    )
    rows.insert(order)
    for line in seen.lines:
        item = {"order_id": order.pk, "key": line.line.key, "name": line.name, "count": line.line.count}
        item |= {"dismantled": line.line.dismantled, "litres_each": line.litres_each, "fraction": line.fraction}
        rows.gather(_write_items, item)
    for word in {word[:WORD_LENGTH] for word in name_words(order.name, order.for_name)}:
        rows.gather(_write_names, {"order_id": order.pk, "word": word})
    return order


def _write_items(items: list[dict[str, Any]]) -> None:
    rows.insert_all(OrderItem, items)


def _write_names(words: list[dict[str, Any]]) -> None:
    rows.insert_all(OrderName, words)


@transaction.atomic
def change_way(*, number: str, way: str, now: datetime) -> None:
    """Pay an order that is still open another way; the orderer gets the new deadline. The same way changes nothing.

    Raises WayNotOffered if this way is over for the order's day, or if money may be on its way already.
    """
    (order, payment), town = locked_with_payment(number), town_queries.current()
    order.payment = payment
    if payment.way == way:
        return
    offer = next((offer for offer in queries.ways_left(order, town, now) if offer.way == way), None)
    if offer is None or payment.is_uncertain:
        raise WayNotOffered(way)
    order.payment = payments.change_way(
        request_id=payment.pk, way=way, pay_by=offer.pay_by, ask_until=offer.ask_until, actor=CITIZEN, now=now
    )
    if way != order.payment.Way.ONLINE:  # whoever pays online does it now
        tell(order, "way_changed", now, once=f"/{way}")
    _plan_reminder(town, order, now)


def _plan_reminder(town: Town, order: Order, now: datetime) -> None:
    """Remind of the payment so many days before it is due; whoever pays online has minutes, not days.

    Nobody is reminded by letter: it would come when the time is over.
    """
    days = town.value("bulky_waste.remind_of_payment_days", day_of(now)).get(order.payment.way)
    if days is not None and order.channel != order.Channel.LETTER:
        due = payment_queries.last_chance(order.payment, town) - timedelta(days=days)
        if due > now:
            work.schedule(kind=REMIND_OF_PAYMENT, key=order.number, due_at=due)
