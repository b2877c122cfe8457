"""Writes and reads rows by statements that are put together once in each process.

The ORM puts a statement together anew each time, which costs several times what running it does; an order is a
hundred of them. Values are adapted by the fields of the model, as the ORM does. Signals of single models are not
sent; a model with `db_default` cannot be inserted here. Writes belong to the caller's transaction.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, DateTimeField, Field, IntegerField, Model, QuerySet, TextField, Value
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=Model)
Writer = Callable[[list[Any]], None]
Reader = Callable[[list[tuple[Any, ...]]], None]


def insert(row: M) -> M:
    """Insert a new row and give it its id (one statement, or a part of one: `together`)."""
    block = _block.get()
    key = block.keys.pop(type(row), None) if block else None
    if key is None:
        _insert(row, _insert_one(type(row)))
        return row
    _has_key(row, key)
    gather(_insert_with_keys, row)
    return row


def amend(row: Model, **changes: Any) -> None:
    """Change a row that was just inserted: while it waits for the end of its block, nothing more has to be written."""
    for name, value in changes.items():
        setattr(row, name, value)
    if not any(waiting is row for waiting in gathered(_insert_with_keys)):
        gather(_amend_all, (type(row), changes, row.pk))


def insert_if_free(row: M) -> bool:
    """Insert a new row unless something unique is in the way; whether it was inserted (one statement)."""
    return _insert(row, _insert_one_if_free(type(row)))


def insert_all(model: type[Model], rows: Sequence[Mapping[str, Any]], *, if_free: bool = False) -> None:
    """Insert new rows that nobody needs as objects (one statement; none for no rows).

    Each row names attributes of columns (`order_id`, not `order`); what it does not name has its default. With
    `if_free` a row that something unique is in the way of is left out.
    """
    if not rows:
        return
    columns = _columns(model)
    if unknown := {name for row in rows for name in row} - {column.name for column in columns}:
        raise TypeError(f"{model.__name__} has no columns {sorted(unknown)}.")
    given = [{**_defaults(model), **row} for row in rows]
    if connection.vendor == "postgresql":
        # As one value: a statement that is the same for any number of rows is planned once.
        sql, values = _insert_json_sql(model), [_as_json(given)]
    else:
        sql, values = (
            _insert_sql(model, len(rows)),
            [value for row in given for value in _adapted(columns, row)],
        )
    run(f"{sql} ON CONFLICT DO NOTHING" if if_free else sql, values)


def _in_json(value: Any) -> str:
    """A value JSON has no form for, as PostgreSQL reads it from text."""
    if isinstance(value, date):  # or a moment
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be inserted by `insert_all`.")


_as_json = json.JSONEncoder(default=_in_json).encode


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

    For one row of each model of `draw`, PostgreSQL gives the key along with the block's `change_and_read`: whoever
    needs the key has it, and the row itself waits with the others.
    """
    if _block.get() is not None:
        yield
        return
    block = _Block(draw if connection.vendor == "postgresql" else ())
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
    if connection.vendor != "postgresql":
        return statements
    return statements if len(statements) == 1 else [_as_one(statements)] if statements else []


def _as_one(statements: list[_Statement]) -> _Statement:
    """All of them as parts of one statement of PostgreSQL; what parts return comes as JSON, each in a column."""
    parts = ", ".join(f"part_{number} AS ({part.sql})" for number, part in enumerate(statements))
    readers = {number: part.read for number, part in enumerate(statements) if part.read is not None}
    found = ", ".join(f"(SELECT json_agg(part_{number}) FROM part_{number})" for number in readers)  # noqa: S608  numbers

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


def change(
    model: type[Model],
    key: Any,
    changes: Mapping[str, Any],
    *,
    as_read: Mapping[str, Any] | None = None,
    only_if: tuple[str, Any] | None = None,
) -> bool:
    """Write `changes` to the row of this key, if it is still `as_read`; whether it was (one statement).

    Attributes are those of the columns: `order_id`, not `order`. `only_if` is one more condition in SQL, of a
    fixed text, with its value.
    """
    with connection.cursor() as cursor:
        cursor.execute(*_update(model, key, changes, as_read or {}, only_if))
        return bool(cursor.rowcount)


def change_or_raise(
    model: type[Model],
    key: Any,
    changes: Mapping[str, Any],
    *,
    as_read: Mapping[str, Any],
    only_if: tuple[str, Any] | None = None,
    refusal: Exception,
) -> None:
    """Like `change`, together with the other writes of the block; its end raises `refusal` if nothing was changed."""
    gather(_change_all, (*_update(model, key, changes, as_read, only_if), refusal))


def _change_all(asked: list[tuple[str, list[Any], Exception]]) -> None:
    for sql, values, refusal in asked:
        run(f"{sql} RETURNING 1", values, _raise_if_none(refusal))


def _raise_if_none(refusal: Exception) -> Reader:
    def read(changed: list[tuple[Any, ...]]) -> None:
        if not changed:
            raise refusal

    return read


