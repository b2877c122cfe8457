"""The columns of a table, and how their values are adapted to the database's driver."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    Field,
    FloatField,
    IntegerField,
    Model,
    TextField,
)

_PLAIN: dict[type["Field[Any, Any]"], type] = {CharField: str, TextField: str, BooleanField: bool, FloatField: float}


@cache
def on_postgresql() -> bool:
    """Whether it is PostgreSQL; else SQLite. Asking the connection goes through its thread's store each time."""
    return bool(connection.vendor == "postgresql")


class Column:
    """One column."""

    def __init__(self, field: "Field[Any, Any]") -> None:
        self.name: str = field.attname
        assert field.column == field.attname, f"{field} has a `db_column`."
        self.sql = connection.ops.quote_name(str(field.column))
        self.default = field.get_default
        self.makes_default = field.has_default() and callable(field.default)
        self._field = field
        kind = getattr(field, "target_field", field)
        # What the driver takes as it is; asking the field costs ten times as much.
        self.plain = next((plain for fields, plain in _PLAIN.items() if isinstance(kind, fields)), None)
        if isinstance(kind, IntegerField) and not on_postgresql():
            self.plain = int
        self._is_moment = isinstance(kind, DateTimeField)

    def adapted(self, value: Any, database: BaseDatabaseWrapper) -> Any:
        """The value, which is not `plain`, as the field itself adapts it."""
        if self._is_moment and type(value) is datetime and value.tzinfo is UTC:
            return value if on_postgresql() else _moment_as_text(value)
        return self._field.get_db_prep_save(value, database)


@lru_cache(maxsize=64)
def _moment_as_text(moment: datetime) -> str | None:
    """Most rows of a request carry the same moment, so it is remembered; in UTC, where no hour comes twice."""
    return connection.ops.adapt_datetimefield_value(moment)


@cache
def columns_of(model: type[Model]) -> tuple[Column, ...]:
    """All columns but the key."""
    return tuple(Column(field) for field in model._meta.local_concrete_fields if not field.primary_key)


@cache
def columns_by_name(model: type[Model]) -> dict[str, Column]:
    """All columns by the attribute of the model."""
    return {field.attname: Column(field) for field in model._meta.local_concrete_fields}


def defaults(model: type[Model]) -> Mapping[str, Any]:
    """What each column holds if nobody says otherwise."""
    fixed, made = _kinds_of_defaults(model)
    return {**fixed, **{column.name: column.default() for column in made}} if made else fixed


@cache
def _kinds_of_defaults(model: type[Model]) -> tuple[dict[str, Any], list[Column]]:
    """Values that are always the same, and columns whose value is made anew for each row."""
    made = [column for column in columns_of(model) if column.makes_default]
    return {column.name: column.default() for column in columns_of(model) if column not in made}, made


def adapted(columns: Iterable[Column], given: Mapping[str, Any]) -> list[Any]:
    """The values of these columns as the driver takes them."""
    database = connections[DEFAULT_DB_ALIAS]
    return [
        value
        if (value := given[column.name]) is None or type(value) is column.plain
        else column.adapted(value, database)
        for column in columns
    ]


def table(model: type[Model]) -> str:
    """The quoted name of the table."""
    return connection.ops.quote_name(model._meta.db_table)


def key(model: type[Model]) -> str:
    """The quoted name of the key."""
    return connection.ops.quote_name(str(model._meta.pk.column))
