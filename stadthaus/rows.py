"""Writes and reads rows by statements that are put together once in each process.

The ORM puts a statement together anew each time, which costs several times what running it does; an order is a
hundred of them. Values are adapted by the fields of the model, as the ORM does. Signals of single models are not
sent; a model with `db_default` cannot be inserted here. Writes belong to the caller's transaction.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import CharField, DateTimeField, Field, IntegerField, Model, QuerySet, TextField, Value
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=Model)
Writer = Callable[[list[Any]], None]
Statement = tuple[str, Sequence[Any]]
_gathered: ContextVar[dict[Writer, list[Any]] | None] = ContextVar("gathered", default=None)
_collected: ContextVar[list[Statement] | None] = ContextVar("collected", default=None)


def insert(row: M) -> M:
    """Insert a new row and give it its id (one statement)."""
    _insert(row, _insert_one(type(row)))
    return row


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
    if connection.vendor == "postgresql":
        # As one value: a statement that is the same for any number of rows is planned once.
        given = [
            {column.name: row[column.name] if column.name in row else column.default() for column in columns}
            for row in rows
        ]
        sql, values = _insert_json_sql(model), [json.dumps(given, default=_in_json)]
    else:
        sql, values = (
            _insert_sql(model, len(rows)),
            [
                column.adapted(row[column.name] if column.name in row else column.default())
                for row in rows
                for column in columns
            ],
        )
    run(f"{sql} ON CONFLICT DO NOTHING" if if_free else sql, values)


def _in_json(value: Any) -> str:
    """A value JSON has no form for, as PostgreSQL reads it from text."""
    if isinstance(value, date):  # or a moment
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be inserted by `insert_all`.")


@contextmanager
def together() -> Iterator[None]:
    """Write what is given to `gather` inside this block at its end: one statement for each kind of row, not each row.

    Until then the rows are not there. An inner block leaves its rows to the outer one; an error takes them all along.
    """
    if _gathered.get() is not None:
        yield
        return
    waiting: dict[Writer, list[Any]] = {}
    before = _gathered.set(waiting)
    try:
        yield
    finally:
        _gathered.reset(before)
    for sql, values in _statements(waiting):
        with connection.cursor() as cursor:
            cursor.execute(sql, values)


def _statements(waiting: "dict[Writer, list[Any]]") -> "list[Statement]":
    """What the writers want to run. PostgreSQL takes all of it as one statement: each costs a way there and back."""
    before = _collected.set([])
    try:
        for write, rows in waiting.items():
            write(rows)
        statements = _collected.get() or []
    finally:
        _collected.reset(before)
    if connection.vendor != "postgresql" or len(statements) < 2:  # noqa: PLR2004  one needs no company
        return statements
    *others, (last, _) = statements
    parts = ", ".join(f"part_{number} AS ({sql})" for number, (sql, _) in enumerate(others))
    return [(f"WITH {parts} {last}", [value for _, values in statements for value in values])]


def run(sql: str, values: Sequence[Any]) -> None:
    """Run a statement whose outcome nobody needs. Said by a writer of `gather`, it can become a part of a larger one:

    no two such parts may touch the same row.
    """
    collected = _collected.get()
    if collected is not None:
        collected.append((sql, values))
        return
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def gather(write: Writer, row: Any) -> None:
    """Have `write` write a row together with others of the block around (`together`); at once if there is none."""
    waiting = _gathered.get()
    if waiting is None:
        write([row])
    else:
        waiting.setdefault(write, []).append(row)


def gathered(write: Writer) -> list[Any]:
    """What waits for `write` in the block around, to be looked through or changed."""
    return (_gathered.get() or {}).get(write, [])


def change(
    model: type[Model],
    changes: Mapping[str, Any],
    *,
    where: Mapping[str, Any],
    only_if: tuple[str, Any] | None = None,
) -> int:
    """Write `changes` to the rows in which every attribute of `where` has this value; how many (one statement).

    Attributes are those of the columns: `order_id`, not `order`. `only_if` is one more condition in SQL, of a
    fixed text, with its value.
    """
    given = {name: value for name, value in where.items() if value is not None}
    sql = _update_sql(model, tuple(changes), tuple(given), tuple(name for name in where if name not in given))
    values = [*_adapted(model, changes), *_adapted(model, given)]
    with connection.cursor() as cursor:
        if only_if is not None:
            sql, values = f"{sql} AND {only_if[0]}", [*values, only_if[1]]
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def set_values(model: type[Model], changes: Mapping[str, Any], *, where: Mapping[str, Any]) -> None:
    """Like `change`, of which nobody asks how many; nothing in `where` is None."""
    run(_update_sql(model, tuple(changes), tuple(where), ()), [*_adapted(model, changes), *_adapted(model, where)])


def delete(model: type[Model], *, where: Mapping[str, Any]) -> int:
    """Delete the rows in which every attribute of `where` has this value; how many (one statement).

    For models that nothing points at: what would go along with a row stays.
    """
    with connection.cursor() as cursor:
        cursor.execute(_delete_sql(model, tuple(where)), _adapted(model, where))
        return int(cursor.rowcount)


def _insert(row: Model, sql: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, _values(row))
        found = cursor.fetchone()
    if found is None:
        return False
    (row.pk,) = found
    row._state.adding, row._state.db = False, connection.alias
    return True


def _values(row: Model) -> list[Any]:
    given = vars(row)
    return [column.adapted(given[column.name]) for column in _columns(type(row))]


def _adapted(model: type[Model], given: Mapping[str, Any]) -> list[Any]:
    columns = _columns_by_name(model)
    return [columns[name].adapted(value) for name, value in given.items()]


class _Column:
    """A column of a table, and how its values are adapted to the database's driver."""

    def __init__(self, field: "Field[Any, Any]") -> None:
        self.name: str = field.attname
        self.sql = connection.ops.quote_name(str(field.column))
        self.sql_type = str(field.db_type(connection)).partition("(")[0]
        self.default = field.get_default
        self._field = field
        kind = getattr(field, "target_field", field)
        # What the driver takes as it is; asking the field costs ten times as much.
        is_text, is_number = isinstance(kind, CharField | TextField), isinstance(kind, IntegerField)
        self._is_moment = isinstance(kind, DateTimeField)
        self._plain: type | None = str if is_text else int if is_number and connection.vendor == "sqlite" else None

    def adapted(self, value: Any) -> Any:
        """The value as the field itself adapts it."""
        if value is None or type(value) is self._plain:
            return value
        database = connections[DEFAULT_DB_ALIAS]
        if self._is_moment and type(value) is datetime and value.tzinfo is not None:
            return database.ops.adapt_datetimefield_value(value)
        return self._field.get_db_prep_save(value, database)


