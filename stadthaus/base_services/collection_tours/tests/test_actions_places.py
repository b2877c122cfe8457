import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from stadthaus.base_services.collection_tours import actions, queries
from stadthaus.base_services.collection_tours.actions import DayIsClosed, DayIsFull, HoldIsOver, PlaceIsBooked
from stadthaus.base_services.collection_tours.models import Booking, CollectionDay
from stadthaus.base_services.collection_tours.tests.factories import (
    NOW,
    OFFICE,
    figures,
    make_day,
    minutes_later,
    state_of,
)

pytestmark = pytest.mark.django_db
SAVEPOINT = 2  # the test runs in a transaction, so each action adds SAVEPOINT and RELEASE


def hold(day: CollectionDay, reference: str = "draft/a", litres: int = 3000, minute: float = 0) -> Booking:
    return actions.hold(reference=reference, day_id=day.pk, litres=litres, minutes=20, now=minutes_later(minute))


def book(day: CollectionDay, litres: int = 3000, minute: float = 0) -> Booking:
    return actions.book(
        held_as="draft/a", reference="order/1", day_id=day.pk, litres=litres, now=minutes_later(minute)
    )


# Holding


def test_a_hold_takes_its_litres_and_one_stop() -> None:
    day = make_day()
    booking = hold(day)
    assert figures(day) == (3000, 1)
    assert (booking.state, booking.held_until) == ("held", minutes_later(20))


