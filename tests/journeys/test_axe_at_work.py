"""What people at work see – office, treasury, contractor, crew – is accessible as far as a machine can tell."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import AtWork, Inspect, Window
from tests.journeys.inspector import Inspector
from tests.journeys.people import Citizen, book_transfer, follow, heading, next_page, open_today, press, the_day_comes
from tests.server import Server


@pytest.mark.inspects("portal:office", "bulky_waste:office_orders", "bulky_waste:office_order")
@pytest.mark.inspects("bulky_waste:office_cancel", "bulky_waste:office_fee_back", "payments:refuse_refund")
def test_the_clerks_pages(at_work: AtWork, inspect: Inspect) -> None:
    page = at_work("buergerbuero")
    inspector = inspect(page)
    inspector.look("after signing in")
    inspector.visit("/buero/", "/buero/sperrmuell/", "/buero/sperrmuell/?q=xyz", "/buero/zugaenge/")
    for state in ("Musterfrau", "Probst-Demo", "Exempel", "Muster"):  # collected, partly, placed, cancelled
        _open_order(page, state)
        inspector.look(f"order of {state}")
    _open_order(page, "Musterfrau")
    follow(page, "Gebühr erstatten …")
    inspector.look("give the fee back")
    press(page, "Erstattung anordnen")
    inspector.look("give the fee back, errors")
    page.get_by_label("Grund").fill("Die Abfuhr war in der falschen Straße.")
    press(page, "Erstattung anordnen")
    approver = at_work("abfall")
    approver.goto("/buero/kasse/erstattungen/")
    follow(approver, "Ablehnen")
    second = inspect(approver)
    second.look("refuse a refund")
    press(approver, "Erstattung ablehnen")
    second.look("refuse a refund, errors")
    _open_order(page, "Modell")
    follow(page, "Stornieren …")
    press(page, "Bestellung stornieren")
    inspector.look("cancel, errors")
    inspector.visit("/buero/sperrmuell/100000000/")


@pytest.mark.inspects("messages:to_do")
def test_letters_and_calls(at_work: AtWork, inspect: Inspect) -> None:
    page = at_work("buergerbuero")
    inspector = inspect(page)
    inspector.visit("/buero/briefe-und-anrufe/")
    press(page, "Zum Drucken zusammenstellen")
    press(page, re.compile("^Nicht erreicht ?: Ilse Testmann$"))
    inspector.look("a print run, somebody not reached")
    press(page, "Als gedruckt markieren")
    press(page, re.compile("^Erreicht und gesagt ?: Ilse Testmann$"))
    expect(page.get_by_text("Niemand ist anzurufen.")).to_be_visible()
    inspector.look("everything done")


def _open_order(page: Page, name: str) -> None:
    page.goto("/buero/sperrmuell/")
    with next_page(page):
        page.get_by_role("row").filter(has_text=name).first.get_by_role("link").first.click()


@pytest.mark.inspects("payments:open", "payments:all", "payments:unclear", "payments:without_date")
@pytest.mark.inspects(
    "payments:refunds", "payments:waivers", "payments:request", "payments:mark_received", "payments:ledger"
)
def test_the_treasurys_pages(at_work: AtWork, inspect: Inspect) -> None:
    page = at_work("kasse")
    inspector = inspect(page)
    inspector.visit("/buero/", "/buero/kasse/", "/buero/kasse/?q=xyz", "/buero/kasse/alle/")
    inspector.visit("/buero/kasse/zu-klaeren/", "/buero/kasse/ohne-termin/")
    inspector.visit("/buero/kasse/erstattungen/", "/buero/kasse/erlasse/", "/buero/kasse/buchungen/?monat=x")
    page.goto("/buero/kasse/")
    with next_page(page):
        page.get_by_role("row").nth(1).get_by_role("link").first.click()
    inspector.look("an open payment")
    page.goto(f"{page.url}?tun=ueberweisung")
    press(page, "Eingang buchen")
    inspector.look("an open payment, errors")


@pytest.mark.inspects("payments:request", "payments:take_at_counter", "payments:request_waiver", "payments:waivers")
@pytest.mark.usefixtures("time_for_the_counter")
def test_money_at_the_counter_and_a_waiver(citizen: Citizen, at_work: AtWork, inspect: Inspect) -> None:
    number = citizen.order_everything("counter").number
    page = at_work("buergerbuero")
    clerk = inspect(page)
    page.goto(f"/buero/kasse/?q={number}")
    for link, button in (("", "kassieren"), ("Papierkarte", "Papierkarte einlösen"), ("Erlass beantragen",) * 2):
        if link:
            follow(page, link)
        with next_page(page):
            page.get_by_role("button", name=button).click()
        clerk.look(f"{button}, errors")
    page.get_by_label("Grund für den Erlass").fill("Nach einem Wasserschaden in der Wohnung.")
    press(page, "Erlass beantragen")
    clerk.look("a waiver is asked for")
    inspect(at_work("abfall")).visit("/buero/", "/buero/kasse/erlasse/")


@pytest.mark.inspects("payments:request", "payments:refunds", "payments:enter_account", "bulky_waste:account")
def test_money_that_goes_back(citizen: Citizen, at_work: AtWork, inspect: Inspect) -> None:
    citizen.order_everything("transfer")
    page = at_work("kasse")
    treasury = inspect(page)
    book_transfer(page, citizen.purpose)
    citizen.page.reload()
    follow(citizen.page, "Bestellung stornieren")
    own = inspect(citizen.page)
    own.look("cancel, with an account")
    citizen.page.get_by_label("IBAN").fill("DE00")
    press(citizen.page, "Ja, stornieren")
    own.look("cancel, with an account, errors")
    citizen.page.get_by_label("IBAN").fill("")
    press(citizen.page, "Ja, stornieren")
    follow(citizen.page, "IBAN angeben")
    own.look("an account for the refund")
    press(citizen.page, "Konto angeben")
    own.look("an account for the refund, errors")
    page.reload()
    treasury.look("a payment to pay back")
    treasury.visit("/buero/kasse/erstattungen/")
    follow(page, "IBAN eintragen")
    treasury.look("where the money goes back to")
    press(page, "Konto speichern")
    treasury.look("where the money goes back to, errors")
    inspect(at_work("abfall")).visit("/buero/kasse/erstattungen/")


@pytest.mark.inspects("payments:without_date", "bulky_waste:office_order", "bulky_waste:office_new_day")
@pytest.mark.inspects("bulky_waste:office_without_day")
def test_money_that_comes_after_the_end(citizen: Citizen, at_work: AtWork, inspect: Inspect) -> None:
    citizen.order_everything("transfer")
    number, purpose = citizen.number, citizen.purpose
    follow(citizen.page, "Bestellung stornieren")
    press(citizen.page, "Ja, stornieren")
    page = at_work("kasse")
    treasury = inspect(page)
    book_transfer(page, purpose, listed="/buero/kasse/alle/")
    treasury.look("a payment without a date")
    treasury.visit("/buero/kasse/ohne-termin/")
    page = at_work("buergerbuero")
    clerk = inspect(page)
    clerk.visit("/buero/")
    follow(page, "Bezahlt ohne Termin: Tag anbieten")
    clerk.look("orders without a day")
    page.goto(f"/buero/sperrmuell/{number}/")
    clerk.look("an order without a day")
    follow(page, "Neuen Tag geben")
    press(page, "Diesen Tag geben")
    clerk.look("a new day, nothing chosen")
    citizen.page.reload()
    inspect(citizen.page).look("paid after the end")


@pytest.mark.inspects("accounts:staff_list", "accounts:role_table", "accounts:staff_member", "accounts:add_staff")
@pytest.mark.inspects("accounts:confirm", "accounts:grant_role")
def test_the_administrators_pages(at_work: AtWork, inspect: Inspect) -> None:
    page = at_work("verwaltung")
    inspector = inspect(page)
    inspector.visit("/buero/", "/buero/regeln/", "/buero/zugaenge/", "/buero/zugaenge/rollen/", "/buero/zugaenge/1/")
    inspector.visit("/buero/zugaenge/neu/")
    press(page, "Zugang anlegen")
    inspector.look("a new access, errors")
    name = f"Nora Neu {uuid4().hex[:6]}"
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Dienstliche E-Mail-Adresse").fill(f"{uuid4().hex[:12]}@demo.example")
    page.get_by_label("Rolle").select_option("Bürgerbüro")
    press(page, "Zugang anlegen")
    inspector.look("waits for a second person")
    page.goto("/buero/zugaenge/")
    follow(page, "Bente Schalter")
    press(page, "Rolle „Abfallwirtschaft“ geben")
    expect(page.get_by_role("main")).to_contain_text("Das geht so nicht")
    inspector.look("two roles that nobody holds both of")
    second = inspect(at_work("vertretung"))
    second.visit("/buero/", "/buero/zugaenge/")
    second.page.get_by_role("listitem").filter(has_text=name).get_by_role("button", name="Bestätigen").click()
    expect(heading(second.page)).to_have_text("Startpasswort")
    second.look("an initial password")


@pytest.mark.inspects("portal:rules", "portal:unfinished", "bulky_waste:contractor_days", "payments:waivers")
@pytest.mark.inspects("bulky_waste:office_catalogue", "bulky_waste:office_volume")
def test_the_pages_of_the_waste_administration(at_work: AtWork, inspect: Inspect) -> None:
    inspector = inspect(at_work("abfall"))
    inspector.visit("/buero/", "/buero/regeln/", "/buero/aufgaben/", "/entsorger/", "/buero/kasse/erlasse/")
    inspector.visit("/buero/sperrmuell/katalog/", "/buero/sperrmuell/katalog/chair/")


@pytest.mark.inspects("bulky_waste:contractor_days", "bulky_waste:contractor_day", "bulky_waste:contractor_phone")
@pytest.mark.inspects("accounts:crews", "accounts:crew_sign_in", "accounts:crew_sign_out", "bulky_waste:crew_home")
@pytest.mark.inspects("bulky_waste:crew_stop", "bulky_waste:crew_left_partly", "bulky_waste:crew_left_all")
def test_the_contractors_and_the_crews_pages(
    citizen: Citizen, at_work: AtWork, inspect: Inspect, window: Window, town_hall: Server
) -> None:
    page = citizen.order_everything("online").pay().page
    the_day_comes(town_hall, citizen)
    link = _at_the_contractors(inspect(at_work("disposition")))
    _on_the_lorry(inspect(window()), link, citizen.number)
    page.reload()
    inspect(page).look("not collected")


def _at_the_contractors(desk: Inspector) -> str:
    page = desk.page
    desk.visit("/buero/", "/entsorger/", "/entsorger/fahrzeuge/")
    open_today(page)
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
    page.goto(link)
    press(page, "Schicht beginnen")
    crew.look("a code used up")


def test_an_order_cancelled_while_the_crew_is_on_its_way(
    citizen: Citizen, at_work: AtWork, inspect: Inspect, window: Window, town_hall: Server
) -> None:
    citizen.order_everything("online").pay()
    the_day_comes(town_hall, citizen)
    desk = at_work("disposition")
    open_today(desk)
    contractor, day = inspect(desk), desk.url
    follow(desk, "Telefon der Besatzung anmelden")
    desk.get_by_label("Fahrzeug").fill("Wagen 8")
    press(desk, "QR-Code zeigen")
    lorry = window()
    lorry.goto(desk.get_by_role("link", name="/fahrt/anmelden/").inner_text())
    press(lorry, "Schicht beginnen")
    lorry.goto(f"/fahrt/{citizen.number}/")
    office = at_work("buergerbuero")
    office.goto(f"/buero/sperrmuell/{citizen.number}/stornieren/")
    office.get_by_label("Grund").fill("Auf Wunsch am Telefon.")
    press(office, "Bestellung stornieren")
    press(lorry, "Mitgenommen")
    inspect(lorry).look("cannot be changed any more")
    contractor.visit(day)
