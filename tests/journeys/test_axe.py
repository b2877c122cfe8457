"""Every page, in every state, is accessible as far as a machine can tell. People test the rest."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Window
from tests.journeys.inspector import WCAG, Inspector
from tests.journeys.people import Citizen, follow, heading, press, reload_until
from tests.server import Server

AtWork = Callable[[str], Page]


@pytest.fixture
def inspector(citizen: Citizen) -> Inspector:
    """An inspector who looks over a citizen's shoulder."""
    return Inspector(citizen.page)


def test_a_fault_put_in_on_purpose_is_found(inspector: Inspector) -> None:
    """The negative control: without it, an inspector who sees nothing would pass everything."""
    inspector.page.goto("/")
    inspector.page.evaluate("() => document.querySelector('main').append(new Image())")
    inspector.page.evaluate("() => { document.querySelector('main').style.minWidth = '400px' }")
    inspector.look()
    assert any("image-alt" in fault for fault in inspector.faults)
    assert any("scrolls sideways" in fault for fault in inspector.faults)


def test_public_pages(inspector: Inspector) -> None:
    inspector.visit("/", "/impressum/", "/datenschutz/", "/barrierefreiheit/", "/ui/", "/postkorb/")
    inspector.visit("/sperrmuell/", "/sperrmuell/?q=kühlschrank", "/sperrmuell/?q=xyz")
    inspector.visit("/sperrmuell/nicht-hier/betrieb/", "/sperrmuell/nicht-hier/ausserhalb/")
    inspector.visit("/gibt-es-nicht/", "/bestellung/gibt-es-nicht/", "/sperrmuell/bestellen/gibt-es-nicht/was/")
    inspector.visit("/fahrt/", "/fahrt/123456789/", "/fahrt/anmelden/gibt-es-nicht/")
    inspector.visit("/anmelden/", "/anmelden/passwort/vergessen/", "/anmelden/geschlossen/")
    assert inspector.is_content()


def test_messages(inspector: Inspector) -> None:
    page = inspector.page
    page.goto("/postkorb/")
    reload_until(page, page.get_by_role("link", name="Bestellt: ").first)
    follow(page, "Bestellt: ")
    inspector.look("a message")
    follow(page, "Als gestaltete E-Mail ansehen")
    inspector.look("a mail as mail programs show it", tags=WCAG)  # a mail needs no landmarks
    assert inspector.is_content()


def test_the_first_two_pages_of_an_order(citizen: Citizen, inspector: Inspector) -> None:
    page = citizen.page
    inspector.visit("/sperrmuell/bestellen/")
    press(page, "Weiter")
    inspector.look("where, nothing filled in")
    page.get_by_label("Straße", exact=True).fill("Acker")
    press(page, "Weiter")
    inspector.look("where, street not clear")
    citizen.where()
    inspector.look("what, empty list")
    draft = page.url
    for words in ("couch", "kühlschrank", "xyz"):
        page.goto(f"{draft}?q={words}")
        inspector.look(f"what, search {words}")
    page.goto(f"{draft}eigenes/")
    press(page, "Hinzufügen")
    inspector.look("own item, nothing filled in")
    page.goto(f"{draft}?q=couch")
    page.get_by_role("button", name="Sofa, 3-Sitzer").click()
    expect(page.get_by_role("group", name="fest eingebaut?")).to_be_visible()
    inspector.look("what, electrical?")
    page.get_by_role("button", name="Ja", exact=True).click()
    expect(page.get_by_text("Dann ist es ein Elektrogerät")).to_be_visible()
    inspector.look("what, electrical")
    page.goto(draft)
    press(page, "Weiter")
    inspector.look("what, errors")
    assert inspector.is_content()


def test_the_other_pages_of_an_order(citizen: Citizen, inspector: Inspector) -> None:
    page = citizen.where().what().page
    draft = page.url.removesuffix("wer/")
    inspector.look("who")
    press(page, "Weiter")
    page.locator("summary", has_text="für jemand anderen").click()
    inspector.look("who, errors")
    citizen.who()
    inspector.look("when")
    press(page, "Weiter")
    inspector.look("when, nothing chosen")
    citizen.when()
    inspector.look("place")
    press(page, "Weiter")
    inspector.look("place, nothing filled in")
    citizen.place()
    inspector.look("check")
    press(page, "Jetzt kostenpflichtig bestellen")
    inspector.look("check, errors")
    inspector.visit(f"{draft}was/", f"{draft}spaeter/")
    page.goto(page.get_by_role("link", name="/sperrmuell/weitermachen/").inner_text())
    inspector.look("going on later")
    assert inspector.is_content()


@pytest.mark.parametrize("way", ["transfer", "counter", "online"])
def test_an_own_order_waiting_for_money(way: str, citizen: Citizen, inspector: Inspector) -> None:
    page = citizen.order_everything(way).page
    order = page.url
    inspector.look(f"ordered, {way}")
    page.goto(f"{order}karte.pdf")
    inspector.look("no card yet")
    page.goto(f"{order}stornieren/")
    inspector.look("cancel?")
    page.context.clear_cookies()
    page.goto(f"{order}ausweisen/")
    inspector.look("prove")
    press(page, "Weiter")
    inspector.look("prove, errors")
    assert inspector.is_content()


