"""Ordering without JavaScript, from the first page to the card; errors that help; photos."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.kernel.actors import SYSTEM
from stadthaus.services.bulky_waste import actions
from stadthaus.services.bulky_waste.documents import order_link
from stadthaus.services.bulky_waste.models import CatalogueItem, Draft, Order
from stadthaus.services.bulky_waste.tests import walk
from stadthaus.services.bulky_waste.tests.browser import Browser
from stadthaus.services.bulky_waste.tests.factories import make_day, today
from stadthaus.services.bulky_waste.tests.walk import draft_page, enter_rule

pytestmark = pytest.mark.usefixtures("town")


@pytest.fixture
def own_files(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    settings.MEDIA_ROOT = tmp_path
    yield tmp_path


def photo(size: tuple[int, int] = (1200, 900), kind: str = "JPEG") -> SimpleUploadedFile:
    picture = BytesIO()
    Image.new("RGB", size, "brown").save(picture, kind)
    return SimpleUploadedFile("foto.jpg", picture.getvalue(), content_type="image/jpeg")


# Scenario 17: the whole order


@pytest.mark.usefixtures("document_fonts")
def test_an_order_goes_from_the_first_page_to_the_card_without_javascript(day: CollectionDay) -> None:
    browser = Browser(checks_csrf=True)
    browser.open("/sperrmuell/")
    assert 'href="/sperrmuell/bestellen/"' in browser.text
    walk.where(browser)
    assert browser.heading == "Was soll abgeholt werden?"
    browser.fill(q="Couch")
    browser.send(next(form for form in browser.forms if form.values.get("item") == "sofa-3-seater"))
    assert "Motor, Licht, Stecker oder Akku" in browser.text
    browser.press("/was/hinzufuegen/", electrical="no")
    assert "Sofa, 3-Sitzer" in browser.text
    assert "1,70" in browser.text
    browser.press("/was/sofa-3-seater/anzahl/", count="+")
    assert "3,40" in browser.text
    browser.press("/was/sofa-3-seater/anzahl/", count="-")
    walk.who(browser.fill(within_limits="yes"))
    walk.place(walk.when(browser, day))
    assert browser.heading == "Stimmt alles?"
    assert "15,00\u202f€" in browser.text
    walk.check(browser)
    order = Order.objects.get()
    assert browser.heading.startswith("Bestellt für ")
    assert browser.heading.endswith("Bitte bezahlen Sie 15,00 €.")
    browser.press(f"/bezahlen/{order.payment.public_id}/")
    browser.post(
        browser.path, {"plan": "succeed", "csrfmiddlewaretoken": browser.forms[0].values["csrfmiddlewaretoken"]}
    )
    assert browser.heading.startswith("Bestellt und bezahlt. Wir kommen am")
    card = browser.client.get(f"{order_link(order)}karte.pdf")
    assert card["Content-Type"] == "application/pdf"
    assert card.content.startswith(b"%PDF-")


@pytest.mark.parametrize("way", ["online", "transfer", "counter"])
def test_each_way_to_pay_leads_to_a_page_that_says_how(browser: Browser, day: CollectionDay, way: str) -> None:
    order = walk.order(browser, day, way)
    assert (order.payment.way, order.booking.day_id) == (way, day.pk)
    assert browser.heading.startswith("Bestellt für ")
    assert f"{order.number[:3]}\u202f{order.number[3:6]}\u202f{order.number[6:]}" in browser.text or (
        order.number[:3] in browser.text
    )


def test_business_waste_is_sent_elsewhere_and_nothing_is_kept(browser: Browser, day: CollectionDay) -> None:
    del day
    walk.where(browser, household="no")
    assert browser.heading == "Sperrmüll aus Betrieben holen wir nicht ab"
    assert not Draft.objects.exists()


# Errors help


@pytest.mark.parametrize(
    "name",
    [
        "Seán O’Neill",
        "Jürgen Größe-Ötztal",
        "Łukasz Żółć",
        "Ä" * 200,
        "Nguyễn Thị Hường",
        "Ḫālid ʿAbdallāh",
        "Erika von der Heide",
    ],
)
def test_names_of_every_kind_reach_the_last_page(browser: Browser, day: CollectionDay, name: str) -> None:
    walk.who(walk.what(walk.where(browser)), name=name)
    walk.place(walk.when(browser, day))
    assert browser.heading == "Stimmt alles?"
    assert name in browser.text


@pytest.mark.parametrize(
    "name", ["Erika\x07", "Erika\ue000", "Erika\u202e", "王小明", "Erika 🛋️", "...", "", "   ", "Ä" * 201]
)
def test_a_name_that_cannot_be_printed_is_refused_with_a_sentence(
    browser: Browser, day: CollectionDay, name: str
) -> None:
    del day
    walk.who(walk.what(walk.where(browser)), name=name)
    assert browser.heading == "Wie erreichen wir Sie?"
    assert 'href="#id_name"' in browser.text
    assert "erika@example.org" in browser.text, "all else is kept"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"channel": "email", "email": ""}, "email"),
        ({"email": "erika@"}, "email"),
        ({"email": "erika@example"}, "email"),
        ({"channel": "phone", "phone": ""}, "phone"),
        ({"channel": "phone", "phone": "ruf mich an"}, "phone"),
        ({"channel": "pigeon"}, "channel"),
        ({"for_other": "on", "other_name": ""}, "other_name"),
    ],
)
def test_what_a_way_to_answer_needs_is_asked_for(
    browser: Browser, day: CollectionDay, changes: dict[str, str], field: str
) -> None:
    del day
    walk.who(walk.what(walk.where(browser)), **changes)
    assert browser.heading == "Wie erreichen wir Sie?"
    assert f'href="#id_{field}' in browser.text
    assert not Draft.objects.get().answer("who")


@pytest.mark.parametrize("channel", [{"channel": "phone", "phone": "02389 71123"}, {"channel": "letter"}])
def test_an_order_without_email_is_placed(browser: Browser, day: CollectionDay, channel: dict[str, str]) -> None:
    walk.who(walk.what(walk.where(browser)), email="", **channel)
    walk.place(walk.when(browser, day))
    walk.check(browser)
    assert Order.objects.get().email == ""
    assert browser.heading.startswith("Bestellt für ")


def test_who_is_answered_by_letter_gets_no_day_before_it_is_there(browser: Browser, day: CollectionDay) -> None:
    soon = make_day(today() + timedelta(days=10))
    enter_rule("bulky_waste.letter_days", 12)
    walk.who(walk.what(walk.where(browser)))
    assert browser.form_with("day").choices["day"] == [str(soon.pk), str(day.pk)]
    draft = Draft.objects.get()
    browser.open(draft_page(draft, "wer")).fill(channel="letter", email="")
    assert browser.form_with("day").choices["day"] == [str(day.pk)]


def test_an_empty_list_cannot_be_left(browser: Browser, day: CollectionDay) -> None:
    del day
    walk.where(browser)
    browser.post(draft_page(Draft.objects.get(), "was/fertig"), {"within_limits": "yes"})
    assert "Ihre Liste ist noch leer" in browser.text
    assert "<title>Fehler: " in browser.text and 'id="fehler" data-focus' in browser.text


def test_too_much_for_one_order_is_said_with_the_limit_and_by_how_much(browser: Browser, day: CollectionDay) -> None:
    del day
    walk.add(walk.where(browser), "armchair")
    for _ in range(12):
        browser.press("/was/armchair/anzahl/", count="+")
    assert "<summary>9,10\u202fm³ · zu viel für eine Bestellung</summary>" in browser.text
    assert "60,00" not in browser.text, "what cannot be bought has no price"
    browser.fill(within_limits="yes")
    assert browser.heading == "Was soll abgeholt werden?"
    assert "Eine Bestellung fasst höchstens 3 Karten, 9\u202fm³. Das sind 0,10\u202fm³ zu viel." in browser.text
    assert "<title>Fehler: " in browser.text and 'id="fehler" data-focus' in browser.text


@pytest.mark.parametrize("answer", ["no", ""])
def test_pieces_too_long_or_too_heavy_are_asked_about(browser: Browser, day: CollectionDay, answer: str) -> None:
    del day
    walk.add(walk.where(browser), "wardrobe-3-door").fill(within_limits=answer)
    assert browser.heading == "Was soll abgeholt werden?"
    assert 'id="fehler"' in browser.text


def test_what_is_too_long_whole_is_added_dismantled(browser: Browser, day: CollectionDay) -> None:
    del day
    walk.add(walk.where(browser), "trampoline")
    assert [line.dismantled for line in Draft.objects.get().lines] == [True]


def test_furniture_with_a_motor_is_an_appliance(browser: Browser, day: CollectionDay) -> None:
    del day
    walk.add(walk.where(browser), "recliner").press("/was/hinzufuegen/", electrical="yes")
    assert "Dann ist es ein Elektrogerät" in browser.text
    assert Draft.objects.get().lines == []


@pytest.mark.parametrize("answer", [{}, {"electrical": "yes"}])
def test_the_question_about_a_motor_can_be_gone_back_to_and_reloaded(
    browser: Browser, day: CollectionDay, answer: dict[str, str]
) -> None:
    del day
    walk.where(browser)
    path = draft_page(Draft.objects.get(), "was/hinzufuegen")
    led_to = browser.client.post(path, {"item": "recliner", **answer}).headers["Location"]
    assert browser.open(led_to).response.status_code == 200
    assert browser.open(led_to).heading in {"Noch eine Frage: Fernsehsessel", "Dann ist es ein Elektrogerät"}


def test_who_goes_back_to_the_question_is_told_that_the_thing_is_on_the_list_already(
    browser: Browser, day: CollectionDay
) -> None:
    del day
    walk.add(walk.where(browser), "recliner")
    question = browser.path
    assert "Auf Ihrer Liste steht das schon" not in browser.text
    browser.press("/was/hinzufuegen/", electrical="no")
    assert "Auf Ihrer Liste steht das schon" in browser.open(question).text


@pytest.mark.parametrize("key", ["chair", "nonsense"])
def test_nothing_is_asked_about_what_has_no_motor(browser: Browser, day: CollectionDay, key: str) -> None:
    del day
    walk.where(browser)
    browser.open(draft_page(Draft.objects.get(), f"was/elektrisch/{key}"))
    assert browser.heading == "Was soll abgeholt werden?"


@pytest.mark.parametrize("word", ["Kühlschrank", "Badewanne", "Fliesen"])
def test_what_is_not_bulky_waste_is_said_before_anything_is_offered(
    browser: Browser, day: CollectionDay, word: str
) -> None:
    del day
    walk.where(browser).fill(q=word)
    for page in (browser.text, Browser().open(f"/sperrmuell/?q={word}").text):
        answer = page[page.index(f'value="{word}"') :]
        warning, offer = answer.find("kern-alert--warning"), answer.find('class="item"')
        assert warning > 0
        assert offer == -1 or warning < offer


def test_a_word_with_a_slip_is_asked_back_and_never_refused(browser: Browser, day: CollectionDay) -> None:
    del day
    walk.where(browser).fill(q="Kleiderschank")
    for page in (browser.text, Browser().open("/sperrmuell/?q=Kleiderschank").text):
        assert "„Kleiderschank“ kennen wir nicht. Meinen Sie das?" in page
        assert "Kleiderschrank, 2-türig" in page
        assert "kein Sperrmüll" not in page


def test_an_own_thing_is_measured(browser: Browser, day: CollectionDay) -> None:
    del day
    walk.where(browser)
    browser.open(f"{browser.path}eigenes/")
    browser.fill(name="Kistenregal", length="100", width="50", height="41", count="2", electrical="no")
    assert browser.heading == "Was soll abgeholt werden?"
    assert "Kistenregal" in browser.text
    assert "0,21\u202fm³" in browser.text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"length": "201"}, "length"),
        ({"length": "0"}, "length"),
        ({"width": "1,5"}, "width"),
        ({"height": "9" * 400}, "height"),
        ({"count": "21"}, "count"),
        ({"electrical": "yes"}, "electrical"),
        ({"name": ""}, "name"),
    ],
)
def test_an_own_thing_that_cannot_be_is_explained(
    browser: Browser, day: CollectionDay, changes: dict[str, str], field: str
) -> None:
    del day
    walk.where(browser)
    browser.open(f"{browser.path}eigenes/")
    good = {"name": "Kistenregal", "length": "10", "width": "10", "height": "10", "count": "1", "electrical": "no"}
    browser.fill(**{**good, **changes})
    assert f'href="#id_{field}' in browser.text
    assert Draft.objects.get().lines == []


def test_the_right_line_is_changed_after_the_catalogue_lost_a_thing(browser: Browser, day: CollectionDay) -> None:
    del day
    walk.add(walk.add(walk.where(browser), "chair"), "armchair")
    lose_from_catalogue("chair")
    browser.open(browser.path)
    stepper = next(form for form in browser.forms if ("count", "+") in form.buttons)
    browser.send(stepper, {"count": "+"})
    assert {line.key: line.count for line in Draft.objects.get().lines}["armchair"] == 2


def test_what_left_the_catalogue_meanwhile_is_named_on_the_list(browser: Browser, day: CollectionDay) -> None:
    del day
    walk.add(walk.add(walk.where(browser), "chair"), "armchair")
    lose_from_catalogue("chair")
    assert "Das holen wir nicht mehr ab: Stuhl." in browser.open(browser.path).text


def lose_from_catalogue(key: str) -> None:
    CatalogueItem.objects.filter(key=key).update(active=False)
    actions.change_volume(key="sofa-3-seater", litres=1710, litres_dismantled=None, actor=SYSTEM, now=timezone.now())


# Stop pages


def test_a_stop_page_for_no_reason_does_not_exist(browser: Browser) -> None:
    assert browser.client.get("/sperrmuell/nicht-hier/betrieb/").status_code == 200
    assert browser.client.get("/sperrmuell/nicht-hier/xyz/").status_code == 404


# Photos


def test_a_photo_is_kept_small_and_freed_of_what_it_knows(
    browser: Browser, day: CollectionDay, own_files: Path
) -> None:
    walk.who(walk.what(walk.where(browser)))
    walk.place(walk.when(browser, day), photo=photo((4000, 3000)))
    assert browser.heading == "Stimmt alles?"
    assert "mit Foto" in browser.text
    [file] = list(own_files.rglob("*.jpg"))
    with Image.open(file) as picture:
        assert max(picture.size) == 1600
        assert not picture.getexif()
    assert Draft.objects.get().answer("place")["photo"].endswith(file.name)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"kein Foto", "foto.jpg"),
        (b"<svg onload=alert(1)>", "foto.svg"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 99, "a.png"),
        (b"", "leer.jpg"),
    ],
)
@pytest.mark.usefixtures("own_files")
def test_what_is_no_photo_is_refused_with_a_sentence_and_all_else_is_kept(
    browser: Browser, day: CollectionDay, content: bytes, name: str
) -> None:
    walk.who(walk.what(walk.where(browser)))
    walk.place(walk.when(browser, day), photo=SimpleUploadedFile(name, content))
    assert browser.heading == "Wo stehen die Sachen?"
    assert 'href="#id_photo"' in browser.text
    assert "rechts neben der Einfahrt" in browser.text
    assert not default_storage.exists("photos") or default_storage.listdir("photos") == ([], [])


def test_a_photo_can_be_replaced_and_removed_and_leaves_no_file(
    browser: Browser, day: CollectionDay, own_files: Path
) -> None:
    walk.who(walk.what(walk.where(browser)))
    walk.place(walk.when(browser, day), photo=photo())
    draft = Draft.objects.get()
    browser.open(draft_page(draft, "platz")).fill(place_note="links", photo=photo((10, 10)))
    assert len(list(own_files.rglob("*.jpg"))) == 1
    browser.open(draft_page(draft, "platz")).fill(place_note="links", remove_photo="on")
    assert list(own_files.rglob("*.jpg")) == []
    assert "mit Foto" not in browser.text
