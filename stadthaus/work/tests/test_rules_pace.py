from datetime import UTC, datetime, time, timedelta

import pytest

from stadthaus.work.rules.pace import daily, every


def test_work_comes_again_after_its_span() -> None:
    now = datetime(2026, 11, 23, 0, 59, tzinfo=UTC)
    assert every(timedelta(minutes=1))(now) == datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "due_at"),
    [
        (datetime(2026, 11, 23, 0, 59, tzinfo=UTC), datetime(2026, 11, 23, 1, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 1, 0, tzinfo=UTC), datetime(2026, 11, 24, 1, 0, tzinfo=UTC)),
        # summer time begins: 2:00 does not exist, 3:00 is the same instant
        (datetime(2027, 3, 27, 12, 0, tzinfo=UTC), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), datetime(2027, 3, 29, 0, 0, tzinfo=UTC)),
        # summer time ends: 2:00 comes twice, the first counts
        (datetime(2027, 10, 30, 12, 0, tzinfo=UTC), datetime(2027, 10, 31, 0, 0, tzinfo=UTC)),
        (datetime(2027, 10, 31, 0, 0, tzinfo=UTC), datetime(2027, 11, 1, 1, 0, tzinfo=UTC)),
    ],
)
def test_daily_work_comes_at_its_time_on_the_towns_clock(now: datetime, due_at: datetime) -> None:
    assert daily(time(2))(now).astimezone(UTC) == due_at
