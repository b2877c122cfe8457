"""Writes and reads rows by statements that are put together once in each process.

The ORM puts a statement together anew each time, which costs several times what running it does; an order is a
hundred of them. Values are adapted by the fields of the model, as the ORM does. Signals of single models are not
sent; a model with `db_default` cannot be inserted here. Writes belong to the caller's transaction.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Field, Model, QuerySet, Value
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=Model)


def insert(row: M) -> M:
    """Insert a new row and give it its id (one statement)."""
    _insert(row, _insert_one(type(row)))
    return row


def insert_if_free(row: M) -> bool:
    """Insert a new row unless something unique is in the way; whether it was inserted (one statement)."""
    return _insert(row, _insert_one_if_free(type(row)))


def insert_all(rows: Sequence[Model]) -> None:
    """Insert new rows of one model, of which nobody needs the ids (one statement; none for no rows)."""
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_insert_sql(type(rows[0]), len(rows)), [value for row in rows for value in _values(row)])


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
    values = [_adapted(_field(model, name), value) for name, value in (*changes.items(), *given.items())]
    with connection.cursor() as cursor:
        if only_if is not None:
            sql, values = f"{sql} AND {only_if[0]}", [*values, only_if[1]]
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def delete(model: type[Model], *, where: Mapping[str, Any]) -> int:
    """Delete the rows in which every attribute of `where` has this value; how many (one statement).

    For models that nothing points at: what would go along with a row stays.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _delete_sql(model, tuple(where)), [_adapted(_field(model, name), where[name]) for name in where]
        )
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
    return [_adapted(field, getattr(row, field.attname)) for field in _fields(type(row))]


def _adapted(field: "Field[Any, Any]", value: Any) -> Any:
    return field.get_db_prep_save(value, connection)


@cache
def _fields(model: type[Model]) -> tuple["Field[Any, Any]", ...]:
    return tuple(field for field in model._meta.local_concrete_fields if not field.primary_key)


@cache
def _field(model: type[Model], name: str) -> "Field[Any, Any]":
    return next(field for field in model._meta.local_concrete_fields if field.attname == name)


@cache
def _insert_sql(model: type[Model], rows: int) -> str:
    quote, meta = connection.ops.quote_name, model._meta
    columns = ", ".join(quote(str(field.column)) for field in _fields(model))
    one = f"({', '.join(['%s'] * len(_fields(model)))})"
    return f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES {', '.join([one] * rows)}"  # noqa: S608  names of our models


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
    quote = connection.ops.quote_name

    def column(name: str) -> str:
        return quote(str(_field(model, name).column))

    new = ", ".join(f"{column(name)} = %s" for name in changes)
    same = [f"{column(name)} = %s" for name in equal] + [f"{column(name)} IS NULL" for name in empty]
    return f"UPDATE {quote(model._meta.db_table)} SET {new} WHERE {' AND '.join(same)}"  # noqa: S608  names of our models


@cache
def _delete_sql(model: type[Model], equal: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    same = " AND ".join(f"{quote(str(_field(model, name).column))} = %s" for name in equal)
    return f"DELETE FROM {quote(model._meta.db_table)} WHERE {same}"  # noqa: S608  names of our models


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
