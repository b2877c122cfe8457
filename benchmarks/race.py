"""Two races for places, over HTTP: a crowd on one day, and two people for the last 1.5 m³. Scenarios 1 and 2."""

import itertools
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import partial

from benchmarks.client import Browser, Page, Unexpected
from benchmarks.crowd import all_at_once
from benchmarks.journey import answer_place, choose_things, submit
from benchmarks.rows import Row, percentile
from benchmarks.server import Program

ROUNDS = 3
PAIRS = 4
_NAME = "Erika Öffentlich"
_PREPARERS = 8
_LITRES = 1500
_OWN_THING = {
    "name": "Kistenregal",
    "length": "100",
    "width": "100",
    "height": "150",
    "count": "1",
    "electrical": "no",
}
_PATIENCE = 120


@dataclass
class Outcome:
    """What happened to the people of a race, and how long each of them waited for it."""

    kinds: Counter[str] = field(default_factory=Counter)
    times_ms: list[float] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


@dataclass
class Person:
    """Somebody who has the page with the days open."""

    browser: Browser
    page: Page
    outcome: Outcome

    def order(self, day: str) -> str:
        """Choose the day, and order if it can be had: "sold", "told full" or "error"."""
        began = time.perf_counter()
        try:
            kind = self._order(day)
        except (Unexpected, OSError) as error:
            kind = "error"
            self.outcome.messages.append(str(error))
        self.outcome.times_ms.append((time.perf_counter() - began) * 1000)
        self.outcome.kinds[kind] += 1
        self.browser.close()
        return kind

    def _order(self, day: str) -> str:
        page = self.browser.post(self.page.path, {"day": day})
        if page.path == self.page.path:
            self.page = page
            return "told full" if page.has_errors else "told nothing"
        submit(self.browser, answer_place(self.browser, page))
        return "sold"

    @property
    def kept_everything(self) -> bool:
        """Whether the answers are still there and other days are offered."""
        days = self.page.text.count('name="day"')
        return days > 0 and _NAME in self.browser.get(self.page.path.replace("/wann/", "/wer/")).text


def crowd(program: Program, *, places: int, people: int) -> Row:
    """Scenario 1: everybody wants the same day, and it has few places."""
    day = str(program.inside("crowded", str(places))["day"])
    outcome = Outcome()
    waiting = people_at_the_days(program, people, outcome)
    start = threading.Barrier(people + 1)

    def run(person: Person) -> None:
        start.wait(_PATIENCE)
        person.order(day)

    began = [0.0]

    def say_go() -> None:
        start.wait(_PATIENCE)
        began[0] = time.perf_counter()

    all_at_once([say_go, *[partial(run, person) for person in waiting]])
    seconds = time.perf_counter() - began[0]
    booked = program.inside("figures")[day]
    right = outcome.kinds == {"sold": places, "told full": people - places} and _adds_up(booked)
    return Row(
        what="race: a crowd on one day",
        database=program.database.kind,
        citizens=people,
        n=people,
        seconds=seconds,
        per_s=people / seconds,
        p50_ms=percentile(outcome.times_ms, 50),
        p95_ms=percentile(outcome.times_ms, 95),
        more={"places": places, **_told(outcome), "booked": booked, "right": right},
    )


def last_place(program: Program) -> Row:
    """Scenario 2: two people want the last 1.5 m³, again and again."""
    outcome = Outcome()
    kept = pairs = 0
    right = True
    for _ in range(ROUNDS):
        days = [str(day) for day in program.inside("last", str(_LITRES), str(PAIRS))["days"]]
        for day in days:
            kinds, keeps = _pair(program, day, outcome)
            pairs += 1
            kept += keeps
            right &= kinds == ["sold", "told full"]
        figures = program.inside("figures")
        right &= all(_adds_up(figures[day]) for day in days)
    return Row(
        what="race: two for the last place",
        database=program.database.kind,
        citizens=2,
        n=pairs,
        p50_ms=percentile(outcome.times_ms, 50),
        p95_ms=percentile(outcome.times_ms, 95),
        more={**_told(outcome), "kept_answers": kept, "right": right and kept == pairs},
    )


def people_at_the_days(program: Program, number: int, outcome: Outcome) -> list[Person]:
    """So many people who have answered everything up to the day."""
    turns = itertools.count()
    people: list[Person] = []

    def prepare() -> None:
        while (turn := next(turns)) < number:
            browser = program.browser()
            page = choose_things(browser, f"race-{turn}@bench.example", items=("chair",))
            browser.close()
            people.append(Person(browser, page, outcome))

    all_at_once([prepare] * _PREPARERS)
    return people


def _pair(program: Program, day: str, outcome: Outcome) -> tuple[list[str], bool]:
    """Let two race for one day: what each was told, and whether the loser kept everything."""
    together = threading.Barrier(2)
    pair = [_with_own_thing(program, outcome) for _ in range(2)]
    told: dict[int, str] = {}

    def run(number: int) -> None:
        together.wait(_PATIENCE)
        told[number] = pair[number].order(day)

    all_at_once([partial(run, 0), partial(run, 1)])
    losers = [pair[number] for number, kind in told.items() if kind == "told full"]
    return sorted(told.values()), len(losers) == 1 and losers[0].kept_everything


def _with_own_thing(program: Program, outcome: Outcome) -> Person:
    """Somebody with exactly 1.5 m³ on the list, at the page with the days."""
    browser = program.browser()
    page = choose_things(browser, "pair@bench.example", items=(), own_thing=_OWN_THING)
    return Person(browser, page, outcome)


def _adds_up(day: dict[str, int]) -> bool:
    """Whether the day's own count is what lives on it, all of it ordered, and none of it beyond its capacity."""
    same = (day["counted_stops"], day["counted_litres"]) == (day["live_stops"], day["live_litres"])
    fits = day["live_stops"] <= day["capacity_stops"] and day["live_litres"] <= day["capacity_litres"]
    return same and fits and day["orders"] == day["live_stops"]


def _told(outcome: Outcome) -> dict[str, object]:
    kinds = {kind.replace(" ", "_"): outcome.kinds[kind] for kind in ("sold", "told full", "told nothing", "error")}
    return {**kinds, **({"messages": outcome.messages[:3]} if outcome.messages else {})}
