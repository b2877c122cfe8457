"""Numbers of receipts (Quittungen): one gapless series for each calendar year."""

from datetime import datetime

from stadthaus.kernel.calendars import day_of


def series(now: datetime) -> str:
    """The series a receipt of this moment belongs to: the calendar year on the town's clock."""
    return f"{day_of(now):%Y}"


def write_number(series_name: str, number: int) -> str:
    """Receipt 123 of series 2025: "2025-000123"."""
    return f"{series_name}-{number:06d}"
