"""Several workers at once; only PostgreSQL lets several connections write at the same time."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from stadthaus.work import actions
from stadthaus.work.models import Job
from stadthaus.work.tests.factories import NOW, a_job

WORKERS = 4
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time"),
]


def test_no_job_is_claimed_by_two_workers() -> None:
    for number in range(60):
        a_job(key=str(number))
    start = Barrier(WORKERS)

    def claim_all(worker: str) -> list[int]:
        start.wait(10)
        mine: list[int] = []
        while jobs := actions.claim(now=NOW, worker=worker, limit=3):
            mine += [job.pk for job in jobs]
        connection.close()
        return mine

    with ThreadPoolExecutor(WORKERS) as pool:
        shares = list(pool.map(claim_all, [f"worker-{number}" for number in range(WORKERS)]))
    claims = Counter(pk for share in shares for pk in share)
    assert set(claims.values()) == {1}
    # A claim can miss rows another one holds at that moment, never take them twice.
    assert len(claims) + len(actions.claim(now=NOW, worker="last", limit=60)) == 60


def test_scheduling_one_key_from_all_sides_leaves_one_job() -> None:
    start = Barrier(WORKERS)

    def schedule(_number: int) -> None:
        start.wait(10)
        for _ in range(20):
            actions.schedule(kind="test", key="1", due_at=NOW)
        connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(schedule, range(WORKERS)))
    assert Job.objects.count() == 1
