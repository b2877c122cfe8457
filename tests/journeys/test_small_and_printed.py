"""400 % zoom, and paper."""

import io

import pikepdf
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Window
from tests.journeys.people import Citizen, heading

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


def test_an_order_prints_on_paper_without_navigation(citizen: Citizen) -> None:
    page = citizen.order_everything().page
    page.emulate_media(media="print")
    expect(heading(page)).to_be_visible()
    expect(page.get_by_role("navigation").first).to_be_hidden()
    with pikepdf.open(io.BytesIO(page.pdf(format="A4"))) as paper:
        assert len(paper.pages) <= 2
