"""What the order pages weigh over the wire in a real browser: the first visit with everything, then page by page."""

import shutil
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, ViewportSize, sync_playwright

from benchmarks.rows import Row
from benchmarks.server import Program
from tests.journeys.people import Citizen

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
PHONE: ViewportSize = {"width": 390, "height": 844}


_LONGEST_WORD = 11  # longer parts of an address are ids


class Scales:
    """Adds up what each page brought, as Chromium's network log counts it: heads, redirects and compressed bodies.

    A page counts with all that it loads, a part that a script asks for later counts by itself. What comes from the
    browser's own cache weighs nothing.
    """

    def __init__(self, page: Page) -> None:
        self._load_of_request: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._bytes: dict[str, float] = {}
        self._requests: dict[str, int] = {}
        log = page.context.new_cdp_session(page)
        log.send("Network.enable")
        log.on("Network.requestWillBeSent", self._sent)
        log.on("Network.loadingFinished", self._finished)

    def rows(self) -> list[Row]:
        """One row for each page and part, in the order in which they were asked for."""
        loads = [load for load in self._names if self._bytes.get(load)]
        return [
            Row(
                what=f"weight: {'later' if number else 'first visit'}, {self._names[load]}",
                more={"kilobytes": self._bytes[load] / 1000, "requests": self._requests[load]},
            )
            for number, load in enumerate(loads)
        ]

    def _sent(self, event: dict[str, Any]) -> None:
        kind, request = event.get("type"), event["requestId"]
        is_part = kind in {"XHR", "Fetch"}
        load = request if is_part else event["loaderId"]
        self._load_of_request[request] = load
        if is_part or kind == "Document":
            self._names[load] = _name(event["request"]["url"], "part of " if is_part else "")
        if "redirectResponse" in event:
            self._add(load, event["redirectResponse"]["encodedDataLength"])

    def _finished(self, event: dict[str, Any]) -> None:
        self._add(self._load_of_request.get(event["requestId"], ""), event["encodedDataLength"])

    def _add(self, load: str, received: float) -> None:
        if received:
            self._bytes[load] = self._bytes.get(load, 0.0) + received
            self._requests[load] = self._requests.get(load, 0) + 1


def measure(program: Program) -> list[Row]:
    """Order once with JavaScript on and an empty cache, and weigh each page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(ARGUMENTS))
        address = f"http://127.0.0.1:{program.port}"
        page = browser.new_context(base_url=address, viewport=PHONE, locale="de-DE").new_page()
        scales = Scales(page)
        Citizen(page).order_everything()
        page.wait_for_load_state("networkidle")
        browser.close()
        return scales.rows()


def _name(address: str, before: str) -> str:
    """The page without what is particular to one draft or order."""
    parts = [part for part in urlsplit(address).path.strip("/").split("/") if not _is_particular(part)]
    return f"{before}/{'/'.join(parts)}/"


def _is_particular(part: str) -> bool:
    return any(character.isdigit() for character in part) or len(part) > _LONGEST_WORD
