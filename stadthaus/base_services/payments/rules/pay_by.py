"""Which ways to pay are offered, and until when each keeps the place (Zahlungsfrist)."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from stadthaus.kernel.calendars import BERLIN, OpeningHours, WorkCalendar, day_of
from stadthaus.kernel.deadlines import Term

WayName = Literal["online", "transfer", "counter"]
LONGEST_ASKING = timedelta(hours=24)  # so long the provider is asked about uncertain money, but not beyond the cut-off


@dataclass(frozen=True)
class Way:
    """A way to pay (Zahlungsweg) that is offered.

    People are told `last_chance`, the last moment at which they can really pay; the place is kept for them until
    `pay_by`. It is never kept beyond `ask_until`: until then uncertain money is asked about, and a transfer sent on
    the last day may still arrive.
    """

    way: WayName
    pay_by: datetime
    last_chance: datetime
    ask_until: datetime


@dataclass(frozen=True)
class PayByRules:
    """The town's dated values: minutes online (None: not offered), terms, a transfer's days, the counter's hours."""

    online_minutes: int | None
    transfer: Term
    counter: Term
    banking_days: int
    hours: OpeningHours


def offered(
    rules: PayByRules, *, now: datetime, told_on: date, cut_off: datetime, calendar: WorkCalendar
) -> list[Way]:
    """The ways that come to their end before the cut-off (Annahmeschluss).

    Days are counted from `told_on`: for whoever is told by letter, from the day the post has brought it.
    A deadline that would lie after it is not shortened: the way is not offered. After the last day
    to transfer, the banking days (Bankarbeitstage) must still fit in before the cut-off. Nor is a way
    offered whose last chance has already gone.
    """
    ways = _ending_on_a_day(rules, told_on, calendar)
    if rules.online_minutes is not None:
        online_by = now.astimezone(UTC) + timedelta(minutes=rules.online_minutes)
        ways = (Way("online", online_by, online_by, online_by + LONGEST_ASKING), *ways)
    return [
        replace(way, ask_until=min(way.ask_until, cut_off))
        for way in ways
        if now < way.last_chance and way.pay_by < cut_off and (way.way != "transfer" or way.ask_until <= cut_off)
    ]


@lru_cache(maxsize=64)
def _ending_on_a_day(rules: PayByRules, told_on: date, calendar: WorkCalendar) -> tuple[Way, ...]:
    """Transfer and counter, each if it can still be done before its deadline."""
    transfer_by, counter_by = (term.moment(told_on, calendar) for term in (rules.transfer, rules.counter))
    arrived = Term(rules.banking_days, "working", rules.transfer.at).moment(day_of(transfer_by), calendar)
    ends: tuple[tuple[WayName, datetime, datetime], ...] = (
        ("transfer", transfer_by, arrived),
        ("counter", counter_by, counter_by + LONGEST_ASKING),
    )
    chances = ((end, last_chance(end[0], end[1], hours=rules.hours, calendar=calendar)) for end in ends)
    return tuple(Way(way, pay_by, chance, until) for (way, pay_by, until), chance in chances if chance)


def last_chance(way: str, pay_by: datetime, *, hours: OpeningHours, calendar: WorkCalendar) -> datetime | None:
    """The last moment before `pay_by` at which somebody can really pay; None if there is none.

    At the counter that is the end of the last opening hours (Öffnungszeit), for a transfer the last banking day
    (Bankarbeitstag); online it is `pay_by` itself.
    """
    if way == "counter":
        return hours.last_moment(pay_by)
    if way == "transfer":
        there = pay_by.astimezone(BERLIN)
        if not calendar.is_working_day(there.date()):
            return datetime.combine(calendar.working_days_before(there.date(), 1), there.timetz())
    return pay_by
