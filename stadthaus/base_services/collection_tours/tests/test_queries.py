from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from stadthaus.base_services.collection_tours import actions, queries
from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.base_services.collection_tours.tests.factories import (
    NOW,
    OFFICE,
    TODAY,
    make_day,
    minutes_later,
)

pytestmark = pytest.mark.django_db


def offered(litres: int = 3000, minute: float = 0, held_as: str = "") -> list[CollectionDay]:
    return queries.days_with_room(
        district="nord", litres=litres, after=TODAY, now=minutes_later(minute), held_as=held_as
    )


def hold(day: CollectionDay, reference: str = "draft/a", litres: int = 3000) -> None:
    actions.hold(reference=reference, day_id=day.pk, litres=litres, minutes=20, now=NOW)


def book(day: CollectionDay, reference: str, litres: int = 1000) -> None:
    actions.book(held_as="", reference=reference, day_id=day.pk, litres=litres, now=NOW)


def test_days_come_soonest_first() -> None:
    late, soon = make_day(day=TODAY + timedelta(days=9)), make_day(day=TODAY + timedelta(days=2))
    assert offered() == [soon, late]


def test_days_before_the_first_possible_one_are_left_out() -> None:
    make_day(day=TODAY - timedelta(days=1))
    first = make_day(day=TODAY)
    assert offered() == [first]


def test_other_districts_and_closed_days_are_left_out() -> None:
    make_day(district="sued")
    actions.close_day(day_id=make_day().pk, actor=OFFICE, now=NOW)
    assert offered() == []


def test_a_day_needs_room_for_the_volume_and_for_a_stop() -> None:
    small, few, right = make_day(litres=2999), make_day(stops=1), make_day(litres=3000)
    book(few, "order/1")
    assert offered() == [right]
    assert offered(2999) == [small, right]


def test_expired_holds_count_as_free() -> None:
    day = make_day(litres=5000, stops=1)
    hold(day)
    assert offered(minute=19) == []
    assert offered(minute=20) == [day]


def test_an_own_hold_counts_as_free() -> None:
    day = make_day(litres=5000, stops=1)
    hold(day)
    assert offered(5000, held_as="draft/a") == [day]
    assert offered(5000, held_as="draft/b") == []


def test_booked_places_never_count_as_free() -> None:
    day = make_day(stops=1)
    book(day, "order/1")
    assert offered(minute=1000) == []


def test_the_figures_of_an_offered_day_tell_what_expired_holds_free() -> None:
    day = make_day(litres=10_000)
    hold(day)
    hold(day, "draft/b", 2000)
    book(day, "order/1")
    [found] = offered(minute=20)
    assert (found.free_litres, found.booked_stops) == (4000, 3)
    assert (found.freed_litres, found.freed_stops) == (5000, 2)  # type: ignore[attr-defined]  # annotated


def test_sixty_days_are_enough() -> None:
    for _ in range(62):
        make_day()
    assert len(offered()) == 60


def test_days_with_room_is_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_day()
    make_day()
    with django_assert_num_queries(1):
        offered()


def test_the_contractor_sees_closed_days_too() -> None:
    make_day(day=TODAY - timedelta(days=1))
    first, second = make_day(day=TODAY), make_day(day=TODAY + timedelta(days=1))
    actions.close_day(day_id=second.pk, actor=OFFICE, now=NOW)
    assert queries.days_for_contractor(TODAY) == [first, second]


@pytest.mark.parametrize("wrong", [{"booked_litres": 2999}, {"booked_stops": 2}])
def test_a_day_whose_figures_disagree_is_found(wrong: dict[str, int]) -> None:
    day, other = make_day(), make_day()
    hold(day)
    hold(other, "draft/b")
    assert list(queries.imbalanced_days()) == []
    CollectionDay.objects.filter(pk=day.pk).update(**wrong)
    [found] = queries.imbalanced_days()
    assert found.pk == day.pk
