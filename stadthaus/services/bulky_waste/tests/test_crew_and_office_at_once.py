"""The crew and the office at the same order in the same second; only PostgreSQL lets both write at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.services.bulky_waste import actions
from stadthaus.services.bulky_waste.models import Order
from stadthaus.services.bulky_waste.rules.states import State, TransitionRefused
from stadthaus.services.bulky_waste.tests import factories

ORDERS = 20


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_cancelling_and_collecting_at_once_never_wait_for_each_other() -> None:
    factories.make_town()
    day = factories.make_day(litres=100_000)
    orders = [factories.pay(factories.place_order(day, house=str(number + 1))) for number in range(ORDERS)]
    factories.hand_over(day)
    phone = Client()
    phone.post(reverse("accounts:crew_sign_in", args=[factories.crew_token(day)]))
    start = Barrier(2)

    def cancel(order: Order) -> None:
        try:
            actions.cancel(number=order.number, actor=factories.CLERK, now=timezone.now(), reason="Umzug")
        except TransitionRefused:
            return  # the crew was faster

    def collect(order: Order) -> None:
        response = phone.post(reverse("bulky_waste:crew_collected", args=[order.number]))
        assert response.status_code in {302, 404, 409}

    def run(step: Callable[[Order], None]) -> None:
        for order in orders:
            start.wait(10)
            step(order)
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, (cancel, collect)))
    states = [factories.again(order).state for order in orders]
    assert set(states) <= {State.CANCELLED, State.COLLECTED}
    assert CollectionDay.objects.get(pk=day.pk).booked_stops == states.count(State.COLLECTED)
