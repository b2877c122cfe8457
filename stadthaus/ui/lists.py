"""Long lists, page by page: by key, never by counting from the start, so that page 1,000 is as fast as page 1."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)
COUNT_LIMIT = 1000
_KEY_DIGITS = 18  # fits the database's 64 bits


@dataclass(frozen=True)
class KeyPage(Generic[Row]):
    """One page of a list; `previous` and `next` are the keys for `{% pagination page %}`."""

    rows: list[Row]
    previous: str | None
    next: str | None
    count: str


def key_page(
    rows: QuerySet[Row], query: Mapping[str, Any], *, size: int = 50, oldest_first: bool = False
) -> KeyPage[Row]:
    """The page a reader asks for by `?nach=<id>` (further on) or `?vor=<id>` (further back); two statements.

    The list is ordered by id, newest first or `oldest_first`. A key that is no number starts it from the beginning.
    """
    (onwards, order), (backwards, reverse) = ("pk__lt", "-pk"), ("pk__gt", "pk")
    if oldest_first:
        (onwards, order), (backwards, reverse) = (backwards, reverse), (onwards, order)
    before, after = _key(query.get("vor")), _key(query.get("nach"))
    if before is not None:
        found = list(rows.filter(**{backwards: before}).order_by(reverse)[: size + 1])
        goes_back, goes_on = len(found) > size, True
        found = found[:size][::-1]
    else:
        chosen = rows if after is None else rows.filter(**{onwards: after})
        found = list(chosen.order_by(order)[: size + 1])
        goes_back, goes_on = after is not None, len(found) > size
        found = found[:size]
    return KeyPage(
        rows=found,
        previous=str(found[0].pk) if found and goes_back else None,
        next=str(found[-1].pk) if found and goes_on else None,
        count=count_in_words(rows),
    )


def count_in_words(rows: QuerySet[Any]) -> str:
    """How many there are, counted only as far as it matters: "3", "1.000", "1.000+"."""
    count = rows.order_by()[: COUNT_LIMIT + 1].count()
    return "1.000+" if count > COUNT_LIMIT else f"{count:,}".replace(",", ".")


def _key(text: object) -> int | None:
    is_key = isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) <= _KEY_DIGITS
    return int(str(text)) if is_key else None
