from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from stadthaus.base_services.collection_tours import queries as tours
from stadthaus.base_services.collection_tours.documents import keep_photo, remove_photo
from stadthaus.base_services.collection_tours.models import CollectionDay, Stop
from stadthaus.base_services.messages.models import Message
from stadthaus.services.bulky_waste import actions
from stadthaus.services.bulky_waste.documents import PLACES_FOLDER
from stadthaus.services.bulky_waste.models import Order
from stadthaus.services.bulky_waste.rules.states import State
from stadthaus.services.bulky_waste.tests import factories
from stadthaus.services.bulky_waste.tests.factories import again, crew_token, make_day, pay, place_order, today
from stadthaus.services.bulky_waste.tests.walk import enter_rule
from stadthaus.work import actions as work

pytestmark = pytest.mark.usefixtures("town")
HOME = "/fahrt/"


def on_shift(day: CollectionDay, *, tour: str = "", label: str = "UN-SW 7") -> Client:
    """A phone signed in by the dispatcher's code."""
    phone = Client()
    phone.post(reverse("accounts:crew_sign_in", args=[crew_token(day, tour=tour, label=label)]))
    return phone


def address(name: str, order: Order | str) -> str:
    return reverse(f"bulky_waste:crew_{name}", args=[order.number if isinstance(order, Order) else order])


def paid(day: CollectionDay, house: str = "12", *, handed_over: bool = True, **more: Any) -> Order:
    order = pay(place_order(day, house=house, **more))
    if handed_over:
        factories.hand_over(day)
    return order


def text_of(response: HttpResponseBase) -> str:
    return response.content.decode() if isinstance(response, HttpResponse) else ""


def a_photo() -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (60, 40), "red").save(file, "JPEG")
    return SimpleUploadedFile("foto.jpg", file.getvalue(), content_type="image/jpeg")


def results_told(order: Order) -> int:
    """How often the result was told once the crew could not change it any more."""
    work.run_due(timezone.now() + timedelta(hours=1))
    return Message.objects.filter(about=order.reference, template="bulky_waste.order_result").count()


# Strangers


@pytest.mark.parametrize("exists", [True, False])
def test_a_stranger_with_the_card_learns_nothing_of_any_number(client: Client, exists: bool) -> None:
    order = paid(make_day())
    number = order.number if exists else "111111111"
    response = client.get(address("stop", number))
    assert response.status_code == 200
    assert "Diese Karte ist für die Abfuhr" in text_of(response)
    for secret in ("Mozart", "Sofa", "Erika", number):
        assert secret not in text_of(response).replace(f"/fahrt/{number}/", "")
    assert response["Cache-Control"] == "private, no-store"


def test_the_page_for_strangers_is_the_same_for_every_number(client: Client) -> None:
    order = paid(make_day())
    one, other = (text_of(client.get(address("stop", number))) for number in (order.number, "111111111"))
    assert one == other


@pytest.mark.parametrize("name", ["photo", "collected", "left_partly", "left_all", "undo"])
def test_without_a_signed_in_phone_nothing_can_be_done(client: Client, name: str) -> None:
    order = paid(make_day())
    assert client.get(HOME).status_code == 403
    assert client.post(address(name, order), {"reason": "too_much"}).status_code == 403
    assert again(order).state == State.HANDED_OVER


# The tour


def test_the_next_stop_is_the_first_open_one_along_the_street() -> None:
    day = make_day()
    for house in ("10", "9", "2a"):
        paid(day, house)
    content = text_of(on_shift(day).get(HOME))
    places = [content.index(f"Mozartstraße {house}") for house in ("2a", "9", "10")]
    assert places == sorted(places)
    assert "0 von 3 erledigt" in content


def test_a_stop_shows_what_belongs_to_it_and_nothing_of_the_orderer() -> None:
    day = make_day()
    order = paid(day, who={"on_site_name": "Nachbar Otto", "on_site_phone": "02389 222"})
    content = text_of(on_shift(day).get(address("stop", order)))
    for text in ("Mozartstraße 12", "1 Teil", "links neben der Garage", "Sofa, 3-Sitzer", "tel:02389222"):
        assert text in content
    for text in ("Erika", "erika@example.org", "02389 111", "15,00"):
        assert text not in content


def test_a_crew_has_its_own_day_and_district_only() -> None:
    day, tomorrow = make_day(), make_day(today() + timedelta(days=1))
    south = make_day(district="sued")
    mine, later, elsewhere = paid(day, "1"), paid(tomorrow, "2"), paid(south, "3")
    unpaid = place_order(day, house="4")
    phone = on_shift(day)
    content = text_of(phone.get(HOME))
    assert [f"Mozartstraße {n}" in content for n in "1234"] == [True, False, False, False]
    assert phone.get(address("stop", mine)).status_code == 200
    for order in (later, elsewhere, unpaid):
        response = phone.get(address("stop", order))
        assert response.status_code == 404
        assert "Mozartstraße" not in text_of(response)
        assert phone.post(address("collected", order)).status_code == 404
    assert again(later).state == State.HANDED_OVER