def test_a_hold_costs_three_statements(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    day = make_day()
    with django_assert_num_queries(3 + SAVEPOINT):
        hold(day)


def test_holding_the_same_again_changes_nothing_and_is_not_longer() -> None:
    day = make_day()
    first = hold(day)
    again = hold(day, minute=10)
    assert (again.pk, again.held_until) == (first.pk, minutes_later(20))
    assert figures(day) == (3000, 1)


@pytest.mark.parametrize("litres", [1000, 7000])
def test_another_volume_on_the_same_day_changes_the_day_by_the_difference(litres: int) -> None:
    day = make_day()
    hold(day)
    changed = hold(day, litres=litres, minute=10)
    assert figures(day) == (litres, 1)
    assert changed.held_until == minutes_later(20)


def test_a_larger_volume_that_does_not_fit_leaves_the_hold_as_it_was() -> None:
    day = make_day(litres=5000)
    booking = hold(day)
    with pytest.raises(DayIsFull):
        hold(day, litres=5001)
    booking.refresh_from_db()
    assert (booking.litres, booking.state) == (3000, "held")
    assert figures(day) == (3000, 1)


@pytest.mark.parametrize("forward", [True, False])
def test_a_hold_moves_to_another_day_and_gives_the_first_place_back(forward: bool) -> None:
    first, second = make_day(), make_day()
    if not forward:
        first, second = second, first
    hold(first)
    moved = hold(second, litres=4000, minute=10)
    assert (figures(first), figures(second)) == ((0, 0), (4000, 1))
    assert (moved.day_id, moved.held_until) == (second.pk, minutes_later(30))
    assert Booking.objects.count() == 1


@pytest.mark.parametrize("forward", [True, False])
def test_the_old_hold_stays_when_the_new_day_is_full(forward: bool) -> None:
    first, second = make_day(), make_day()
    if not forward:
        first, second = second, first
    CollectionDay.objects.filter(pk=second.pk).update(capacity_stops=0)
    booking = hold(first)
    with pytest.raises(DayIsFull):
        hold(second)
    booking.refresh_from_db()
    assert (booking.day_id, booking.state) == (first.pk, "held")
    assert (figures(first), figures(second)) == ((3000, 1), (0, 0))


def test_a_day_is_full_when_its_stops_are_used_up() -> None:
    day = make_day(stops=1)
    hold(day, litres=1)
    with pytest.raises(DayIsFull):
        hold(day, reference="draft/b", litres=1)


def test_the_last_litre_can_be_held() -> None:
    day = make_day(litres=3000)
    hold(day)
    assert CollectionDay.objects.get(pk=day.pk).free_litres == 0


def test_a_full_day_gives_back_its_expired_holds_first() -> None:
    day = make_day(litres=5000)
    stale = hold(day)
    fresh = hold(day, reference="draft/b", minute=20)
    assert (state_of(stale), state_of(fresh)) == ("released", "held")
    assert figures(day) == (3000, 1)


def test_a_running_hold_is_never_taken_away() -> None:
    day = make_day(litres=5000)
    hold(day)
    with pytest.raises(DayIsFull):
        hold(day, reference="draft/b", minute=19.99)


def test_a_hold_that_expired_and_was_not_given_back_starts_anew() -> None:
    day = make_day()
    first = hold(day)
    again = hold(day, minute=25)
    assert (again.pk, again.held_until) == (first.pk, minutes_later(45))
    assert figures(day) == (3000, 1)


def test_an_own_expired_hold_does_not_stand_in_the_way_of_more_volume() -> None:
    day = make_day(litres=5000)
    hold(day)
    assert hold(day, litres=5000, minute=25).litres == 5000
    assert figures(day) == (5000, 1)


def test_a_closed_day_takes_nobody() -> None:
    day = make_day()
    actions.close_day(day_id=day.pk, actor=OFFICE, now=NOW)
    with pytest.raises(DayIsClosed):
        hold(day)


def test_a_day_that_closed_meanwhile_says_so_to_whom_holds_a_place() -> None:
    day = make_day()
    hold(day)
    actions.close_day(day_id=day.pk, actor=OFFICE, now=NOW)
    with pytest.raises(DayIsClosed):
        hold(day)
    with pytest.raises(DayIsClosed):
        book(day)
    assert figures(day) == (3000, 1)


def test_a_day_that_does_not_exist_takes_nobody() -> None:
    day = make_day()
    with pytest.raises(DayIsClosed):
        actions.hold(reference="draft/a", day_id=day.pk + 1, litres=1, minutes=20, now=NOW)


def test_a_booked_place_is_not_held_again() -> None:
    day = make_day()
    hold(day)
    book(day)
    with pytest.raises(PlaceIsBooked):
        hold(day, reference="order/1")


# Extending


def test_a_hold_is_extended_once() -> None:
    hold(make_day())
    first = actions.extend_hold(reference="draft/a", minutes=20, now=minutes_later(15))
    second = actions.extend_hold(reference="draft/a", minutes=20, now=minutes_later(30))
    assert first.held_until == second.held_until == minutes_later(35)


def test_extending_never_shortens() -> None:
    hold(make_day())
    assert actions.extend_hold(reference="draft/a", minutes=5, now=NOW).held_until == minutes_later(20)


def test_moving_a_hold_does_not_allow_a_second_extension() -> None:
    first, second = make_day(), make_day()
    hold(first)
    actions.extend_hold(reference="draft/a", minutes=20, now=NOW)
    hold(second)
    extended = actions.extend_hold(reference="draft/a", minutes=20, now=minutes_later(15))
    assert extended.held_until == minutes_later(20)


def test_who_has_just_read_a_hold_extends_it_once_too() -> None:
    held = hold(make_day())
    for minute in (15, 30):
        held.refresh_from_db()
        actions.extend_hold(reference="draft/a", minutes=20, now=minutes_later(minute), held=held)
    assert Booking.objects.get().held_until == minutes_later(35)


def test_a_hold_that_was_given_back_cannot_be_extended() -> None:
    hold(make_day())
    actions.release(reference="draft/a", now=NOW)
    with pytest.raises(HoldIsOver):
        actions.extend_hold(reference="draft/a", minutes=20, now=NOW)


# Booking


def test_booking_turns_the_hold_into_the_orders_place() -> None:
    day = make_day()
    held = hold(day)
    booked = book(day)
    assert (booked.pk, booked.reference, booked.state, booked.held_until) == (held.pk, "order/1", "booked", None)
    assert figures(day) == (3000, 1)


def test_booking_a_hold_costs_two_statements(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    day = make_day()
    hold(day)
    with django_assert_num_queries(2 + SAVEPOINT):
        book(day)


def test_booking_twice_changes_nothing() -> None:
    day = make_day()
    hold(day)
    assert book(day).pk == book(day).pk
    assert figures(day) == (3000, 1)


def test_an_expired_hold_that_was_not_given_back_is_simply_booked() -> None:
    day = make_day()
    held = hold(day)
    assert book(day, minute=60).pk == held.pk


def test_a_hold_that_was_given_back_is_taken_again_if_it_fits() -> None:
    day = make_day()
    held = hold(day)
    actions.release_expired_holds(now=minutes_later(20))
    booked = book(day, minute=21)
    assert booked.pk != held.pk
    assert figures(day) == (3000, 1)


def test_a_hold_that_was_given_back_to_somebody_else_is_gone() -> None:
    day = make_day(litres=5000)
    hold(day)
    hold(day, reference="draft/b", minute=20)
    with pytest.raises(DayIsFull):
        book(day, minute=21)
    assert figures(day) == (3000, 1)


def test_booking_works_without_a_hold() -> None:
    day = make_day()
    assert book(day).state == "booked"
    assert figures(day) == (3000, 1)


def test_booking_another_day_than_held_moves_the_place() -> None:
    first, second = make_day(), make_day()
    hold(first)
    book(second, litres=4000)
    assert (figures(first), figures(second)) == ((0, 0), (4000, 1))


def test_an_order_with_a_place_does_not_get_a_second_one() -> None:
    first, second = make_day(), make_day()
    book(first)
    with pytest.raises(PlaceIsBooked):
        book(second)


def test_another_orders_place_is_not_taken_over() -> None:
    day = make_day()
    book(day)
    with pytest.raises(PlaceIsBooked):
        actions.book(held_as="order/1", reference="order/2", day_id=day.pk, litres=3000, now=NOW)


# Moving


def test_a_booked_place_moves() -> None:
    first, second = make_day(), make_day()
    booked = book(first)
    moved = actions.move(reference="order/1", day_id=second.pk, now=NOW)
    assert (moved.pk, moved.day_id, moved.state) == (booked.pk, second.pk, "booked")
    assert (figures(first), figures(second)) == ((0, 0), (3000, 1))


@pytest.mark.parametrize("litres", [1000, 7000])
def test_who_has_just_read_a_hold_of_another_volume_books_what_is_ordered(litres: int) -> None:
    day = make_day()
    held = hold(day)
    booked = actions.book(held_as="draft/a", reference="order/1", day_id=day.pk, litres=litres, now=NOW, held=held)
    assert (booked.state, booked.litres) == ("booked", litres)
    assert figures(day) == (litres, 1)


def test_who_has_just_read_a_hold_does_not_book_a_day_that_closed_meanwhile() -> None:
    day = make_day()
    held = hold(day)
    actions.close_day(day_id=day.pk, actor=OFFICE, now=NOW)
    with pytest.raises(DayIsClosed):
        actions.book(held_as="draft/a", reference="order/1", day_id=day.pk, litres=3000, now=NOW, held=held)
    assert Booking.objects.get().state == "held"


def test_a_booked_place_leaves_a_closed_day() -> None:
    first, second = make_day(), make_day()
    book(first)
    actions.close_day(day_id=first.pk, actor=OFFICE, now=NOW)
    assert [booking.reference for booking in queries.stranded(first.date)] == ["order/1"]
    actions.move(reference="order/1", day_id=second.pk, now=NOW)
    assert queries.stranded(first.date) == []
    assert figures(first) == (0, 0)


def test_a_booked_place_stays_when_the_other_day_is_full() -> None:
    first, second = make_day(), make_day(litres=2000)
    book(first)
    with pytest.raises(DayIsFull):
        actions.move(reference="order/1", day_id=second.pk, now=NOW)
    assert (figures(first), figures(second)) == ((3000, 1), (0, 0))


def test_a_booked_place_can_become_larger_on_its_day() -> None:
    day = make_day()
    book(day)
    actions.move(reference="order/1", day_id=day.pk, litres=5000, now=NOW)
    assert figures(day) == (5000, 1)


def test_what_has_no_place_cannot_move() -> None:
    with pytest.raises(HoldIsOver):
        actions.move(reference="order/1", day_id=make_day().pk, now=NOW)


# Giving back


def test_giving_back_twice_gives_back_once() -> None:
    day = make_day()
    book(day)
    assert actions.release(reference="order/1", now=NOW) is True
    assert actions.release(reference="order/1", now=NOW) is False
    assert figures(day) == (0, 0)


def test_a_released_reference_can_get_a_new_place() -> None:
    day = make_day()
    book(day)
    actions.release(reference="order/1", now=NOW)
    book(day)
    assert figures(day) == (3000, 1)


def test_only_expired_holds_are_given_back() -> None:
    first, second = make_day(), make_day()
    hold(first, "draft/old")
    hold(second, "draft/older")
    hold(second, "draft/new", minute=1)
    book(first)
    assert actions.release_expired_holds(now=minutes_later(20)) == 2
    assert actions.release_expired_holds(now=minutes_later(20)) == 0
    assert (figures(first), figures(second)) == ((3000, 1), (3000, 1))


def test_looking_for_expired_holds_only_reads(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        actions.release_expired_holds(now=NOW)


# The database as the last guard


@pytest.mark.parametrize(
    "wrong", [{"booked_litres": 10_001}, {"booked_stops": 6}, {"capacity_litres": 2999}, {"capacity_stops": 0}]
)
def test_the_database_refuses_an_overbooked_day(wrong: dict[str, int]) -> None:
    day = make_day()
    hold(day)
    with pytest.raises(IntegrityError), transaction.atomic():
        CollectionDay.objects.filter(pk=day.pk).update(**wrong)


def test_the_database_refuses_a_second_live_place() -> None:
    day = make_day()
    hold(day)
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.create(day=day, reference="draft/a", litres=1, state="booked", made_at=NOW)


@pytest.mark.parametrize(
    "wrong", [{"litres": 0}, {"reference": ""}, {"held_until": None}, {"state": "booked"}, {"state": "lost"}]
)
def test_the_database_refuses_a_booking_that_makes_no_sense(wrong: dict[str, object]) -> None:
    booking = hold(make_day())
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.filter(pk=booking.pk).update(**wrong)
