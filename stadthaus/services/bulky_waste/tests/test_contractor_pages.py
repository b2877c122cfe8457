import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stadthaus.accounts.models import CrewDevice
from stadthaus.accounts.tests.factories import make_dispatcher, make_person
from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.services.bulky_waste import actions
from stadthaus.services.bulky_waste.rules.items import Line
from stadthaus.services.bulky_waste.tests import factories
from stadthaus.services.bulky_waste.tests.factories import make_day, pay, place_order, today

pytestmark = pytest.mark.usefixtures("town")


@pytest.fixture
def dispatcher(client: Client) -> Client:
    client.force_login(make_dispatcher())
    return client


def shown(client: Client, day: CollectionDay, page: str = "contractor_day") -> str:
    return client.get(reverse(f"bulky_waste:{page}", args=[day.pk])).content.decode()


def rows_of(client: Client, day: CollectionDay) -> list[dict[str, str]]:
    content = client.get(reverse("bulky_waste:contractor_csv", args=[day.pk])).content
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig")), delimiter=";"))


# Days


def test_days_show_how_full_they_are_and_whether_they_are_closed(dispatcher: Client) -> None:
    day = make_day(today() + timedelta(days=20))
    place_order(day)
    CollectionDay.objects.create(
        date=today() + timedelta(days=21), district="sued", capacity_litres=25_000, capacity_stops=40, closed=True
    )
    content = dispatcher.get(reverse("bulky_waste:contractor_days")).content.decode()
    assert "1 von 40" in content
    assert "Süd" in content
    assert "Geschlossen" in content


def test_days_reach_from_two_weeks_ago_to_the_last_that_can_be_ordered(dispatcher: Client) -> None:
    seen = [make_day(today() + timedelta(days=offset)) for offset in (-14, 0, 80)]
    unseen = make_day(today() - timedelta(days=15))
    content = dispatcher.get(reverse("bulky_waste:contractor_days")).content.decode()
    addresses = [reverse("bulky_waste:contractor_day", args=[day.pk]) in content for day in (*seen, unseen)]
    assert addresses == [True, True, True, False]


# One day


def test_a_day_lists_paid_orders_along_the_streets(dispatcher: Client) -> None:
    day = make_day()
    for street, house in (("Steinstraße", "2"), ("Lessingstraße", "10"), ("Lessingstraße", "9a")):
        pay(place_order(day, street, house))
    content = shown(dispatcher, day)
    places = [content.index(address) for address in ("Lessingstraße 9a", "Lessingstraße 10", "Steinstraße 2")]
    assert places == sorted(places)


def test_a_day_shows_what_the_lorry_needs_and_nothing_of_the_orderer(dispatcher: Client) -> None:
    day = make_day()
    pay(
        place_order(
            day,
            name="Erika Beispiel",
            place={"place_note": "hinter der Hecke", "access_note": "Tor 2"},
            who={"on_site_name": "Nachbar Otto", "on_site_phone": "02389 222"},
        )
    )
    content = shown(dispatcher, day)
    for text in ("Mozartstraße 12", "Sofa, 3-Sitzer", "hinter der Hecke", "Tor 2", "Nachbar Otto", "02389 222"):
        assert text in content
    for text in ("Erika", "erika@example.org", "02389 111", "15,00"):
        assert text not in content


PAGES = ["contractor_day", "contractor_csv"]


@pytest.mark.parametrize("page", PAGES)
def test_an_unpaid_order_is_a_reserved_place_without_an_address(dispatcher: Client, page: str) -> None:
    day = make_day()
    order = place_order(day, "Geheimer Weg", "77")
    content = shown(dispatcher, day, page)
    assert "Geheimer Weg" not in content
    assert order.number not in content
    assert "1 weiterer Platz ist reserviert" in shown(dispatcher, day)


@pytest.mark.parametrize("page", PAGES)
def test_an_order_cancelled_after_the_hand_over_is_only_a_number_to_strike_off(dispatcher: Client, page: str) -> None:
    day = make_day()
    order = pay(place_order(day, "Geheimer Weg", "77"))
    factories.hand_over(day)
    actions.cancel(number=order.number, actor=factories.CLERK, now=timezone.now(), reason="Umzug")
    assert "Geheimer Weg" not in shown(dispatcher, day, page)
    assert "bitte streichen" in shown(dispatcher, day)


