"""What people see when it is our fault, or when their browser has forgotten them."""

from playwright.sync_api import expect

from tests.journeys.conftest import Window
from tests.journeys.inspector import Inspector
from tests.journeys.people import Citizen, heading, press
from tests.server import Server, free_port, web


def test_without_a_database_the_page_says_that_it_is_our_fault(window: Window, town_hall: Server) -> None:
    second = town_hall.on(free_port())
    with web(second, "without-database", program="tests.journeys.without_database:application"):
        page = window(base_url=second.address, watched=False)
        inspector = Inspector(page)
        page.goto("/sperrmuell/")
        expect(heading(page)).to_have_text("Das hat nicht geklappt – das liegt an uns")
        expect(page.get_by_text("Versuchen Sie es gleich noch einmal")).to_be_visible()
        inspector.look("server error")
    assert inspector.is_content()


def test_a_form_without_its_cookie_says_what_to_do(citizen: Citizen) -> None:
    page = citizen.page
    page.goto("/sperrmuell/bestellen/")
    page.context.clear_cookies()
    citizen.answer_where("Ackerstraße", "12a")
    expect(heading(page)).to_have_text("Bitte versuchen Sie es noch einmal")
    inspector = Inspector(page)
    inspector.look("cookie lost")
    page.go_back()
    page.reload()
    citizen.answer_where("Ackerstraße", "12a")
    expect(heading(page)).to_have_text("Was soll abgeholt werden?")
    assert inspector.is_content()


def test_somebody_without_the_permission_sees_a_sentence_and_nothing_else(window: Window) -> None:
    page = window()
    page.goto("/buero/zugaenge/")
    expect(heading(page)).to_have_text("Anmelden")
    page.get_by_label("E-Mail").fill("buergerbuero@demo.example")
    page.get_by_label("Passwort", exact=True).fill("falsch")
    press(page, "Anmelden")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("E-Mail").fill("buergerbuero@demo.example")
    page.get_by_label("Passwort", exact=True).fill("stadthaus-demo")
    press(page, "Anmelden")
    expect(heading(page)).to_have_text("Diese Seite ist für andere")
