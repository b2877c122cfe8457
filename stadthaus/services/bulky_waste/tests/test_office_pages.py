from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from stadthaus.accounts.tests.factories import make_dispatcher, make_person
from stadthaus.base_services.addresses.models import Street
from stadthaus.base_services.collection_tours.documents import clean_photo, keep_photo, remove_photo
from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.base_services.messages.models import Message
from stadthaus.base_services.payments.models import RefundOrder
from stadthaus.services.bulky_waste import documents, queries
from stadthaus.services.bulky_waste.models import Order
from stadthaus.services.bulky_waste.rules.items import Line
from stadthaus.services.bulky_waste.rules.states import State
from stadthaus.services.bulky_waste.tests import factories
from stadthaus.services.bulky_waste.tests.factories import crew_token, make_day, pay, place_order, today
from stadthaus.town import queries as town

pytestmark = pytest.mark.usefixtures("town")
LIST = "/buero/sperrmuell/"


def signed_in(client: Client, *roles: str) -> Client:
    client.force_login(make_person(*roles))
    return client


def page_of(client: Client, order: Order) -> str:
    return client.get(reverse("bulky_waste:office_order", args=[order.number])).content.decode()


def cancel(client: Client, order: Order, **data: str) -> Any:
    address = reverse("bulky_waste:office_cancel", args=[order.number])
    return client.post(address, data) if data else client.get(address)


def listed(client: Client, query: str = "") -> str:
    return client.get(f"{LIST}{query}").content.decode()


def test_a_clerk_sees_the_same_last_day_to_pay_as_the_orderer(client: Client) -> None:
    order = place_order(make_day(), way="transfer")
    until = documents.own_order_facts(order, town.current(), timezone.now())["pay_until"]
    assert f"Überweisung, bis {until}" in page_of(signed_in(client, "clerk"), order)


def test_a_place_that_nobody_knew_better_than_the_towns_centre_is_marked_for_all_who_go_there(client: Client) -> None:
    day = make_day(today())
    order = pay(place_order(day))
    factories.hand_over(day)
    office, contractor, crew = signed_in(client, "clerk"), Client(), Client()
    contractor.force_login(make_dispatcher())
    crew.post(reverse("accounts:crew_sign_in", args=[crew_token(day)]))

    def marked() -> list[bool]:
        pages = (
            page_of(office, order),
            contractor.get(reverse("bulky_waste:contractor_day", args=[day.pk])).content.decode(),
            crew.get(reverse("bulky_waste:crew_stop", args=[order.number])).content.decode(),
        )
        return ["Lage ungefähr" in page for page in pages]

    assert marked() == [False, False, False]
    Street.objects.update(at_centre=True)
    assert marked() == [True, True, True]
    Order.objects.update(latitude=51.66)  # the house itself is in the official list
    assert marked() == [False, False, False]


# The list


def test_the_list_shows_the_newest_order_first_and_says_how_many(client: Client) -> None:
    day = make_day()
    place_order(day, name="Anna Erste")
    place_order(day, name="Berta Zweite")
    content = listed(signed_in(client, "clerk"))
    assert content.index("Berta Zweite") < content.index("Anna Erste")
    assert "2 Bestellungen, neueste zuerst" in content


@pytest.mark.parametrize(
    "text",
    [
        *("müller", "Mueller", "Müller-Lü", "anna", "Anna Sophie", "Anna Müller", "Sophie Müller-Lüdenscheid"),
        *(
            "Müller-Lüdenscheid, Anna",
            "Lessingst",
            "Lessing Str. 9",
            "lessingstraße 9a",
            "Lessingstr 9 a",
            "Lessingstr",
            "lessing str.",
            "",
        ),
    ],
)
def test_the_search_finds_by_names_in_any_order_and_by_street_and_house(client: Client, text: str) -> None:
    place_order(make_day(), "Lessingstraße", "9a", name="Anna Sophie Müller-Lüdenscheid")
    assert "Anna Sophie Müller-Lüdenscheid" in listed(signed_in(client, "clerk"), f"?q={text}")


