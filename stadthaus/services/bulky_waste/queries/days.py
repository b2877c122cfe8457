"""Collection days for an order, and the moments that count for one."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from stadthaus.base_services.collection_tours import queries as tours
from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.base_services.collection_tours.rules.town_values import read_districts
from stadthaus.base_services.payments import queries as payments
from stadthaus.base_services.payments.rules.pay_by import Way
from stadthaus.kernel.calendars import day_of
from stadthaus.services.bulky_waste.models import Order
from stadthaus.services.bulky_waste.rules import dates
from stadthaus.services.bulky_waste.rules.states import State
from stadthaus.town.queries import Town


def may_be_chosen(day: CollectionDay, channel: str, town: Town, now: datetime) -> bool:
    """Whether a day can be ordered now by somebody who is answered this way."""
    cut_off = order_cut_off(town, day.date)
    return dates.may_be_chosen(day.date, first=_first_day(channel, town, now), cut_off=cut_off, now=now)


def _first_day(channel: str, town: Town, now: datetime) -> date:
    """The day after the answer is read: by six in the morning everything is out."""
    return told_on(channel, town, now) + timedelta(days=1)


def told_on(channel: str, town: Town, now: datetime) -> date:
    """The day on which somebody who is answered this way reads what is written today."""
    today = day_of(now)
    if channel == Order.Channel.LETTER:
        return dates.day_of_letter(today, town.value("bulky_waste.letter_days", today), town.calendar)
    return today


def days_with_room_for(order: Order, town: Town, now: datetime) -> list[CollectionDay]:
    """The days with room for an order that lost its place, or for moving it, soonest first."""
    return days_with_room(
        town, now, channel=order.channel, district=order.district, litres=order.litres, held_as=order.reference
    )


def days_with_room(
    town: Town, now: datetime, *, channel: str, district: str, litres: int, held_as: str
) -> list[CollectionDay]:
    """The days of a district with room for so much, for somebody who is answered this way, soonest first."""
    first = _first_day(channel, town, now)
    days = tours.days_with_room(district=district, litres=litres, after=first, now=now, held_as=held_as)
    return [day for day in days if may_be_chosen(day, channel, town, now)]


@lru_cache(maxsize=256)
def order_cut_off(town: Town, day: date) -> datetime:
    """The instant from which a day takes no order and belongs to the contractor, by the rule in force on that day."""
    return town.cut_off("bulky_waste.order_until", day).moment(day, town.calendar)


def ways_to_pay(day: CollectionDay, channel: str, town: Town, now: datetime) -> list[Way]:
    """The ways to pay that end before a day's cut-off, for somebody who is answered this way (no statement)."""
    cut_off, reads_it_on = order_cut_off(town, day.date), told_on(channel, town, now)
    return payments.offered_ways(now=now, cut_off=cut_off, town=town, told_on=reads_it_on)


def ways_left(order: Order, town: Town, now: datetime) -> list[Way]:
    """The other ways to pay an order that is still open (no statement).

    Each has the deadline it had when the order was placed: whoever changes to and fro wins no time.
    """
    payment, placed = order.payment, order.placed_at
    if order.state != State.PLACED or now >= payment.pay_by:
        return []
    cut_off = order_cut_off(town, order.booking.day.date)
    reads_it_on = told_on(order.channel, town, placed)
    offers = payments.offered_ways(now=placed, cut_off=cut_off, town=town, told_on=reads_it_on)
    return [offer for offer in offers if offer.way != payment.way and now < offer.last_chance]


def days_to_hand_over(town: Town, now: datetime) -> list[int]:
    """Days with confirmed orders whose cut-off has passed (one statement)."""
    waiting = CollectionDay.objects.filter(bookings__order__state=State.CONFIRMED).order_by("date").distinct()
    return [day.pk for day in waiting if now >= order_cut_off(town, day.date)]


@lru_cache(maxsize=256)
def cancel_until(town: Town, day: date) -> datetime:
    """Until when an order that is placed for a day now may be cancelled; it is kept with the order."""
    return town.cut_off("bulky_waste.cancel_until", day).moment(day, town.calendar)


@lru_cache(maxsize=256)
def refund_until(town: Town, day: date) -> datetime:
    """Until when cancelling such an order gives the whole fee back; it is kept with the order."""
    return town.cut_off("bulky_waste.refund_until", day).moment(day, town.calendar)


def out_by(town: Town, day: date) -> str:
    """Until when the things have to stand at the street, as people say it: "6:00"."""
    value: str = town.value("bulky_waste.out_by", day)
    return value.removeprefix("0")


@lru_cache(maxsize=256)
def out_from(town: Town, day: date) -> datetime:
    """From when the things may stand at the street."""
    return town.cut_off("bulky_waste.out_from", day).moment(day, town.calendar)


def free_until(town: Town, day: date) -> datetime:
    """Until when an order that is placed for a day now can be cancelled and costs nothing."""
    return min(cancel_until(town, day), refund_until(town, day))


def district_names(town: Town, on: date) -> dict[str, str]:
    """German names of the collection districts by their code."""
    return read_districts(town.value("collection_tours.districts", on))
