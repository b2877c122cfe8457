"""Orders as the office looks for them, and what is told about one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL

from stadthaus import rows
from stadthaus.accounts.queries import permissions_of, trail
from stadthaus.base_services.addresses.models import Street
from stadthaus.base_services.addresses.queries import find_streets
from stadthaus.base_services.addresses.rules.house_numbers import read_house_number
from stadthaus.base_services.payments import queries as payments
from stadthaus.base_services.payments.models import PaymentRequest, RefundOrder
from stadthaus.kernel.calendars import BERLIN, day_of
from stadthaus.kernel.references import read_number
from stadthaus.kernel.words import fold
from stadthaus.services.bulky_waste.models import FOLDED_LENGTH, WORD_LENGTH, Draft, Order, OrderItem, OrderName
from stadthaus.services.bulky_waste.rules.contact import contact_key
from stadthaus.services.bulky_waste.rules.events import describe
from stadthaus.services.bulky_waste.rules.states import State
from stadthaus.town.queries import Town, newest
from stadthaus.town.queries import current as current_town
from stadthaus.town.rules.dated import RuleVersion

ERASED_AT_ONCE = 500
LINKS_AT_ONCE = 5
_IN_BRACKETS = re.compile(r"\([^)]*\)?")


def people_to_erase(town: Town, now: datetime) -> list[str]:
    """Numbers of orders whose contact data has reached its term, at most 500 of each kind (two statements)."""
    over = _over_for(town, "bulky_waste.retention_contact_days", now)
    return _numbers(found.filter(erased_at=None) for found in over)


def photos_to_erase(town: Town, now: datetime) -> list[str]:
    """Numbers of orders with photos that have reached their term, at most 500 of each kind (four statements)."""
    over = _over_for(town, "bulky_waste.retention_photo_days", now)
    nothing = RawSQL("''", [])  # as the index says it: of a parameter SQLite would not see that it is the same
    of_place = (found.filter(place_photo__gt=nothing) for found in over)
    of_stop = (found.filter(booking__stop__photo__gt="") for found in over)
    return _numbers((*of_place, *of_stop))


def _numbers(kinds: Iterable[QuerySet[Order]]) -> list[str]:
    found = [list(kind.values_list("number", flat=True)[:ERASED_AT_ONCE]) for kind in kinds]
    return list(dict.fromkeys(number for numbers in found for number in numbers))


def photo_names(names: Iterable[str]) -> set[str]:
    """Which of these stored photos a draft or an order still names (two statements).

    Drafts first: a draft that is placed in between still names what its order names.
    """
    wanted = list(names)
    drafts = Draft.objects.filter(answers__place__photo__in=wanted).values_list("answers__place__photo", flat=True)
    return set(drafts) | set(Order.objects.filter(place_photo__in=wanted).values_list("place_photo", flat=True))


def _over_for(town: Town, term: str, now: datetime) -> tuple[QuerySet[Order], QuerySet[Order]]:
    """Orders that are over for longer than a term: ended, from their collection day or their end, whichever is later.

    And those of which the crew has never said anything, from their collection day: no forgotten tap keeps data.
    """
    today = day_of(now)
    before = today - timedelta(days=town.value(term, today))
    collected = Order.objects.filter(booking__day__date__lt=before)
    ended = collected.filter(ended_at__lt=datetime.combine(before, time(), tzinfo=BERLIN))
    return ended.order_by("ended_at"), collected.filter(state=State.HANDED_OVER).order_by("id")


def fee_version(town: Town, order: Order) -> RuleVersion:
    """The version of the statute's fee that the amount of an order came from."""
    return next(version for version in town.rules["bulky_waste.fee_per_card"] if version.id == order.fee_rule)


def orders_with_all() -> QuerySet[Order]:
    """Orders with payment, place and day, one statement."""
    return Order.objects.select_related("payment", "booking__day", "street")


def orders_without_day() -> QuerySet[Order]:
    """Ended orders whose money came too late and for which nobody has decided yet."""
    return orders_with_all().filter(payment__in=PaymentRequest.objects.without_date())


def waiting_for(user: object) -> list[tuple[str, int, str]]:
    """What waits for a person: the words, how much of it, the name of the page (at most one statement)."""
    if "orders.change" not in permissions_of(user):
        return []
    waiting = orders_without_day().count()
    return [("Bezahlt ohne Termin: Tag anbieten", waiting, "bulky_waste:office_without_day")] if waiting else []


_BEHIND_LINK = rows.Prepared(
    lambda given: orders_with_all().filter(public_id=given("public_id")).order_by().annotate(**newest())
)


def order_behind(public_id: str) -> tuple[Order, Town] | None:
    """The order of a private link, with payment, place and day, and the town at the same moment (one statement)."""
    order = _BEHIND_LINK.first(public_id=public_id)
    if order is None:
        return None
    read = vars(order)
    return order, current_town((read.pop("newest_rule"), read.pop("newest_text")))


