"""Several tabs of the same drafts in the same second; only PostgreSQL lets all of them write at once."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from stadthaus.base_services.collection_tours import queries as tours_queries
from stadthaus.base_services.collection_tours.actions import NoPlace
from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.base_services.collection_tours.tests.crowd import all_at_once, shared_database
from stadthaus.services.bulky_waste import actions, queries
from stadthaus.services.bulky_waste.models import Draft, Order
from stadthaus.services.bulky_waste.rules.items import Line
from stadthaus.services.bulky_waste.tests import factories
from stadthaus.town import queries as town

# What a tab may be told: the place is gone, a page is open again, the draft is an order already.
TOLD = (NoPlace, actions.AlreadyOrdered, actions.StillOpen, actions.NotAsShown)
DRAFTS, TABS = 3, 300


@pytest.fixture(autouse=True)
def _shared(tmp_path: Path) -> Iterator[None]:
    with shared_database(tmp_path):
        yield


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_tabs_that_choose_change_and_submit_the_same_drafts_never_wait_for_each_other_in_a_circle() -> None:
    random = Random(20261127)
    factories.make_town()
    start = timezone.now()
    days = [
        factories.make_day(factories.today() + timedelta(days=28 + number), litres=30_000, stops=6)
        for number in range(3)
    ]
    drafts = [finished_draft(days[number % 3].pk, f"{number + 1}", start) for number in range(DRAFTS)]

    def one_tab() -> partial[Any]:
        draft, day = random.choice(drafts), random.choice(days)
        now = start + timedelta(minutes=random.randrange(90))  # so some places are still held and some are not
        return random.choice(
            [
                partial(choose, draft, day.pk, now),
                partial(choose, draft, day.pk, now),
                partial(change_things, draft, random.randrange(1, 4), now),
                partial(answer_place, draft, now),
                partial(submit, draft, now),
            ]
        )

    answers = all_at_once([one_tab() for _ in range(TABS)])
    surprises = [repr(answer) for answer in answers if isinstance(answer, Exception) and not isinstance(answer, TOLD)]
    assert surprises == []
    assert Order.objects.count() <= DRAFTS
    assert not tours_queries.imbalanced_days().exists()


def finished_draft(day_id: int, house: str, now: datetime) -> int:
    day = CollectionDay.objects.get(pk=day_id)
    draft = actions.start_draft(where=factories.address(day, "Mozartstraße", house), now=now)
    actions.edit_lines(draft=draft, edit=lambda _: [Line("sofa-3-seater", 1)], now=now)
    draft.refresh_from_db()
    actions.answer(draft=draft, page="what", answers={**draft.answer("what"), "within_limits": True}, now=now)
    actions.answer(
        draft=draft,
        page="who",
        answers={"name": "Erika Beispiel", "channel": "email", "email": "erika@example.org", "phone": ""},
        now=now,
    )
    actions.choose_day(draft=draft, day_id=day_id, now=now)
    actions.answer(draft=draft, page="place", answers={"place_note": "vor dem Haus"}, now=now)
    return draft.pk


def choose(draft_id: int, day_id: int, now: datetime) -> None:
    actions.choose_day(draft=Draft.objects.get(pk=draft_id), day_id=day_id, now=now)


def change_things(draft_id: int, count: int, now: datetime) -> None:
    draft = Draft.objects.get(pk=draft_id)
    actions.edit_lines(draft=draft, edit=lambda _: [Line("sofa-3-seater", count)], now=now)


def answer_place(draft_id: int, now: datetime) -> None:
    actions.answer_place(draft=Draft.objects.get(pk=draft_id), answers={"place_note": "an der Ecke"}, now=now)


def submit(draft_id: int, now: datetime) -> None:
    draft = Draft.objects.get(pk=draft_id)
    seen = queries.picture(draft, town.current(), now)
    actions.place_order(draft=draft, way="transfer", shown=seen.shown, now=now, seen=seen)