@pytest.mark.parametrize("text", ["von der Heide", "Heide", "Otto Heide", "Heide Otto"])
def test_a_surname_of_several_words_is_found_with_and_without_the_small_ones(client: Client, text: str) -> None:
    place_order(make_day(), name="Otto von der Heide")
    assert "Otto von der Heide" in listed(signed_in(client, "clerk"), f"?q={text}")


@pytest.mark.parametrize("text", ["Müller", "Brien", "OBrien", "O'Brien", "o’brien-müller", "Siân", "Mueller Sian"])
def test_every_part_of_a_double_name_finds_it(client: Client, text: str) -> None:
    place_order(make_day(), name="Siân O’Brien-Müller")
    assert "Brien-Müller" in listed(signed_in(client, "clerk"), f"?q={text}")


def test_who_somebody_orders_for_is_found_and_named_too(client: Client) -> None:
    place_order(make_day(), name="Anna Erste", who={"for_other": True, "other_name": "Oma Zweite", "debtor": "me"})
    assert "für Oma Zweite" in listed(signed_in(client, "clerk"), "?q=zweite")


@pytest.mark.parametrize("text", ["482", "Lessingstraße 90", "Lessingstraße 8", "Berta Müller", "-", "%", "n*"])
def test_the_search_finds_nothing_that_does_not_fit(client: Client, text: str) -> None:
    place_order(make_day(), "Lessingstraße", "9a", name="Anna Müller")
    content = signed_in(client, "clerk").get(LIST, {"q": text}).content.decode()
    assert "Anna Müller" not in content
    assert "Nichts gefunden" in content


def test_the_search_finds_a_number_however_it_is_typed(client: Client) -> None:
    day = make_day()
    order, other = place_order(day, name="Anna Erste"), place_order(day, name="Berta Zweite")
    number = f"{order.number[:3]} {order.number[3:6]} {order.number[6:]}"
    content = listed(signed_in(client, "clerk"), f"?q={number}")
    assert order.name in content
    assert other.name not in content


@pytest.mark.parametrize("text", ["Müller", "Anna von Müller", "Lessingstraße"])
def test_a_search_reads_indexes_and_not_all_orders(text: str) -> None:
    if connection.vendor == "postgresql":  # it would rather read a table that is as small as here
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = queries.find_orders(text).order_by("-pk")[:51].explain()
    assert "order_by_name" in plan
    assert "bulky_waste_order_street_folded" in plan
    assert "SCAN" not in plan


def test_a_state_is_chosen_by_the_word_that_stands_in_the_list(client: Client) -> None:
    content = listed(signed_in(client, "clerk"))
    word = place_order(make_day()).badge.word
    assert f">{word}</option>" in content
    assert f">{word}</span>" in listed(client)


def test_filters_by_state_and_day_can_be_combined(client: Client) -> None:
    one, other = make_day(), make_day(today() + timedelta(days=7))
    pay(place_order(one, name="Anna Bezahlt"))
    place_order(one, name="Berta Offen")
    pay(place_order(other, name="Carla Später"))
    content = listed(signed_in(client, "clerk"), f"?stand=confirmed&tag={one.date:%d.%m.%Y}")
    assert [name in content for name in ("Anna Bezahlt", "Berta Offen", "Carla Später")] == [True, False, False]


@pytest.mark.parametrize("query", ["tag=morgen", "tag=99999-01-01", f"q={'9' * 201}", "stand=irgendwas"])
def test_a_filter_that_makes_no_sense_is_explained_and_shows_nobody(client: Client, query: str) -> None:
    place_order(make_day(), name="Anna Erste")
    content = listed(signed_in(client, "clerk"), f"?{query}")
    assert "Anna Erste" not in content
    assert "kern-form-input--error" in content
    assert "Bitte ändern Sie das markierte Feld." in content


def test_a_page_that_makes_no_sense_is_the_first(client: Client) -> None:
    place_order(make_day(), name="Anna Erste")
    assert "Anna Erste" in listed(signed_in(client, "clerk"), "?nach=x")


def test_paging_goes_by_key_and_keeps_the_filters(client: Client) -> None:
    order = place_order(make_day(), name="Anna Erste")
    signed_in(client, "clerk")
    assert "Anna Erste" in listed(client, f"?stand=placed&nach={order.pk + 1}")
    assert "Anna Erste" not in listed(client, f"?stand=placed&nach={order.pk}")


