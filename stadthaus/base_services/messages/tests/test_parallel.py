"""The same state change from all sides; only PostgreSQL lets several connections write at the same time."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from stadthaus.base_services.messages import actions
from stadthaus.base_services.messages.models import Message, PrintRun
from stadthaus.base_services.messages.tests.factories import NOW, a_message
from stadthaus.kernel.actors import SYSTEM
from stadthaus.work.models import Job

THREADS = 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_ten_parallel_confirmations_queue_one_message() -> None:
    start = Barrier(THREADS)

    def confirm(_number: int) -> None:
        start.wait(10)
        for number in range(10):
            key = f"order/1:confirmed:{number}"
            actions.queue(template="t", about="order/1", channel="email", once_key=key, now=NOW)
        connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(confirm, range(THREADS)))
    assert Message.objects.count() == Job.objects.count() == 10


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_four_clerks_pressing_at_once_make_one_print_run() -> None:
    letters = [a_message(once_key=str(number), channel="letter") for number in range(5)]
    start = Barrier(THREADS)

    def print_all(_number: int) -> bool:
        start.wait(10)
        run = actions.make_print_run(messages=letters, pdf=b"%PDF", actor=SYSTEM, now=NOW)
        connection.close()
        return run is not None

    with ThreadPoolExecutor(THREADS) as pool:
        made = list(pool.map(print_all, range(THREADS)))
    assert made.count(True) == PrintRun.objects.count() == 1
    assert set(Message.objects.values_list("print_run", flat=True)) == set(
        PrintRun.objects.values_list("pk", flat=True)
    )
