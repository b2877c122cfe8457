"""Reads of the bulky-waste card that span several tables."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import QuerySet, Sum

from stadthaus.accounts.models import AuditEntry, CrewDevice
from stadthaus.accounts.queries import trail
from stadthaus.base_services.addresses.queries import read_house_number
from stadthaus.base_services.collection_tours import queries as tours
from stadthaus.base_services.collection_tours.models import Booking, CollectionDay, Stop
from stadthaus.base_services.collection_tours.rules.outcomes import OUTCOMES, REASONS, may_correct
from stadthaus.base_services.payments.models import RefundOrder
from stadthaus.base_services.payments.rules import events as payment_events
from stadthaus.kernel.calendars import BERLIN
from stadthaus.kernel.references import read_number
from stadthaus.kernel.words import fold
from stadthaus.services.bulky_waste.models import (
    CatalogueItem,
    Draft,
    NotBulkyThing,
    Order,
    OrderItem,
)
from stadthaus.services.bulky_waste.rules import dates, items, pricing, steps
from stadthaus.services.bulky_waste.rules.items import Item, NotBulky
from stadthaus.services.bulky_waste.rules.states import ENDED, RESULTS, State
from stadthaus.town.queries import Town

WITH_CONTRACTOR = [State.CONFIRMED, State.HANDED_OVER, *sorted(RESULTS)]


@dataclass(frozen=True)
class Catalogue:
    """All things of the catalogue as they stand at one moment."""

    items: dict[str, Item]
    not_bulky: tuple[NotBulky, ...]


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
    rows = CatalogueItem.objects.filter(active=True)
    return Catalogue(
        items={row.key: row.as_rule() for row in rows},
        not_bulky=tuple(row.as_rule() for row in NotBulkyThing.objects.all()),
    )


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
    if day is None or not _is_open(town, now)(day):
        return None
    return day if day.district == draft.answer("where").get("district") else None


def _is_open(town: Town, now: datetime) -> Callable[[CollectionDay], bool]:
    cut_off = town.cut_off("bulky_waste.order_until", dates.fee_day(now))
    return lambda day: dates.is_open_for_orders(day.date, cut_off, town.calendar, now)


def offered_days(seen: Picture) -> list[CollectionDay]:
    """The days with room for this order in its district, soonest first."""
    today = seen.now.astimezone(BERLIN).date()
    earliest = today + timedelta(days=1)
    if seen.draft.answer("who").get("channel") == Order.Channel.LETTER:
        earliest = dates.first_day_by_letter(
            today, seen.town.value("bulky_waste.letter_days", today), seen.town.calendar
        )
    days = tours.days_with_room(
        district=seen.draft.answer("where")["district"],
        litres=seen.quote.litres,
        after=earliest,
        now=seen.now,
        held_as=seen.draft.hold_reference,
    )
    is_open = _is_open(seen.town, seen.now)
    return [day for day in days if is_open(day)]


def order_cut_off(town: Town, day: date) -> datetime:
    """The instant at which a day goes to the contractor."""
    return town.cut_off("bulky_waste.order_until", day).moment(day, town.calendar)


def orders_to_erase(town: Town, now: datetime) -> list[str]:
    """Numbers of ended orders whose contact data and photos have reached their term, at most 500 (one statement).

    The longer of both terms counts, from the collection day or from the end of an order that was
    cancelled or lapsed, whichever is later.
    """
    today = now.astimezone(BERLIN).date()
    terms = [town.value(f"bulky_waste.retention_{kind}_days", today) for kind in ("contact", "photo")]
    before = today - timedelta(days=max(terms))
    over = Order.objects.filter(state__in=sorted(ENDED), erased_at=None, ended_at__date__lt=before)
    return list(over.filter(booking__day__date__lt=before).order_by("pk").values_list("number", flat=True)[:500])


def days_to_hand_over(town: Town, now: datetime) -> list[int]:
    """Days with confirmed orders whose cut-off has passed (one statement)."""
    waiting = CollectionDay.objects.filter(bookings__order__state=State.CONFIRMED).order_by("date").distinct()
    return [day.pk for day in waiting if now >= order_cut_off(town, day.date)]


def cancel_until(town: Town, order: Order) -> datetime:
    """Until when the orderer may cancel."""
    day = order.booking.day.date
    return town.cut_off("bulky_waste.cancel_until", day).moment(day, town.calendar)


def refund_until(town: Town, order: Order) -> datetime:
    """Until when cancelling gives the whole fee back."""
    day = order.booking.day.date
    return town.cut_off("bulky_waste.refund_until", day).moment(day, town.calendar)


def out_by(town: Town, day: date) -> str:
    """Until when the things have to stand at the street, as people say it: "6:00"."""
    value: str = town.value("bulky_waste.out_by", day)
    return value.removeprefix("0")


def free_until(town: Town, day: date) -> datetime:
    """Until when an order for this day can be cancelled and costs nothing."""
    cut_offs = [town.cut_off(f"bulky_waste.{name}", day) for name in ("cancel_until", "refund_until")]
    return min(cut_off.moment(day, town.calendar) for cut_off in cut_offs)


def orders_with_all() -> QuerySet[Order]:
    """Orders with payment, place and day, one statement."""
    return Order.objects.select_related("payment", "booking__day", "street")


def find_orders(text: str) -> QuerySet[Order]:
    """Orders by number, name or street: prefix searches on indexed columns; all orders for an empty text."""
    orders = orders_with_all()
    if not text.strip():
        return orders
    number = read_number(text)
    if number:
        return orders.filter(number=number)
    folded = fold(text)
    return orders.filter(name_folded__startswith=folded) | orders.filter(street_folded__startswith=folded)


def orders_of_day(day: CollectionDay) -> QuerySet[Order]:
    """All orders that the contractor has for a day, in the order of the streets."""
    return (
        orders_with_all()
        .filter(booking__day=day, state__in=WITH_CONTRACTOR)
        .order_by("street_folded", "house", "id")
        .prefetch_related("items")
    )


def refund_promised(order: Order) -> int:
    """Cents that go back to the payer because of refund orders; 0 if none."""
    orders = RefundOrder.objects.filter(request_id=order.payment_id).counting()
    return orders.aggregate(sum=Sum("amount_cents"))["sum"] or 0


# --- Desk ---

CONTRACTOR_LOOKS_BACK = timedelta(days=14)
CONTRACTOR_LOOKS_AHEAD = timedelta(weeks=8)

_EVENT_WORDS = {
    "order.placed": "Bestellt",
    "order.confirmed": "Bestätigt, Karte ausgestellt",
    "order.handed_over": "An den Entsorger übergeben",
    "order.collected": "Abgeholt",
    "order.partly_collected": "Teilweise abgeholt",
    "order.not_collected": "Nicht abgeholt",
    "order.erased": "Kontaktdaten und Fotos gelöscht",
    "order.reopened": "Wieder offen, Abfuhr hat das Ergebnis zurückgenommen",
    "order.cancelled": "Storniert, Platz ist wieder frei",
    "order.lapsed": "Verfallen, Platz ist wieder frei",
    "stop.finished": "Abfuhr meldet",
    "stop.reopened": "Abfuhr nimmt zurück",
    "message.sent_again": "Nachricht noch einmal gesendet",
}


@dataclass(frozen=True)
class HistoryLine:
    """One thing that happened to an order, in words."""

    at: datetime
    words: str
    who: str


def history(order: Order) -> list[HistoryLine]:
    """Everything that happened to an order and its payment, oldest first (one statement)."""
    return [HistoryLine(entry.at, _in_words(entry), entry.actor_label) for entry in trail(order.reference)]


def _in_words(entry: AuditEntry) -> str:
    words = _EVENT_WORDS.get(entry.event) or payment_events.describe(entry.event)
    if not entry.event.startswith("stop."):
        return ": ".join([words, *entry.values.get("reason", [])[1:]])
    side = 1 if entry.event == "stop.finished" else 0
    outcome, reason = (entry.values.get(name, ["", ""])[side] for name in ("outcome", "reason"))
    said = [OUTCOMES[outcome].word] if outcome in OUTCOMES else []
    said += [REASONS[reason].word] if reason in REASONS else []
    return f"{words}: {', '.join(said)}"


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
    """The stops of a crew's day and district, three statements; a tour that names no district has all of the day.

    An order still unconfirmed by the hand-over job counts once its cut-off has passed.
    """
    days = list(CollectionDay.objects.filter(date=device.day))
    codes = {fold(word): code for code, name in district_names(town, device.day).items() for word in (code, name)}
    district = codes.get(fold(device.tour))
    mine = [day for day in days if district is None or day.district == district]
    is_over = now >= order_cut_off(town, device.day)
    states = [state for state in WITH_CONTRACTOR if is_over or state != State.CONFIRMED]
    return CrewTour(device, tuple(tour_stops(mine, states)), now)