_OF_NUMBER = rows.Prepared(lambda given: orders_with_all().filter(number=given("number")).order_by())
_ITEMS = rows.Prepared(lambda given: OrderItem.objects.filter(order=given("order")))
_REFUNDS = rows.Prepared(lambda given: RefundOrder.objects.filter(request=given("request")))


def order_of(number: str) -> Order | None:
    """The order of a number, with payment, place and day (one statement)."""
    return _OF_NUMBER.first(number=number)


def orders_of_email(email: str) -> list[str]:
    """The numbers of at most five orders that are answered to this e-mail address, open ones first (one statement)."""
    of_address = Order.objects.filter(contact_key=contact_key(email, "", "", ""), channel=Order.Channel.EMAIL)
    open_first = of_address.filter(erased_at=None).order_by(F("ended_at").desc(nulls_first=True), "-id")
    return list(open_first.values_list("number", flat=True)[:LINKS_AT_ONCE])


def items_of(order: Order) -> list[OrderItem]:
    """The lines of an order as it was ordered (one statement)."""
    return _ITEMS.all(order=order.pk)


def listed_orders(text: str, *, state: str, day: date | None) -> QuerySet[Order]:
    """Orders found by a text that are in a state and are collected on a day; what is left empty lets all through."""
    found = find_orders(text)
    if state:
        found = found.filter(state=state)
    return found.filter(booking__day__date=day) if day else found


def find_orders(text: str) -> QuerySet[Order]:
    """Orders by number, by names (how their words begin, in any order) or by street and house; all for an empty text.

    Prefix searches on indexed columns; a street with a house number is looked up first (two statements more).
    """
    orders = orders_with_all()
    if not text.strip():
        return orders
    if number := read_number(text):
        return orders.filter(number=number)
    folded = fold(text)[:FOLDED_LENGTH]
    if not folded:
        return orders.none()
    # Apart from the list: asked for the newest at the same time, SQLite would read through all orders instead. And
    # apart from each other: for "one or the other" PostgreSQL would.
    named, there = (
        Order.objects.order_by().filter(way).values("pk") for way in (_named_like(folded), _at_address(text))
    )
    return orders.filter(pk__in=named.union(there))


def _named_like(folded: str) -> Q:
    """A word of the names begins with each word typed."""
    named = Q()
    for word in set(folded.split()):
        named &= Q(pk__in=OrderName.objects.filter(word__startswith=word[:WORD_LENGTH]).values("order"))
    return named


def _at_address(text: str) -> Q:
    text = _IN_BRACKETS.sub(" ", text)  # "Markt 12 (östlicher Teil)", as our lists write it
    words = text.split()
    for cut in (1, 2):  # "Markt 12", "Markt 12 a"
        house = read_house_number(" ".join(words[-cut:])) if len(words) > cut else None
        if house:
            return _in(find_streets(" ".join(words[:-cut]))) & Q(house__regex=rf"^{house}([^0-9]|$)")
    whole = fold(text).endswith(("str", "strasse"))
    if whole and (streets := find_streets(text)):  # however the name is written: "Selmerstr"
        return _in(streets)
    return Q(street_folded__startswith=fold(text)[:FOLDED_LENGTH])


def cards_of(number: str) -> int:
    """How many cards an order has."""
    return Order.objects.values_list("cards", flat=True).get(number=number)


def _in(streets: list[Street]) -> Q:
    return Q(street_folded__in=[fold(street.name)[:FOLDED_LENGTH] for street in streets], street__in=streets)


def ways_back(order: Order) -> list[tuple[str, int]]:
    """How what was paid for an order goes back if all of it does: (way, cents), a transfer last (two statements)."""
    return sorted(payments.ways_back(order.payment), key=lambda back: back[0] == RefundOrder.Way.TRANSFER)


def refunds_of(order: Order) -> list[RefundOrder]:
    """Refunds of an order that are promised, done or, if nothing came after it, refused with a reason (one statement).

    What was refused together is told together. One without a reason was dropped because its money was not there any
    more: nothing is kept from anybody.
    """
    ordered = _REFUNDS.all(request=order.payment_id)
    last = ordered[-1].created_at if ordered and ordered[-1].refused_because else None
    told = [refund for refund in ordered if refund.refused_because and refund.created_at == last]
    return [refund for refund in ordered if not refund.is_refused] + told


@dataclass(frozen=True)
class HistoryLine:
    """One thing that happened to an order, in words."""

    at: datetime
    words: str
    who: str


def history(order: Order) -> list[HistoryLine]:
    """Everything that happened to an order and its payment, oldest first (one statement)."""
    entries = trail(order.reference)
    return [HistoryLine(entry.at, describe(entry.event, entry.known_values), entry.actor_label) for entry in entries]