def change_and_read(
    model: type[Model],
    key: Any,
    changes: Mapping[str, Any],
    *,
    as_read: Mapping[str, Any],
    read: str,
    values: Sequence[Any],
) -> Any:
    """Like `change`, and read one thing more in the same statement: a query in SQL, of a fixed text, that finds one.

    None if the row is not `as_read` any more.
    """
    block = _block.get()
    draws = block.draws if block else ()
    sql, given = _update(model, key, changes, as_read)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} RETURNING ({read}){_keys_sql(draws)}", [*given, *values])
        found = cursor.fetchone()
    if found is None:
        return None
    if block:
        block.draws, block.keys = (), dict(zip(draws, found[1:], strict=True))
    return found[0]


def _update(
    model: type[Model],
    key: Any,
    changes: Mapping[str, Any],
    as_read: Mapping[str, Any],
    only_if: tuple[str, Any] | None = None,
) -> tuple[str, list[Any]]:
    sql = _update_sql(model, tuple(changes), tuple(as_read))
    columns = _columns_by_name(model)
    values = [
        *_adapted([columns[name] for name in changes], changes),
        key,
        *_adapted([columns[name] for name in as_read], as_read),
    ]
    return (f"{sql} AND {only_if[0]}", [*values, only_if[1]]) if only_if else (sql, values)


def _amend_all(amended: list[tuple[type[Model], Mapping[str, Any], Any]]) -> None:
    for model, changes, key in amended:
        run(*_update(model, key, changes, {}))


def delete(model: type[Model], *, where: Mapping[str, Any]) -> int:
    """Delete the rows in which every attribute of `where` has this value; how many (one statement).

    For models that nothing points at: what would go along with a row stays.
    """
    with connection.cursor() as cursor:
        columns = _columns_by_name(model)
        cursor.execute(_delete_sql(model, tuple(where)), _adapted([columns[name] for name in where], where))
        return int(cursor.rowcount)


def _insert(row: Model, sql: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, _values(row))
        found = cursor.fetchone()
    if found is None:
        return False
    _has_key(row, found[0])
    return True


def _has_key(row: Model, key: Any) -> None:
    row.pk = key
    row._state.adding, row._state.db = False, connection.alias


def _insert_with_keys(given: list[Model]) -> None:
    for row in given:
        columns = (row._meta.pk.attname, *(column.name for column in _columns(type(row))))
        run(_insert_json_with_keys_sql(type(row)), [_as_json([{name: vars(row)[name] for name in columns}])])


def _values(row: Model) -> list[Any]:
    return _adapted(_columns(type(row)), vars(row))


def _adapted(columns: Iterable["_Column"], given: Mapping[str, Any]) -> list[Any]:
    database = connections[DEFAULT_DB_ALIAS]
    return [column.adapted(given[column.name], database) for column in columns]


class _Column:
    """A column of a table, and how its values are adapted to the database's driver."""

    def __init__(self, field: "Field[Any, Any]") -> None:
        self.name: str = field.attname
        self.sql = connection.ops.quote_name(str(field.column))
        self.default = field.get_default
        self.makes_default = callable(field.default)
        self._field = field
        kind = getattr(field, "target_field", field)
        # What the driver takes as it is; asking the field costs ten times as much.
        is_text, is_number = isinstance(kind, CharField | TextField), isinstance(kind, IntegerField)
        self._is_moment = isinstance(kind, DateTimeField)
        self._plain: type | None = str if is_text else int if is_number and connection.vendor == "sqlite" else None

    def adapted(self, value: Any, database: BaseDatabaseWrapper) -> Any:
        """The value as the field itself adapts it."""
        if value is None or type(value) is self._plain:
            return value
        if self._is_moment and type(value) is datetime and value.tzinfo is not None:
            return database.ops.adapt_datetimefield_value(value)
        return self._field.get_db_prep_save(value, database)


@cache
def _columns(model: type[Model]) -> tuple[_Column, ...]:
    return tuple(_Column(field) for field in model._meta.local_concrete_fields if not field.primary_key)


@cache
def _columns_by_name(model: type[Model]) -> dict[str, _Column]:
    return {field.attname: _Column(field) for field in model._meta.local_concrete_fields}


def _defaults(model: type[Model]) -> dict[str, Any]:
    fixed, made = _kinds_of_defaults(model)
    return {**fixed, **{column.name: column.default() for column in made}}


@cache
def _kinds_of_defaults(model: type[Model]) -> tuple[dict[str, Any], list[_Column]]:
    """Values that are always the same, and columns whose value is made anew for each row."""
    made = [column for column in _columns(model) if column.makes_default]
    return {column.name: column.default() for column in _columns(model) if column not in made}, made


@cache
def _insert_sql(model: type[Model], rows: int) -> str:
    columns = ", ".join(column.sql for column in _columns(model))
    one = f"({', '.join(['%s'] * len(_columns(model)))})"
    return f"INSERT INTO {_table(model)} ({columns}) VALUES {', '.join([one] * rows)}"  # noqa: S608  names of our models


@cache
def _keys_sql(models: tuple[type[Model], ...]) -> str:
    """The next keys of these tables, to be read along with something else (PostgreSQL)."""
    return "".join(
        f", nextval(pg_get_serial_sequence('{_table(model)}', '{model._meta.pk.column}'))" for model in models
    )