@cache
def _columns(model: type[Model]) -> tuple[_Column, ...]:
    return tuple(_Column(field) for field in model._meta.local_concrete_fields if not field.primary_key)


@cache
def _columns_by_name(model: type[Model]) -> dict[str, _Column]:
    return {field.attname: _Column(field) for field in model._meta.local_concrete_fields}


@cache
def _insert_sql(model: type[Model], rows: int) -> str:
    columns = ", ".join(column.sql for column in _columns(model))
    one = f"({', '.join(['%s'] * len(_columns(model)))})"
    table = connection.ops.quote_name(model._meta.db_table)
    return f"INSERT INTO {table} ({columns}) VALUES {', '.join([one] * rows)}"  # noqa: S608  names of our models


@cache
def _insert_json_sql(model: type[Model]) -> str:
    """Insert all rows of a list of objects in JSON. Lengths are left to the table: a cast would cut text off."""
    columns = ", ".join(column.sql for column in _columns(model))
    read = ", ".join(f'"{column.name}" {column.sql_type}' for column in _columns(model))
    names = ", ".join(f'"{column.name}"' for column in _columns(model))
    table = connection.ops.quote_name(model._meta.db_table)
    return f"INSERT INTO {table} ({columns}) SELECT {names} FROM json_to_recordset(%s::json) AS given ({read})"  # noqa: S608  names of our models


@cache
def _insert_one(model: type[Model]) -> str:
    return f"{_insert_sql(model, 1)} RETURNING {_key(model)}"


@cache
def _insert_one_if_free(model: type[Model]) -> str:
    return f"{_insert_sql(model, 1)} ON CONFLICT DO NOTHING RETURNING {_key(model)}"


def _key(model: type[Model]) -> str:
    return connection.ops.quote_name(str(model._meta.pk.column))


@cache
def _update_sql(model: type[Model], changes: tuple[str, ...], equal: tuple[str, ...], empty: tuple[str, ...]) -> str:
    columns = _columns_by_name(model)
    new = ", ".join(f"{columns[name].sql} = %s" for name in changes)
    same = [f"{columns[name].sql} = %s" for name in equal] + [f"{columns[name].sql} IS NULL" for name in empty]
    table = connection.ops.quote_name(model._meta.db_table)
    return f"UPDATE {table} SET {new} WHERE {' AND '.join(same)}"  # noqa: S608  names of our models


@cache
def _delete_sql(model: type[Model], equal: tuple[str, ...]) -> str:
    same = " AND ".join(f"{_columns_by_name(model)[name].sql} = %s" for name in equal)
    return f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)} WHERE {same}"  # noqa: S608  names of our models


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
