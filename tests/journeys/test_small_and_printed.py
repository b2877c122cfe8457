"""400 % zoom, large letters, thumbs, and paper."""

import io
import re

import pikepdf
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Window
from tests.journeys.people import Citizen, follow, heading, press

ZOOMED = {"width": 320, "height": 256}  # 1280 × 1024 at 400 %
_STUCK = """
() => {
  scrollTo(0, document.documentElement.scrollHeight / 2);
  return [...document.querySelectorAll('*')]
    .filter((e) => ['fixed', 'sticky'].includes(getComputedStyle(e).position))
    .map((e) => e.getBoundingClientRect())
    .filter((box) => box.width > innerWidth / 2 && box.top < innerHeight && box.bottom > 0)
    .reduce((sum, box) => sum + Math.min(box.bottom, innerHeight) - Math.max(box.top, 0), 0);
}
"""

PHONE = {"width": 320, "height": 640}
THUMB = 44  # pixels
_LETTERS = """
(percent) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`html { font-size: ${percent}% }`);
  document.adoptedStyleSheets = [sheet];
}
"""
_OUTSIDE = """
() => [...document.querySelectorAll('body :not(.skip-link, .kern-sr-only, svg *)')]
  .map((e) => [e, e.getBoundingClientRect()])
  .filter(([, box]) => box.height && (box.right > innerWidth + 1 || box.left < -1))
  .map(([e]) => `${e.tagName} ${e.className} ${e.textContent.trim().slice(0, 40)}`)
"""
# A link inside a sentence may be as high as its line.
_TOO_SMALL = """
(thumb) => {
  const boxes = (e) => [e, ...(e.labels ?? [])].map((part) => part.getBoundingClientRect());
  const size = (e, from, to) => Math.max(...boxes(e).map((b) => b[to])) - Math.min(...boxes(e).map((b) => b[from]));
  const among = (e) => [...e.parentElement.childNodes].some((n) => n.nodeType === 3 && /\\p{L}/u.test(n.textContent));
  return [...document.querySelectorAll('a[href], button, summary, input:not([type=hidden]), select, textarea')]
    .filter((e) => e.checkVisibility() && !e.matches('.skip-link') && !(e.matches('a') && among(e)))
    .filter((e) => Math.min(size(e, 'left', 'right'), size(e, 'top', 'bottom')) < thumb - 0.5)
    .map((e) => `${e.tagName} ${e.textContent.trim() || e.name}`);
}
"""


def _fits(page: Page) -> None:
    """Nothing scrolls sideways, and what sticks to the window leaves most of it to the page."""
    assert page.evaluate("() => document.documentElement.scrollWidth") <= ZOOMED["width"], page.url
    assert page.evaluate(_STUCK) <= ZOOMED["height"] / 2, page.url


@pytest.mark.parametrize("script", [True, False], ids=["with-javascript", "without-javascript"])
def test_at_400_percent_every_page_of_an_order_can_be_used(script: bool, window: Window) -> None:
    """Playwright clicks only what can be scrolled into the window and is not covered."""
    page = window(viewport=ZOOMED, java_script_enabled=script)
    citizen = Citizen(page)
    for path in ("/", "/sperrmuell/", "/sperrmuell/bestellen/"):
        page.goto(path)
        _fits(page)
    citizen.where()
    _fits(page)
    for step in (citizen.what, citizen.who, citizen.when, citizen.place, citizen.order):
        step()
        _fits(page)


def _is_easy(page: Page) -> None:
    """Everything that can be tapped is as large as a thumb; with letters twice as large nothing leaves the window."""
    assert page.evaluate(_TOO_SMALL, THUMB) == [], page.url
    page.evaluate(_LETTERS, 200)
    assert page.evaluate(_OUTSIDE) == [], page.url
    page.evaluate(_LETTERS, 100)


def test_before_an_order_large_letters_and_thumbs_are_welcome(window: Window) -> None:
    page = window(viewport=PHONE)
    for path in ("/", "/sperrmuell/?q=Schrank", "/sperrmuell/nicht-hier/betrieb/", "/sperrmuell/bestellen/"):
        page.goto(path)
        _is_easy(page)
    press(page, "Weiter")
    _is_easy(page)


