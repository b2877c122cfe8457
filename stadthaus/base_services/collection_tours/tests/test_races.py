"""Hundreds at the same moment, on both databases; the last test shows that these tests can fail."""

import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction

from stadthaus import rows
from stadthaus.base_services.collection_tours import actions, queries
from stadthaus.base_services.collection_tours.actions import DayIsFull, HoldIsOver, NoPlace, PlaceIsBooked
from stadthaus.base_services.collection_tours.models import Booking, CollectionDay
from stadthaus.base_services.collection_tours.signals import stop_finished
from stadthaus.base_services.collection_tours.tests.crowd import (
    AT_ONCE,
    PATIENCE_SECONDS,
    all_at_once,
    alone,
    shared_database,
)
from stadthaus.base_services.collection_tours.tests.factories import NOW, make_day, minutes_later, record

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE, PLACES = 200, 50


@pytest.fixture(autouse=True)
def _shared(tmp_path: Path) -> Iterator[None]:
    with shared_database(tmp_path):
        yield


def new_day(*, litres: int = 100_000, stops: int = 100) -> int:
    return alone(lambda: make_day(litres=litres, stops=stops).pk)


def live_places() -> int:
    return alone(lambda: Booking.objects.live().count())


def the_figures_agree() -> bool:
    return alone(lambda: not queries.imbalanced_days().exists())


def hold(reference: str, day_id: int, litres: int = 1000) -> Booking:
    return actions.hold(reference=reference, day_id=day_id, litres=litres, minutes=20, now=NOW)


def kinds(answers: list[Any]) -> Counter[str]:
    return Counter(type(answer).__name__ for answer in answers)


@pytest.mark.parametrize(
    ("litres", "stops"), [(PLACES * 1000, 999), (999_000, PLACES)], ids=["volume runs out", "stops run out"]
)
def test_two_hundred_people_get_fifty_places(litres: int, stops: int) -> None:
    day_id = new_day(litres=litres, stops=stops)
    answers = all_at_once([partial(hold, f"draft/{number}", day_id) for number in range(PEOPLE)])
    assert kinds(answers) == {"Booking": PLACES, "DayIsFull": PEOPLE - PLACES}
    assert live_places() == PLACES
    assert the_figures_agree()


def test_two_hundred_people_book_the_last_fifty_places_without_holding_them() -> None:
    day_id = new_day(stops=PLACES)

    def order(number: int) -> Booking:
        return actions.book(held_as="", reference=f"order/{number}", day_id=day_id, litres=1000, now=NOW)

    answers = all_at_once([partial(order, number) for number in range(PEOPLE)])
    assert kinds(answers) == {"Booking": PLACES, "DayIsFull": PEOPLE - PLACES}
    assert the_figures_agree()


def test_fifty_expired_holds_are_given_to_fifty_of_two_hundred_people() -> None:
    day_id = new_day(stops=PLACES)
    all_at_once([partial(hold, f"draft/old-{number}", day_id) for number in range(PLACES)])

    def come_later(number: int) -> Booking:
        return actions.hold(reference=f"draft/{number}", day_id=day_id, litres=1000, minutes=20, now=minutes_later(21))

    answers = all_at_once([partial(come_later, number) for number in range(PEOPLE)])
    assert kinds(answers) == {"Booking": PLACES, "DayIsFull": PEOPLE - PLACES}
    assert the_figures_agree()


def test_ten_tabs_of_one_draft_hold_one_place() -> None:
    days = [new_day() for _ in range(3)]
    tabs = [partial(hold, "draft/a", days[number % 3], 1000 + number) for number in range(10)]
    assert kinds(all_at_once(tabs)) == {"Booking": 10}
    assert live_places() == 1
    assert the_figures_agree()


def test_ten_tabs_that_want_the_last_place_all_get_the_same_one() -> None:
    day_id = new_day(stops=1)
    answers = all_at_once([partial(hold, "draft/a", day_id)] * 10)
    assert kinds(answers) == {"Booking": 10}
    assert live_places() == 1
    assert the_figures_agree()


def test_an_order_without_a_hold_sent_ten_times_has_one_place() -> None:
    day_id = new_day(stops=1)
    order = partial(actions.book, held_as="draft/a", reference="order/1", day_id=day_id, litres=1000, now=NOW)
    assert kinds(all_at_once([order] * 10)) == {"Booking": 10}
    assert live_places() == 1
    assert the_figures_agree()


def test_an_order_sent_ten_times_has_one_place() -> None:
    day_id = new_day()
    alone(partial(hold, "draft/a", day_id))

    def submit() -> Booking:
        return actions.book(held_as="draft/a", reference="order/1", day_id=day_id, litres=1000, now=NOW)

    answers = all_at_once([submit] * 10)
    assert kinds(answers) == {"Booking": 10}
    assert live_places() == 1
    assert the_figures_agree()


def test_a_place_cancelled_ten_times_comes_back_once() -> None:
    day_id = new_day()
    alone(partial(hold, "draft/a", day_id))
    answers = all_at_once([partial(actions.release, reference="draft/a", now=NOW)] * 10)
    assert Counter(map(str, answers)) == {"True": 1, "False": 9}
    assert the_figures_agree()


