"""Queries of the ORM that are put together once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Field, Model, QuerySet, Value
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=Model)


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
        found = self._model.from_db(DEFAULT_DB_ALIAS, self._names, row[self._columns])
        for related in self._related:
            related.populate(row, found)
        for name, position in self._annotated.items():
            setattr(found, name, row[position])
        return found