def test_names_are_shown_as_text_and_never_as_markup(client: Client) -> None:
    place_order(make_day(), name="<script>alert(1)</script>")
    assert "<script>alert" not in listed(signed_in(client, "clerk"))


# Who may


@pytest.mark.parametrize("role", ["clerk", "treasury", "waste_administration"])
def test_who_may_view_orders_sees_list_and_order(client: Client, role: str) -> None:
    order = place_order(make_day(), name="Anna Erste")
    signed_in(client, role)
    assert "Anna Erste" in listed(client)
    assert "Anna Erste" in page_of(client, order)


PAGES = ["office_order", "office_cancel"]


@pytest.mark.parametrize("name", PAGES)
def test_the_administrator_of_accesses_sees_no_order(client: Client, name: str) -> None:
    order = place_order(make_day(), name="Anna Erste")
    signed_in(client, "administrator")
    response = client.get(reverse(f"bulky_waste:{name}", args=[order.number]))
    assert response.status_code == 403
    assert b"Anna" not in response.content
    assert client.get(LIST).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_the_contractor_sees_no_office_page(client: Client, name: str) -> None:
    order = pay(place_order(make_day(), name="Anna Erste"))
    client.force_login(make_dispatcher())
    response = client.get(reverse(f"bulky_waste:{name}", args=[order.number]))
    assert response.status_code == 403
    assert b"Anna" not in response.content


@pytest.mark.parametrize("name", PAGES)
def test_a_guest_is_sent_to_sign_in(client: Client, name: str) -> None:
    response = client.get(reverse(f"bulky_waste:{name}", args=[place_order(make_day()).number]))
    assert response.status_code == 302
    assert "/anmelden/" in response["Location"]


def test_a_number_that_does_not_exist_is_not_found(client: Client) -> None:
    assert signed_in(client, "clerk").get(f"{LIST}999999999/").status_code == 404


# One order


def test_an_order_shows_what_who_where_and_why_it_costs_that(client: Client) -> None:
    order = place_order(
        make_day(),
        name="Anna Erste",
        things=(Line("sofa-3-seater", 2), Line("chair", 1, dismantled=True)),
        place={"place_note": "hinter der Hecke", "access_note": "Tor 2"},
        who={"on_site_name": "Nachbar Otto", "on_site_phone": "02389 222"},
    )
    content = page_of(signed_in(client, "clerk"), order)
    for text in ("Anna Erste", "Mozartstraße 12", "Sofa, 3-Sitzer", "zerlegt", "hinter der Hecke", "Tor 2", "Otto"):
        assert text in content
    assert "2 Karten × 15,00" in content
    assert "Satzung der Stadt Werne" in content
    assert "gilt seit" in content


def test_the_history_is_told_in_words(client: Client) -> None:
    content = page_of(signed_in(client, "clerk"), pay(place_order(make_day())))
    for words in ("Bestellt", "Zahlung angefordert", "Zahlung gebucht", "Bestätigt, Karte ausgestellt", "Karla Kasse"):
        assert words in content
    assert "order." not in content.replace("office_order", "")
    assert "payment." not in content


def test_the_messages_that_were_sent_are_listed(client: Client) -> None:
    content = page_of(signed_in(client, "clerk"), pay(place_order(make_day())))
    assert "Bestellung angenommen" in content
    assert "Bestätigung mit Karte" in content


def test_only_who_may_cancel_is_offered_it(client: Client) -> None:
    order = place_order(make_day())
    assert "Stornieren" not in page_of(signed_in(client, "treasury"), order)
    assert "Stornieren" in page_of(signed_in(client, "clerk"), order)


