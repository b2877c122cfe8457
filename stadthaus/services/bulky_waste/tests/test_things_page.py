"""Page 2: which line a tap means, what is too long to be taken, things measured by oneself, what is said aloud."""

import pytest
from django.utils import timezone

from stadthaus.services.bulky_waste import actions
from stadthaus.services.bulky_waste.models import Draft
from stadthaus.services.bulky_waste.rules.items import Line
from stadthaus.services.bulky_waste.tests import walk
from stadthaus.services.bulky_waste.tests.browser import Browser
from stadthaus.services.bulky_waste.tests.walk import draft_page

pytestmark = pytest.mark.usefixtures("town", "day")

HTMX = {"HX-Request": "true", "HX-Target": "inhalt"}


# Which line is meant


def test_a_nervous_finger_on_minus_removes_nothing_else(browser: Browser) -> None:
    walk.add(walk.add(walk.where(browser), "chair"), "armchair")
    minus = next(form for form in browser.forms if form.action.endswith("/was/chair/anzahl/"))
    for _ in range(2):
        browser.send(minus, {"count": "-"})
    assert [line.key for line in Draft.objects.get().lines] == ["armchair"]


def test_two_tabs_both_add(browser: Browser) -> None:
    walk.add(walk.where(browser), "chair")
    plus = browser.form_with("count", "seen")
    for _ in range(2):
        browser.send(plus, {"count": "+"})
    assert [line.count for line in Draft.objects.get().lines] == [3]


def test_going_on_keeps_what_another_tab_added_meanwhile(browser: Browser) -> None:
    walk.add(walk.where(browser), "chair")
    seen = Draft.objects.get()
    actions.edit_lines(draft=Draft.objects.get(), edit=lambda lines: [*lines, Line("armchair", 1)], now=timezone.now())
    actions.confirm_limits(draft=seen, now=timezone.now())
    draft = Draft.objects.get()
    assert [line.key for line in draft.lines] == ["chair", "armchair"]
    assert draft.answer("what")["within_limits"]


def test_two_own_things_alike_are_counted_apart(browser: Browser) -> None:
    walk.where(browser)
    for _ in range(2):
        browser.open(draft_page(Draft.objects.get(), "was/eigenes"))
        browser.fill(name="Kistenregal", length="100", width="50", height="41", count="1", electrical="no")
    browser.send(browser.form_with("count", "seen"), {"count": "+"})
    assert [line.count for line in Draft.objects.get().lines] == [2, 1]


# Too long


def test_an_honest_person_can_order_a_sofa_of_more_than_two_metres(browser: Browser) -> None:
    walk.where(browser)
    browser.post(draft_page(Draft.objects.get(), "was/hinzufuegen"), {"item": "sofa-3-seater", "electrical": "no"})
    assert "Sofas bis 2,50\u202fm nehmen wir am Stück." in browser.text
    browser.fill(within_limits="yes")
    assert browser.heading == "Wie erreichen wir Sie?"


def test_what_is_too_long_whole_cannot_be_made_whole_again(browser: Browser) -> None:
    walk.add(walk.where(browser), "trampoline")
    assert "Doch am Stück" not in browser.text
    browser.post(draft_page(Draft.objects.get(), "was/trampoline_zerlegt/form"), {})
    assert [line.dismantled for line in Draft.objects.get().lines] == [True]


def test_what_is_too_long_and_does_not_come_apart_is_not_taken(browser: Browser) -> None:
    walk.where(browser).fill(q="Surfbrett")
    for page in (browser.text, Browser().open("/sperrmuell/?q=Surfbrett").text):
        assert "Am Stück zu lang für die Abfuhr. Geben Sie es ab: Wertstoffhof Werne" in page
    assert not [form for form in browser.forms if "item" in form.fields]
    walk.add(browser, "surfboard")
    assert "Surfbrett: am Stück zu lang für die Abfuhr." in browser.text
    assert Draft.objects.get().lines == []


def test_a_list_with_something_too_long_cannot_be_left_by_saying_that_all_fits(browser: Browser) -> None:
    walk.where(browser)
    draft = Draft.objects.get()
    actions.edit_lines(draft=draft, edit=lambda _: [Line("wall-unit", 1)], now=timezone.now())
    browser.open(draft_page(draft, "was")).fill(within_limits="yes")
    assert "Am Stück zu lang: Wohnwand, 3 m. Zerlegen Sie es" in browser.text
    browser.press("/was/wall-unit/form/")
    browser.fill(within_limits="yes")
    assert browser.heading == "Wie erreichen wir Sie?"


# Things measured by oneself


def measure(browser: Browser, **changes: str) -> Browser:
    """Enter an own thing, forty centimetres long."""
    if not Draft.objects.exists():
        walk.where(browser)
    browser.open(draft_page(Draft.objects.get(), "was/eigenes"))
    good = {"name": "Kistenregal", "length": "40", "width": "10", "height": "10", "count": "1", "electrical": "no"}
    return browser.fill(**{**good, **changes})


@pytest.mark.parametrize(("length", "kept"), [("2", False), ("29", False), ("30", True)])
def test_a_thing_smaller_than_a_bin_was_measured_in_metres_or_goes_there(
    browser: Browser, length: str, kept: bool
) -> None:
    measure(browser, length=length, width="1", height="1")
    assert bool(Draft.objects.get().lines) is kept
    assert ("Haben Sie in Metern gemessen?" in browser.text) is not kept