def test_a_result_sent_ten_times_is_told_once() -> None:
    day_id = new_day()
    alone(partial(actions.book, held_as="", reference="order/1", day_id=day_id, litres=1, now=NOW))
    told: list[str] = []

    def listen(*, reference: str, **_: Any) -> None:
        told.append(reference)

    stop_finished.connect(listen)
    try:
        assert kinds(all_at_once([record] * 10)) == {"Stop": 10}
    finally:
        stop_finished.disconnect(listen)
    assert told == ["order/1"]


def test_four_hundred_mixed_steps_at_once_end_without_deadlock_and_with_right_figures() -> None:
    seed = int(os.environ.get("TOURS_SEED", "20261123"))
    print(f"TOURS_SEED={seed}")
    random = Random(seed)
    days = [new_day(litres=9000, stops=6) for _ in range(3)]

    def one_step() -> partial[Any]:
        name, day_id = random.randrange(12), random.choice(days)
        litres, now = random.choice([500, 1500, 3000]), minutes_later(random.randrange(60))
        draft, order = f"draft/{name}", f"order/{name}"
        steps: list[partial[Any]] = [
            partial(actions.hold, reference=draft, day_id=day_id, litres=litres, minutes=20, now=now),
            partial(actions.hold, reference=draft, day_id=day_id, litres=litres, minutes=20, now=now),
            partial(actions.book, held_as=draft, reference=order, day_id=day_id, litres=litres, now=now),
            partial(actions.move, reference=order, day_id=day_id, now=now),
            partial(actions.release, reference=random.choice([draft, order]), now=now),
            partial(actions.extend_hold, reference=draft, minutes=20, now=now),
            partial(actions.release_expired_holds, now=now),
        ]
        return random.choice(steps)

    for _ in range(2):
        answers = all_at_once([one_step() for _ in range(PEOPLE)])
        surprises = [
            repr(answer)
            for answer in answers
            if isinstance(answer, Exception) and not isinstance(answer, (NoPlace, PlaceIsBooked))
        ]
        assert surprises == []
        assert kinds(answers)["Booking"] > 0
        assert the_figures_agree()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write after the other")
def test_who_clears_a_full_day_of_expired_holds_waits_for_no_other_day_after_it() -> None:
    full, other = new_day(stops=1), new_day()
    alone(partial(hold, "draft/expired", full))
    alone(partial(actions.book, held_as="", reference="order/1", day_id=other, litres=1000, now=NOW))
    is_locked = threading.Event()

    @transaction.atomic
    def tab_that_knows_nothing_of_the_hold() -> None:
        actions.lock_days(day_ids=[other])
        is_locked.set()
        wait_until_somebody_waits_for_a_lock()
        rows.insert(
            Booking(reference="draft/expired", day_id=other, litres=1, state="held", held_until=NOW, made_at=NOW)
        )

    def come_later() -> Booking:
        is_locked.wait(PATIENCE_SECONDS)
        return actions.move(reference="order/1", day_id=full, now=minutes_later(21))

    answers = all_at_once([tab_that_knows_nothing_of_the_hold, come_later])
    assert kinds(answers) == {"IntegrityError": 1, "Booking": 1}
    assert the_figures_agree()


def wait_until_somebody_waits_for_a_lock() -> None:
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            if cursor.fetchone():
                return
        time.sleep(0.01)
    raise AssertionError("Nobody waits.")


def test_a_day_is_shifted_while_everybody_on_it_cancels() -> None:
    old, new = new_day(), new_day()
    references = [f"order/{number}" for number in range(40)]
    for reference in references:
        alone(partial(actions.book, held_as="", reference=reference, day_id=old, litres=100, now=NOW))

    @transaction.atomic
    def shift() -> str:
        actions.lock_days(day_ids=[new, old])
        for booking in Booking.objects.live().filter(day_id=old):
            with suppress(HoldIsOver):  # cancelled meanwhile
                actions.move(reference=booking.reference, day_id=new, now=NOW)
        return "shifted"

    cancels = [partial(actions.release, reference=reference, now=NOW) for reference in references]
    people: list[Callable[[], bool | str]] = [*cancels, shift]
    answers = all_at_once(people)
    assert kinds(answers) == {"bool": 40, "str": 1}
    assert live_places() == 0
    assert the_figures_agree()


def test_looking_first_and_writing_then_sells_more_than_there_is() -> None:
    """The negative control: the same crowd oversells when room is counted instead of taken."""
    day_id = new_day(stops=PLACES)
    everybody_has_looked = threading.Barrier(AT_ONCE)

    def count_then_write(number: int) -> Booking:
        day = CollectionDay.objects.get(pk=day_id)
        room = Booking.objects.live().filter(day=day).count() < day.capacity_stops
        everybody_has_looked.wait(30)
        if not room:
            raise DayIsFull(day_id)
        return Booking.objects.create(
            day=day, reference=f"draft/{number}", litres=1, state="held", held_until=NOW, made_at=NOW
        )

    answers = all_at_once([partial(count_then_write, number) for number in range(PEOPLE)])
    assert set(kinds(answers)) <= {"Booking", "DayIsFull"}
    assert kinds(answers)["Booking"] > PLACES
    assert live_places() > PLACES
    assert not the_figures_agree()
