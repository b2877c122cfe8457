from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from stadthaus.base_services.collection_tours import actions
from stadthaus.base_services.collection_tours.actions.regular import KEEP_DAYS, RELEASE_HOLDS, TIDY_UP
from stadthaus.base_services.collection_tours.models import Booking, CollectionDay
from stadthaus.base_services.collection_tours.tests.factories import NOW, TODAY, make_day, minutes_later
from stadthaus.base_services.collection_tours.tests.test_actions_days import SERIES, enter
from stadthaus.kernel.actors import SYSTEM
from stadthaus.town import actions as town
from stadthaus.town.queries import RuleMissing
from stadthaus.work.models import Job
from stadthaus.work.registry import DueJob, handler_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_storage(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def run(kind: str, now: datetime) -> None:
    handler_of(kind)(DueJob(kind=kind, key="regular", payload={}, attempts=1), now)


def due(kind: str) -> datetime:
    return Job.objects.get(kind=kind).due_at


def test_starting_the_regular_jobs_twice_makes_each_once() -> None:
    actions.start_regular_jobs(now=NOW)
    actions.start_regular_jobs(now=NOW)
    assert sorted(Job.objects.values_list("kind", flat=True)) == [
        "collection_tours.keep_days",
        "collection_tours.release_holds",
        "collection_tours.tidy_up",
    ]


def test_days_are_made_ahead_every_night() -> None:
    town.enter_text(key="town.land", translations={"de": "NW"}, actor=SYSTEM, now=NOW)
    enter("collection_tours.series", SERIES)
    enter("collection_tours.weeks_ahead", 1)
    run(KEEP_DAYS, NOW)
    assert CollectionDay.objects.count() == 2
    assert due(KEEP_DAYS) == datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def test_today_is_the_towns_today() -> None:
    town.enter_text(key="town.land", translations={"de": "NW"}, actor=SYSTEM, now=NOW)
    enter("collection_tours.series", [SERIES[0] | {"weekday": weekday} for weekday in range(7)])
    enter("collection_tours.weeks_ahead", 1)
    # half past midnight of Tuesday in Werne is still Monday in UTC
    run(KEEP_DAYS, datetime(2026, 11, 23, 23, 30, tzinfo=UTC))
    assert CollectionDay.objects.earliest("date").date == TODAY + timedelta(days=2)


def test_without_a_series_the_job_fails_and_is_tried_again() -> None:
    with pytest.raises(RuleMissing):
        run(KEEP_DAYS, NOW)


def test_expired_holds_are_given_back_every_minute() -> None:
    day = make_day()
    actions.hold(reference="draft/a", day_id=day.pk, litres=1, minutes=20, now=NOW)
    run(RELEASE_HOLDS, minutes_later(20))
    assert Booking.objects.get().state == "released"
    assert due(RELEASE_HOLDS) == minutes_later(21)


def test_released_holds_are_forgotten_after_eight_days_but_cancelled_bookings_stay() -> None:
    day = make_day()
    actions.hold(reference="draft/a", day_id=day.pk, litres=1, minutes=20, now=NOW)
    actions.book(held_as="", reference="order/1", day_id=day.pk, litres=1, now=NOW)
    for reference in ("draft/a", "order/1"):
        actions.release(reference=reference, now=NOW)
    run(TIDY_UP, NOW + timedelta(days=8))
    assert Booking.objects.count() == 2
    run(TIDY_UP, NOW + timedelta(days=8, minutes=20))
    assert [booking.reference for booking in Booking.objects.all()] == ["order/1"]
    assert due(TIDY_UP) == datetime(2026, 12, 2, 1, 0, tzinfo=UTC)
