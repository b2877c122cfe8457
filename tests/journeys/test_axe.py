"""What citizens see, in every state, is accessible as far as a machine can tell. People test the rest."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Inspect, Window
from tests.journeys.inspector import WCAG, Inspector
from tests.journeys.people import Citizen, follow, heading, press, reload_until


@pytest.fixture
def inspector(citizen: Citizen, inspect: Inspect) -> Inspector:
    """An inspector who looks over a citizen's shoulder."""
    return inspect(citizen.page)


def test_a_fault_put_in_on_purpose_is_found(citizen: Citizen) -> None:
    """The negative control: without it, an inspector who sees nothing would pass everything."""
    inspector = Inspector(citizen.page)
    inspector.page.goto("/")
    inspector.page.evaluate("() => document.querySelector('main').append(new Image())")
    inspector.page.evaluate("() => { document.querySelector('main').style.minWidth = '400px' }")
    inspector.page.evaluate("() => { document.querySelector('h1').style.color = '#0c0e15' }")  # the night's ground
    inspector.look()
    unreadable = [fault for fault in inspector.faults if "color-contrast" in fault]
    assert unreadable and all("px, dark" in fault for fault in unreadable)
    assert any("image-alt" in fault for fault in inspector.faults)
    assert any("scrolls sideways" in fault for fault in inspector.faults)


def test_an_address_that_leads_elsewhere_or_is_refused_does_not_count_as_seen(citizen: Citizen) -> None:
    """The other negative control: a promise is kept by the page itself only."""
    inspector = Inspector(citizen.page)
    inspector.visit("/buero/", "/bestellung/gibt-es-nicht/")
    assert inspector.faults == ["/buero/: leads to /anmelden/"]
    assert inspector.seen == {"account_login"}


@pytest.mark.inspects("portal:start", "portal:imprint", "portal:privacy", "portal:accessibility")
@pytest.mark.inspects("portal:components", "messages:inbox", "bulky_waste:service", "bulky_waste:not_for_you")
def test_public_pages(inspector: Inspector) -> None:
    inspector.visit("/", "/impressum/", "/datenschutz/", "/barrierefreiheit/", "/postkorb/")
    inspector.visit("/ui/", "/ui/?rahmen=arbeitsplatz", "/ui/?rahmen=fahrzeug")
    inspector.visit("/sperrmuell/", "/sperrmuell/?q=kühlschrank", "/sperrmuell/?q=xyz")
    inspector.visit("/sperrmuell/nicht-hier/betrieb/", "/sperrmuell/nicht-hier/ausserhalb/")
    inspector.visit("/gibt-es-nicht/", "/bestellung/gibt-es-nicht/", "/sperrmuell/bestellen/gibt-es-nicht/was/")
    inspector.visit("/fahrt/", "/fahrt/123456789/")


@pytest.mark.inspects("bulky_waste:lost_link")
def test_the_lost_link(inspector: Inspector) -> None:
    page = inspector.page
    inspector.visit("/sperrmuell/link/")
    press(page, "Link schicken")
    inspector.look("the lost link, nothing filled in")
    page.get_by_label("E-Mail-Adresse").fill("niemand@example.org")
    press(page, "Link schicken")
    expect(page.get_by_text("Sehen Sie in Ihr Postfach")).to_be_visible()
    inspector.look("the lost link, asked for")


@pytest.mark.inspects("messages:one_message", "messages:as_html")
def test_messages(inspector: Inspector) -> None:
    page = inspector.page
    page.goto("/postkorb/")
    reload_until(page, page.get_by_role("link", name="Bestellt: ").first)
    follow(page, "Bestellt: ")
    inspector.look("a message")
    follow(page, "Als gestaltete E-Mail ansehen")
    inspector.look("a mail as mail programs show it", tags=WCAG)  # a mail needs no landmarks


@pytest.mark.inspects("bulky_waste:begin", "bulky_waste:where", "bulky_waste:what", "bulky_waste:own_item")
@pytest.mark.inspects("bulky_waste:electrical", "bulky_waste:what_done")
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
    inspector.visit(f"{draft.removesuffix('was/')}wo/")
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


