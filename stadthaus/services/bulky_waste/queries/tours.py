"""Stops of a collection day, for contractor and crew."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from stadthaus.accounts.models import CrewDevice
from stadthaus.base_services.addresses.rules.house_numbers import read_house_number
from stadthaus.base_services.addresses.rules.names import address_line
from stadthaus.base_services.collection_tours import queries as tours
from stadthaus.base_services.collection_tours.models import CollectionDay, Stop
from stadthaus.base_services.collection_tours.rules.outcomes import may_correct
from stadthaus.services.bulky_waste.models import CatalogueItem, Order, OrderItem
from stadthaus.services.bulky_waste.queries.days import order_cut_off
from stadthaus.services.bulky_waste.rules.states import RESULTS, State
from stadthaus.town.queries import Town

WITH_CONTRACTOR = [State.CONFIRMED, State.HANDED_OVER, *sorted(RESULTS)]
CONTRACTOR_LOOKS_BACK = timedelta(days=14)


@dataclass(frozen=True)
class TourStop:
    """One address of a day as contractor and crew see it: neither orderer nor debtor nor price.

    `stop` is what the crew said last; None while nobody has said anything or it was taken back.
    """

    number: str
    street: str
    hint: str
    house: str
    lies_at_centre: bool
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
        """Street and house number, with what tells streets of one name apart."""
        return address_line(self.street, self.house, self.hint)

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
    rows = orders.select_related("booking__stop", "street").prefetch_related("items")
    return [_tour_stop(order) for order in sorted(rows, key=_along_the_street)]


def _along_the_street(order: Order) -> tuple[str, str, int, str, int]:
    house = read_house_number(order.house)
    return (order.street_folded, order.street_hint, house.number if house else 0, order.house, order.pk)


def _tour_stop(order: Order) -> TourStop:
    stop = order.booking.result
    return TourStop(
        number=order.number,
        street=order.street_name,
        hint=order.street_hint,
        house=order.house,
        lies_at_centre=order.lies_at_centre,
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
    """The days the contractor may look at: two weeks back, and all there are ahead (one statement)."""
    return tours.days_for_contractor(today - CONTRACTOR_LOOKS_BACK)


def contractor_day(day_id: int, today: date) -> CollectionDay | None:
    """A day the contractor may look at; None for one that is over for more than two weeks."""
    return CollectionDay.objects.filter(pk=day_id, date__gte=today - CONTRACTOR_LOOKS_BACK).first()


def struck_off(day: CollectionDay) -> list[str]:
    """Numbers the contractor had on its list and that were cancelled since."""
    gone = Order.objects.filter(booking__day=day, state=State.CANCELLED, handed_over_at__isnull=False)
    return list(gone.order_by("number").values_list("number", flat=True))


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
