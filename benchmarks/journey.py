"""Whole orders over HTTP without JavaScript: six pages, five items, marked paid, the card, two mails."""

import base64
import hashlib
import hmac
import itertools
import queue
import random
import re
import struct
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from benchmarks.client import Browser, Page, Unexpected, Visit
from benchmarks.crowd import all_at_once
from benchmarks.machine import Meter
from benchmarks.rows import Row, cost_columns, percentile
from benchmarks.server import Program
from benchmarks.smtp_sink import Sink
from stadthaus.kernel.calendars import day_of

ITEMS = ("chair", "mattress-90", "armchair", "table-dining", "sofa-3-seater")
MAILS = 2  # "ordered, please pay" and "paid, here is your card"
_BEGIN = "/sperrmuell/bestellen/"
_PATIENCE = 120  # seconds for the last mail
_CITIZENS_PER_DESK = 8
_TOTP_SECONDS = 30

ChooseDay = Callable[[Sequence[str]], str]


@dataclass
class Check:
    """The last page before ordering: where it is and what its form needs."""

    path: str
    shown: dict[str, str]


def any_day(days: Sequence[str]) -> str:
    """Any day of the later half: for the soonest ones a transfer would come too late."""
    return random.choice(days[len(days) // 2 :])


def answer_all_pages(browser: Browser, email: str, choose_day: ChooseDay = any_day) -> Check:
    """Answer every page up to the last, without placing the order."""
    page = choose_things(browser, email)
    days = re.findall(r'name="day" value="(\d+)"', page.text)
    page = browser.post(page.path, {"day": choose_day(days)}, "4 when")
    return answer_place(browser, page)


def choose_things(
    browser: Browser, email: str, items: Sequence[str] = ITEMS, own_thing: Mapping[str, str] | None = None
) -> Page:
    """Answer the first three pages, with things of the catalogue or one of one's own; gives the page with the days."""
    browser.get(_BEGIN, "1 where")
    house = f"{random.randint(1, 9999)}a"  # unpaid orders of one address are counted: let the town be inhabited
    page = browser.post(_BEGIN, {"street": "Münsterstraße", "house": house, "household": "yes"}, "1 where")
    things = _path_of(page, "was")
    for key in items:
        page = browser.post(f"{things}hinzufuegen/", {"item": key}, "2 add item")
        if "electrical" in page.text and page.path != things:
            page = browser.post(f"{things}hinzufuegen/", {"item": key, "electrical": "no"}, "2 add item")
    if own_thing:
        browser.post(f"{things}eigenes/", own_thing, "2 own thing")
    page = browser.post(f"{things}fertig/", {"within_limits": "yes"}, "2 what")
    who = {"name": "Erika Öffentlich", "channel": "email", "email": email}
    page = browser.post(_path_of(page, "wer"), who, "3 who")
    _path_of(page, "wann")
    return page


def answer_place(browser: Browser, page: Page) -> Check:
    """Answer where it will stand; gives the last page."""
    page = browser.post(_path_of(page, "platz"), {"place_note": "vor dem Haus"}, "5 place")
    shown = {name: page.find(rf'name="{name}"[^>]* value="(\w+)"') for name in ("amount_shown", "answers_shown")}
    return Check(_path_of(page, "pruefen"), shown)


def submit_fields(check: Check) -> dict[str, str]:
    """What the last page's form sends."""
    return {"way": "transfer", "from_household": "on", "may_put_there": "on", **check.shown}


def submit(browser: Browser, check: Check) -> Page:
    """Place the order; gives the page behind its private link."""
    page = browser.post(check.path, submit_fields(check), "6 check")
    if not page.path.startswith("/bestellung/"):
        raise Unexpected(f"The order was not placed: {page.path}: {page.heading}")
    return page


@dataclass
class Placed:
    """An order that waits for its money: the citizen's browser, the page behind the private link, the address."""

    browser: Browser
    page: Page
    email: str


@dataclass
class Treasury:
    """The desk of the treasury: one person, signed in with password and app code, in as many tabs as wished."""

    program: Program
    access: Mapping[str, str]
    cookies: dict[str, str] = field(default_factory=dict)

    def sign_in(self) -> None:
        """Sign in with password and second factor."""
        with self.program.browser() as browser:
            browser.get("/anmelden/")
            browser.post("/anmelden/", {"login": self.access["email"], "password": self.access["password"]})
            page = browser.post("/anmelden/code/", {"code": app_code(self.access["totp"])})
            if not page.path.startswith("/buero/"):
                raise Unexpected(f"Signing in led to {page.path}: {page.heading}")
            self.cookies = browser.cookies

    def browser(self) -> Browser:
        """One more tab."""
        return Browser(self.program.port, dict(self.cookies))


def mark_paid(desk: Browser, placed: Placed) -> None:
    """Search for the Kassenzeichen, which leads straight to the payment, and book the transfer."""
    reference = placed.page.find(r"Verwendungszweck</dt>\s*<dd[^>]*>(?:<[^>]+>)*([^<]+)").strip()
    amount = placed.page.find(r"Betrag</dt>\s*<dd[^>]*>(?:<[^>]+>)*([\d,]+)")
    page = desk.get(f"/buero/kasse/?q={reference.replace(' ', '+')}", "treasury search")
    seen = page.find(r'name="booked" value="(\d+)"')
    received = {"received_on": f"{day_of(datetime.now(UTC)):%d.%m.%Y}", "amount_cents": amount, "booked": seen}
    page = desk.post(f"{page.path}eingegangen/", received, "treasury book")
    if page.has_errors:
        raise Unexpected(f"The transfer was not booked: {page.heading}")


def fetch_card(placed: Placed) -> None:
    """Come back by the private link: the page says paid, the card is a PDF."""
    path = placed.page.path
    page = placed.browser.get(path, "8 paid")
    card = placed.browser.get(f"{path}karte.pdf", "8 card")
    if "karte.pdf" not in page.text or not card.body.startswith(b"%PDF"):
        raise Unexpected(f"There is no card: {page.heading}")
    placed.browser.close()


class Run:
    """So many orders by so many citizens at once, with the treasury and the mails behind them.

    A citizen's time ends with the page "ordered"; the treasury books the money once the first mail is out, as it
    would, then the card is fetched. The run ends with the last mail.
    """

    def __init__(self, program: Program, sink: Sink, treasury: Treasury, *, citizens: int, orders: int) -> None:
        self._program, self._sink, self._treasury = program, sink, treasury
        self._citizens, self._orders = citizens, orders
        self._desks = max(1, citizens // _CITIZENS_PER_DESK)
        self._turns = itertools.count()
        self._prefix = f"{time.monotonic_ns()}"
        self._placed: queue.Queue[Placed | None] = queue.Queue()
        self.order_seconds: list[float] = []
        self.visits_by_order: list[list[Visit]] = []

    def measure(self) -> Row:
        """Run it and say what it cost."""
        before = self._sink.total
        with Meter(self._program.groups) as meter:
            all_at_once([self._everybody, *[self._desk] * self._desks])
            self._wait_for_mails(before + MAILS * self._orders)
        visits = [visit for visits in self.visits_by_order for visit in visits]
        order_ms = [seconds * 1000 for seconds in self.order_seconds]
        return Row(
            what="journey",
            database=self._program.database.kind,
            citizens=self._citizens,
            n=self._orders,
            seconds=meter.cost.seconds,
            per_s=self._orders / meter.cost.seconds,
            p50_ms=percentile(order_ms, 50),
            p95_ms=percentile(order_ms, 95),
            **cost_columns(meter.cost, self._orders),
            requests_per_op=len(visits) / self._orders,
            mails_per_op=(self._sink.total - before) / self._orders,
            steps=steps(visits),
        )

    def _everybody(self) -> None:
        try:
            all_at_once([self._citizen] * self._citizens)
        finally:
            for _ in range(self._desks):
                self._placed.put(None)

    def _citizen(self) -> None:
        while (turn := next(self._turns)) < self._orders:
            self._order(f"{self._prefix}-{turn}@bench.example")

    def _order(self, email: str) -> None:
        browser = self._program.browser()
        began = time.perf_counter()
        page = submit(browser, answer_all_pages(browser, email))
        self.order_seconds.append(time.perf_counter() - began)
        self._placed.put(Placed(browser, page, email))

    def _desk(self) -> None:
        with self._treasury.browser() as desk:
            while (placed := self._placed.get()) is not None:
                if not self._sink.wait_for(placed.email, 1, seconds=_PATIENCE):
                    raise Unexpected(f"No mail after {_PATIENCE} s.")
                before = len(desk.visits)
                mark_paid(desk, placed)
                fetch_card(placed)
                self.visits_by_order.append(placed.browser.visits + desk.visits[before:])

    def _wait_for_mails(self, number: int) -> None:
        deadline = time.monotonic() + _PATIENCE
        while self._sink.total < number:
            if time.monotonic() > deadline:
                raise Unexpected(f"Only {self._sink.total} of {number} mails after {_PATIENCE} s.")
            time.sleep(0.02)


def count_statements(program: Program, sink: Sink, treasury: Treasury) -> dict[str, int]:
    """SQL statements of each kind of request of one order, from a program that counts (`benchmarks.counting`).

    The first order in each web process loads town and catalogue: of several orders the fewest statements count.
    """
    run = Run(program, sink, treasury, citizens=1, orders=6)
    run.measure()
    statements: dict[str, int] = {}
    for same_request in zip(*run.visits_by_order, strict=True):
        label = same_request[0].label
        statements[label] = statements.get(label, 0) + min(visit.statements for visit in same_request)
    return statements


def steps(visits: Sequence[Visit]) -> dict[str, float]:
    """Median milliseconds of each kind of request."""
    by_label: dict[str, list[float]] = {}
    for visit in visits:
        by_label.setdefault(visit.label, []).append(visit.seconds * 1000)
    return {label: round(percentile(times, 50), 1) for label, times in sorted(by_label.items())}


def app_code(secret: str) -> str:
    """The code an authenticator app shows now (RFC 6238, six digits)."""
    counter = struct.pack(">Q", int(time.time()) // _TOTP_SECONDS)
    digest = hmac.digest(base64.b32decode(secret), counter, hashlib.sha1)
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def _path_of(page: Page, name: str) -> str:
    """The path of the page that had to come next."""
    if not page.path.endswith(f"/{name}/"):
        raise Unexpected(f"Expected the page “{name}”, got {page.path}: {page.heading}")
    return page.path
