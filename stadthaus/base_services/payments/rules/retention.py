"""How long payment vouchers name somebody."""

from datetime import date


def first_day_kept(today: date, years: int) -> date:
    """The day from which bookings are kept as vouchers: `years` full years after their own (Aufbewahrungsfrist).

    Budget law of NRW; the treasury confirms the term.
    """
    return date(today.year - years, 1, 1)
