"""`make bench` runs this: measures, appends to results/<date>.jsonl, writes the newest summary into README.md."""

import argparse
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmarks import card, journey, limit, machine, race, summary, weight
from benchmarks.rows import Row
from benchmarks.server import Database, Program, new_database, postgresql_answers, workplace
from benchmarks.smtp_sink import Sink

HERE = Path(__file__).parent
PARTS = ("journey", "limit", "race", "card", "weight")
DATABASES = ("sqlite", "postgresql")
TWICE = ("journey", "limit")  # on each database; the others do not depend on it
SUBMIT = "6 check POST"
WARM_UP = 8
RACERS = 4  # threads in each web process of a race: more than a town has, so that several look at once


@dataclass(frozen=True)
class Size:
    """How much is measured: citizens at once → orders, citizens at once → last pages sent, the race, the cards."""

    orders: dict[int, int]
    submits: dict[int, int]
    places: int
    people: int
    cards: int


FULL = Size({1: 40, 8: 160, 32: 240}, {1: 320, 8: 800, 32: 800}, places=50, people=200, cards=200)
QUICK = Size({1: 6, 8: 24}, {8: 160}, places=15, people=60, cards=50)


def main() -> int:
    """Measure what the command line asks for; 1 if a race went wrong."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # clean up as after Ctrl-C
    asked = _arguments()
    databases = _databases(asked)
    run = datetime.now(UTC).isoformat(timespec="seconds")
    rows: list[Row] = []
    with (HERE / "results" / f"{run[:10]}.jsonl").open("a") as results:
        for row in _measure(asked, databases):
            rows.append(row)
            line = row.as_json(run)
            print(line, flush=True)
            results.write(f"{line}\n")
            results.flush()
    text = summary.write(rows, run=run, machine=machine.describe(), quick=asked.quick)
    if not (asked.only or asked.quick) and len(databases) == len(DATABASES):
        summary.put_into(HERE / "README.md", text)
    print(text)
    return 0 if all(row.more.get("right", True) for row in rows) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small numbers, under three minutes")
    parser.add_argument("--only", action="append", choices=PARTS, default=[], help="one part; may be repeated")
    parser.add_argument("--database", choices=DATABASES, help="one of the two databases")
    parser.add_argument(
        "--postgresql",
        default=os.environ.get("BENCH_POSTGRESQL", "postgresql://127.0.0.1:5432/postgres"),
        help="a PostgreSQL server that lets us make databases (also BENCH_POSTGRESQL)",
    )
    return parser.parse_args()


def _databases(asked: argparse.Namespace) -> list[str]:
    wanted = [asked.database] if asked.database else list(DATABASES)
    if "postgresql" in wanted and not postgresql_answers(asked.postgresql):
        print(f"PostgreSQL does not answer at {asked.postgresql}: it is left out.", file=sys.stderr)
        wanted.remove("postgresql")
    return wanted


def _measure(asked: argparse.Namespace, databases: list[str]) -> Iterator[Row]:
    size = QUICK if asked.quick else FULL
    parts = set(asked.only or PARTS)
    with workplace() as folder, Sink() as sink:
        for number, kind in enumerate(databases):
            new = partial(new_database, kind, folder, postgresql=asked.postgresql)
            if parts & {"journey", "limit"} or (number == 0 and parts & {"card", "weight"}):
                with new("orders") as database, new("limit") as limit_database:
                    program = Program(database, folder, sink.port)
                    yield from _orders(program, limit_database, sink, size, parts if number == 0 else parts & {*TWICE})
            if "race" in parts:
                with new("race") as database:
                    yield from _races(Program(database, folder, sink.port), size)


def _orders(program: Program, limit_database: Database, sink: Sink, size: Size, parts: set[str]) -> Iterator[Row]:
    """Everything about single orders, on one database that fills as it goes."""
    access = program.prepare()
    with program.variant(application="benchmarks.counting:application") as counting:
        treasury = journey.Treasury(counting, access)
        treasury.sign_in()  # once: a code of the app counts once
        statements = journey.count_statements(counting, sink, treasury)
    if "journey" in parts:
        with program:
            yield from _journeys(program, sink, replace(treasury, program=program), size, statements)
    if "limit" in parts:
        limit_program = limit.prepare(Program(limit_database, program.folder, worker=False))
        with program.variant(worker=False) as without_worker, limit_program:
            limit.warm_up(without_worker, limit_program)
            for citizens, number in size.submits.items():
                yield from limit.measure(
                    without_worker, limit_program, citizens=citizens, number=number, statements=statements[SUBMIT]
                )
    if "card" in parts:
        yield card.measure(program, size.cards)
    if "weight" in parts:
        with program:
            yield from weight.measure(program)


def _journeys(
    program: Program, sink: Sink, treasury: journey.Treasury, size: Size, statements: dict[str, int]
) -> Iterator[Row]:
    journey.Run(program, sink, treasury, citizens=WARM_UP, orders=2 * WARM_UP).measure()
    for citizens, orders in size.orders.items():
        row = journey.Run(program, sink, treasury, citizens=citizens, orders=orders).measure()
        row.statements = sum(statements.values())
        row.more["statements_by_step"] = statements
        yield row


def _races(program: Program, size: Size) -> Iterator[Row]:
    """Both races, then the first one again without the guard: there more must be sold than there is."""
    program.prepare()
    with program.variant(worker=False, threads=RACERS) as fair:
        yield race.crowd(fair, places=size.places, people=size.people)
        yield race.last_place(fair)
    with program.variant(application="benchmarks.unguarded:application", worker=False, threads=RACERS) as unguarded:
        row = race.crowd(unguarded, places=size.places, people=size.people)
        row.what = f"negative control, has to sell more than {size.places}"
        row.more["right"] = row.more["sold"] > size.places
        yield row


if __name__ == "__main__":
    sys.exit(main())
