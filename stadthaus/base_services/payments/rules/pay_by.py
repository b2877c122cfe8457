"""Which ways to pay are offered, and until when each keeps the place (Zahlungsfrist)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from stadthaus.kernel.calendars import BERLIN, WorkCalendar
from stadthaus.kernel.deadlines import Term

WayName = Literal["online", "transfer", "counter"]
LONGEST_ASKING = timedelta(hours=24)


@dataclass(frozen=True)
class Way:
    """A way to pay (Zahlungsweg) that is offered.

    People are told `pay_by`. The place is never kept beyond `ask_until`: until then uncertain money
    is asked about, and a transfer sent on the last day may still arrive.
    """

    way: WayName
    pay_by: datetime
    ask_until: datetime


@dataclass(frozen=True)
class PayByRules:
    """The town's dated values: minutes online (None: not offered), terms, banking days a transfer takes."""

    online_minutes: int | None
    transfer: Term
    counter: Term
    banking_days: int


def offered(rules: PayByRules, *, now: datetime, today: date, cut_off: datetime, calendar: WorkCalendar) -> list[Way]:
    """The ways that come to their end before the cut-off (Annahmeschluss).

    A deadline that would lie after it is not shortened: the way is not offered. After the last day
    to transfer, the banking days (Bankarbeitstage) must still fit in before the cut-off.
    """
    ways = []
    if rules.online_minutes is not None:
        online_by = now.astimezone(UTC) + timedelta(minutes=rules.online_minutes)
        ways.append(Way("online", online_by, ask_until(online_by, cut_off)))
    transfer_by = rules.transfer.moment(today, calendar)
    arrived = Term(rules.banking_days, "working", rules.transfer.at)
    transfer_day = transfer_by.astimezone(BERLIN).date()
    ways.append(Way("transfer", transfer_by, arrived.moment(transfer_day, calendar)))
    counter_by = rules.counter.moment(today, calendar)
    ways.append(Way("counter", counter_by, ask_until(counter_by, cut_off)))
    return [way for way in ways if now < way.pay_by < cut_off and way.ask_until <= cut_off]


def ask_until(pay_by: datetime, cut_off: datetime) -> datetime:
    """Until when the provider is asked about uncertain money: 24 hours, or the cut-off if that is earlier."""
    return min(pay_by + LONGEST_ASKING, cut_off)
