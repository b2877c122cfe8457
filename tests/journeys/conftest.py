"""A server for all journeys of a test process, a browser for each file, a watched window for each person."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.journeys.inspector import Inspector
from tests.journeys.people import Citizen, sign_in
from tests.journeys.watch import Watch
from tests.server import PREPARE, ROOT, Server, is_built, running

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE = 30_000  # milliseconds; a busy machine is not a fault of the program

Window = Callable[..., Page]
AtWork = Callable[[str], Page]
Inspect = Callable[[Page], Inspector]


@pytest.fixture(scope="session")
def town_hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The program as people meet it, with the demo's orders; one for each test process."""
    if not is_built():
        pytest.skip("Style sheets and fonts are not built yet: `make test` builds them before the journeys.")
    prepare = (*PREPARE, ("fill_demo",))
    # One browser visits the pages of a whole day from one address within minutes.
    with running(tmp_path_factory.mktemp("town-hall"), prepare=prepare, STADTHAUS_RATE_FACTOR="20") as server:
        yield server
        assert server.complaints("web") + server.complaints("worker") == []


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for one file; between files Playwright's event loop must be gone, or Django's tests refuse to run."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture
def window(browser: Browser, town_hall: Server) -> Iterator[Window]:
    """Opens a window for one person, cookies of its own; at the end no watched one may have met a silent error."""
    watches: list[Watch] = []

    def opened(*, watched: bool = True, **options: Any) -> Page:
        usual = {"base_url": town_hall.address, "viewport": DESK, "locale": "de-DE", "reduced_motion": "reduce"}
        context = browser.new_context(**(usual | options))
        context.set_default_timeout(PATIENCE)
        watches.append(Watch(context, counts=watched))
        return context.new_page()

    yield opened
    for watch in watches:
        watch.context.close()
    assert [problem for watch in watches for problem in watch.problems] == []


@pytest.fixture
def citizen(window: Window) -> Citizen:
    """Somebody at home with a modern browser."""
    return Citizen(window())


@pytest.fixture
def inspect(request: pytest.FixtureRequest) -> Iterator[Inspect]:
    """Has a window inspected; at the end nothing may be wrong, and no page the test promises to inspect be missing."""
    inspectors: list[Inspector] = []

    def inspected(page: Page) -> Inspector:
        inspectors.append(Inspector(page))
        return inspectors[-1]

    yield inspected
    assert [fault for inspector in inspectors for fault in inspector.faults] == []
    promised = {name for mark in request.node.iter_markers("inspects") for name in mark.args}
    assert promised - {name for inspector in inspectors for name in inspector.seen} == set()


@pytest.fixture
def time_for_the_counter(town_hall: Server) -> None:
    """Whatever the day, also before Christmas, there is an opening hour in which to pay."""
    town_hall.run("-m", "tests.journeys.time_for_the_counter")


@pytest.fixture
def at_work(window: Window) -> AtWork:
    """Opens a window in which somebody of the demo's staff has signed in."""

    def signed_in(who: str) -> Page:
        return sign_in(window(), who)

    return signed_in


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    """Takes a picture for the documentation, if STADTHAUS_PICTURES=1 asks for it."""

    def take(page: Page, name: str) -> None:
        if os.environ.get("STADTHAUS_PICTURES") == "1":
            folder = Path(ROOT, "docs", "pictures")
            folder.mkdir(parents=True, exist_ok=True)
            page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0) }")
            page.screenshot(path=folder / f"{name}.png", animations="disabled")

    return take
