"""Real worker processes on a database file of their own."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

MANAGE = Path(__file__).resolve().parents[3] / "manage.py"


@dataclass
class Place:
    """A folder with a database and the workers that were started on it."""

    folder: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "stadthaus.work.tests.probe.settings",
            "DATABASE_URL": f"sqlite:///{self.folder / 'stadthaus.sqlite3'}",
            "STADTHAUS_VAR": str(self.folder),
        }
        log = (self.folder / "log").open("ab")
        worker = subprocess.Popen([sys.executable, str(MANAGE), *arguments], env=env, stderr=log, stdout=log)  # noqa: S603  our own program
        log.close()
        self.workers.append(worker)
        return worker

    def migrate(self) -> None:
        assert self.start("migrate", "work", "--skip-checks", "--verbosity", "0").wait(20) == 0, self.lines("log")

    def sql(self, statement: str, *values: str) -> list[tuple[int]]:
        database = sqlite3.connect(self.folder / "stadthaus.sqlite3", timeout=10, isolation_level=None)
        try:
            return list(database.execute(statement, values))
        finally:
            database.close()

    def add_jobs(self, *keys: str) -> None:
        for key in keys:
            self.sql(
                "INSERT INTO work_job (kind, key, payload, due_at, ticket, attempts, leased_by, last_error)"
                " VALUES ('probe.wait', ?, '{}', '2025-01-01', 't', 0, '', '')",
                key,
            )

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
    place = Place(tmp_path)
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
