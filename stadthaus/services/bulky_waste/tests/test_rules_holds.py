from datetime import datetime, timedelta

import pytest

from stadthaus.kernel.calendars import BERLIN
from stadthaus.services.bulky_waste.rules.holds import kept_from_others

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=BERLIN)
WHOLE = timedelta(minutes=20)


@pytest.mark.parametrize(("minutes", "kept"), [(20, 2000), (10, 1000), (1, 100), (0, 0), (-5, 0)])
def test_a_hold_weighs_its_litres_by_the_time_that_is_left(minutes: int, kept: int) -> None:
    assert kept_from_others(2000, NOW + timedelta(minutes=minutes), NOW, whole=WHOLE) == kept


def test_a_small_hold_weighs_the_stop_it_takes() -> None:
    assert kept_from_others(50, NOW + WHOLE, NOW, whole=WHOLE) == 600


def test_no_hold_weighs_nothing() -> None:
    assert kept_from_others(2000, None, NOW, whole=WHOLE) == 0


def test_in_a_town_that_holds_longer_a_whole_hold_weighs_the_same() -> None:
    hour = timedelta(hours=1)
    assert kept_from_others(2000, NOW + hour, NOW, whole=hour) == 2000