@pytest.mark.inspects("bulky_waste:electrical")
def test_where_our_scripts_do_not_arrive_a_question_is_a_page_of_its_own(citizen: Citizen, inspect: Inspect) -> None:
    citizen.page.route("**/*.js", lambda request: request.abort())
    page = citizen.where().page
    inspector = inspect(page)
    page.goto(f"{page.url}?q=couch")
    press(page, re.compile("^Hinzufügen ?: Sofa, 3-Sitzer$"))
    inspector.look("electrical?")


@pytest.mark.inspects("bulky_waste:who", "bulky_waste:when", "bulky_waste:place", "bulky_waste:check")
@pytest.mark.inspects("bulky_waste:later", "bulky_waste:resume")
def test_the_other_pages_of_an_order(citizen: Citizen, inspector: Inspector) -> None:
    page = citizen.where().what().page
    draft = page.url.removesuffix("wer/")
    inspector.look("who")
    press(page, "Weiter")
    page.locator("summary", has_text="um jemand anderen").click()
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


@pytest.mark.inspects("bulky_waste:own_order", "bulky_waste:cancel", "bulky_waste:prove")
@pytest.mark.usefixtures("time_for_the_counter")
@pytest.mark.parametrize("way", ["transfer", "counter", "online"])
def test_an_own_order_waiting_for_money(way: str, citizen: Citizen, inspector: Inspector) -> None:
    page = citizen.order_everything(way).page
    order = page.url
    inspector.look(f"ordered, {way}")
    page.goto(f"{order}karte.pdf")
    inspector.look("no card yet")
    if way != "transfer":
        page.goto(f"{order}ueberweisung.pdf")
        inspector.look("no transfer")
    page.goto(f"{order}stornieren/")
    inspector.look("cancel?")
    page.context.clear_cookies()
    page.goto(f"{order}ausweisen/")
    inspector.look("prove")
    press(page, "Weiter")
    inspector.look("prove, errors")


@pytest.mark.inspects("bulky_waste:own_order", "bulky_waste:cancel", "bulky_waste:way", "payments:demo_page")
def test_an_own_order_paid_and_cancelled(citizen: Citizen, inspector: Inspector) -> None:
    page = citizen.order_everything("online").page
    order = page.url
    press(page, "Jetzt bezahlen")
    inspector.look("the demo's payment page")
    press(page, "Scheitern")
    inspector.look("payment failed")
    follow(page, "Anders bezahlen")
    inspector.look("another way to pay")
    press(page, "So bezahlen")
    inspector.look("another way to pay, errors")
    follow(page, "Zurück")
    citizen.pay()
    inspector.look("paid")
    page.goto(f"{order}stornieren/")
    press(page, "Ja, stornieren")
    expect(heading(page)).to_contain_text("Storniert")
    inspector.look("cancelled")
    page.goto(f"{order}stornieren/")
    inspector.look("cancel, too late")


@pytest.mark.inspects("payments:demo_page", "payments:came_back", "payments:pay")
def test_pages_of_paying_that_few_people_see(citizen: Citizen, inspect: Inspect, window: Window) -> None:
    page = citizen.order_everything("online").page
    late = page.context.new_page()
    late.goto(page.url)
    press(page, "Jetzt bezahlen")
    at_the_provider = page.url
    press(page, "Bezahlen")
    page.goto(at_the_provider)
    payer = inspect(page)
    payer.look("the demo's payment page, paid already")
    way_back = page.get_by_role("link", name="Zurück zur Stadt").get_attribute("href")
    press(late, "Jetzt bezahlen")
    inspect(late).look("paid already")
    elsewhere = inspect(window())
    elsewhere.visit(str(way_back))


def test_nobody_knows_whether_the_money_came(citizen: Citizen, inspector: Inspector) -> None:
    page = citizen.order_everything("online").page
    press(page, "Jetzt bezahlen")
    press(page, "Nie antworten")
    inspector.look("the provider is silent")
