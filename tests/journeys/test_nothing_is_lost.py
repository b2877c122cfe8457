"""Back, reload, two tabs, a bookmark, a lost session, a nervous finger: nothing is lost, nothing is doubled."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import AtWork, Window
from tests.journeys.people import Citizen, follow, heading, press


def test_the_back_button_shows_what_was_answered_and_going_on_keeps_it(citizen: Citizen) -> None:
    page = citizen.where().what(("Couch", "Sofa, 3-Sitzer")).who(name="Rita Rückwärts").page
    page.go_back()
    expect(page.get_by_label("Vor- und Nachname")).to_have_value("Rita Rückwärts")
    page.go_back()
    expect(page.get_by_role("listitem").filter(has_text="Sofa, 3-Sitzer").first).to_be_visible()
    page.go_forward()
    page.go_forward()
    expect(heading(page)).to_have_text("Wann sollen wir kommen?")


def test_the_back_button_asks_nothing_after_a_mended_error(citizen: Citizen) -> None:
    page = citizen.where().what().page
    press(page, "Weiter")  # without a name
    expect(page.locator(".error-summary")).to_be_focused()
    citizen.who(name="Rita Rückwärts")
    page.go_back()
    expect(page.get_by_label("Vor- und Nachname")).to_have_value("Rita Rückwärts")


def test_a_reload_keeps_every_answer(citizen: Citizen) -> None:
    page = citizen.where().what().who().when().place("im Hof, Tor ist offen").page
    page.reload()
    for answer in ("Ackerstraße 12a", "Erika Öffentlich", "erika@demo.example", "im Hof, Tor ist offen"):
        expect(page.get_by_role("main")).to_contain_text(answer)


def test_two_tabs_work_on_the_same_order(citizen: Citizen) -> None:
    first = citizen.where().page
    second = first.context.new_page()
    second.goto(first.url)
    Citizen(second).what(("Couch", "Sofa, 3-Sitzer"))
    citizen.what(("Stuhl", "Stuhl")).who().when().place()
    for thing in ("1 × Sofa, 3-Sitzer", "1 × Stuhl"):
        expect(first.get_by_role("main")).to_contain_text(thing)


def test_two_quick_taps_that_remove_a_thing_leave_the_next_one_alone(citizen: Citizen) -> None:
    page = citizen.where().put_on_list(("Stuhl", "Stuhl"), ("Sessel", "Sessel")).page
    page.get_by_role("button", name="Stuhl entfernen").click()
    expect(page.get_by_role("button", name="Stuhl entfernen")).to_have_count(0)
    box = page.get_by_role("button", name="Sessel entfernen").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 9, box["y"] + 9)
    page.mouse.down(click_count=2)  # the second click of two
    page.mouse.up(click_count=2)
    expect(page.get_by_role("button", name="Mehr: Sessel")).to_be_visible()


def test_what_a_tap_changed_is_said_aloud(citizen: Citizen) -> None:
    page = citizen.where().put_on_list(("Sessel", "Sessel")).page
    region = page.locator("#ansage").element_handle()
    page.get_by_role("button", name="Mehr: Sessel").click()
    expect(page.locator("#ansage")).to_have_text(re.compile(r"^2 × Sessel\. 1,40.m³, 1 Karte, 15,00.€\.$"))
    assert region.evaluate("region => region.isConnected"), "the region itself stays"
    page.get_by_role("button", name="Weniger: Sessel").click()
    page.get_by_role("button", name="Sessel entfernen").click()
    expect(page.locator("#ansage")).to_have_text(re.compile(r"^Sessel entfernt\."))
    expect(page.get_by_role("heading", name="Ihre Liste")).to_be_focused()


def test_who_holds_enter_down_on_plus_keeps_focus_and_page(citizen: Citizen) -> None:
    page = citizen.where().put_on_list(("Sessel", "Sessel")).page
    page.evaluate("() => { window.stayed = true }")
    more = page.get_by_role("button", name="Mehr: Sessel")
    more.focus()
    for _ in range(12):
        page.keyboard.press("Enter")
    expect(page.locator("#ansage")).to_have_text(re.compile(r"^\d+ × Sessel\."))
    expect(more).to_be_focused()
    assert page.evaluate("() => window.stayed"), "a page that loads anew is not what was asked for"


def test_a_bookmark_opens_the_page_or_the_first_one_still_unanswered(citizen: Citizen) -> None:
    page = citizen.where().what().page
    draft = page.url.removesuffix("wer/")
    page.goto(f"{draft}platz/")
    expect(heading(page)).to_have_text("Wie erreichen wir Sie?")
    citizen.who().when()
    page.goto("/")
    page.goto(f"{draft}platz/")
    expect(heading(page)).to_have_text("Wo stehen die Sachen?")


def test_on_another_device_the_page_says_how_to_go_on(citizen: Citizen, window: Window) -> None:
    page = citizen.where().what().page
    bookmark = page.url
    follow(page, "Später weitermachen")
    private_link = page.get_by_role("link", name="/sperrmuell/weitermachen/").inner_text()
    elsewhere = window()
    elsewhere.goto(bookmark)
    expect(heading(elsewhere)).to_have_text("Diese Bestellung ist nicht auf diesem Gerät")
    expect(elsewhere.get_by_role("link", name="Neu bestellen")).to_be_visible()
    elsewhere.goto(private_link)
    press(elsewhere, "Weitermachen")
    Citizen(elsewhere).who().when().place().order()


def test_without_its_cookies_the_browser_gets_help_and_a_placed_order_is_still_there(citizen: Citizen) -> None:
    page = citizen.where().what().page
    bookmark = page.url
    citizen.who().when().place().order()
    order, number = page.url, citizen.number
    page.context.clear_cookies()
    page.goto(bookmark)
    expect(heading(page)).to_have_text("Diese Bestellung ist nicht auf diesem Gerät")
    expect(page.get_by_text("Haben Sie schon bestellt? Dann ist die Bestellung sicher")).to_be_visible()
    page.goto(order)
    assert citizen.number == number
    expect(page.get_by_role("main")).not_to_contain_text("Erika")


@pytest.mark.parametrize("script", [True, False], ids=["with-javascript", "without-javascript"])
def test_a_double_click_orders_once(script: bool, window: Window, at_work: AtWork) -> None:
    name = f"Dora Doppelt {uuid4().hex[:6]}"
    citizen = Citizen(window(java_script_enabled=script)).where().what().who(name=name).when().place()
    citizen.confirm()
    citizen.page.get_by_role("button", name="Jetzt kostenpflichtig bestellen").dblclick()
    expect(heading(citizen.page)).to_contain_text("Bestellt für")
    assert _orders_of(name, at_work("buergerbuero")) == 1


def test_the_same_order_sent_from_two_tabs_is_one_order(citizen: Citizen, at_work: AtWork) -> None:
    name = f"Paula Parallel {uuid4().hex[:6]}"
    page = citizen.where().what().who(name=name).when().place().page
    other = Citizen(page.context.new_page())
    other.page.goto(page.url)
    other.confirm()
    citizen.order()
    press(other.page, "Jetzt kostenpflichtig bestellen")
    assert other.number == citizen.number
    assert _orders_of(name, at_work("buergerbuero")) == 1


def test_a_lost_connection_is_said_and_the_page_works_again_afterwards(window: Window) -> None:
    page = Citizen(window(watched=False)).where().page
    search = page.get_by_label("Gegenstand suchen")
    page.context.set_offline(True)
    search.press_sequentially("Couch")
    expect(page.locator("#meldung")).to_contain_text("Ihre Angaben sind noch da.")
    page.context.set_offline(False)
    search.press_sequentially(" ")
    search.press("Backspace")
    expect(page.get_by_role("listitem").filter(has_text="Sofa, 3-Sitzer")).to_be_visible()
    expect(page.locator("#meldung")).to_be_empty()


def test_going_back_after_ordering_leads_to_the_order_not_to_a_second_one(citizen: Citizen) -> None:
    page = citizen.order_everything().page
    number = citizen.number
    page.go_back()
    expect(heading(page)).to_contain_text("Bestellt für")
    assert citizen.number == number


def _orders_of(name: str, page: Page) -> int:
    page.goto(f"/buero/sperrmuell/?q={name}")
    return page.get_by_role("row").filter(has_text=name).count()
