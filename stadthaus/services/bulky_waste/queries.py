"""Reads of the bulky-waste card that span several tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from stadthaus.accounts.models import CrewDevice
from stadthaus.accounts.queries import trail
from stadthaus.base_services.addresses.queries import find_streets, read_house_number
from stadthaus.base_services.collection_tours import queries as tours
from stadthaus.base_services.collection_tours.models import Booking, CollectionDay, Stop
from stadthaus.base_services.collection_tours.rules.outcomes import may_correct
from stadthaus.base_services.payments.models import RefundOrder
from stadthaus.kernel.calendars import BERLIN, day_of
from stadthaus.kernel.references import read_number
from stadthaus.kernel.words import fold
from stadthaus.services.bulky_waste.models import (
    FOLDED_LENGTH,
    CatalogueItem,
    Draft,
    NotBulkyThing,
    Order,
    OrderItem,
)
from stadthaus.services.bulky_waste.rules import dates, items, pricing, steps
from stadthaus.services.bulky_waste.rules.events import describe
from stadthaus.services.bulky_waste.rules.items import Item
from stadthaus.services.bulky_waste.rules.names import surname_first
from stadthaus.services.bulky_waste.rules.search import Index, index
from stadthaus.services.bulky_waste.rules.states import RESULTS, State
from stadthaus.town.queries import Town
from stadthaus.town.rules.dated import RuleVersion

ERASED_AT_ONCE = 500
WITH_CONTRACTOR = [State.CONFIRMED, State.HANDED_OVER, *sorted(RESULTS)]


@dataclass(frozen=True)
class Catalogue:
    """All things of the catalogue as they stand at one moment."""

    items: dict[str, Item]
    names: Index


_kept: tuple[int, Catalogue] | None = None


def catalogue() -> Catalogue:
    """The catalogue as it stands now (one statement; three after a change)."""
    global _kept  # noqa: PLW0603  one picture per process, replaced as a whole
    edition = _edition()
    kept = _kept
    if kept is None or kept[0] != edition:
        kept = _kept = (edition, _load_catalogue())
    return kept[1]


def _edition() -> int:
    # By hand, as in town.queries: it runs on most pages of an order.
    with connection.cursor() as cursor:
        cursor.execute("SELECT MAX(number) FROM bulky_waste_catalogueedition")
        (number,) = cursor.fetchone()
    return number or 0


def _load_catalogue() -> Catalogue:
    items = {row.key: row.as_rule() for row in CatalogueItem.objects.filter(active=True)}
    return Catalogue(items, index(items.values(), [row.as_rule() for row in NotBulkyThing.objects.all()]))


def tariff(town: Town, on: date) -> pricing.Tariff:
    """The fee schedule in force on a day."""
    fee = town.rule("bulky_waste.fee_per_card", on)
    measure = town.rule("bulky_waste.litres_per_card", on)
    return pricing.Tariff(
        fee_per_card=fee.value,
        litres_per_card=measure.value,
        max_cards=town.value("bulky_waste.max_cards_per_order", on),
        fee_rule_id=fee.id,
        measure_rule_id=measure.id,
    )


def limits(town: Town, on: date) -> items.Limits:
    """Limits per piece on a day."""
    return items.Limits(
        length_cm=town.value("bulky_waste.max_length_cm", on), weight_kg=town.value("bulky_waste.max_weight_kg", on)
    )


@dataclass(frozen=True)
class Picture:
    """A draft with everything computed from its answers: lines, price, place held, pages answered."""

    draft: Draft
    town: Town
    catalogue: Catalogue
    now: datetime
    tariff: pricing.Tariff
    limits: items.Limits
    lines: list[items.PricedLine]
    quote: pricing.Quote
    booking: Booking | None
    day: CollectionDay | None

    @property
    def answered(self) -> steps.Answered:
        """Which pages have an answer that still holds."""
        what = self.draft.answer("what")
        return steps.Answered(
            where=bool(self.draft.answer("where")),
            what=bool(self.lines) and bool(what.get("within_limits")) and not self.quote.too_much,
            who=bool(self.draft.answer("who")),
            when=self.day is not None,
            place=bool(self.draft.answer("place")),
        )

    @property
    def held_until(self) -> datetime | None:
        """Until when the place is reserved; None if it is not, or not any more."""
        until = self.booking.held_until if self.booking else None
        return until if until and until > self.now else None

    @property
    def card_litres(self) -> int:
        """What all cards of this order hold together."""
        return self.quote.cards * self.tariff.litres_per_card

    @property
    def example(self) -> items.Item | None:
        """Something everyday that still fits on the card."""
        return items.example_that_fits(self.quote.free_litres, self.catalogue.items.values())


def picture(draft: Draft, town: Town, now: datetime) -> Picture:
    """Compute a draft's picture (two statements on top of the draft's own: catalogue and place)."""
    today = dates.fee_day(now)
    stock = catalogue()
    current_tariff = tariff(town, today)
    lines = items.price_lines(draft.lines, stock.items)
    booking = tours.live_booking(draft.hold_reference) if draft.answer("when") else None
    return Picture(
        draft=draft,
        town=town,
        catalogue=stock,
        now=now,
        tariff=current_tariff,
        limits=limits(town, today),
        lines=lines,
        quote=pricing.quote(items.total_litres(lines), current_tariff),
        booking=booking,
        day=_chosen_day(draft, booking, town, now),
    )


def _chosen_day(draft: Draft, booking: Booking | None, town: Town, now: datetime) -> CollectionDay | None:
    """The day chosen, if it can still be ordered; the hold on it may have run out."""
    chosen = draft.answer("when").get("day_id")
    if chosen is None:
        return None
    day = booking.day if booking and booking.day_id == chosen else CollectionDay.objects.filter(pk=chosen).first()
    if day is None or day.district != draft.answer("where").get("district"):
        return None
    return day if _may_be_chosen(day, draft.answer("who").get("channel", ""), town, now) else None


def _may_be_chosen(day: CollectionDay, channel: str, town: Town, now: datetime) -> bool:
    """Whether a day can be ordered now by somebody who is answered this way."""
    cut_off = order_cut_off(town, day.date)
    return dates.may_be_chosen(day.date, first=_first_day(channel, town, now), cut_off=cut_off, now=now)


def _first_day(channel: str, town: Town, now: datetime) -> date:
    today = day_of(now)
    if channel == Order.Channel.LETTER:
        return dates.first_day_by_letter(today, town.value("bulky_waste.letter_days", today), town.calendar)
    return today + timedelta(days=1)


def offered_days(seen: Picture) -> list[CollectionDay]:
    """The days with room for this order in its district, soonest first."""
    return _days_with_room(
        seen.town,
        seen.now,
        channel=seen.draft.answer("who").get("channel", ""),
        district=seen.draft.answer("where")["district"],
        litres=seen.quote.litres,
        held_as=seen.draft.hold_reference,
    )


def days_with_room_for(order: Order, town: Town, now: datetime) -> list[CollectionDay]:
    """The days with room for an order that lost its place, or for moving it, soonest first."""
    return _days_with_room(
        town, now, channel=order.channel, district=order.district, litres=order.litres, held_as=order.reference
    )


def _days_with_room(
    town: Town, now: datetime, *, channel: str, district: str, litres: int, held_as: str
) -> list[CollectionDay]:
    first = _first_day(channel, town, now)
    days = tours.days_with_room(district=district, litres=litres, after=first, now=now, held_as=held_as)
    return [day for day in days if _may_be_chosen(day, channel, town, now)]


def order_cut_off(town: Town, day: date) -> datetime:
    """The instant from which a day takes no order and belongs to the contractor, by the rule in force on that day."""
    return town.cut_off("bulky_waste.order_until", day).moment(day, town.calendar)


def people_to_erase(town: Town, now: datetime) -> list[str]:
    """Numbers of ended orders whose contact data has reached its term, at most 500 (one statement)."""
    over = _ended_for(town, "bulky_waste.retention_contact_days", now).filter(erased_at=None)
    return list(over.order_by("ended_at").values_list("number", flat=True)[:ERASED_AT_ONCE])


def photos_to_erase(town: Town, now: datetime) -> list[str]:
    """Numbers of ended orders with photos that have reached their term, at most 500 of each kind (two statements)."""
    over = _ended_for(town, "bulky_waste.retention_photo_days", now).order_by("ended_at")
    with_photos = (over.filter(place_photo__gt=""), over.filter(booking__stop__photo__gt=""))
    numbers = [list(found.values_list("number", flat=True)[:ERASED_AT_ONCE]) for found in with_photos]
    return list(dict.fromkeys(number for found in numbers for number in found))


def _ended_for(town: Town, term: str, now: datetime) -> QuerySet[Order]:
    """Orders ended longer ago than a term, from their collection day or their end, whichever is later."""
    today = day_of(now)
    before = today - timedelta(days=town.value(term, today))
    ended = Order.objects.filter(ended_at__lt=datetime.combine(before, time(), tzinfo=BERLIN))
    return ended.filter(booking__day__date__lt=before)


def days_to_hand_over(town: Town, now: datetime) -> list[int]:
    """Days with confirmed orders whose cut-off has passed (one statement)."""
    waiting = CollectionDay.objects.filter(bookings__order__state=State.CONFIRMED).order_by("date").distinct()
    return [day.pk for day in waiting if now >= order_cut_off(town, day.date)]


def cancel_until(town: Town, day: date) -> datetime:
    """Until when an order that is placed for a day now may be cancelled; it is kept with the order."""
    return town.cut_off("bulky_waste.cancel_until", day).moment(day, town.calendar)


def refund_until(town: Town, day: date) -> datetime:
    """Until when cancelling such an order gives the whole fee back; it is kept with the order."""
    return town.cut_off("bulky_waste.refund_until", day).moment(day, town.calendar)


def fee_version(town: Town, order: Order) -> RuleVersion:
    """The version of the statute's fee that the amount of an order came from."""
    return next(version for version in town.rules["bulky_waste.fee_per_card"] if version.id == order.fee_rule)


