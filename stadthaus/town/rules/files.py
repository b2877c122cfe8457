"""Entries of the town's TOML files."""

import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from stadthaus.town.rules.values import Reader, Unusable


class TownDataError(ValueError):
    """A file of the town's folder cannot be used; the message names file, entry and reason."""


def read_entries(raw: bytes, file: str, tables: Mapping[str, Reader]) -> dict[str, list[Any]]:
    """Read all entries of a file, those of each table by its reader."""
    try:
        data = tomllib.loads(raw.decode("utf-8-sig"))
    except ValueError as error:  # no TOML, or no UTF-8
        raise TownDataError(f"{file} lässt sich nicht lesen: {error}.") from error
    if unknown := [name for name in data if name not in tables]:
        raise TownDataError(f"{file}: „{unknown[0]}“ kennt das Programm hier nicht. Möglich: {_as_written(tables)}.")
    return {name: _read_table(file, name, data.get(name, []), read) for name, read in tables.items()}


def _read_table(file: str, name: str, entries: Any, read: Reader) -> list[Any]:
    if not isinstance(entries, list):
        raise TownDataError(f"{file}: Ein Eintrag beginnt mit [[{name}]].")
    return [_read_entry(file, place, entry, read) for place, entry in enumerate(entries, start=1)]


def _read_entry(file: str, place: int, entry: Any, read: Reader) -> Any:
    try:
        return read(entry)
    except Unusable as reason:
        raise TownDataError(f"{file}, {_name(entry, place)}: {reason}") from reason


def _name(entry: Any, place: int) -> str:
    if not isinstance(entry, Mapping) or not entry.get("key"):
        return f"{place}. Eintrag"
    since = f" ab {day:%d.%m.%Y}" if hasattr(day := entry.get("valid_from"), "month") else ""
    return f"„{entry['key']}“{since}"


def _as_written(tables: Iterable[str]) -> str:
    return ", ".join(f"[[{name}]]" for name in tables)


def refuse_doubles(file: str, names: Iterable[str]) -> None:
    """Of two entries with one name nobody could say which counts."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise TownDataError(f"{file}: {name} steht zweimal da.")
        seen.add(name)