@pytest.mark.parametrize("tour", ["collection-day/2026-12-08-nrod", "nord", "Nord", "-"])
def test_a_tour_that_is_no_collection_day_of_today_shows_no_address(tour: str) -> None:
    north, south = make_day(), make_day(district="sued")
    paid(north, "1")
    paid(south, "3")
    content = text_of(on_shift(north, tour=tour).get(HOME))
    assert "Hier ist heute nichts abzuholen" in content
    assert "Mozartstraße" not in content


def test_renaming_the_districts_of_the_town_changes_nothing_for_a_crew() -> None:
    day = make_day()
    paid(day, "1")
    phone = on_shift(day)
    districts = [{"code": "nord", "name": "Stadtfeld"}, {"code": "sued", "name": "Stockum"}]
    enter_rule("collection_tours.districts", districts)
    assert "Mozartstraße 1" in text_of(phone.get(HOME))


def test_a_day_without_stops_says_so() -> None:
    day = make_day()
    assert "Hier ist heute nichts abzuholen" in text_of(on_shift(day).get(HOME))


# Results


def test_taken_with_one_tap_then_on_to_the_next_stop() -> None:
    day = make_day()
    first, second = paid(day, "1"), paid(day, "2")
    phone = on_shift(day)
    response = phone.post(address("collected", first))
    assert response["Location"] == address("stop", second)
    assert again(first).state == State.COLLECTED
    assert results_told(first) == 1
    last = phone.post(address("collected", second))
    assert last["Location"] == HOME
    assert "Alles erledigt" in text_of(phone.get(HOME))


def test_two_taps_are_one_result_and_one_message() -> None:
    day = make_day()
    order = paid(day)
    phone = on_shift(day)
    phone.post(address("collected", order))
    phone.post(address("collected", order))
    assert results_told(order) == 1


def test_an_order_the_hand_over_job_has_not_reached_yet_can_be_finished() -> None:
    day = make_day()
    order = paid(day, handed_over=False)
    assert order.state == State.CONFIRMED
    on_shift(day).post(address("collected", order))
    assert again(order).state == State.COLLECTED


