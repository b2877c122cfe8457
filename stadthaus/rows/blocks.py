"""Blocks at whose end everything is written together."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Model

from stadthaus.rows.columns import on_postgresql

Writer = Callable[[list[Any]], None]
Reader = Callable[[list[tuple[Any, ...]]], None]


@dataclass
class _Block:
    """What waits for the end of a block of `together`: rows by writer, and keys drawn for rows to come."""

    draws: tuple[type[Model], ...] = ()
    keys: dict[type[Model], Any] = field(default_factory=dict)
    rows: dict[Writer, list[Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Statement:
    sql: str
    values: Sequence[Any]
    read: Reader | None = None

    def run(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.values)
            if self.read is not None:
                self.read(cursor.fetchall())


_block: ContextVar[_Block | None] = ContextVar("block", default=None)
_collected: ContextVar[list[_Statement] | None] = ContextVar("collected", default=None)


@contextmanager
def together(*draw: type[Model]) -> Iterator[None]:
    """Write what is given to `gather` inside this block at its end: one statement for each kind of row, not each row.

    Until then the rows are not there. An inner block leaves its rows to the outer one; an error takes them all along.
    What is read at the end can raise there: whoever handles it stands outside the block.

    For one row of each model of `draw`, PostgreSQL gives the key along with the block's `change_and_lock`: whoever
    needs the key has it, and the row itself waits with the others.
    """
    if _block.get() is not None:
        yield
        return
    block = _Block(draw if on_postgresql() else ())
    before = _block.set(block)
    try:
        yield
    finally:
        _block.reset(before)
    for statement in _statements(block.rows):
        statement.run()


def _statements(waiting: dict[Writer, list[Any]]) -> list[_Statement]:
    """What the writers want to run. PostgreSQL takes all of it as one statement: each costs a way there and back."""
    before = _collected.set([])
    try:
        for write, rows in waiting.items():
            write(rows)
        statements = _collected.get() or []
    finally:
        _collected.reset(before)
    if not on_postgresql():
        return statements
    return statements if len(statements) == 1 else [_as_one(statements)] if statements else []


def _as_one(statements: list[_Statement]) -> _Statement:
    """All of them as parts of one statement of PostgreSQL; what parts return comes as JSON, each in a column.

    PostgreSQL chooses the order of the parts: none may lock a row of somebody who waits for another part.
    """
    parts = ", ".join(f"part_{number} AS ({part.sql})" for number, part in enumerate(statements))
    readers = {number: part.read for number, part in enumerate(statements) if part.read is not None}
    found = ", ".join(f"(SELECT json_agg(part_{number}) FROM part_{number})" for number in readers)  # noqa: S608  our own count

    def read(rows: list[tuple[Any, ...]]) -> None:
        for reader, objects in zip(readers.values(), rows[0], strict=True):
            reader([tuple(columns.values()) for columns in objects or []])

    values = [value for part in statements for value in part.values]
    return _Statement(f"WITH {parts} SELECT {found}", values, read)


def run(sql: str, values: Sequence[Any], read: Reader | None = None) -> None:
    """Run a statement, and give `read` the rows it returns: numbers and texts.

    Said by a writer of `gather`, it can become a part of a larger one: no two such parts may touch the same row.
    """
    statement, collected = _Statement(sql, values, read), _collected.get()
    if collected is None:
        statement.run()
    else:
        collected.append(statement)


def gather(write: Writer, row: Any) -> None:
    """Have `write` write a row together with others of the block around (`together`); at once if there is none."""
    block = _block.get()
    if block is None:
        write([row])
    else:
        block.rows.setdefault(write, []).append(row)


def gathered(write: Writer) -> list[Any]:
    """What waits for `write` in the block around, to be looked through or changed."""
    block = _block.get()
    return block.rows.get(write, []) if block else []


def take_key(model: type[Model]) -> Any:
    """The key drawn for the next row of this model; None if there is none."""
    block = _block.get()
    return block.keys.pop(model, None) if block else None


def draws() -> tuple[type[Model], ...]:
    """The models of which the block around still wants a key."""
    block = _block.get()
    return block.draws if block else ()


def keep_keys(keys: Sequence[Any]) -> None:
    """Keep the keys that came for `draws`."""
    block = _block.get()
    if block:
        block.keys.update(zip(block.draws, keys, strict=True))
        block.draws = ()