# Rows travel as JSON objects and are read as rows of the table itself. These statements are short, because psycopg
# keeps what it has read of a statement only if it has at most 4096 bytes and 50 values.
@cache
def _insert_json_sql(model: type[Model]) -> str:
    columns = ", ".join(column.sql for column in _columns(model))
    return f"INSERT INTO {_table(model)} ({columns}) SELECT {columns} FROM {_given(model)}"  # noqa: S608  names of our models


@cache
def _insert_json_with_keys_sql(model: type[Model]) -> str:
    return f"INSERT INTO {_table(model)} SELECT * FROM {_given(model)}"  # noqa: S608  names of our models


def _given(model: type[Model]) -> str:
    return f"json_populate_recordset(NULL::{_table(model)}, %s)"


@cache
def _insert_one(model: type[Model]) -> str:
    return f"{_insert_sql(model, 1)} RETURNING {_key(model)}"


@cache
def _insert_one_if_free(model: type[Model]) -> str:
    return f"{_insert_sql(model, 1)} ON CONFLICT DO NOTHING RETURNING {_key(model)}"


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _key(model: type[Model]) -> str:
    return connection.ops.quote_name(str(model._meta.pk.column))


@cache
def _update_sql(model: type[Model], changes: tuple[str, ...], as_read: tuple[str, ...]) -> str:
    columns, is_same = _columns_by_name(model), _is_same()
    new = ", ".join(f"{columns[name].sql} = %s" for name in changes)
    conditions = [f"{_key(model)} = %s", *(f"{columns[name].sql} {is_same} %s" for name in as_read)]
    return f"UPDATE {_table(model)} SET {new} WHERE {' AND '.join(conditions)}"  # noqa: S608  names of our models


def _is_same() -> str:
    """Equal, or both nothing. No index serves it, so a row is always found by its key.

    Else PostgreSQL may look for a place by its day and state, through all places held on that day.
    """
    return "IS NOT DISTINCT FROM" if connection.vendor == "postgresql" else "IS"


@cache
def _delete_sql(model: type[Model], equal: tuple[str, ...]) -> str:
    same = " AND ".join(f"{_columns_by_name(model)[name].sql} = %s" for name in equal)
    return f"DELETE FROM {_table(model)} WHERE {same}"  # noqa: S608  names of our models


class Prepared(Generic[M]):
    """A query of the ORM that is put together once.

    `OF_NUMBER = Prepared(lambda given: Order.objects.filter(number=given("number")))` … `OF_NUMBER.first(number="…")`.
    What `given` names is filled in by `all` and `first`: text, whole numbers, days, moments; `Given` says which where
    it is computed with. With `select_related`, without `prefetch_related`.
    """

    def __init__(self, build: Callable[[type["Given"]], "QuerySet[M]"]) -> None:
        self._build = build

    def all(self, **given: str | int | date) -> list[M]:
        """Every row found (one statement)."""
        plan = self._plan
        values = [_plain(given[value.name]) if isinstance(value, _Name) else value for value in plan.values]
        with connection.cursor() as cursor:
            cursor.execute(plan.sql, values)
            return [plan.read(list(row)) for row in cursor.fetchall()]

    def first(self, **given: str | int | date) -> M | None:
        """The first row found, None if there is none (one statement)."""
        return next(iter(self.all(**given)), None)

    @cached_property
    def _plan(self) -> "_Plan[M]":
        return _Plan(self._build(Given))


class Given(Value):
    """Stands for a value in a query that is put together before the value is known."""

    def __init__(self, name: str, output_field: "Field[Any, Any] | None" = None) -> None:
        super().__init__(_Name(name), output_field=output_field)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:  # noqa: ARG002  as the ORM calls it
        """A place for the value."""
        return "%s", [self.value]


@dataclass(frozen=True)
class _Name:
    name: str


def _plain(value: str | int | date) -> Any:
    """The value as the database's driver takes it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


class _Plan(Generic[M]):
    """The statement of a query, and how the ORM makes objects of its rows (after `ModelIterable`)."""

    def __init__(self, found: "QuerySet[M]") -> None:
        compiler = found.query.get_compiler(connection=connection)
        self.sql, self.values = compiler.as_sql()
        self._converters = compiler.get_converters([column[0] for column in compiler.select])
        info = compiler.klass_info
        fields = info["select_fields"]
        self._columns = slice(fields[0], fields[-1] + 1)
        self._names = [column[0].target.attname for column in compiler.select[self._columns]]
        self._related = get_related_populators(info, compiler.select, connection.alias)  # type: ignore[call-arg]  # stubs of a later Django
        self._annotated = compiler.annotation_col_map or {}
        self._model: type[M] = info["model"]

    def read(self, row: list[Any]) -> M:
        """One object, with all that was selected along with it."""
        for position, (converters, expression) in self._converters.items():
            for convert in converters:
                row[position] = convert(row[position], expression, connection)
        found = self._model.from_db(connection.alias, self._names, row[self._columns])
        for related in self._related:
            related.populate(row, found)
        for name, position in self._annotated.items():
            setattr(found, name, row[position])
        return found
