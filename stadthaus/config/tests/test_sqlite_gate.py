"""The write gate of SQLite by itself: it lets one writer in, and the next one whatever becomes of the first.

How it serves many at once is tested by the races of collection_tours and by the scenarios.
"""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from stadthaus.config.sqlite.base import WriteGate, gate_for

ROOT = Path(__file__).resolve().parents[3]
LONG = 10  # seconds nobody waits for unless something is wrong
SHORT = 0.2  # seconds in which whoever finds the gate open has come in

# Holds the gate until a line comes.
HOLD = """
import sys
from pathlib import Path
from stadthaus.config.sqlite.base import WriteGate

gate = WriteGate(Path(sys.argv[1]))
gate.enter()
print("in", flush=True)
sys.stdin.readline()
gate.leave()
print("out", flush=True)
sys.stdin.readline()
"""

# A process that has used its gate forks, and its child asks for the gate while the parent holds it.
FORK = """
import os, select, signal, sys
from stadthaus.config.sqlite.base import gate_for

gate_for(sys.argv[1]).enter()
ear, mouth = os.pipe()
child = os.fork()
if not child:
    signal.alarm(10)  # nothing is left over if it waits for ever
    os.write(mouth, b"asks")
    gate_for(sys.argv[1]).enter()
    os.write(mouth, b"in")
    os._exit(0)
print(os.read(ear, 4).decode())
print("waits" if select.select([ear], [], [], 0.2) == ([], [], []) else "does not wait")
gate_for(sys.argv[1]).leave()
os.waitpid(child, 0)
print(os.read(ear, 2).decode())
"""


@pytest.fixture
def database(tmp_path: Path) -> str:
    """A file with a foreign key that is checked at COMMIT only."""
    path = str(tmp_path / "gate.sqlite3")
    raw = sqlite3.connect(path)
    raw.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
    raw.execute("CREATE TABLE child (parent INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)")
    raw.close()
    return path


@pytest.fixture
def connection(database: str, django_db_blocker: Any) -> Iterator[BaseDatabaseWrapper]:
    """A connection of our engine that gives up at once when SQLite itself is locked."""
    options = {"transaction_mode": "IMMEDIATE", "timeout": 0, "init_command": "PRAGMA foreign_keys=ON;"}
    ours = {"ENGINE": "stadthaus.config.sqlite", "NAME": database, "OPTIONS": options}
    connections["gate"] = connection = ConnectionHandler({"default": {}, "gate": ours})["gate"]
    with django_db_blocker.unblock():
        yield connection
        connection.close()
    del connections["gate"]


def the_gate(database: str) -> WriteGate:
    gate = gate_for(database)
    assert gate
    return gate


def come_in(gate: WriteGate) -> Event:
    """Another thread asks for the gate and goes again; set once it was in."""
    was_in = Event()

    def ask() -> None:
        gate.enter()
        was_in.set()
        gate.leave()

    Thread(target=ask, daemon=True).start()
    return was_in


def held_elsewhere(database: str) -> subprocess.Popen[str]:
    """Another process that holds the gate."""
    holder = subprocess.Popen(  # noqa: S603  our own program
        [sys.executable, "-c", HOLD, f"{database}.lock"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout
    assert holder.stdout.readline() == "in\n"
    return holder


@pytest.mark.parametrize("name", [":memory:", "file:stadthaus?mode=memory&cache=shared"])
def test_a_database_in_memory_needs_no_gate(name: str) -> None:
    assert gate_for(name) is None


def test_one_thread_is_in_at_a_time(connection: BaseDatabaseWrapper, database: str) -> None:
    with transaction.atomic("gate"):
        connection.cursor().execute("INSERT INTO parent VALUES (1)")
        next_one = come_in(the_gate(database))
        assert not next_one.wait(SHORT)
    assert next_one.wait(LONG)


def test_one_process_is_in_at_a_time(database: str) -> None:
    holder = held_elsewhere(database)
    next_one = come_in(the_gate(database))
    assert not next_one.wait(SHORT)
    holder.communicate("leave\n\n", timeout=LONG)
    assert next_one.wait(LONG)


def test_a_process_that_dies_inside_lets_the_next_one_in(database: str) -> None:
    holder = held_elsewhere(database)
    holder.kill()
    holder.communicate(timeout=LONG)
    assert come_in(WriteGate(Path(f"{database}.lock"))).wait(LONG)


def test_a_forked_child_waits_for_its_parent(database: str) -> None:
    done = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-c", FORK, database], cwd=ROOT, timeout=LONG, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["asks", "waits", "in"]


@pytest.mark.usefixtures("connection")
def test_a_begin_that_fails_lets_the_next_one_in(database: str) -> None:
    around_the_gate = sqlite3.connect(database, isolation_level=None)
    around_the_gate.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"), transaction.atomic("gate"):
        raise AssertionError("nobody comes in here")
    assert come_in(the_gate(database)).wait(LONG)
    around_the_gate.close()


def test_a_commit_that_fails_lets_the_next_one_in(connection: BaseDatabaseWrapper, database: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic("gate"):
        connection.cursor().execute("INSERT INTO child VALUES (1)")
    assert come_in(the_gate(database)).wait(LONG)


@pytest.mark.usefixtures("connection")
def test_an_error_inside_lets_the_next_one_in(database: str) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic("gate"):
        raise ZeroDivisionError
    assert come_in(the_gate(database)).wait(LONG)


def test_a_connection_that_is_closed_inside_lets_the_next_one_in(
    connection: BaseDatabaseWrapper, database: str
) -> None:
    with transaction.atomic("gate"):
        connection.close()
    assert come_in(the_gate(database)).wait(LONG)
