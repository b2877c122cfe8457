"""Two streets of one name stay apart after ordering, wherever somebody reads an address."""

import csv
import io
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from stadthaus.accounts.tests.factories import make_dispatcher, make_person
from stadthaus.services.bulky_waste import documents, queries
from stadthaus.services.bulky_waste.models import Order
from stadthaus.services.bulky_waste.tests import walk
from stadthaus.services.bulky_waste.tests.browser import Browser
from stadthaus.services.bulky_waste.tests.factories import (
    again,
    crew_token,
    hand_over,
    make_day,
    make_street,
    pay,
    place_order,
    today,
)
from stadthaus.services.bulky_waste.tests.test_link_pages import prove

pytestmark = pytest.mark.usefixtures("town")

WEST, EAST = "Kiwitzheidweg 3 (westlicher Teil)", "Kiwitzheidweg 3 (östlicher Teil)"
HINTS = ("westlicher Teil", "östlicher Teil")


@pytest.fixture
def both() -> list[Order]:
    """Paid orders for today, two in each of the streets, placed in turns."""
    day = make_day()
    streets = [make_street("Kiwitzheidweg", hint) for hint in HINTS]
    return [pay(place_order(day, street, house)) for house in ("3", "12") for street in streets]


@pytest.mark.parametrize("text", ["Kiwitzheidweg", "Kiwitzheidweg 3", WEST, EAST])
def test_the_office_finds_the_orders_of_both_streets(client: Client, both: list[Order], text: str) -> None:  # noqa: ARG001  the orders have to be there
    client.force_login(make_person("clerk"))
    content = client.get(reverse("bulky_waste:office_orders"), {"q": text}).content.decode()
    assert WEST in content
    assert EAST in content


def test_the_orderer_reads_on_the_own_page_which_street_it_is(both: list[Order]) -> None:
    assert all(place in own_page(order).text for place, order in zip((WEST, EAST), both[:2], strict=True))


def own_page(order: Order) -> Browser:
    return prove(Browser(), order, "Beispiel", order.house)


def test_the_contractor_reads_which_street_it_is_and_one_street_after_the_other(
    client: Client, both: list[Order]
) -> None:
    client.force_login(make_dispatcher())
    content = client.get(reverse("bulky_waste:contractor_day", args=[both[0].booking.day_id])).content.decode()
    written = [f"Kiwitzheidweg {house} ({hint})" for hint in HINTS for house in ("3", "12")]
    assert sorted(written, key=content.index) == written


def test_the_file_for_route_planners_has_street_and_part_in_cells_of_their_own(
    client: Client, both: list[Order]
) -> None:
    client.force_login(make_dispatcher())
    file = client.get(reverse("bulky_waste:contractor_csv", args=[both[0].booking.day_id]))
    rows = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")), delimiter=";")
    parts = [(row["Straße"], row["Teil der Straße"]) for row in rows]
    assert parts == [("Kiwitzheidweg", hint) for hint in HINTS for _ in range(2)]


def test_the_printed_list_says_which_street_it_is(both: list[Order]) -> None:
    stops = queries.tour_stops([both[0].booking.day])
    assert [documents._pdf_row(stop)["hint"] for stop in stops] == [HINTS[0], HINTS[0], HINTS[1], HINTS[1]]


@pytest.mark.usefixtures("document_fonts")
def test_the_printed_list_and_the_card_have_room_for_it(client: Client, both: list[Order]) -> None:
    client.force_login(make_dispatcher())
    printed = client.get(reverse("bulky_waste:contractor_pdf", args=[both[0].booking.day_id]))
    card = own_page(both[0]).client.get(f"{documents.order_link(both[0])}karte.pdf")
    assert (printed.status_code, card.status_code) == (200, 200)


def test_the_crew_reads_which_street_it_is(both: list[Order]) -> None:
    day = both[0].booking.day
    hand_over(day)
    phone = Client()
    phone.post(reverse("accounts:crew_sign_in", args=[crew_token(day)]))
    assert WEST in phone.get("/fahrt/").content.decode()
    assert EAST in phone.get(reverse("bulky_waste:crew_stop", args=[both[1].number])).content.decode()


def test_the_fee_is_asked_for_at_the_right_street(both: list[Order]) -> None:
    assert [order.debtor_address for order in both[:2]] == [WEST, EAST]


def test_the_last_page_uses_the_words_of_the_order() -> None:
    day, browser = make_day(today() + timedelta(days=28)), Browser()
    west, _ = (make_street("Kiwitzheidweg", hint) for hint in HINTS)
    walk.where(browser, street="Kiwitzheidweg", house="3").fill(street_key=west.key)
    walk.who(walk.what(browser))
    walk.place(walk.when(browser, day))
    assert WEST in browser.text
    walk.check(browser)
    assert Order.objects.get().pickup_address == WEST


def test_orders_from_before_learn_which_street_they_are_in(both: list[Order]) -> None:
    Order.objects.update(street_hint="")
    elsewhere = place_order(both[0].booking.day)
    migration = import_module("stadthaus.services.bulky_waste.migrations.0004_hint_of_a_street")
    migration.find_hints(apps, None)
    assert [again(order).street_hint for order in (*both[:2], elsewhere)] == [*HINTS, ""]