@pytest.mark.parametrize("page", [*PAGES, "contractor_pdf", "contractor_phone"])
def test_a_day_over_for_more_than_two_weeks_is_not_there_any_more(dispatcher: Client, page: str) -> None:
    kept, gone = make_day(today() - timedelta(days=14)), make_day(today() - timedelta(days=15))
    assert dispatcher.get(reverse(f"bulky_waste:{page}", args=[kept.pk])).status_code == 200
    assert dispatcher.get(reverse(f"bulky_waste:{page}", args=[gone.pk])).status_code == 404


@pytest.mark.parametrize("page", [*PAGES, "contractor_pdf", "contractor_phone"])
def test_people_without_the_right_see_nothing_of_a_day(client: Client, page: str) -> None:
    day = make_day()
    pay(place_order(day))
    address = reverse(f"bulky_waste:{page}", args=[day.pk])
    assert client.get(address).status_code == 302
    client.force_login(make_person("treasury"))
    response = client.get(address)
    assert response.status_code == 403
    assert "Mozartstraße".encode() not in response.content


def test_the_town_may_look_and_not_sign_phones_in(client: Client) -> None:
    day = make_day()
    client.force_login(make_person("waste_administration"))
    assert "Nord" in shown(client, day)
    address = reverse("bulky_waste:contractor_phone", args=[day.pk])
    assert (client.get(address).status_code, client.post(address, {"label": "UN-SW 7"}).status_code) == (403, 403)
    assert not CrewDevice.objects.exists()


def test_before_the_cut_off_a_day_says_until_when_its_list_can_grow(dispatcher: Client) -> None:
    day = make_day(today() + timedelta(days=20))
    content = shown(dispatcher, day)
    assert "kann noch etwas dazukommen oder wegfallen" in content
    assert "Die Liste ist vollständig" not in content
    assert "Nimmt noch auf" in dispatcher.get(reverse("bulky_waste:contractor_days")).content.decode()


def test_after_the_cut_off_a_day_says_that_its_list_is_complete(dispatcher: Client) -> None:
    day = make_day(today() + timedelta(days=1))
    assert "Die Liste ist vollständig" in shown(dispatcher, day)
    assert "Liste vollständig" in dispatcher.get(reverse("bulky_waste:contractor_days")).content.decode()


def test_what_the_crew_reported_is_counted_and_shown_with_its_remark(dispatcher: Client) -> None:
    day = make_day()
    order, _open = pay(place_order(day)), pay(place_order(day, house="14"))
    factories.crew_says(order, "not_collected", "other", remark="Hund im Hof")
    content = shown(dispatcher, day)
    assert "2 Halte, 3,40" in content
    assert "1 schon gemeldet" in content
    assert "Hund im Hof" in content


# Files


def test_the_file_has_one_row_for_each_order_with_material_and_volume(dispatcher: Client) -> None:
    day = make_day()
    order = pay(place_order(day, things=(Line("sofa-3-seater", 1), Line("chair", 2))))
    place_order(day, "Unbezahlt", "1")
    [row] = rows_of(dispatcher, day)
    assert row["Nummer"] == order.number
    assert (row["Straße"], row["Hausnummer"], row["Bezirk"]) == ("Mozartstraße", "12", "Nord")
    assert row["Gegenstände"] == "1 × Sofa, 3-Sitzer | 2 × Stuhl"
    assert row["Fraktionen"] == "Sperrgut 1,70 | Holz 0,40"
    assert row["Volumen in m³"] == "2,10"
    assert row["Stelle"] == "links neben der Garage"


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "＝", " =", "\t="])
def test_what_somebody_typed_never_runs_as_a_formula(dispatcher: Client, begin: str) -> None:
    day = make_day()
    formula = f'{begin}HYPERLINK("http://x.example";"ok")'
    pay(place_order(day, place={"place_note": formula, "access_note": "a;b"}, who={"on_site_phone": "+49 2389 222"}))
    [row] = rows_of(dispatcher, day)
    assert row["Stelle"] == f"'{formula}"
    assert row["Zugang"] == "a;b"
    assert row["Telefon vor Ort"] == "02389 222"


