"""Many people at the same moment: real threads, each with a database connection of its own."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from django.db import connection, connections

T = TypeVar("T")

# On PostgreSQL so many transactions really run at once; everybody else waits for a connection.
AT_ONCE = 20
PATIENCE_SECONDS = 60


def all_at_once(people: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Let everybody begin together; what each got or raised, in their order."""
    answers: dict[int, T | Exception] = {}
    start = threading.Barrier(len(people))

    def act(number: int, person: Callable[[], T]) -> None:
        start.wait(PATIENCE_SECONDS)
        try:
            answers[number] = person()
        except Exception as error:  # noqa: BLE001  the test looks at what was raised
            answers[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=each) for each in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert len(answers) == len(people), "somebody is still waiting: a deadlock?"
    return [answers[number] for number in range(len(people))]


def alone(person: Callable[[], T]) -> T:
    """Let one person look at the database the crowd used."""
    [answer] = all_at_once([person])
    if isinstance(answer, Exception):
        raise answer
    return answer


@contextmanager
def shared_database(folder: Path) -> Iterator[None]:
    """A database that threads can share: on SQLite a file copy of the test's own, which is in memory."""
    if connection.vendor == "sqlite":
        with _file_copy(folder / "crowd.sqlite3"):
            yield
    else:
        with _larger_pool():
            yield


@contextmanager
def _file_copy(file: Path) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(file)])
    # Threads open their connections from this dictionary; the test's own one stays in memory.
    in_memory = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = str(file)
    try:
        yield
    finally:
        connection.settings_dict["NAME"] = in_memory


@contextmanager
def _larger_pool() -> Iterator[None]:
    postgresql: Any = connection
    usual = connection.settings_dict["OPTIONS"]["pool"]
    postgresql.close()
    postgresql.close_pool()
    connection.settings_dict["OPTIONS"]["pool"] = {"min_size": 1, "max_size": AT_ONCE, "timeout": PATIENCE_SECONDS}
    try:
        yield
    finally:
        postgresql.close()
        postgresql.close_pool()
        connection.settings_dict["OPTIONS"]["pool"] = usual
