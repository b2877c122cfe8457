"""Inserts, changes and deletions of single rows and of many."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model

from stadthaus.rows.blocks import Reader, draws, gather, gathered, keep_keys, run, take_key
from stadthaus.rows.columns import adapted, columns_by_name, columns_of, defaults, key, on_postgresql, table

M = TypeVar("M", bound=Model)


def insert(row: M) -> M:
    """Insert a new row and give it its id (one statement, or a part of one: `together`)."""
    drawn = take_key(type(row))
    if drawn is None:
        _insert(row, _insert_one(type(row)))
        return row
    _has_key(row, drawn)
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
    columns = columns_of(model)
    if unknown := set().union(*rows) - defaults(model).keys():
        raise TypeError(f"{model.__name__} has no columns {sorted(unknown)}.")
    given = [{**defaults(model), **row} for row in rows]
    if on_postgresql():
        # As one value: a statement that is the same for any number of rows is planned once.
        sql, values = _insert_json_sql(model), [_as_json(given)]
    else:
        sql, values = (
            _insert_sql(model, len(rows)),
            [value for row in given for value in adapted(columns, row)],
        )
    run(f"{sql} ON CONFLICT DO NOTHING" if if_free else sql, values)


def _in_json(value: Any) -> str:
    """A value JSON has no form for, as PostgreSQL reads it from text."""
    if isinstance(value, date):  # or a moment
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot travel as JSON.")


_as_json = json.JSONEncoder(default=_in_json).encode


def change(
    model: type[Model],
    pk: Any,
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
        cursor.execute(*_update(model, pk, changes, as_read or {}, only_if))
        return bool(cursor.rowcount)


def change_or_raise(
    model: type[Model],
    pk: Any,
    changes: Mapping[str, Any],
    *,
    as_read: Mapping[str, Any],
    only_if: tuple[str, Any] | None = None,
    refusal: Exception,
) -> None:
    """Like `change`, together with the other writes of the block; its end raises `refusal` if nothing was changed."""
    sql, values = _update(model, pk, changes, as_read, only_if)
    find_or_raise(f"{sql} RETURNING 1", values, refusal=refusal)


def find_or_raise(sql: str, values: Sequence[Any], *, refusal: Exception) -> None:
    """Run a statement of a fixed text with the writes of the block; its end raises `refusal` if nothing was found."""
    gather(_find_all, (sql, values, refusal))


def _find_all(asked: list[tuple[str, Sequence[Any], Exception]]) -> None:
    for sql, values, refusal in asked:
        run(sql, values, _raise_if_none(refusal))


def _raise_if_none(refusal: Exception) -> Reader:
    def read(found: list[tuple[Any, ...]]) -> None:
        if not found:
            raise refusal

    return read


def change_and_lock(
    model: type[Model], pk: Any, changes: Mapping[str, Any], *, as_read: Mapping[str, Any], lock: str = ""
) -> bool:
    """Like `change`, and then wait until nobody else has the lock of this name (one statement; "" for none).

    It is kept until the transaction ends; what the next statement reads is as its last owner left it. On SQLite
    whoever writes is alone anyway. The keys that the block draws come along.
    """
    sql, given = _update(model, pk, changes, as_read)
    more, values = "", []
    if on_postgresql():
        more, values = _keys_sql(draws()), [lock] if lock else []
        more += ", pg_advisory_xact_lock(hashtextextended(%s, 0))" if lock else ""
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} RETURNING 1{more}", [*given, *values])
        found = cursor.fetchone()
    if found is None:
        return False
    keep_keys(found[1 : 1 + len(draws())])
    return True


def _update(
    model: type[Model],
    pk: Any,
    changes: Mapping[str, Any],
    as_read: Mapping[str, Any],
    only_if: tuple[str, Any] | None = None,
) -> tuple[str, list[Any]]:
    sql = _update_sql(model, tuple(changes), tuple(as_read))
    columns = columns_by_name(model)
    values = [
        *adapted([columns[name] for name in changes], changes),
        pk,
        *adapted([columns[name] for name in as_read], as_read),
    ]
    return (f"{sql} AND {only_if[0]}", [*values, only_if[1]]) if only_if else (sql, values)


def _amend_all(amended: list[tuple[type[Model], Mapping[str, Any], Any]]) -> None:
    for model, changes, pk in amended:
        run(*_update(model, pk, changes, {}))


def delete(model: type[Model], *, where: Mapping[str, Any]) -> int:
    """Delete the rows in which every attribute of `where` has this value; how many (one statement).

    For models that nothing points at: what would go along with a row stays.
    """
    with connection.cursor() as cursor:
        columns = columns_by_name(model)
        cursor.execute(_delete_sql(model, tuple(where)), adapted([columns[name] for name in where], where))
        return int(cursor.rowcount)


def _insert(row: Model, sql: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, _values(row))
        found = cursor.fetchone()
    if found is None:
        return False
    _has_key(row, found[0])
    return True


def _has_key(row: Model, pk: Any) -> None:
    row.pk = pk
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def _insert_with_keys(given: list[Model]) -> None:
    for row in given:
        columns = (row._meta.pk.attname, *(column.name for column in columns_of(type(row))))
        run(_insert_json_with_keys_sql(type(row)), [_as_json([{name: vars(row)[name] for name in columns}])])


def _values(row: Model) -> list[Any]:
    return adapted(columns_of(type(row)), vars(row))


@cache
def _insert_sql(model: type[Model], rows: int) -> str:
    columns = ", ".join(column.sql for column in columns_of(model))
    one = f"({', '.join(['%s'] * len(columns_of(model)))})"
    return f"INSERT INTO {table(model)} ({columns}) VALUES {', '.join([one] * rows)}"  # noqa: S608  names of our models


@cache
def _keys_sql(models: tuple[type[Model], ...]) -> str:
    """The next keys of these tables, to be read along with something else (PostgreSQL)."""
    return "".join(
        f", nextval(pg_get_serial_sequence('{table(model)}', '{model._meta.pk.column}'))" for model in models
    )


# Rows travel as JSON objects and are read as rows of the table itself. These statements are short, because psycopg
# keeps what it has read of a statement only if it has at most 4096 bytes and 50 values.
@cache
def _insert_json_sql(model: type[Model]) -> str:
    columns = ", ".join(column.sql for column in columns_of(model))
    return f"INSERT INTO {table(model)} ({columns}) SELECT {columns} FROM {_given(model)}"  # noqa: S608  names of our models


@cache
def _insert_json_with_keys_sql(model: type[Model]) -> str:
    return f"INSERT INTO {table(model)} SELECT * FROM {_given(model)}"  # noqa: S608  names of our models


def _given(model: type[Model]) -> str:
    return f"json_populate_recordset(NULL::{table(model)}, %s)"


@cache
def _insert_one(model: type[Model]) -> str:
    return f"{_insert_sql(model, 1)} RETURNING {key(model)}"


@cache
def _insert_one_if_free(model: type[Model]) -> str:
    return f"{_insert_sql(model, 1)} ON CONFLICT DO NOTHING RETURNING {key(model)}"


@cache
def _update_sql(model: type[Model], changes: tuple[str, ...], as_read: tuple[str, ...]) -> str:
    columns, is_same = columns_by_name(model), _is_same()
    new = ", ".join(f"{columns[name].sql} = %s" for name in changes)
    conditions = [f"{key(model)} = %s", *(f"{columns[name].sql} {is_same} %s" for name in as_read)]
    return f"UPDATE {table(model)} SET {new} WHERE {' AND '.join(conditions)}"  # noqa: S608  names of our models


def _is_same() -> str:
    """Equal, or both nothing. On PostgreSQL no index serves it, so a row is always found by its key.

    Else it may look for a place by its day and state, through all places held on that day.
    """
    return "IS NOT DISTINCT FROM" if on_postgresql() else "IS"


@cache
def _delete_sql(model: type[Model], equal: tuple[str, ...]) -> str:
    same = " AND ".join(f"{columns_by_name(model)[name].sql} = %s" for name in equal)
    return f"DELETE FROM {table(model)} WHERE {same}"  # noqa: S608  names of our models
