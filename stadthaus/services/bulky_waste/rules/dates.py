"""Which days an order may choose, and which day decides what it costs."""

from datetime import date, datetime
from typing import Any

from stadthaus.kernel.calendars import WorkCalendar, day_of
from stadthaus.town.rules.values import Unusable

ORDERING = "ordering"


def read_moment_of_fee(value: Any) -> str:
    """A statute lets a fee arise at ordering, at payment or at collection; only the first is built (`fee_day`)."""
    if value != ORDERING:
        raise Unusable(
            f"„{value}“ kann das Programm noch nicht. Unterstützt wird nur „{ORDERING}“ "
            "(die Gebühr entsteht beim Bestellen)."
        )
    return ORDERING


def may_be_chosen(day: date, *, first: date, cut_off: datetime, now: datetime) -> bool:
    """A day can be ordered from the first one on that can be reached, until its cut-off (Annahmeschluss) comes."""
    return first <= day and now < cut_off


def day_of_letter(today: date, post_days: int, calendar: WorkCalendar) -> date:
    """The day a letter of today is there (Postlaufzeit, in working days): deadlines and collection come after it."""
    return calendar.working_days_after(today, post_days)


def fee_day(now: datetime) -> date:
    """The day on the town's clock: a fee that arises at ordering follows the statute of this day."""
    return day_of(now)
