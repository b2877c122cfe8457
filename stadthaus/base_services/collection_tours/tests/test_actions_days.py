from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from stadthaus.accounts import queries as accounts
from stadthaus.base_services.collection_tours import actions
from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.base_services.collection_tours.tests.factories import NOW, OFFICE, TODAY, make_day
from stadthaus.kernel.actors import SYSTEM
from stadthaus.town import actions as town

pytestmark = pytest.mark.django_db

SERIES = [
    {"district": "nord", "weekday": 1, "litres": 25_000, "stops": 40},
    {"district": "sued", "weekday": 3, "litres": 25_000, "stops": 40},
]


def enter(key: str, value: Any, valid_from: date = date(2020, 1, 1)) -> None:
    town.enter_rule(
        key=key,
        kind="operational",
        value=value,
        valid_from=valid_from,
        source=None,
        confirmed=True,
        actor=SYSTEM,
        now=NOW,
    )


@pytest.fixture
def _town() -> None:
    town.enter_text(key="town.land", translations={"de": "NW"}, actor=SYSTEM, now=NOW)
    enter("collection_tours.series", SERIES)
    enter("collection_tours.weeks_ahead", 8)
    enter("town.closed_days", [])


@pytest.fixture
def _few_weeks(_town: None) -> None:
    enter("collection_tours.weeks_ahead", 2, date(2020, 1, 2))


def events(day: CollectionDay) -> list[str]:
    return [entry.event for entry in accounts.trail(day.reference)]


@pytest.mark.usefixtures("_town")
def test_the_series_makes_its_days_eight_weeks_ahead() -> None:
    # eight Tuesdays and eight Thursdays, none of them a holiday in NRW
    assert actions.keep_days_ahead(today=TODAY, now=NOW) == 16
    day = CollectionDay.objects.earliest("date")
    assert (day.date, day.district, day.capacity_litres, day.capacity_stops) == (
        date(2026, 11, 24),
        "nord",
        25_000,
        40,
    )
    assert CollectionDay.objects.latest("date").date == date(2027, 1, 14)


@pytest.mark.usefixtures("_few_weeks")
def test_looking_again_makes_nothing_twice() -> None:
    actions.keep_days_ahead(today=TODAY, now=NOW)
    assert actions.keep_days_ahead(today=TODAY, now=NOW) == 0
    assert actions.keep_days_ahead(today=date(2026, 11, 24), now=NOW) == 1


@pytest.mark.usefixtures("_few_weeks")
def test_public_holidays_and_closing_days_are_left_out() -> None:
    enter("town.closed_days", ["2027-05-04"], date(2020, 1, 2))
    # Ascension Day is Thursday 6 May 2027
    actions.keep_days_ahead(today=date(2027, 5, 2), now=NOW)
    dates = list(CollectionDay.objects.values_list("date", flat=True))
    assert dates == [date(2027, 5, 11), date(2027, 5, 13)]


@pytest.mark.usefixtures("_few_weeks")
def test_a_day_somebody_changed_stays_as_it_is() -> None:
    day = make_day(day=date(2026, 11, 24), litres=7000, stops=3)
    actions.close_day(day_id=day.pk, actor=OFFICE, now=NOW)
    actions.keep_days_ahead(today=TODAY, now=NOW)
    day.refresh_from_db()
    assert (day.capacity_litres, day.capacity_stops, day.closed) == (7000, 3, True)


@pytest.mark.usefixtures("_few_weeks")
def test_a_new_series_counts_from_its_first_day() -> None:
    enter("collection_tours.series", [SERIES[1]], date(2026, 12, 1))
    actions.keep_days_ahead(today=TODAY, now=NOW)
    days = CollectionDay.objects.values_list("date", "district")
    assert list(days) == [
        (date(2026, 11, 24), "nord"),
        (date(2026, 11, 26), "sued"),
        (date(2026, 12, 3), "sued"),
    ]


@pytest.mark.usefixtures("_town")
def test_making_days_ahead_stays_cheap(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    actions.keep_days_ahead(today=TODAY, now=NOW)
    with django_assert_num_queries(2 + 2):  # the town's stamp, known days; savepoint
        actions.keep_days_ahead(today=TODAY, now=NOW)


def test_a_day_can_be_added_once() -> None:
    day = actions.add_day(date=TODAY, district="nord", litres=5000, stops=9, actor=OFFICE, now=NOW)
    with pytest.raises(actions.DayExists):
        actions.add_day(date=TODAY, district="nord", litres=1, stops=1, actor=OFFICE, now=NOW)
    day.refresh_from_db()
    assert (day.capacity_litres, day.capacity_stops) == (5000, 9)
    assert events(day) == ["collection_day.added"]


def test_a_new_capacity_is_written_to_the_trail() -> None:
    day = make_day(litres=10_000, stops=5)
    actions.set_capacity(day_id=day.pk, litres=8000, stops=5, actor=OFFICE, now=NOW)
    day.refresh_from_db()
    assert day.capacity_litres == 8000
    assert events(day) == ["collection_day.capacity_set"]


def test_the_same_capacity_again_leaves_no_trace() -> None:
    day = make_day(litres=10_000, stops=5)
    actions.set_capacity(day_id=day.pk, litres=10_000, stops=5, actor=OFFICE, now=NOW)
    assert events(day) == []


@pytest.mark.parametrize(("litres", "stops"), [(2999, 5), (10_000, 0)])
def test_capacity_cannot_fall_below_what_is_held(litres: int, stops: int) -> None:
    day = make_day()
    actions.hold(reference="draft/a", day_id=day.pk, litres=3000, minutes=20, now=NOW)
    with pytest.raises(actions.CapacityTooSmall):
        actions.set_capacity(day_id=day.pk, litres=litres, stops=stops, actor=OFFICE, now=NOW)


def test_closing_and_opening_again_are_written_to_the_trail_once_each() -> None:
    day = make_day()
    for action in (actions.close_day, actions.close_day, actions.reopen_day, actions.reopen_day):
        day = action(day_id=day.pk, actor=OFFICE, now=NOW)
    assert events(day) == ["collection_day.closed", "collection_day.reopened"]
    assert not day.closed


def closed(day: CollectionDay, *also: str) -> str:
    said = StringIO()
    call_command("close_day", f"{day.date}", day.district, "--by", "Wanda Abfall, Kommunalbetrieb", *also, stdout=said)
    return said.getvalue()


def test_a_day_closed_on_the_command_line_takes_nobody_any_more_and_names_who_is_booked() -> None:
    day = make_day()
    actions.book(held_as="x", day_id=day.pk, litres=1000, reference="bulky-waste/4711", now=NOW)
    assert "Noch gebucht: 4711" in closed(day)
    with pytest.raises(actions.DayIsClosed):
        actions.book(held_as="x", day_id=day.pk, litres=1000, reference="bulky-waste/4712", now=NOW)


def test_a_day_can_be_opened_again_on_the_command_line() -> None:
    day = make_day()
    closed(day)
    assert "jetzt offen" in closed(day, "--reopen")
    day.refresh_from_db()
    assert not day.closed


def test_a_day_that_is_none_is_said() -> None:
    with pytest.raises(CommandError, match="kein kommender Abholtag"):
        closed(CollectionDay(date=date(2026, 12, 24), district="west"))
