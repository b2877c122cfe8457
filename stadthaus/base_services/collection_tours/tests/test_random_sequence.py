"""Many random steps: after each of them the figures of every day agree with its places."""

import os
from datetime import timedelta
from random import Random

import pytest
from django.db.models import F

from stadthaus.base_services.collection_tours import actions, queries
from stadthaus.base_services.collection_tours.actions import NoPlace, PlaceIsBooked
from stadthaus.base_services.collection_tours.models import Booking, CollectionDay
from stadthaus.base_services.collection_tours.tests.factories import NOW, OFFICE, make_day

STEPS = 300
NAMES = "abcdefgh"


class Walk:
    """Does random things to three days for eight people, with a clock that runs on."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.now = NOW
        self.days = [make_day(litres=9000, stops=4).pk for _ in range(3)]

    def step(self) -> str:
        """Do one random thing; its name."""
        self.now += timedelta(minutes=self.random.randrange(6))
        names = ["hold", "hold", "hold", "book", "book", "move", "release", "extend", "expire", "capacity", "closed"]
        name = self.random.choice(names)
        try:
            getattr(self, name)()
        except (NoPlace, PlaceIsBooked, actions.CapacityTooSmall) as refused:
            return f"{name}: {type(refused).__name__}"
        return name

    def day(self) -> int:
        return self.random.choice(self.days)

    def litres(self) -> int:
        return self.random.choice([500, 1500, 3000, 6000])

    def draft(self) -> str:
        return f"draft/{self.random.choice(NAMES)}"

    def order(self) -> str:
        return f"order/{self.random.choice(NAMES)}"

    def hold(self) -> None:
        actions.hold(reference=self.draft(), day_id=self.day(), litres=self.litres(), minutes=20, now=self.now)

    def book(self) -> None:
        name = self.random.choice(NAMES)
        held = Booking.objects.live().filter(reference=f"draft/{name}").first()
        day, litres = (held.day_id, held.litres) if held else (self.day(), self.litres())
        actions.book(held_as=f"draft/{name}", reference=f"order/{name}", day_id=day, litres=litres, now=self.now)

    def move(self) -> None:
        litres = self.random.choice([None, self.litres()])
        actions.move(reference=self.order(), day_id=self.day(), litres=litres, now=self.now)

    def release(self) -> None:
        actions.release(reference=self.random.choice([self.draft(), self.order()]), now=self.now)

    def extend(self) -> None:
        actions.extend_hold(reference=self.draft(), minutes=20, now=self.now)

    def expire(self) -> None:
        actions.release_expired_holds(now=self.now)

    def capacity(self) -> None:
        litres, stops = self.random.randrange(5000, 15_000), self.random.randrange(2, 8)
        actions.set_capacity(day_id=self.day(), litres=litres, stops=stops, actor=OFFICE, now=self.now)

    def closed(self) -> None:
        change = self.random.choice([actions.close_day, actions.reopen_day, actions.reopen_day])
        change(day_id=self.day(), actor=OFFICE, now=self.now)


@pytest.mark.django_db
def test_every_day_counts_its_places_rightly_after_every_one_of_300_random_steps() -> None:
    seed = int(os.environ.get("TOURS_SEED", "20261123"))
    print(f"TOURS_SEED={seed}")
    walk = Walk(seed)
    done = []
    for _ in range(STEPS):
        done.append(walk.step())
        assert not queries.imbalanced_days().exists(), done
        assert not CollectionDay.objects.filter(booked_litres__gt=F("capacity_litres")).exists(), done
    refused = {"hold: DayIsFull", "extend: HoldIsOver"}
    assert {"hold", "book", "move", "release", "expire"} | refused <= set(done)
    assert Booking.objects.filter(state=Booking.State.BOOKED).exists()