def test_an_own_order_paid_and_cancelled(citizen: Citizen, inspector: Inspector) -> None:
    page = citizen.order_everything("online").page
    order = page.url
    press(page, "Jetzt bezahlen")
    inspector.look("the demo's payment page")
    press(page, "Bezahlen")
    inspector.look("paid")
    page.goto(f"{order}stornieren/")
    press(page, "Ja, stornieren")
    expect(heading(page)).to_contain_text("Storniert")
    inspector.look("cancelled")
    page.goto(f"{order}stornieren/")
    inspector.look("cancel, too late")
    assert inspector.is_content()


def test_the_clerks_pages(at_work: AtWork) -> None:
    page = at_work("buergerbuero")
    inspector = Inspector(page)
    inspector.look("after signing in")
    inspector.visit("/buero/", "/buero/sperrmuell/", "/buero/sperrmuell/?q=xyz", "/buero/zugaenge/")
    for state in ("Musterfrau", "Probst-Demo", "Exempel", "Muster"):  # collected, partly, placed, cancelled
        _open_order(page, state)
        inspector.look(f"order of {state}")
    _open_order(page, "Modell")
    follow(page, "Stornieren …")
    press(page, "Bestellung stornieren")
    inspector.look("cancel, errors")
    inspector.visit("/anmelden/zweiter-faktor/", "/anmelden/passwort/", "/anmelden/abmelden/")
    assert inspector.is_content()


def _open_order(page: Page, name: str) -> None:
    page.goto("/buero/sperrmuell/")
    with page.expect_navigation():
        page.get_by_role("row").filter(has_text=name).first.get_by_role("link").first.click()


def test_the_treasurys_pages(at_work: AtWork) -> None:
    page = at_work("kasse")
    inspector = Inspector(page)
    inspector.visit(
        "/buero/", "/buero/kasse/", "/buero/kasse/?q=xyz", "/buero/kasse/alle/", "/buero/kasse/zu-klaeren/"
    )
    inspector.visit("/buero/kasse/ohne-termin/", "/buero/kasse/erstattungen/", "/buero/kasse/erlasse/")
    page.goto("/buero/kasse/")
    with page.expect_navigation():
        page.get_by_role("row").nth(1).get_by_role("link").first.click()
    inspector.look("an open payment")
    press(page, "Eingang buchen")
    inspector.look("an open payment, errors")
    assert inspector.is_content()


def test_the_administrators_pages(at_work: AtWork) -> None:
    inspector = Inspector(at_work("verwaltung"))
    inspector.visit("/buero/", "/buero/zugaenge/", "/buero/zugaenge/rollen/", "/buero/zugaenge/1/")
    inspector.visit("/buero/zugaenge/neu/")
    press(inspector.page, "Zugang anlegen")
    inspector.look("a new access, errors")
    assert inspector.is_content()


def test_the_pages_of_the_waste_administration(at_work: AtWork) -> None:
    inspector = Inspector(at_work("abfall"))
    inspector.visit("/buero/", "/buero/regeln/", "/entsorger/", "/buero/kasse/erlasse/")
    assert inspector.is_content()


def test_the_contractors_and_the_crews_pages(
    citizen: Citizen, at_work: AtWork, window: Window, town_hall: Server
) -> None:
    page = citizen.order_everything("online").page
    press(page, "Jetzt bezahlen")
    press(page, "Bezahlen")
    town_hall.run("-m", "tests.journeys.the_day_comes", citizen.number)
    desk = Inspector(at_work("disposition"))
    link = _at_the_contractors(desk)
    crew = Inspector(window())
    _on_the_lorry(crew, link, citizen.number)
    page.reload()
    own = Inspector(page)
    own.look("not collected")
    assert all([desk.is_content(), crew.is_content(), own.is_content()])


def _at_the_contractors(desk: Inspector) -> str:
    page = desk.page
    desk.visit("/buero/", "/entsorger/", "/entsorger/fahrzeuge/")
    page.goto("/entsorger/")
    with page.expect_navigation():
        page.get_by_role("row").filter(has_text="Heute").first.get_by_role("link").click()
    desk.look("a day")
    follow(page, "Telefon der Besatzung anmelden")
    press(page, "QR-Code zeigen")
    desk.look("a phone, errors")
    page.get_by_label("Fahrzeug").fill("Wagen 7")
    press(page, "QR-Code zeigen")
    desk.look("a phone's code")
    link = page.get_by_role("link", name="/fahrt/anmelden/").inner_text()
    desk.visit("/entsorger/fahrzeuge/")
    return link


def _on_the_lorry(crew: Inspector, link: str, number: str) -> None:
    page, stop = crew.page, f"/fahrt/{number}/"
    crew.visit(link)
    press(page, "Schicht beginnen")
    crew.visit("/fahrt/", stop, f"{stop}teilweise/", "/fahrt/123456789/")
    page.goto(f"{stop}nicht/")
    press(page, "Speichern")
    crew.look("not collected, errors")
    page.get_by_role("radio", name="Nichts").check()
    press(page, "Speichern")
    crew.visit("/fahrt/", stop)
    page.goto("/fahrt/")
    press(page, "Schicht beenden")
    crew.look("signed out")
