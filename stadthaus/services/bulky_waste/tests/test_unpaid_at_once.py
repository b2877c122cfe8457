"""One contact that submits many orders in the same second: as many stay unpaid as may, and no more."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Barrier, Lock
from time import monotonic, sleep
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from stadthaus import rows
from stadthaus.base_services.collection_tours import queries as tours_queries
from stadthaus.base_services.collection_tours.tests.crowd import all_at_once, alone, shared_database
from stadthaus.services.bulky_waste import actions, queries
from stadthaus.services.bulky_waste.models import Draft, Order
from stadthaus.services.bulky_waste.tests import factories
from stadthaus.town import queries as town

MOST, TABS = 3, 12
PATIENCE = 60  # seconds
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def drafts(tmp_path: Path) -> Iterator[list[int]]:
    """Finished drafts for a house each, all answered to the same mail address."""
    factories.make_town()
    day, now = factories.make_day(factories.today() + timedelta(days=28), litres=90_000), timezone.now()
    made = [factories.full_draft(day, now=now, house=str(number + 1)).pk for number in range(TABS)]
    with shared_database(tmp_path):
        yield made


def submit(draft_id: int, before_commit: Callable[[], Any] = lambda: None) -> Order:
    """Place an order; `before_commit` happens when all is counted and written, and nobody else can see it yet."""
    now, draft = timezone.now(), Draft.objects.get(pk=draft_id)
    seen = queries.picture(draft, town.current(), now)
    return actions.place_order(
        draft=draft,
        way="transfer",
        shown=seen.shown,
        now=now,
        most_unpaid=MOST,
        count=lambda _: at_the_end(before_commit),
    )


def at_the_end(act: Callable[[], Any]) -> None:
    rows.gather(lambda _: rows.run("SELECT 1", [], lambda _: act()), None)


def placed(answers: list[Order | Exception]) -> int:
    surprises = [answer for answer in answers if not isinstance(answer, Order | actions.TooManyUnpaid)]
    assert surprises == []
    return sum(isinstance(answer, Order) for answer in answers)


def first_until_all_wait() -> Callable[[], None]:
    """Keeps the first from committing until all others ask for the lock it has; nobody else is kept."""
    first = Lock()

    def wait() -> None:
        if not first.acquire(blocking=False):
            return
        end = monotonic() + PATIENCE
        while waiting_for_a_lock() < TABS - 1:
            assert monotonic() < end, "the others do not wait"
            sleep(0.01)

    return wait


def waiting_for_a_lock() -> int:
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database
            WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()""")
        return int(cursor.fetchone()[0])


def test_of_many_submits_at_once_as_many_are_placed_as_may_be_unpaid(drafts: list[int]) -> None:
    # SQLite lets one writer in at a time; there is nobody inside to be waited for.
    wait = first_until_all_wait() if connection.vendor == "postgresql" else lambda: None
    assert placed(all_at_once([partial(submit, draft, wait) for draft in drafts])) == MOST
    assert alone(Order.objects.count) == MOST
    assert not alone(lambda: list(tours_queries.imbalanced_days()))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_without_the_lock_all_of_them_would_be_placed(drafts: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    together, take = Barrier(TABS), rows.change_and_lock
    monkeypatch.setattr(rows, "change_and_lock", lambda *given, **named: take(*given, **{**named, "lock": ""}))
    assert placed(all_at_once([partial(submit, draft, partial(together.wait, PATIENCE)) for draft in drafts])) == TABS