def test_the_photo_of_the_place_is_shown_unless_its_file_is_gone(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    day = make_day()
    photo = keep_photo(b"where it stands", folder=PLACES_FOLDER)
    order, phone = paid(day, place={"photo": photo}), on_shift(day)
    assert phone.get(address("photo", order)).getvalue() == b"where it stands"
    remove_photo(photo)
    assert phone.get(address("photo", order)).status_code == 404


def test_what_is_left_has_reason_photo_and_volume_and_reaches_the_orderer(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    day = make_day()
    order = paid(day)
    data = {"reason": "not_bulky", "remark": "2 Autoreifen", "found": "2,5", "photo": a_photo()}
    on_shift(day).post(address("left_partly", order), data)
    stop = tours.result_of(order.reference)
    assert stop is not None
    assert (stop.outcome, stop.reason, stop.remark) == (Stop.Outcome.PARTLY_COLLECTED, "not_bulky", "2 Autoreifen")
    assert stop.found_litres == 2500
    assert default_storage.exists(stop.photo.name or "")
    assert again(order).state == State.PARTLY_COLLECTED
    assert results_told(order) == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Bitte tippen Sie einen Grund an"),
        ({"reason": "other"}, "Bitte beschreiben Sie den anderen Grund"),
        ({"reason": "too_much", "found": "viel"}, "Bitte schreiben Sie eine Zahl"),
        ({"reason": "too_much", "found": "-1"}, "mindestens 0"),
        ({"reason": "quatsch"}, "steht hier nicht zur Wahl"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_recorded(data: dict[str, str], sentence: str) -> None:
    day = make_day()
    order = paid(day)
    assert sentence in text_of(on_shift(day).post(address("left_all", order), data))
    assert again(order).state == State.HANDED_OVER
    assert tours.result_of(order.reference) is None


def test_an_empty_kerb_needs_no_photo_and_is_never_a_part() -> None:
    day = make_day()
    order = paid(day)
    phone = on_shift(day)
    refused = phone.post(address("left_all", order), {"reason": "not_there", "photo": a_photo()})
    assert "Wo nichts steht" in text_of(refused)
    assert "not_there" not in text_of(phone.get(address("left_partly", order)))
    phone.post(address("left_all", order), {"reason": "not_there"})
    assert again(order).state == State.NOT_COLLECTED


def test_a_file_that_is_no_photo_is_refused_with_a_sentence() -> None:
    day = make_day()
    order = paid(day)
    file = SimpleUploadedFile("foto.jpg", b"%PDF-1.7 nothing", content_type="image/jpeg")
    response = on_shift(day).post(address("left_all", order), {"reason": "too_much", "photo": file})
    assert "kein lesbares Foto" in text_of(response)
    assert again(order).state == State.HANDED_OVER


@pytest.mark.parametrize("readable", [True, False])
def test_a_photo_that_came_with_a_mistake_is_asked_for_again_or_refused_at_once(readable: bool) -> None:
    day = make_day()
    photo = a_photo() if readable else SimpleUploadedFile("foto.jpg", b"%PDF-1.7", content_type="image/jpeg")
    shown = text_of(on_shift(day).post(address("left_all", paid(day)), {"photo": photo}))
    assert "2 Angaben fehlen oder stimmen noch nicht" in shown
    assert ("Foto: Bitte wählen Sie es noch einmal aus." in shown) is readable
    assert ("Foto: Diese Datei ist kein lesbares Foto." in shown) is not readable


def test_the_photo_field_opens_the_camera_and_says_what_not_to_show() -> None:
    day = make_day()
    content = text_of(on_shift(day).get(address("left_all", paid(day))))
    assert 'capture="environment"' in content
    assert "Keine Menschen, keine Kennzeichen" in content


# Taking back


def test_a_result_can_be_taken_back_and_given_anew() -> None:
    day = make_day()
    order = paid(day)
    phone = on_shift(day)
    phone.post(address("collected", order))
    assert "Rückgängig" in text_of(phone.get(HOME))
    assert phone.post(address("undo", order))["Location"] == address("stop", order)
    assert again(order).state == State.HANDED_OVER
    phone.post(address("left_all", order), {"reason": "blocked"})
    assert again(order).state == State.NOT_COLLECTED


def test_after_ten_minutes_a_result_stays() -> None:
    day = make_day()
    order = paid(day)
    phone = on_shift(day)
    phone.post(address("collected", order))
    Stop.objects.update(finished_at=timezone.now() - timedelta(minutes=11))
    assert "Rückgängig" not in text_of(phone.get(HOME))
    response = phone.post(address("undo", order))
    assert response.status_code == 409
    assert "nicht mehr ändern" in text_of(response)
    assert phone.post(address("left_all", order), {"reason": "blocked"}).status_code == 409
    assert again(order).state == State.COLLECTED


def test_an_old_page_overwrites_no_result_and_is_told_how_to_change_it() -> None:
    day = make_day()
    order = paid(day)
    phone = on_shift(day)
    phone.post(address("collected", order))
    response = phone.post(address("left_all", order), {"reason": "blocked"})
    assert (response.status_code, again(order).state) == (409, State.COLLECTED)
    assert "nicht gespeichert. Stimmt nicht, was hier steht? Drücken Sie „Rückgängig“" in text_of(response)
    phone.post(address("undo", order))
    phone.post(address("left_all", order), {"reason": "blocked"})
    assert again(order).state == State.NOT_COLLECTED


def test_an_old_page_takes_back_only_the_report_that_it_showed() -> None:
    day = make_day()
    order = paid(day)
    phone = on_shift(day)
    phone.post(address("left_all", order), {"reason": "blocked"})
    seen = Stop.objects.get().finished_at
    assert seen is not None
    old_page = {"seen": seen.isoformat()}
    assert f'value="{seen.isoformat()}"' in text_of(phone.get(address("stop", order)))
    phone.post(address("undo", order), old_page)
    phone.post(address("collected", order))
    assert phone.post(address("undo", order), old_page).status_code == 409
    assert again(order).state == State.COLLECTED


def test_nobody_fills_in_a_report_where_there_is_one() -> None:
    day = make_day()
    order = paid(day)
    phone = on_shift(day)
    phone.post(address("collected", order))
    assert phone.get(address("left_partly", order)).headers["Location"] == address("stop", order)


def test_only_the_vehicle_that_gave_a_result_is_offered_to_take_it_back() -> None:
    day = make_day()
    order = paid(day)
    on_shift(day).post(address("collected", order))
    assert "Rückgängig" not in text_of(on_shift(day, label="UN-SW 8").get(HOME))


def test_an_order_cancelled_meanwhile_is_gone_from_the_tour() -> None:
    day = make_day()
    order = paid(day)
    phone = on_shift(day)
    actions.cancel(number=order.number, actor=factories.CLERK, now=timezone.now(), reason="Umzug")
    response = phone.post(address("collected", order))
    assert response.status_code == 404
    assert "Nicht auf dieser Tour" in text_of(response)
    assert again(order).state == State.CANCELLED
