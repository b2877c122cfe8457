"""What people see when it is our fault, or when their browser has forgotten them."""

from playwright.sync_api import expect

from tests.journeys.conftest import Inspect, Window
from tests.journeys.people import Citizen, heading, press
from tests.server import Server, free_port, web


def test_without_a_database_the_page_says_that_it_is_our_fault(
    window: Window, inspect: Inspect, town_hall: Server
) -> None:
    second = town_hall.on(free_port())
    with web(second, "without-database", program="tests.journeys.without_database:application"):
        page = window(base_url=second.address, watched=False)
        page.goto("/sperrmuell/")
        expect(heading(page)).to_have_text("Das hat nicht geklappt – das liegt an uns")
        expect(page.get_by_text("Versuchen Sie es gleich noch einmal")).to_be_visible()
        inspect(page).look("500")


def test_who_comes_too_often_is_asked_to_wait(window: Window, inspect: Inspect, town_hall: Server) -> None:
    citizen = Citizen(window(watched=False))
    page = citizen.order_everything("online").page
    own_order = page.url.removeprefix(town_hall.address)
    inspector = inspect(page)
    strict = town_hall.on(free_port(), STADTHAUS_RATE_FACTOR="0")
    with web(strict, "strict"):
        page.goto(f"{strict.address}/sperrmuell/bestellen/")
        citizen.answer_where("Ackerstraße", "12a")
        expect(heading(page)).to_have_text("Bitte warten Sie etwas")
        inspector.look("429, a new order")
        page.goto(strict.address + own_order)
        press(page, "Jetzt bezahlen")
        expect(page.get_by_text("Bitte warten Sie zehn Minuten.")).to_be_visible()
        inspector.look("429, paying")
        page.goto(f"{strict.address}/fahrt/anmelden/gibt-es-nicht/")
        press(page, "Schicht beginnen")
        inspector.look("429, a crew's phone")
        page.goto(f"{strict.address}/anmelden/")
        page.get_by_label("E-Mail").fill("kasse@demo.example")
        page.get_by_label("Passwort", exact=True).fill("falsch")
        press(page, "Anmelden")
        expect(page.get_by_role("alert")).to_contain_text("Das waren zu viele Versuche.")
        inspector.look("too many tries to sign in")


def test_what_cannot_be_read_gets_a_page_that_says_so(citizen: Citizen, inspect: Inspect) -> None:
    page = citizen.page
    page.goto("/sperrmuell/?q=%00")
    expect(heading(page)).to_have_text("Das konnten wir nicht lesen")
    inspect(page).look("400")


def test_a_form_without_its_cookie_says_what_to_do(citizen: Citizen, inspect: Inspect) -> None:
    page = citizen.page
    page.goto("/sperrmuell/bestellen/")
    page.context.clear_cookies()
    citizen.answer_where("Ackerstraße", "12a")
    expect(heading(page)).to_have_text("Bitte versuchen Sie es noch einmal")
    inspect(page).look("403, cookie lost")
    page.go_back()
    page.reload()
    citizen.answer_where("Ackerstraße", "12a")
    expect(heading(page)).to_have_text("Was soll abgeholt werden?")


def test_somebody_without_the_permission_sees_a_sentence_and_nothing_else(window: Window, inspect: Inspect) -> None:
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
    inspect(page).look("403")