@pytest.mark.parametrize(
    ("typed", "cell"),
    [
        ("+49 171 5550123", "0171 5550123"),
        ("+49 (0) 2389 / 71-123", "02389 71 123"),
        ("+491715550123", "01715 550123"),
        ("+31 6 12345678", "0031 6 12345678"),
        ("0049 171 5550123", "0049 171 5550123"),
        ("(02389) 71123", "02389 71123"),
        ("02389111", "02389 111"),
        ("02389/111-0", "02389 111 0"),
        ("-71123", "71123"),
        ("", ""),
    ],
)
def test_a_telephone_number_can_be_dialled_from_a_spreadsheet(dispatcher: Client, typed: str, cell: str) -> None:
    day = make_day()
    pay(place_order(day, who={"on_site_phone": typed}))
    assert rows_of(dispatcher, day)[0]["Telefon vor Ort"] == cell


@pytest.mark.parametrize(
    ("typed", "cell"),
    [("8/10", "'8/10"), ("02389111", "'02389111"), ("02389/111-0", "'02389/111-0"), ("02389 111", "02389 111")],
)
def test_what_somebody_typed_stays_as_it_is_in_a_spreadsheet(dispatcher: Client, typed: str, cell: str) -> None:
    day = make_day()
    pay(place_order(day, place={"place_note": typed}))
    assert rows_of(dispatcher, day)[0]["Stelle"] == cell


@pytest.mark.parametrize(("house", "cell"), [("12", "12"), ("12a", "12a"), ("8-10", "8–10"), ("1/2", "'1/2")])
def test_no_house_number_becomes_a_date_in_a_spreadsheet(dispatcher: Client, house: str, cell: str) -> None:
    day = make_day()
    pay(place_order(day, house=house))
    assert rows_of(dispatcher, day)[0]["Hausnummer"] == cell


@pytest.mark.usefixtures("document_fonts")
@pytest.mark.parametrize("orders", [0, 1, 30])
def test_the_printed_list_is_accessible_and_can_be_archived(dispatcher: Client, orders: int) -> None:
    day = make_day(litres=100_000)
    for house in range(orders):
        pay(place_order(day, house=str(house + 1), place={"place_note": "Łódź 日本 🚚" * 3}))
    place_order(day, "Unbezahlt", "1")
    response = dispatcher.get(reverse("bulky_waste:contractor_pdf", args=[day.pk]))
    with pikepdf.open(BytesIO(response.content)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "de"
        assert str(document.docinfo.Title).startswith("Tagesliste Nord")
        assert document.Root.ViewerPreferences.DisplayDocTitle
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["pdfaid:part"] == "3"
        assert (len(document.pages) > 1) is (orders == 30)
    assert response["Content-Disposition"].startswith("inline")


# The crew's phone


def test_the_code_for_a_phone_names_vehicle_day_and_district(dispatcher: Client) -> None:
    day = make_day(district="sued")
    response = dispatcher.post(reverse("bulky_waste:contractor_phone", args=[day.pk]), {"label": "UN-SW 7"})
    device = CrewDevice.objects.get()
    assert (device.label, device.tour, device.tour_name, device.day) == ("UN-SW 7", day.reference, "Süd", day.date)
    assert "<svg" in response.content.decode()
    assert "/fahrt/anmelden/" in response.content.decode()
    assert 'style="' not in response.content.decode()


def test_a_phone_without_a_vehicle_is_asked_for_it(dispatcher: Client) -> None:
    day = make_day()
    response = dispatcher.post(reverse("bulky_waste:contractor_phone", args=[day.pk]), {"label": ""})
    assert "Kennzeichen oder Nummer" in response.content.decode()
    assert not CrewDevice.objects.exists()


def test_phones_are_not_signed_in_before_the_day(dispatcher: Client) -> None:
    day = make_day(today() + timedelta(days=1))
    address = reverse("bulky_waste:contractor_phone", args=[day.pk])
    assert dispatcher.post(address, {"label": "UN-SW 7"}).status_code == 404
    assert address not in shown(dispatcher, day)


def test_the_town_is_not_offered_to_sign_phones_in(client: Client) -> None:
    day = make_day()
    client.force_login(make_person("clerk"))
    assert reverse("bulky_waste:contractor_phone", args=[day.pk]) not in shown(client, day)
