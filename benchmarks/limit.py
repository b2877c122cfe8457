"""The last step of an order against the barest Django view that could take it: same server, database, durability.

Both run at the same time but are asked in turns, so that whatever else the machine does disturbs both alike; of the
turns' ratios the middle one counts, so that a disturbance of one turn does not.
"""

import itertools
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from benchmarks.client import Browser, Unexpected
from benchmarks.crowd import all_at_once
from benchmarks.journey import answer_all_pages, submit_fields
from benchmarks.limit_app.fill import SLOTS
from benchmarks.machine import Cost, Meter
from benchmarks.rows import Row, cost_columns, percentile
from benchmarks.server import Program

TURNS = 16
_FOUND = 302
_PREPARERS = 8
_WARM_UP = 24


@dataclass(frozen=True)
class Form:
    """A filled-in form, ready to be sent once."""

    path: str
    fields: dict[str, str]
    cookies: dict[str, str]
    token: str


@dataclass
class Tally:
    """All turns of one kind of request added up."""

    cost: Cost = field(default_factory=Cost)
    times_ms: list[float] = field(default_factory=list)

    def add(self, cost: Cost, times_ms: Sequence[float]) -> float:
        """Add one turn; gives the seconds it took."""
        seconds = self.cost.seconds + cost.seconds
        foreign = self.cost.others_cores * self.cost.seconds + cost.others_cores * cost.seconds
        cpu = {name: self.cost.cpu.get(name, 0.0) + spent for name, spent in cost.cpu.items()}
        self.cost = Cost(seconds, cpu, foreign / seconds)
        self.times_ms += times_ms
        return cost.seconds

    def row(self, what: str, program: Program, citizens: int) -> Row:
        """What came out."""
        number = len(self.times_ms)
        return Row(
            what=what,
            database=program.database.kind,
            citizens=citizens,
            n=number,
            seconds=self.cost.seconds,
            per_s=number / self.cost.seconds,
            p50_ms=percentile(self.times_ms, 50),
            p95_ms=percentile(self.times_ms, 95),
            **cost_columns(self.cost, number),
        )


def prepare(limit: Program) -> Program:
    """The barest view on its own database, filled and ready to start."""
    bare = replace(
        limit, application="benchmarks.limit_app.wsgi:application", settings="benchmarks.limit_app.settings"
    )
    bare.inside(module="benchmarks.limit_app.fill")
    return bare


def warm_up(program: Program, limit: Program) -> None:
    """Let every web process and thread of both answer before anything counts."""
    _send_all(limit, bare_forms(limit, _WARM_UP), _PREPARERS)
    _send_all(program, prepare_drafts(program, _WARM_UP), _PREPARERS)


def measure(program: Program, limit: Program, *, citizens: int, number: int, statements: int | None) -> list[Row]:
    """Ask both in turns, `number` times each in all, by so many citizens at once; the limit's row comes first."""
    of_limit, of_submit = Tally(), Tally()
    share = number // TURNS
    drafts, bare = prepare_drafts(program, share * TURNS), bare_forms(limit, share * TURNS)
    ratios = []
    for turn in (slice(begin, begin + share) for begin in range(0, share * TURNS, share)):
        barest_took = of_limit.add(*_send_all(limit, bare[turn], citizens))
        ours_took = of_submit.add(*_send_all(program, drafts[turn], citizens))
        ratios.append(barest_took / ours_took)
    barest, ours = of_limit.row("limit", limit, citizens), of_submit.row("submit", program, citizens)
    ours.ratio_to_limit, ours.more["turns"] = median(ratios), [round(ratio, 2) for ratio in ratios]
    ours.statements = statements
    return [barest, ours]


def bare_forms(limit: Program, number: int) -> list[Form]:
    """Forms of the barest view, each for any of its slots."""
    with limit.browser() as browser:
        browser.get("/order/")
        person = {"name": "Erika Öffentlich", "email": "erika@bench.example"}
        return [
            Form("/order/", {**person, "slot": str(random.randint(1, SLOTS))}, browser.cookies, browser.token)
            for _ in range(number)
        ]


def prepare_drafts(program: Program, number: int) -> list[Form]:
    """Answer all pages but the last, so often; what remains is to send that last page."""
    turns = itertools.count()
    forms: list[Form] = []

    def prepare() -> None:
        while (turn := next(turns)) < number:
            with program.browser() as browser:
                check = answer_all_pages(browser, f"draft-{turn}@bench.example")
                forms.append(Form(check.path, submit_fields(check), browser.cookies, browser.token))

    all_at_once([prepare] * _PREPARERS)
    return forms


def _send_all(program: Program, forms: Sequence[Form], citizens: int) -> tuple[Cost, list[float]]:
    """Send the forms by so many kept connections at once; gives the cost and each one's milliseconds."""
    times_ms: list[float] = []
    waiting = iter(forms)

    def send() -> None:
        with program.browser() as browser:
            times_ms.extend(_send(browser, form) for form in waiting)

    with Meter(program.groups) as meter:
        all_at_once([send] * citizens)
    return meter.cost, times_ms


def _send(browser: Browser, form: Form) -> float:
    """Send one form as the person who filled it in; milliseconds until the redirect came."""
    browser.cookies, browser.token = dict(form.cookies), form.token
    began = time.perf_counter()
    answer = browser.post_only(form.path, form.fields)
    took = (time.perf_counter() - began) * 1000
    if answer.status != _FOUND:
        raise Unexpected(f"{form.path} answered {answer.status}: {answer.heading}")
    return took