def out_by(town: Town, day: date) -> str:
    """Until when the things have to stand at the street, as people say it: "6:00"."""
    value: str = town.value("bulky_waste.out_by", day)
    return value.removeprefix("0")


def free_until(town: Town, day: date) -> datetime:
    """Until when an order that is placed for a day now can be cancelled and costs nothing."""
    return min(cancel_until(town, day), refund_until(town, day))


def orders_with_all() -> QuerySet[Order]:
    """Orders with payment, place and day, one statement."""
    return Order.objects.select_related("payment", "booking__day", "street")


def find_orders(text: str) -> QuerySet[Order]:
    """Orders by number, by name (in any order of its words) or by street and house; all orders for an empty text.

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
    # Apart from the list: asked for the newest at the same time, SQLite would read through all orders instead.
    found = Order.objects.order_by().filter(_named_like(text, folded) | _at_address(text, folded))
    return orders.filter(pk__in=found.values("pk"))


def _named_like(text: str, folded: str) -> Q:
    """Typed as written, surname first, or a surname with some of the words that belong before it."""
    surname, *others = surname_first(text).split() or [folded]
    with_others = Q(surname_folded__startswith=surname)
    for word in others:
        with_others &= Q(name_folded__contains=word)
    return Q(name_folded__startswith=folded) | Q(surname_folded__startswith=folded) | with_others


def _at_address(text: str, folded: str) -> Q:
    words = text.split()
    for cut in (1, 2):  # "Markt 12", "Markt 12 a"
        house = read_house_number(" ".join(words[-cut:])) if len(words) > cut else None
        if house:
            streets = find_streets(" ".join(words[:-cut]))
            return Q(street__in=streets, house__regex=rf"^{house}([^0-9]|$)")
    return Q(street_folded__startswith=folded)


def cards_of(number: str) -> int:
    """How many cards an order has."""
    return Order.objects.values_list("cards", flat=True).get(number=number)


def refund_promised(order: Order) -> int:
    """Cents that go back to the payer because of refund orders; 0 if none."""
    orders = RefundOrder.objects.filter(request_id=order.payment_id).counting()
    return orders.aggregate(sum=Sum("amount_cents"))["sum"] or 0


# --- Desk ---

CONTRACTOR_LOOKS_BACK = timedelta(days=14)
CONTRACTOR_LOOKS_AHEAD = timedelta(weeks=8)


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


@dataclass(frozen=True)
class TourStop:
    """One address of a day as contractor and crew see it: neither orderer nor debtor nor price.

    `stop` is what the crew said last; None while nobody has said anything or it was taken back.
    """

    number: str
    street: str
    house: str
    litres: int
    items: tuple[OrderItem, ...]
    place_note: str
    access_note: str
    place_photo: str
    contact_name: str
    contact_phone: str
    stop: Stop | None

    @property
    def address(self) -> str:
        """Street and house number."""
        return f"{self.street} {self.house}"

    @property
    def reference(self) -> str:
        """The reference collection_tours knows the stop by."""
        return f"bulky-waste/{self.number}"

    @property
    def pieces(self) -> int:
        """How many pieces stand there."""
        return sum(item.count for item in self.items)

    @property
    def litres_by_fraction(self) -> dict[str, int]:
        """Litres of each kind of material, by its German name."""
        sums: dict[str, int] = {}
        for item in self.items:
            name = CatalogueItem.Fraction(item.fraction).label
            sums[name] = sums.get(name, 0) + item.litres
        return sums


def tour_stops(days: Iterable[CollectionDay], states: Iterable[State] = WITH_CONTRACTOR) -> list[TourStop]:
    """What the contractor has for these days, street by street and house by house (two statements)."""
    orders = Order.objects.filter(booking__day__in=list(days), state__in=list(states))
    rows = orders.select_related("booking__stop").prefetch_related("items")
    return [_tour_stop(order) for order in sorted(rows, key=_along_the_street)]


def _along_the_street(order: Order) -> tuple[str, int, str, int]:
    house = read_house_number(order.house)
    return (order.street_folded, house.number if house else 0, order.house, order.pk)


def _tour_stop(order: Order) -> TourStop:
    stop = order.booking.result
    return TourStop(
        number=order.number,
        street=order.street_name,
        house=order.house,
        litres=order.litres,
        items=tuple(order.items.all()),
        place_note=order.place_note,
        access_note=order.access_note,
        place_photo=order.place_photo,
        contact_name=order.on_site_name,
        contact_phone=order.on_site_phone,
        stop=stop if stop and stop.outcome != Stop.Outcome.OPEN else None,
    )


def contractor_days(today: date) -> list[CollectionDay]:
    """The days the contractor may look at: two weeks back, eight ahead (one statement)."""
    days = tours.days_for_contractor(today - CONTRACTOR_LOOKS_BACK)
    return [day for day in days if day.date <= today + CONTRACTOR_LOOKS_AHEAD]


def contractor_day(day_id: int, today: date) -> CollectionDay | None:
    """A day the contractor may look at; None for one that is over for more than two weeks."""
    return CollectionDay.objects.filter(pk=day_id, date__gte=today - CONTRACTOR_LOOKS_BACK).first()


def struck_off(day: CollectionDay) -> list[str]:
    """Numbers the contractor had on its list and that were cancelled since."""
    gone = Order.objects.filter(booking__day=day, state=State.CANCELLED, handed_over_at__isnull=False)
    return list(gone.order_by("number").values_list("number", flat=True))


def district_names(town: Town, on: date) -> dict[str, str]:
    """German names of the collection districts by their code."""
    return {district["code"]: district["name"] for district in town.value("collection_tours.districts", on)}


@dataclass(frozen=True)
class CrewTour:
    """The stops of one vehicle's day, in the order in which it drives."""

    device: CrewDevice
    stops: tuple[TourStop, ...]
    now: datetime

    @property
    def open(self) -> list[TourStop]:
        """The stops still to make."""
        return [stop for stop in self.stops if stop.stop is None]

    @property
    def done(self) -> list[TourStop]:
        """The stops made, latest first."""
        made = [(stop.stop.finished_at, stop) for stop in self.stops if stop.stop and stop.stop.finished_at]
        return [stop for _, stop in sorted(made, key=lambda pair: pair[0], reverse=True)]

    @property
    def last(self) -> TourStop | None:
        """The stop this vehicle made last, while its result can still be taken back."""
        return next((stop for stop in self.done if self.may_undo(stop)), None)

    def may_undo(self, tour_stop: TourStop) -> bool:
        """Whether this vehicle gave the result, not longer ago than results can be corrected."""
        stop = tour_stop.stop
        if stop is None or stop.finished_at is None or stop.finished_by != self.device.label:
            return False
        return may_correct(stop.finished_at, self.now)

    def find(self, number: str) -> TourStop | None:
        """The stop of this order number; None if it is not on this tour."""
        return next((stop for stop in self.stops if stop.number == number), None)

    def next_after(self, number: str) -> TourStop | None:
        """The next open stop behind this one, else the first open one."""
        numbers = [stop.number for stop in self.stops]
        behind = self.stops[numbers.index(number) + 1 :] if number in numbers else ()
        rest = [stop for stop in (*behind, *self.stops) if stop.stop is None and stop.number != number]
        return next(iter(rest), None)


def crew_tour(device: CrewDevice, town: Town, now: datetime) -> CrewTour:
    """The stops of the collection day a phone was signed in for, three statements; none if there is no such day.

    An order still unconfirmed by the hand-over job counts once its cut-off has passed.
    """
    mine = [day for day in CollectionDay.objects.filter(date=device.day) if day.reference == device.tour]
    is_over = now >= order_cut_off(town, device.day)
    states = [state for state in WITH_CONTRACTOR if is_over or state != State.CONFIRMED]
    return CrewTour(device, tuple(tour_stops(mine, states)), now)