def test_on_every_page_of_an_order_large_letters_and_thumbs_are_welcome(window: Window) -> None:
    citizen = Citizen(window(viewport=PHONE)).where()
    page = citizen.page
    citizen.put_on_list(("Kleiderschrank", "Kleiderschrank, 3-türig"), ("Couch", "Sofa, 3-Sitzer"))
    _is_easy(page)
    follow(page, "Nicht gefunden?")
    _is_easy(page)
    page.go_back()
    citizen.what(("Stuhl", "Stuhl"))
    page.get_by_text("Wohnen Sie woanders").click()
    page.get_by_label("Ich bestelle für jemand anderen").check()
    for way in ("Telefon", "Brief", "E-Mail"):
        page.get_by_role("radio", name=way, exact=True).check()
        _is_easy(page)
    page.get_by_label("Ich bestelle für jemand anderen").uncheck()
    citizen.who(email="hans-joachim.grossmann-wesselmann@demo.example")
    for step in (citizen.when, citizen.place):
        _is_easy(page)
        step()
    _is_easy(page)
    follow(page, "Später weitermachen")
    _is_easy(page)


def test_behind_the_private_link_large_letters_and_thumbs_are_welcome(window: Window) -> None:
    page = Citizen(window(viewport=PHONE)).order_everything().page
    order = page.url
    page.get_by_text("QR-Code zeigen").click()
    _is_easy(page)
    for name in ("stornieren/", "ausweisen/"):
        page.goto(f"{order}{name}")
        _is_easy(page)


@pytest.mark.parametrize("script", [True, False], ids=["with-javascript", "without-javascript"])
def test_only_the_field_that_the_answer_needs_is_there(script: bool, window: Window) -> None:
    page = Citizen(window(java_script_enabled=script)).where().what().page
    fields = {
        name: page.get_by_role("textbox", name=name) for name in ("E-Mail-Adresse", "Telefonnummer", "Anschrift")
    }
    expect(page.get_by_role("textbox")).to_have_count(1)  # the name
    for way, field in zip(("E-Mail", "Telefon", "Brief"), fields.values(), strict=True):
        page.get_by_role("radio", name=way, exact=True).check()
        expect(field).to_be_visible()
        expect(page.get_by_role("textbox")).to_have_count(2)


def test_a_phone_shows_the_account_and_keeps_the_code_for_another_device(window: Window) -> None:
    page = Citizen(window(viewport=PHONE)).order_everything().page
    codes = page.locator(".giro-code svg")
    expect(page.get_by_text("IBAN", exact=True)).to_be_visible()
    assert [code.is_visible() for code in codes.all()] == [False, False]
    page.get_by_text("QR-Code zeigen").click()
    assert [code.is_visible() for code in codes.all()] == [False, True]
    page.set_viewport_size({"width": 1280, "height": 900})
    assert [code.is_visible() for code in codes.all()] == [True, False]


def test_the_account_is_copied_with_one_tap(window: Window) -> None:
    page = Citizen(window(viewport=PHONE, permissions=["clipboard-read", "clipboard-write"])).order_everything().page
    page.get_by_role("button", name=re.compile("^Kopieren ?: IBAN$")).click()
    expect(page.get_by_role("button", name=re.compile("^Kopiert ?: IBAN$"))).to_be_visible()
    iban = page.evaluate("() => navigator.clipboard.readText()")
    assert iban.startswith("DE")
    assert iban.isalnum()


def test_an_order_prints_on_paper_without_navigation(citizen: Citizen) -> None:
    page = citizen.order_everything().page
    page.emulate_media(media="print")
    expect(heading(page)).to_be_visible()
    expect(page.get_by_role("navigation").first).to_be_hidden()
    with pikepdf.open(io.BytesIO(page.pdf(format="A4"))) as paper:
        assert len(paper.pages) <= 2
