"""Real worker processes on a database of their own."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.server import new_database

MANAGE = Path(__file__).resolve().parents[3] / "manage.py"


@dataclass
class Place:
    """A folder with a database and the workers that were started on it."""

    folder: Path
    database: str
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "stadthaus.work.tests.probe.settings",
            "DATABASE_URL": self.database,
            "STADTHAUS_VAR": str(self.folder),
        }
        log = (self.folder / "log").open("ab")
        worker = subprocess.Popen([sys.executable, str(MANAGE), *arguments], env=env, stderr=log, stdout=log)  # noqa: S603  our own program
        log.close()
        self.workers.append(worker)
        return worker

    def migrate(self) -> None:
        assert self.start("migrate", "work", "--skip-checks", "--verbosity", "0").wait(20) == 0, self.lines("log")

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        if self.database.startswith("sqlite"):
            with closing(sqlite3.connect(self.database.removeprefix("sqlite:///"), timeout=10)) as file, file:
                return list(file.execute(statement))
        with psycopg.connect(self.database) as connection:
            done = connection.execute(statement.encode())
            return done.fetchall() if done.description else []

    def add_jobs(self, *keys: str) -> None:
        columns = "kind, key, payload, due_at, ticket, attempts, leased_by, last_error"
        jobs = ", ".join(f"('probe.wait', '{key}', '{{}}', '2025-01-01', 't', 0, '', '')" for key in keys)
        self.sql(f"INSERT INTO work_job ({columns}) VALUES {jobs}")  # noqa: S608  our own words

    def lines(self, name: str) -> list[str]:
        file = self.folder / name
        return file.read_text().splitlines() if file.exists() else []

    def go(self) -> None:
        (self.folder / "go").touch()

    def wait_until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + 10
        while not condition():
            assert time.monotonic() < end, "\n".join(self.lines("log"))
            time.sleep(0.02)


@pytest.fixture
def empty_place(tmp_path: Path) -> Iterator[Place]:
    with new_database(tmp_path) as database:
        place = Place(tmp_path, database)
        yield place
        for worker in place.workers:
            if worker.poll() is None:
                worker.kill()
                worker.wait(10)


@pytest.fixture
def place(empty_place: Place) -> Place:
    empty_place.migrate()
    return empty_place


def test_a_job_whose_worker_was_killed_is_done_by_the_next_one(place: Place) -> None:
    place.add_jobs("a")
    first = place.start("worker", "--poll", "0.05")
    place.wait_until(lambda: place.lines("started") != [])
    first.kill()
    first.wait(10)
    assert place.sql("SELECT count(*) FROM work_job WHERE leased_until IS NOT NULL") == [(1,)]
    place.sql("UPDATE work_job SET leased_until = '2025-01-01' WHERE leased_until IS NOT NULL")
    place.go()
    place.start("worker", "--poll", "0.05")
    place.wait_until(lambda: place.sql("SELECT count(*) FROM work_job WHERE kind = 'probe.wait'") == [(0,)])
    assert place.lines("finished") == ["a 2"]


def test_a_stopped_worker_finishes_the_job_in_hand_and_gives_the_others_back(place: Place) -> None:
    place.add_jobs("a", "b")
    worker = place.start("worker", "--poll", "0.05")
    place.wait_until(lambda: place.lines("started") != [])
    worker.send_signal(signal.SIGTERM)
    place.go()
    assert worker.wait(10) == 0
    assert place.lines("finished") == ["a 1"]
    assert place.sql("SELECT attempts FROM work_job WHERE key = 'b' AND leased_until IS NULL") == [(0,)]


def test_a_dead_child_is_replaced_and_the_parent_ends_all_with_itself(place: Place) -> None:
    parent = place.start("worker", "--processes", "2", "--poll", "0.05")
    place.wait_until(lambda: len(started(place)) == 2)
    os.kill(started(place)[0], signal.SIGKILL)
    place.wait_until(lambda: len(started(place)) == 3)
    place.add_jobs("a")
    place.go()
    place.wait_until(lambda: place.lines("finished") == ["a 1"])
    parent.send_signal(signal.SIGTERM)
    assert parent.wait(10) == 0
    assert not [pid for pid in started(place) if is_alive(pid)]


def test_two_workers_share_the_work_and_nothing_else(place: Place) -> None:
    """On PostgreSQL two that spoke over one connection would read each other's answers."""
    keys = [f"{number:02}" for number in range(60)]
    place.go()
    place.start("worker", "--processes", "2", "--poll", "0.01")
    place.wait_until(lambda: len(started(place)) == 2)
    place.add_jobs(*keys)
    place.wait_until(lambda: place.sql("SELECT count(*) FROM work_job WHERE kind = 'probe.wait'") == [(0,)])
    assert sorted(place.lines("finished")) == [f"{key} 1" for key in keys]
    assert not [line for line in place.lines("log") if '"level": "info"' not in line]


def test_children_end_when_their_parent_is_killed(place: Place) -> None:
    parent = place.start("worker", "--processes", "2", "--poll", "0.05")
    place.wait_until(lambda: len(started(place)) == 2)
    parent.kill()
    parent.wait(10)
    place.wait_until(lambda: not [pid for pid in started(place) if is_alive(pid)])


def test_a_worker_waits_for_its_database(empty_place: Place) -> None:
    place = empty_place
    place.start("worker", "--poll", "0.05")
    place.wait_until(lambda: any("database away" in line for line in place.lines("log")))
    place.migrate()
    place.go()
    place.add_jobs("a")
    place.wait_until(lambda: place.lines("finished") == ["a 1"])


def test_a_worker_begins_the_regular_work(place: Place) -> None:
    place.start("worker", "--processes", "2", "--poll", "0.05")
    place.wait_until(lambda: place.sql("SELECT count(*) FROM work_job WHERE kind = 'probe.regular'") == [(1,)])


def test_once_does_what_is_due_and_returns(place: Place) -> None:
    place.add_jobs("a", "b")
    place.go()
    assert place.start("worker", "--once").wait(20) == 0
    assert place.lines("finished") == ["a 1", "b 1"]


def started(place: Place) -> list[int]:
    """The process numbers of the workers that say they have started."""
    names = [line.split('"worker": "')[1].split('"')[0] for line in place.lines("log") if "worker started" in line]
    return [int(name.split(":")[1]) for name in names]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A zombie is dead, only nobody has asked.
    return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
