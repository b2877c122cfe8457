"""Numbers of receipts (Quittungen): one gapless series for each calendar year."""

from datetime import date, datetime

from stadthaus.kernel.calendars import BERLIN


def series(now: datetime) -> str:
    """The series a receipt of this moment belongs to: the calendar year on the town's clock."""
    return f"{business_day(now):%Y}"


def business_day(now: datetime) -> date:
    """The day on the town's clock."""
    return now.astimezone(BERLIN).date()


def write_number(series_name: str, number: int) -> str:
    """Receipt 123 of series 2025: "2025-000123"."""
    return f"{series_name}-{number:06d}"