def test_photos_are_shown_to_the_office_only(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    file = BytesIO()
    Image.new("RGB", (40, 30), "red").save(file, "PNG")
    name = keep_photo(clean_photo(BytesIO(file.getvalue())), folder="photos")
    order = place_order(make_day(), place={"photo": name})
    address = reverse("bulky_waste:office_photo", args=[order.number, "platz"])
    assert client.get(address).status_code == 302
    response = signed_in(client, "clerk").get(address)
    assert response.getvalue() == default_storage.open(name).read()
    assert client.get(address.replace("platz", "ergebnis")).status_code == 404
    remove_photo(name)
    assert client.get(address).status_code == 404, "the file is gone"


# Cancelling


def test_cancelling_needs_a_reason_and_then_gives_the_place_back(client: Client) -> None:
    day = make_day(today() + timedelta(days=20))
    order = place_order(day)
    signed_in(client, "clerk")
    assert "Bitte schreiben Sie kurz" in cancel(client, order, reason=" ").content.decode()
    assert factories.again(order).state == State.PLACED
    response = cancel(client, order, reason="Doppelt bestellt")
    assert response["Location"] == reverse("bulky_waste:office_order", args=[order.number])
    assert factories.again(order).state == State.CANCELLED
    assert CollectionDay.objects.get(pk=day.pk).booked_stops == 0


def test_a_paid_order_in_time_is_announced_with_its_refund(client: Client) -> None:
    order = pay(place_order(make_day(today() + timedelta(days=20))))
    signed_in(client, "clerk")
    assert "gehen zurück" in cancel(client, order).content.decode()
    cancel(client, order, reason="Umzug verschoben")
    assert RefundOrder.objects.get(request=order.payment).amount_cents == order.amount


def test_a_paid_order_too_late_is_announced_without_a_refund(client: Client) -> None:
    order = pay(place_order(make_day()))
    signed_in(client, "clerk")
    content = cancel(client, order).content.decode()
    assert "Es gibt kein Geld zurück" in content
    assert "gehen zurück" not in content
    cancel(client, order, reason="Umzug verschoben")
    assert not RefundOrder.objects.filter(request=order.payment).exists()


def test_the_fee_of_a_paid_order_can_be_given_back_although_it_is_too_late(client: Client) -> None:
    order = pay(place_order(make_day()))
    content = cancel(signed_in(client, "clerk"), order).content.decode()
    assert 'name="refund"' in content
    assert "checked" not in content
    cancel(client, order, reason="Unser Wagen war defekt", refund="on")
    refund = RefundOrder.objects.get(request=order.payment)
    assert (refund.amount_cents, refund.state) == (order.amount, RefundOrder.State.OPEN)
    assert "Storniert, Platz ist wieder frei: Unser Wagen war defekt" in page_of(client, order)


@pytest.mark.parametrize("is_paid", [True, False])
def test_where_the_rule_decides_nobody_is_asked_about_the_fee(client: Client, is_paid: bool) -> None:
    order = place_order(make_day(today() + timedelta(days=20) if is_paid else today()))
    if is_paid:
        pay(order)
    assert 'name="refund"' not in cancel(signed_in(client, "clerk"), order).content.decode()


def test_an_order_the_contractor_has_is_cancelled_with_a_telephone_call(client: Client) -> None:
    day = make_day()
    order = pay(place_order(day))
    factories.hand_over(day)
    assert "Rufen Sie dort an: Stadtwerke Selm" in cancel(signed_in(client, "clerk"), order).content.decode()


def test_without_the_right_nothing_is_cancelled(client: Client) -> None:
    order = place_order(make_day())
    assert cancel(signed_in(client, "treasury"), order, reason="Nur so").status_code == 403
    assert factories.again(order).state == State.PLACED


def test_a_second_click_on_cancelling_ends_at_the_order_like_the_first(client: Client) -> None:
    order = place_order(make_day())
    signed_in(client, "clerk")
    answers = [cancel(client, order, reason="Doppelt bestellt") for _ in range(2)]
    assert {answer["Location"] for answer in answers} == {reverse("bulky_waste:office_order", args=[order.number])}
    assert Message.objects.filter(about=order.reference, template="bulky_waste.order_cancelled").count() == 1


def test_the_treasury_marks_a_transfer_received_and_the_order_is_confirmed(client: Client) -> None:
    order = place_order(make_day(today() + timedelta(days=20)), now=timezone.now())
    content = page_of(signed_in(client, "treasury"), order)
    assert reverse("payments:request", args=[order.payment.public_id]) in content
    address = reverse("payments:mark_received", args=[order.payment.public_id])
    client.post(address, {"received_on": f"{today():%d.%m.%Y}", "amount_cents": "15,00", "booked": "1"})
    assert factories.again(order).state == State.CONFIRMED
