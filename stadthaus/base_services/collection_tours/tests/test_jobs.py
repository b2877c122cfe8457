from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from stadthaus.base_services.collection_tours import actions, jobs
from stadthaus.base_services.collection_tours.models import Booking, CollectionDay
from stadthaus.base_services.collection_tours.tests.factories import NOW, TODAY, make_day, minutes_later
from stadthaus.base_services.collection_tours.tests.test_actions_days import SERIES, enter
from stadthaus.kernel.actors import SYSTEM
from stadthaus.town import actions as town
from stadthaus.town.queries import RuleMissing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_storage(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_days_are_made_ahead() -> None:
    town.enter_text(key="town.land", translations={"de": "NW"}, actor=SYSTEM, now=NOW)
    enter("collection_tours.series", SERIES)
    enter("collection_tours.weeks_ahead", 1)
    jobs.keep_days(NOW)
    assert CollectionDay.objects.count() == 2


def test_today_is_the_towns_today() -> None:
    town.enter_text(key="town.land", translations={"de": "NW"}, actor=SYSTEM, now=NOW)
    enter("collection_tours.series", [SERIES[0] | {"weekday": weekday} for weekday in range(7)])
    enter("collection_tours.weeks_ahead", 1)
    # half past midnight of Tuesday in Werne is still Monday in UTC
    jobs.keep_days(datetime(2026, 11, 23, 23, 30, tzinfo=UTC))
    assert CollectionDay.objects.earliest("date").date == TODAY + timedelta(days=2)


def test_without_a_series_the_job_fails() -> None:
    with pytest.raises(RuleMissing):
        jobs.keep_days(NOW)


def test_expired_holds_are_given_back() -> None:
    day = make_day()
    actions.hold(reference="draft/a", day_id=day.pk, litres=1, minutes=20, now=NOW)
    jobs.release_holds(minutes_later(20))
    assert Booking.objects.get().state == "released"


def test_released_holds_are_forgotten_after_eight_days_but_cancelled_bookings_stay() -> None:
    day = make_day()
    actions.hold(reference="draft/a", day_id=day.pk, litres=1, minutes=20, now=NOW)
    actions.book(held_as="", reference="order/1", day_id=day.pk, litres=1, now=NOW)
    for reference in ("draft/a", "order/1"):
        actions.release(reference=reference, now=NOW)
    jobs.tidy_up(NOW + timedelta(days=8))
    assert Booking.objects.count() == 2
    jobs.tidy_up(NOW + timedelta(days=8, minutes=20))
    assert [booking.reference for booking in Booking.objects.all()] == ["order/1"]
