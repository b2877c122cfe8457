"""Writes rows by statements that are put together once in each process.

The ORM puts an INSERT or UPDATE together anew each time, which costs several times what running it does; an order
is some forty of them. Values are adapted by the fields of the model, as the ORM does. Signals of single
models are not sent; a model with `db_default` cannot be inserted here. Belongs to the caller's transaction.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Field, Model

M = TypeVar("M", bound=Model)


def insert(row: M) -> M:
    """Insert a new row and give it its id (one statement)."""
    if not _insert(row, _insert_one(type(row))):
        raise RuntimeError(f"The database gave no id to a new {type(row).__name__}.")
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
    return f"{_insert_sql(model, 1)} RETURNING {connection.ops.quote_name(str(model._meta.pk.column))}"


@cache
def _insert_one_if_free(model: type[Model]) -> str:
    return _insert_one(model).replace(" RETURNING ", " ON CONFLICT DO NOTHING RETURNING ")


@cache
def _update_sql(model: type[Model], changes: tuple[str, ...], equal: tuple[str, ...], empty: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name

    def column(name: str) -> str:
        return quote(str(_field(model, name).column))

    new = ", ".join(f"{column(name)} = %s" for name in changes)
    same = [f"{column(name)} = %s" for name in equal] + [f"{column(name)} IS NULL" for name in empty]
    return f"UPDATE {quote(model._meta.db_table)} SET {new} WHERE {' AND '.join(same)}"  # noqa: S608  names of our models
