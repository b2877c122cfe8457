"""A draft with everything computed from its answers."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256

from stadthaus import rows
from stadthaus.base_services.collection_tours.models import Booking, CollectionDay
from stadthaus.base_services.payments.rules.pay_by import Way
from stadthaus.services.bulky_waste.models import CatalogueItem, Draft
from stadthaus.services.bulky_waste.queries.days import days_with_room, may_be_chosen, ways_to_pay
from stadthaus.services.bulky_waste.queries.offer import Catalogue, catalogue, everyday, limits, newest_edition, tariff
from stadthaus.services.bulky_waste.rules import dates, items, pricing, steps
from stadthaus.town.queries import Town, newest
from stadthaus.town.queries import current as current_town


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
            what=bool(self.lines and what.get("within_limits")) and not (self.too_long or self.quote.too_much),
            who=bool(self.draft.answer("who")),
            when=self.day is not None,
            place=bool(self.draft.answer("place")),
        )

    @property
    def channel(self) -> str:
        """How the person wants to be told; nothing while that is not answered."""
        return str(self.draft.answer("who").get("channel", ""))

    @property
    def too_long(self) -> list[items.PricedLine]:
        """What cannot be taken as it stands on the list."""
        return [line for line in self.lines if line.too_long]

    @cached_property
    def no_longer_taken(self) -> list[str]:
        """Names of things on the list that left the catalogue meanwhile (no statement while there is none)."""
        gone = {line.key for line in self.draft.lines} - {items.OWN} - self.catalogue.items.keys()
        return list(CatalogueItem.objects.filter(key__in=gone).values_list("name_de", flat=True)) if gone else []

    @cached_property
    def ways(self) -> list[Way]:
        """The ways to pay that still end before the cut-off of the day chosen; none without a day."""
        return ways_to_pay(self.day, self.channel, self.town, self.now) if self.day else []

    @cached_property
    def shown(self) -> "Shown":
        """What the last page shows of this order."""
        answers = [self.draft.answer(page) for page in ("where", "who", "place")]
        shown = [answers, [line.line.as_data() for line in self.lines], str(self.day and self.day.date)]
        return Shown(self.quote.amount, sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:16])

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
        return items.example_that_fits(self.quote.free_litres, everyday(self.catalogue, self.limits))


@dataclass(frozen=True)
class Shown:
    """What somebody has seen and so orders: the amount in cents, and a fingerprint of the answers (16 hex digits)."""

    amount: int
    answers: str


@dataclass(frozen=True)
class Opened:
    """A draft, with the town and the catalogue as they stand at the same moment."""

    draft: Draft
    town: Town
    catalogue: Catalogue


_OPEN = rows.Prepared(
    lambda given: (
        Draft.objects.filter(public_id=given("public_id"))
        .select_related("booking__day")
        .order_by()
        .annotate(**newest(), newest_edition=newest_edition())
    )
)


def open_draft(public_id: str) -> Opened | None:
    """The draft of an address with its place and all that its pages are computed from (one statement)."""
    draft = _OPEN.first(public_id=public_id)
    if draft is None:
        return None
    read = vars(draft)
    town = current_town((read.pop("newest_rule"), read.pop("newest_text")))
    return Opened(draft, town, catalogue(read.pop("newest_edition") or 0))


def picture(draft: Draft, town: Town, now: datetime, stock: Catalogue | None = None) -> Picture:
    """Compute the picture of a draft that was read with its place (one statement for the catalogue if not given)."""
    today = dates.fee_day(now)
    stock = stock or catalogue()
    current_tariff, current_limits = tariff(town, today), limits(town, today)
    lines = items.price_lines(draft.lines, stock.items, current_limits)
    booking = draft.hold
    return Picture(
        draft=draft,
        town=town,
        catalogue=stock,
        now=now,
        tariff=current_tariff,
        limits=current_limits,
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
    return day if day is not None and is_offered(day, draft, town, now) else None


def is_offered(day: CollectionDay, draft: Draft, town: Town, now: datetime) -> bool:
    """Whether a draft may choose a day if there is room: nobody holds a place that they could not pay for."""
    in_district = day.district == draft.answer("where").get("district")
    channel = draft.answer("who").get("channel", "")
    return in_district and may_be_chosen(day, channel, town, now) and bool(ways_to_pay(day, channel, town, now))


def offered_days(seen: Picture, *, later: timedelta = timedelta()) -> list[CollectionDay]:
    """The days this order may choose, soonest first; `later` ones, if nobody orders meanwhile (one statement)."""
    days = days_with_room(
        seen.town,
        seen.now + later,
        channel=seen.channel,
        district=seen.draft.answer("where")["district"],
        litres=seen.quote.litres,
        held_as=seen.draft.hold_reference,
    )
    return [day for day in days if ways_to_pay(day, seen.channel, seen.town, seen.now)]