@pytest.mark.parametrize("name", ["Kühlschrank", "alter Kühlschrnak"])
def test_what_is_known_to_be_no_bulky_waste_is_no_own_thing_either(browser: Browser, name: str) -> None:
    measure(browser, name=name)
    assert "kein Sperrmüll" in browser.text and "Wertstoffhof" in browser.text
    assert 'href="#id_name"' in browser.text
    browser.send(browser.form_with("name", "length"))
    assert Draft.objects.get().lines == []


def test_what_may_be_no_bulky_waste_is_asked_about_once(browser: Browser) -> None:
    measure(browser, name="Reifen aus Holz")
    assert "sind kein Sperrmüll" in browser.text
    assert Draft.objects.get().lines == []
    browser.send(browser.form_with("name", "length"))
    assert [line.name for line in Draft.objects.get().lines] == ["Reifen aus Holz"]


def test_an_appliance_with_its_brand_is_refused_however_often_it_is_sent(browser: Browser) -> None:
    measure(browser, name="Waschmaschine Miele")
    browser.send(browser.form_with("name", "length"))
    assert "Waschmaschinen sind kein Sperrmüll." in browser.text
    assert Draft.objects.get().lines == []


def test_what_the_catalogue_has_is_offered_and_not_forced(browser: Browser) -> None:
    measure(browser, name="Couch")
    assert "Meinen Sie das?" in browser.text
    offered = {form.values["item"] for form in browser.forms if "item" in form.fields}
    assert "sofa-3-seater" in offered
    browser.send(browser.form_with("name", "length"))
    assert [(line.key, line.name) for line in Draft.objects.get().lines] == [("own", "Couch")]


def test_another_name_is_asked_about_anew(browser: Browser) -> None:
    measure(browser, name="Couch")
    browser.fill(name="Sessel", length="40")
    assert "Meinen Sie das?" in browser.text
    assert Draft.objects.get().lines == []


@pytest.mark.parametrize("length", ["201", "1001", "99999999"])
def test_an_own_thing_that_is_too_long_is_told_the_towns_limit(browser: Browser, length: str) -> None:
    measure(browser, length=length)
    assert "Ein Stück darf höchstens 200 cm lang sein." in browser.text
    assert "1000" not in browser.text.replace("99999999", "").replace("1001", "")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1,2", "Meinen Sie 120 cm?"),
        ("1.20 m", "Meinen Sie 120 cm?"),
        ("2 m", "Meinen Sie 200 cm?"),
        ("12,5", "Bitte tragen Sie ganze Zentimeter ein"),
        ("lang", "Bitte tragen Sie ganze Zentimeter ein"),
        ("", "Bitte messen Sie nach"),
    ],
)
def test_a_side_in_metres_is_asked_about_and_stays_in_its_field(browser: Browser, typed: str, said: str) -> None:
    measure(browser, length=typed)
    assert said in browser.text
    assert f'value="{typed}"' in browser.text or not typed


def test_a_side_may_be_written_with_its_unit(browser: Browser) -> None:
    measure(browser, length="120 cm")
    assert Draft.objects.get().lines[0].size_cm == (120, 10, 10)


def test_the_question_about_a_motor_has_the_same_answers_everywhere(browser: Browser) -> None:
    walk.add(walk.where(browser), "recliner")
    asked = browser.text
    measure(browser, electrical="yes")
    for page in (asked, browser.text):
        assert "Ist ein Motor, Licht, Stecker oder Akku fest eingebaut?" in page
        assert page.index("Nein, nichts") < page.index(">Ja<")
    assert "nach dem Elektrogesetz ein Elektrogerät" in browser.text


# What is said


@pytest.mark.parametrize("word", ["Relaxsessel", "elektrisches Sofa", "Fernsehsessel"])
def test_what_may_have_a_motor_is_promised_only_without_one(browser: Browser, word: str) -> None:
    browser.open(f"/sperrmuell/?q={word}")
    assert "Ja, wenn kein Motor, Licht, Stecker oder Akku fest eingebaut ist." in browser.text
    assert "Ja, das holen wir ab" not in browser.text


def test_an_empty_search_is_answered(browser: Browser) -> None:
    assert "Schreiben Sie in das Feld" in browser.open("/sperrmuell/?q=").text
    assert "Schreiben Sie in das Feld" not in browser.open("/sperrmuell/").text


def test_barely_over_a_card_the_page_says_how_little_less_would_do(browser: Browser) -> None:
    measure(browser, name="Kistenregal", length="200", width="100", height="150")
    measure(browser, name="Kistenregal", length="26", width="100", height="10")
    assert "3,03\u202fm³ · 2 Karten" in browser.text
    assert "0,03\u202fm³ weniger, und eine Karte reicht." in browser.text


def test_a_live_change_is_said_in_words(browser: Browser) -> None:
    walk.add(walk.where(browser), "armchair")
    line = draft_page(Draft.objects.get(), "was/armchair/anzahl")
    said = [browser.client.post(line, {"count": count, "seen": "2"}, headers=HTMX) for count in ("+", "-")]
    assert "<p hidden data-say>2 × Sessel. 1,40\u202fm³, 1 Karte, 15,00\u202f€.</p>" in said[0].content.decode()
    assert "<p hidden data-say>1 × Sessel. 0,70\u202fm³, 1 Karte, 15,00\u202f€.</p>" in said[1].content.decode()
    gone = browser.client.post(line, {"count": "-", "seen": "1"}, headers=HTMX)
    assert "<p hidden data-say>Sessel entfernt. 0,00\u202fm³" in gone.content.decode()
