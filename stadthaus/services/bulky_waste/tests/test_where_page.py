"""Page 1: addresses as people write them, and errors that help."""

import pytest
from django.utils import timezone

from stadthaus.base_services.addresses.models import House
from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.services.bulky_waste.models import Draft
from stadthaus.services.bulky_waste.tests import walk
from stadthaus.services.bulky_waste.tests.browser import Browser
from stadthaus.services.bulky_waste.tests.factories import make_street

pytestmark = pytest.mark.usefixtures("town")


@pytest.mark.parametrize(
    ("street", "sentence"),
    [
        ("Nirgendsallee", "in einer anderen Stadt? Dann folgen Sie dem Link"),
        ("Mozartstrase", "Mozartstraße"),
        ("", "Bitte geben Sie die Straße ein"),
    ],
)
def test_a_street_that_is_not_found_is_explained(
    browser: Browser, day: CollectionDay, street: str, sentence: str
) -> None:
    del day
    walk.where(browser, street=street)
    assert sentence in browser.text
    assert 'value="12"' in browser.text, "the house number stays"


def test_a_street_that_occurs_twice_is_asked_about(browser: Browser, day: CollectionDay) -> None:
    del day
    first, second = make_street("Wesseler Straße"), make_street("Wesseler Weg")
    type(second).objects.filter(pk=first.pk).update(hint="nördlicher Teil")
    type(second).objects.filter(pk=second.pk).update(
        name="Wesseler Straße", folded=first.folded, hint="südlicher Teil"
    )
    walk.where(browser, street="Wesseler Straße")
    assert "Diesen Namen gibt es zweimal" in browser.text
    browser.fill(street_key=second.key)
    assert browser.heading == "Was soll abgeholt werden?"
    assert Draft.objects.get().answer("where")["street_label"] == "Wesseler Straße (südlicher Teil)"


@pytest.mark.parametrize(
    ("typed", "written"),
    [("12a", "12a"), ("12 A", "12a"), ("12-14", "12-14"), ("12–14", "12-14"), ("1/2", "1/2"), ("Nr. 7", "7")],
)
def test_house_numbers_of_every_kind_are_taken(browser: Browser, day: CollectionDay, typed: str, written: str) -> None:
    del day
    walk.where(browser, house=typed)
    assert Draft.objects.get().answer("where")["house"] == written


@pytest.mark.parametrize("typed", ["", "zwölf", "0", "-3", "12;DROP", "99999999999999999999"])
def test_what_is_no_house_number_is_explained(browser: Browser, day: CollectionDay, typed: str) -> None:
    del day
    walk.where(browser, house=typed)
    assert browser.heading == "Wo sollen wir abholen?"
    assert "Hausnummer" in browser.text and 'href="#id_house"' in browser.text
    assert "Diese Hausnummer stimmt" not in browser.text
    assert not Draft.objects.exists()


def test_an_unknown_house_number_is_asked_about_once(browser: Browser, day: CollectionDay) -> None:
    del day
    House.objects.create(street=make_street(), number=1, suffix="", lat=51.67, lon=7.64, changed_at=timezone.now())
    walk.where(browser, house="99")
    assert "Diese Hausnummer kennen wir nicht" in browser.text
    browser.fill(house_confirmed="on")
    assert browser.heading == "Was soll abgeholt werden?"


@pytest.mark.parametrize(
    ("street", "house"),
    [
        ("Mozartstraße, 59368 Werne", "12"),
        ("Mozartstraße 12, Werne", ""),
        ("Mozartstraße 12", ""),
        ("Mozartstraße,", "12"),
        ("Mozart str. 12", ""),
        ("Mozartstraße Nr. 12", ""),
        ("Mozartstraße12", ""),
        ("Mozartstraße 12, Stockum", ""),
        ("Mozartstraße, Werne-Stockum", "12"),
        ("59368 Werne, Mozartstraße 12", ""),
        ("Mozartstraße 12 59368 Werne", ""),
        ("Mozartstraße 12; 59368 Werne", "12"),
        ("Mozartstraße, 12", ""),
        ("Mozartstraße 12, 59368 Werne, Deutschland", ""),
        ("Mozartstraße 12 - Stockum", ""),
        ("Mozartstraße12 Werne", ""),
        ("D-59368 Werne, Mozartstraße 12", ""),
    ],
)
def test_an_address_filled_in_by_the_browser_is_understood(
    browser: Browser, day: CollectionDay, street: str, house: str
) -> None:
    del day
    walk.where(browser, street=street, house=house)
    assert browser.heading == "Was soll abgeholt werden?"
    assert Draft.objects.get().answer("where")["house"] == "12"


@pytest.mark.parametrize(
    ("typed", "number"), [("12 a", "12a"), ("12 - 14", "12-14"), ("12 bis 14", "12-14"), ("12 1/2", "12 1/2")]
)
def test_a_number_of_several_words_behind_the_street_is_understood(
    browser: Browser, day: CollectionDay, typed: str, number: str
) -> None:
    del day
    walk.where(browser, street=f"Mozart str. {typed}", house="")
    assert Draft.objects.get().answer("where")["house"] == number


@pytest.mark.parametrize(
    "typed",
    [
        "Mozartstraße 12 Hinterhaus",
        "Mozartstraße 12, 1. OG",
        "Mozartstraße 12, Wohnung 3",
        "Mozartstraße 12 EG 2",
        "Mozartstraße 12, Hinterhaus 2, 59368 Werne",
    ],
)
def test_a_house_behind_the_house_is_asked_for_later(browser: Browser, day: CollectionDay, typed: str) -> None:
    del day
    walk.where(browser, street=typed, house="")
    assert "Ein Hinterhaus können Sie später unter „Wo genau?“ dazuschreiben." in browser.text


@pytest.mark.parametrize("house", ["", "12"])
@pytest.mark.parametrize(
    "typed",
    [
        "Mozartstraße, 44135 Dortmund",
        "Mozartstraße 12, 44135 Dortmund",
        "Mozartstraße 12 44135 Dortmund",
        "Mozartstraße12 Selm",
        "59379 Selm, Mozartstraße 12",
    ],
)
def test_a_street_of_another_town_is_not_taken_for_ours(
    browser: Browser, day: CollectionDay, typed: str, house: str
) -> None:
    del day
    walk.where(browser, street=typed, house=house)
    assert browser.heading == "Wo sollen wir abholen?"
    assert "Steht das Haus in einer anderen Stadt?" in browser.text
    assert typed in browser.text
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "typed", ["An den 12 Bäumen", "An den 12 Bäumen, 59368 Werne", "59368 Werne, An den 12 Bäumen"]
)
def test_a_street_with_a_number_in_its_name_is_found(browser: Browser, day: CollectionDay, typed: str) -> None:
    del day
    make_street("An den 12 Bäumen")
    walk.where(browser, street=typed, house="5")
    where = Draft.objects.get().answer("where")
    assert (where["street_name"], where["house"]) == ("An den 12 Bäumen", "5")


@pytest.mark.parametrize("typed", ["Mozartstraße 12", "Mozartstraße 12 Hinterhaus"])
def test_of_two_house_numbers_none_is_chosen_for_the_citizen(browser: Browser, day: CollectionDay, typed: str) -> None:
    del day
    walk.where(browser, street=typed, house="9")
    assert browser.heading == "Wo sollen wir abholen?"
    assert not Draft.objects.exists()
