"""How often each page of a citizen asks the database: at most 6 statements, the submit 14 (PostgreSQL: 3).

Changing an answer that moves a place already held takes 9: the old place is given back, the new one taken.

Transaction control (BEGIN, SAVEPOINT …) is not counted. The first request of a process reads the
town and the catalogue; the budget is for every one after it.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.services.bulky_waste.documents import order_link
from stadthaus.services.bulky_waste.models import Draft, Order
from stadthaus.services.bulky_waste.rules.steps import Step
from stadthaus.services.bulky_waste.tests import walk
from stadthaus.services.bulky_waste.tests.browser import Browser
from stadthaus.services.bulky_waste.tests.factories import (
    leave_time_for_the_counter,
    make_day,
    make_street,
    pay,
    today,
)
from stadthaus.services.bulky_waste.tests.walk import draft_page

pytestmark = pytest.mark.usefixtures("town")

A_PAGE, A_PLACE_MOVED, THE_SUBMIT = 6, 9, 14 if connection.vendor == "sqlite" else 3
NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@pytest.fixture
def day(town: None) -> CollectionDay:  # noqa: ARG001  the town is there first
    leave_time_for_the_counter()
    make_street()
    for weeks in range(1, 8):
        make_day(today() + timedelta(days=28 + 7 * weeks))
    return make_day(today() + timedelta(days=28))


@pytest.fixture
def browser(day: CollectionDay) -> Browser:
    """A browser whose draft has all answers, in a process that knows town and catalogue."""
    browser = Browser()
    walk.to_check(browser, day)
    browser.open("/sperrmuell/?q=Sofa")
    return browser


def statements(act: Callable[[], Any]) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer = act()
    assert answer.status_code in {200, 302}
    asked = [query["sql"] for query in seen.captured_queries]
    return [sql for sql in asked if not sql.lstrip().upper().startswith(NOT_COUNTED)]


def within(budget: int, asked: list[str]) -> None:
    assert len(asked) <= budget, "\n".join([f"{len(asked)} statements:", *(sql[:160] for sql in asked)])


@pytest.mark.parametrize(
    "path", ["/sperrmuell/", "/sperrmuell/?q=Badewanne", walk.BEGIN, "/sperrmuell/nicht-hier/betrieb/"]
)
def test_the_pages_before_an_order(browser: Browser, path: str) -> None:
    within(A_PAGE, statements(lambda: browser.client.get(path)))


@pytest.mark.parametrize("step", [*Step, "was/eigenes", "spaeter"])
def test_showing_a_page_of_the_order(browser: Browser, step: str) -> None:
    within(A_PAGE, statements(lambda: browser.client.get(draft_page(Draft.objects.get(), step))))


def test_searching_while_typing(browser: Browser) -> None:
    path = f"{draft_page(Draft.objects.get(), 'was')}?q=Schrank"
    headers = {"HX-Request": "true", "HX-Target": "fund"}
    within(A_PAGE, statements(lambda: browser.client.get(path, headers=headers)))


ANSWERS: dict[str, dict[str, str]] = {
    "wo": {"street": "Mozartstraße", "house": "14", "household": "yes"},
    "was/hinzufuegen": {"item": "chair"},
    "was/chair/anzahl": {"count": "+"},
    "was/chair/form": {},
    "was/eigenes": {
        "name": "Kistenregal",
        "length": "9",
        "width": "9",
        "height": "9",
        "count": "1",
        "electrical": "no",
    },
    "was/fertig": {"within_limits": "yes"},
    "wer": {"name": "Erika Neu", "channel": "letter"},
    "platz": {"place_note": "links"},
}


@pytest.mark.usefixtures("browser")
def test_answering_the_pages_for_the_first_time(day: CollectionDay) -> None:
    client = Browser().client
    within(A_PAGE, statements(lambda: client.post(walk.BEGIN, ANSWERS["wo"])))
    draft = Draft.objects.latest("id")
    for step in ("was/hinzufuegen", "was/chair/anzahl", "was/chair/form", "was/eigenes", "was/fertig", "wer"):
        within(A_PAGE, statements(partial(client.post, draft_page(draft, step), ANSWERS[step])))
    within(A_PAGE, statements(lambda: client.post(draft_page(draft, "wann"), {"day": str(day.pk)})))
    within(A_PAGE, statements(lambda: client.post(draft_page(draft, "platz"), ANSWERS["platz"])))


@pytest.mark.parametrize("step", ANSWERS)
def test_changing_an_answer_while_a_place_is_held(browser: Browser, step: str) -> None:
    path = draft_page(Draft.objects.get(), step)
    within(A_PLACE_MOVED, statements(lambda: browser.client.post(path, ANSWERS[step])))


def test_choosing_another_day(browser: Browser) -> None:
    other = CollectionDay.objects.order_by("-date").first()
    assert other is not None
    path = draft_page(Draft.objects.get(), "wann")
    within(A_PLACE_MOVED, statements(lambda: browser.client.post(path, {"day": str(other.pk)})))


@pytest.mark.parametrize("way", ["online", "transfer", "counter"])
def test_placing_the_order(browser: Browser, way: str) -> None:
    form = browser.open(draft_page(Draft.objects.get(), "pruefen")).form_with("amount_shown")
    data = {**form.values, "way": way, "from_household": "on", "may_put_there": "on"}
    within(THE_SUBMIT, statements(lambda: browser.client.post(form.action, data)))
    assert Order.objects.count() == 1


@pytest.mark.parametrize("way", ["online", "transfer", "counter"])
def test_ones_own_order(browser: Browser, way: str) -> None:
    walk.check(browser.open(draft_page(Draft.objects.get(), "pruefen")), way)
    order = Order.objects.get()
    within(A_PAGE, statements(lambda: browser.client.get(order_link(order))))


def test_ones_own_order_while_nobody_knows_whether_money_came(browser: Browser) -> None:
    walk.check(browser.open(draft_page(Draft.objects.get(), "pruefen")), "online")
    order = Order.objects.get()
    browser.client.post(reverse("payments:pay", args=[order.payment.public_id]), {"back": order_link(order)})
    assert order.payment.is_uncertain
    within(A_PAGE, statements(lambda: browser.client.get(order_link(order))))


@pytest.mark.parametrize("name", ["", "ausweisen/", "stornieren/", "karte.pdf", "kalender.ics"])
@pytest.mark.usefixtures("document_fonts")
def test_ones_own_paid_order(browser: Browser, name: str) -> None:
    walk.check(browser.open(draft_page(Draft.objects.get(), "pruefen")), "transfer")
    order = pay(Order.objects.get(), timezone.now())
    within(A_PAGE, statements(lambda: browser.client.get(f"{order_link(order)}{name}")))
