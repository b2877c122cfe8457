"""Which days an order may choose, and until when it may be cancelled."""

from datetime import date, datetime

from stadthaus.kernel.calendars import BERLIN, WorkCalendar
from stadthaus.kernel.deadlines import CutOff


def is_open_for_orders(day: date, cut_off: CutOff, calendar: WorkCalendar, now: datetime) -> bool:
    """A day can be ordered while its cut-off (Annahmeschluss) has not come."""
    return now < cut_off.moment(day, calendar)


def first_day_by_letter(today: date, post_days: int, calendar: WorkCalendar) -> date:
    """Who is answered by letter gets no day earlier than the post needs (Postlaufzeit, in working days)."""
    return calendar.working_days_after(today, post_days)


def may_cancel(day: date, cut_off: CutOff, calendar: WorkCalendar, now: datetime) -> bool:
    """Cancelling (Stornieren) is possible while its own cut-off has not come."""
    return now < cut_off.moment(day, calendar)


def fee_day(now: datetime) -> date:
    """The day on the town's clock: a fee that arises at ordering follows the statute of this day."""
    return now.astimezone(BERLIN).date()
