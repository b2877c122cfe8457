"""What people do on the pages, in words: find fields by their labels, buttons by their names."""

import re
import time
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Self

from playwright.sync_api import Locator, Page, expect

from stadthaus.kernel.calendars import BERLIN
from tests.server import Server

PASSWORD = "stadthaus-demo"  # printed at the demo's start
ALL_FITS = "Ja, alles passt"
WORK_OF_A_CREW = timedelta(minutes=3)  # what a journey does on the collection day takes less
PAYING = {"transfer": "Überweisung", "online": "Sofort online", "counter": "Im Bürgerbüro"}


def heading(page: Page) -> Locator:
    """The one main heading of a page."""
    return page.get_by_role("heading", level=1)


def next_page(page: Page) -> AbstractContextManager[object]:
    """Wait at the end of the block until a new page is there.

    Not expect_navigation: a page with errors replaces its entry in the history when it is sent (live.js), and that
    already counts as one, so that the test would look at a page that is about to go.
    """
    return page.expect_event("load")


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press a button of this name and wait for the page that follows."""
    with next_page(page):
        page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    """Follow a link of this name and wait for the page that follows."""
    with next_page(page):
        page.get_by_role("link", name=name).first.click()


def reload_until(page: Page, seen: Locator, *, tries: int = 60) -> None:
    """Load the page again until it shows what the worker has to do first."""
    for _ in range(tries):
        try:
            expect(seen).to_be_visible(timeout=1000)
        except AssertionError:
            page.reload()
        else:
            return
    expect(seen).to_be_visible()


def sign_in(page: Page, who: str) -> Page:
    """Sign a person of the demo's staff in, by the first part of the e-mail address."""
    page.goto("/anmelden/")
    page.get_by_label("E-Mail").fill(f"{who}@demo.example")
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    press(page, "Anmelden")
    return page


class Citizen:
    """Somebody who orders, page by page. Each step answers one page and checks that the next one asks its question."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def where(self, street: str = "Ackerstraße", house: str = "12a") -> Self:
        """Begin an order and say where to collect."""
        self.page.goto("/sperrmuell/bestellen/")
        self.answer_where(street, house)
        return self._asked("Was soll abgeholt werden?")

    def answer_where(self, street: str, house: str) -> None:
        """Fill in the first page and send it."""
        self.page.get_by_label("Straße", exact=True).fill(street)
        self.page.get_by_label("Hausnummer", exact=True).fill(house)
        self.page.get_by_label("Aus einem privaten Haushalt").check()
        press(self.page, "Weiter")

    def put_on_list(self, *things: tuple[str, str]) -> Self:
        """Search for things, each with the words typed and the name chosen, and put them on the list."""
        for words, name in things:
            self.page.get_by_label("Gegenstand suchen").fill(words)
            press(self.page, "Suchen")
            self.page.get_by_role("button", name=re.compile(f"^Hinzufügen ?: {re.escape(name)}$")).click()
            question = self.page.get_by_role("group", name="fest eingebaut?")
            on_the_list = self.page.get_by_role("button", name=f"Mehr: {name}", exact=True)
            expect(question.or_(on_the_list)).to_be_visible()
            if question.is_visible():
                self.page.get_by_role("button", name="Nein, nichts").click()
            expect(on_the_list).to_be_visible()
        return self

    def what(self, *things: tuple[str, str]) -> Self:
        """Put things on the list (a chair, if nothing is said), answer the question below and go on."""
        self.put_on_list(*things or [("Stuhl", "Stuhl")])
        self.page.get_by_label(ALL_FITS).check()
        press(self.page, "Weiter")
        return self._asked("Wie erreichen wir Sie?")

    def who(self, name: str = "Erika Öffentlich", email: str = "erika@demo.example") -> Self:
        """Say who orders, and to be answered by e-mail."""
        self.page.get_by_label("Vor- und Nachname").fill(name)
        self.page.get_by_role("radio", name="E-Mail", exact=True).check()
        self.page.get_by_label("E-Mail-Adresse").fill(email)
        press(self.page, "Weiter")
        return self._asked("Wann sollen wir kommen?")

    def when(self, number: int = -1) -> Self:
        """Choose a day by its place in the list: the last one has time for every way of paying."""
        self.page.get_by_role("radio").nth(number).check()
        press(self.page, "Weiter")
        return self._asked("Wo stehen die Sachen?")

    def place(self, note: str = "rechts neben der Einfahrt") -> Self:
        """Say where the things will stand."""
        self.page.get_by_label("Wo genau?").fill(note)
        press(self.page, "Weiter")
        return self._asked("Stimmt alles?")

    def confirm(self, way: str = "transfer") -> None:
        """Choose how to pay and declare what has to be declared, without ordering yet."""
        self.page.get_by_role("radio", name=PAYING[way]).check()
        self.page.get_by_label("Die Sachen kommen aus einem privaten Haushalt").check()
        self.page.get_by_label("Ich darf sie an dieser Adresse hinstellen").check()

    def order(self, way: str = "transfer") -> Self:
        """Check and order."""
        self.confirm(way)
        press(self.page, "Jetzt kostenpflichtig bestellen")
        return self._asked("Bestellt für")

    def pay(self) -> Self:
        """Pay online, and come back."""
        press(self.page, "Jetzt bezahlen")
        press(self.page, "Bezahlen")
        return self._asked("Bestellt und bezahlt.")

    def order_everything(self, way: str = "transfer") -> Self:
        """A whole order with the usual answers."""
        return self.where().what().who().when().place().order(way)

    @property
    def number(self) -> str:
        """The order's number as it is written in addresses: digits only."""
        return re.sub(r"\D", "", self.page.locator(".own-number strong").inner_text())

    @property
    def purpose(self) -> str:
        """What the order's page says to write on the transfer."""
        return self.page.locator("dt", has_text="Verwendungszweck").locator("+ dd").inner_text()

    def _asked(self, question: str) -> Self:
        expect(heading(self.page)).to_contain_text(question)
        return self


def book_transfer(page: Page, purpose: str, *, listed: str = "/buero/kasse/") -> None:
    """At the treasury's desk: what stands on the bank statement leads to the payment; book it."""
    page.goto(listed)
    page.get_by_role("searchbox", name="Suchen").fill(purpose)
    press(page, "Suchen")
    page.get_by_label("Betrag in Euro").fill("15,00")
    press(page, "Eingang buchen")


def the_day_comes(town_hall: Server, citizen: Citizen) -> None:
    """Make the collection day of the citizen's order today; shortly before midnight today is over too soon."""
    now = datetime.now(BERLIN)
    if (now + WORK_OF_A_CREW).date() > now.date():
        time.sleep(WORK_OF_A_CREW.total_seconds())
    town_hall.run("-m", "tests.journeys.the_day_comes", citizen.number)


def the_result_is_final(town_hall: Server, citizen: Citizen) -> None:
    """Let the minutes pass in which the crew may correct what it said about the citizen's order."""
    town_hall.run("-m", "tests.journeys.the_day_comes", citizen.number, "final")


def open_today(page: Page, district: str = "Nord") -> None:
    """At the contractor's desk: open today's list of a district; the usual address lies in the north."""
    page.goto("/entsorger/")
    with next_page(page):
        page.get_by_role("row").filter(has_text="Heute").filter(has_text=district).get_by_role("link").click()
