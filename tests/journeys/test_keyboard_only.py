"""A whole order without a mouse."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.keyboard import Keyboard
from tests.journeys.people import ALL_FITS, Citizen, heading

HIDE_FOCUS = """
() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('*, ::before, ::after { outline: none !important; box-shadow: none !important }');
  document.adoptedStyleSheets = [sheet];
}
"""


def test_a_whole_order_needs_no_mouse_and_the_focus_is_always_seen(citizen: Citizen) -> None:
    page, keyboard = citizen.page, Keyboard(citizen.page)
    page.goto("/")
    keyboard.go_to(page.get_by_role("link", name="Sperrmüllkarte bestellen"))
    keyboard.enter()
    _where(page, keyboard)
    _what(page, keyboard)
    _who(page, keyboard)
    keyboard.go_to(page.get_by_role("radio").first)
    for _ in range(4):
        keyboard.press("ArrowDown")
    keyboard.send("Weiter")
    keyboard.write(page.get_by_role("textbox", name="Wo genau?"), "vor dem Haus")
    keyboard.send("Weiter")
    _check(page, keyboard)
    expect(heading(page)).to_contain_text("Bitte überweisen Sie 30,00 €.")
    assert keyboard.faults == []


def test_tab_goes_on_from_a_list_of_suggestions_that_scrolls(citizen: Citizen) -> None:
    page = citizen.page
    page.goto("/sperrmuell/bestellen/")
    page.get_by_role("combobox", name="Straße").press_sequentially("Am ")
    expect(page.get_by_role("option").nth(6)).to_be_attached()
    page.keyboard.press("Tab")
    page.keyboard.type("12")
    expect(page.get_by_role("textbox", name="Hausnummer")).to_have_value("12")


def _where(page: Page, keyboard: Keyboard) -> None:
    keyboard.write(page.get_by_role("combobox", name="Straße"), "Ackers")
    expect(page.get_by_role("option", name="Ackerstraße")).to_be_visible()
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Straße")).to_have_value("Ackerstraße")
    keyboard.write(page.get_by_role("textbox", name="Hausnummer"), "12a")
    keyboard.choose(page.get_by_role("radio", name="Aus einem privaten Haushalt"))
    keyboard.send("Weiter")


def _what(page: Page, keyboard: Keyboard) -> None:
    keyboard.write(page.get_by_label("Gegenstand suchen"), "Couch")
    expect(page.locator("#ansage")).to_have_text(re.compile("^[0-9]+ Treffer$"))
    keyboard.go_to(page.get_by_role("button", name=re.compile("Hinzufügen ?: Sofa, 3-Sitzer")))
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="fest eingebaut?")).to_be_focused()
    keyboard.go_to(page.get_by_role("button", name="Nein, nichts"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Mehr: Sofa, 3-Sitzer")).to_be_visible()
    keyboard.check("after adding a thing")
    keyboard.go_to(page.get_by_role("button", name="Mehr: Sofa, 3-Sitzer"))
    keyboard.press("Enter")
    expect(page.locator(".stepper__count")).to_have_text(re.compile("2$"))
    expect(page.get_by_role("button", name="Mehr: Sofa, 3-Sitzer")).to_be_focused()
    keyboard.choose(page.get_by_role("radio", name=ALL_FITS))
    keyboard.send("Weiter")


def _who(page: Page, keyboard: Keyboard) -> None:
    keyboard.write(page.get_by_role("textbox", name="Vor- und Nachname"), "Toni Tastatur")
    keyboard.choose(page.get_by_role("radio", name="E-Mail"))
    keyboard.write(page.get_by_role("textbox", name="E-Mail-Adresse"), "toni@demo.example")
    keyboard.send("Weiter")


def _check(page: Page, keyboard: Keyboard) -> None:
    keyboard.go_to(page.get_by_role("radio").first)
    keyboard.press("Space")
    transfer = page.get_by_role("radio", name="Überweisung")
    if not transfer.is_checked():
        keyboard.go_to(transfer, key="ArrowDown")
    keyboard.choose(page.get_by_label("Die Sachen kommen aus einem privaten Haushalt"))
    keyboard.choose(page.get_by_label("Ich darf sie an dieser Adresse hinstellen"))
    keyboard.send("Jetzt kostenpflichtig bestellen")


def test_the_error_summary_takes_the_focus_and_leads_to_each_field(citizen: Citizen) -> None:
    page, keyboard = citizen.page, Keyboard(citizen.page)
    page.goto("/sperrmuell/bestellen/")
    keyboard.send("Weiter")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page).to_have_title(re.compile("^Fehler: "))
    fields = ("Straße", "Hausnummer", "Aus einem privaten Haushalt")
    links = page.get_by_role("alert").get_by_role("link")
    for link, label in zip(links.all(), fields, strict=True):
        link.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_label(label, exact=True)).to_be_focused()


def test_a_focus_that_cannot_be_seen_is_found(citizen: Citizen) -> None:
    """The negative control of what the other journeys by keyboard check."""
    page, keyboard = citizen.page, Keyboard(citizen.page)
    page.goto("/sperrmuell/bestellen/")
    page.evaluate(HIDE_FOCUS)
    keyboard.go_to(page.get_by_role("button", name="Weiter"))
    assert any("cannot be seen" in fault for fault in keyboard.faults)


def test_the_first_stop_leads_past_the_navigation(citizen: Citizen) -> None:
    page, keyboard = citizen.page, Keyboard(citizen.page)
    page.goto("/sperrmuell/bestellen/")
    keyboard.press("Tab")
    expect(page.get_by_role("link", name="Zum Inhalt springen")).to_be_focused()
    page.keyboard.press("Enter")
    keyboard.go_to(page.get_by_role("combobox", name="Straße"))
    assert keyboard.faults == []
