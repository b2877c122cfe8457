"""From the first click to the empty kerb: citizen, treasury, contractor, crew, and back to the citizen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Window
from tests.journeys.people import (
    Citizen,
    book_transfer,
    follow,
    heading,
    open_today,
    press,
    reload_until,
    sign_in,
    the_day_comes,
    the_result_is_final,
)
from tests.server import ROOT, Server

Picture = Callable[[Page, str], None]
HOUSE = "31b"  # nobody else in these journeys lives there
THIRD_DAY = 2  # at least 17 days ahead: a transfer still fits, and the demo has orders on it
PHOTO = ROOT / "tests" / "journeys" / "left_on_the_kerb.jpg"
# The two run on one server: each takes a district of its own, whose next day can become today.
WITH_SCRIPT = pytest.param(True, "Ackerstraße", id="with-javascript")
WITHOUT_SCRIPT = pytest.param(False, "Abdinghof", id="without-javascript")


@pytest.mark.parametrize(("script", "street"), [WITH_SCRIPT, WITHOUT_SCRIPT])
def test_what_is_ordered_is_paid_collected_and_answered_for(
    script: bool, street: str, window: Window, town_hall: Server, picture: Picture
) -> None:
    def opened(**options: object) -> Page:
        return window(java_script_enabled=script, **options)

    show = picture if script else lambda *_: None
    mail = f"{street.lower().replace('ß', 'ss')}@demo.example"
    citizen = _order(opened(), street, mail, script, show)
    _treasury_books_the_transfer(opened(), citizen, show)
    _citizen_has_the_card(citizen)
    the_day_comes(town_hall, citizen)
    link = _dispatcher_sends_the_crew(opened(), street, show)
    _crew_leaves_something(opened(viewport=PHONE), link, street, show)
    _citizen_reads_why(citizen)
    the_result_is_final(town_hall, citizen)
    _each_message_came_once(opened(), mail)


def _order(page: Page, street: str, mail: str, script: bool, show: Picture) -> Citizen:
    citizen = Citizen(page)
    page.goto("/")
    follow(page, "Sperrmüllkarte bestellen")
    if script:
        _pick_by_keyboard(page, street)
    citizen.answer_where(street, HOUSE)
    citizen.put_on_list(("Couch", "Sofa, 3-Sitzer"), ("Sessel", "Sessel"))
    show(page, "order")
    citizen.what()
    citizen.who(email=mail).when(THIRD_DAY).place().confirm()
    press(page, "Jetzt kostenpflichtig bestellen")
    expect(heading(page)).to_contain_text("Bitte überweisen Sie 15,00 €.")
    return citizen


def _pick_by_keyboard(page: Page, street: str) -> None:
    """Type the beginning, take the first suggestion with the arrow and Enter."""
    field = page.get_by_role("combobox", name="Straße")
    field.press_sequentially(street[:6])
    expect(page.get_by_role("option", name=street)).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(field).to_have_value(street)


def _treasury_books_the_transfer(page: Page, citizen: Citizen, show: Picture) -> None:
    sign_in(page, "kasse")
    page.goto("/buero/sperrmuell/")
    show(page, "office")
    book_transfer(page, citizen.purpose)
    expect(page.get_by_role("row").filter(has_text="Kim Kassenwart")).to_contain_text("15,00 €")


def _citizen_has_the_card(citizen: Citizen) -> None:
    page = citizen.page
    page.reload()
    expect(heading(page)).to_contain_text("Bestellt und bezahlt. Wir kommen am")
    card = page.request.get(f"{page.url}karte.pdf")
    assert card.headers["content-type"] == "application/pdf"
    assert card.body().startswith(b"%PDF-")


def _dispatcher_sends_the_crew(page: Page, street: str, show: Picture) -> str:
    sign_in(page, "disposition")
    open_today(page, "Nord" if street == "Ackerstraße" else "Süd")
    expect(page.get_by_role("row").filter(has_text=f"{street} {HOUSE}")).to_contain_text("Offen")
    show(page, "contractor")
    follow(page, "Telefon der Besatzung anmelden")
    page.get_by_label("Fahrzeug").fill("Wagen 3")
    press(page, "QR-Code zeigen")
    return page.get_by_role("link", name="/fahrt/anmelden/").inner_text()


def _crew_leaves_something(page: Page, link: str, street: str, show: Picture) -> None:
    page.goto(link)
    press(page, "Schicht beginnen")
    page.goto("/fahrt/")
    is_next = heading(page).filter(has_text=f"{street} {HOUSE}").count()
    follow(page, "Öffnen" if is_next else f"{street} {HOUSE}")
    show(page, "crew")
    follow(page, "Teilweise")
    page.get_by_role("radio", name="Elektrogerät").check()
    page.get_by_label("Foto").set_input_files(PHOTO)
    page.get_by_label("Bemerkung").fill("Der Fernseher bleibt hier.")
    press(page, "Speichern")


def _citizen_reads_why(citizen: Citizen) -> None:
    page = citizen.page
    page.reload()
    expect(heading(page)).to_have_text("Teilweise abgeholt.")
    expect(page.get_by_text("Der Fernseher bleibt hier.")).to_be_visible()
    expect(page.get_by_role("img", name="Foto der Abfuhr")).to_be_visible()


def _each_message_came_once(page: Page, mail: str) -> None:
    page.goto("/postkorb/")
    mine = page.get_by_role("listitem").filter(has_text=f"an {mail}")
    reload_until(page, mine.filter(has_text="Teilweise abgeholt"))
    for subject in ("Bestellt: ", "Bestätigt: ", "Teilweise abgeholt: "):
        expect(mine.filter(has_text=subject)).to_have_count(1)
    expect(mine).to_have_count(3)
