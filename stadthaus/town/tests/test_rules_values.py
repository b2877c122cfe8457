"""Readers take what they know and say in German what is wrong with the rest."""

from datetime import date, time
from typing import Any

import pytest

from stadthaus.town.rules.values import (
    Reader,
    Unusable,
    list_of,
    number,
    one_of,
    parts,
    read_clock,
    read_opening_hours,
    read_written_day,
    text,
    whole,
)


@pytest.mark.parametrize(
    ("read", "value", "meant"),
    [
        (whole(0, 3), 3, 3),
        (number(0, 1), 1, 1.0),
        (text(), "Nord", "Nord"),
        (text(least=0), "", ""),
        (one_of("a", "b"), "b", "b"),
        (list_of(whole(0, 3)), [1, 2], (1, 2)),
        (read_clock, "06:00", time(6)),
        (read_written_day, "2026-12-24", date(2026, 12, 24)),
    ],
)
def test_what_is_written_well_is_read(read: Reader, value: Any, meant: Any) -> None:
    assert read(value) == meant


@pytest.mark.parametrize(
    ("read", "value", "says"),
    [
        (whole(0, 3), 4, "von 0 bis 3"),
        (whole(0, 3), 1.0, "keine ganze Zahl"),
        (whole(0, 3), True, "keine ganze Zahl"),
        (number(0, 1), float("nan"), "keine Zahl"),
        (text(), "  ", "Der Text fehlt"),
        (text(), 3, "kein Text in Anführungszeichen"),
        (text(most=3), "vier", "länger als 3 Zeichen"),
        (one_of("a", "b"), ["a"], "Möglich: „a“, „b“"),
        (list_of(text()), "Nord", "keine Liste"),
        (list_of(text(), least=1), [], "Die Liste ist leer"),
        (list_of(text()), ["Nord", 2], "2. Eintrag: „2“"),
        (read_clock, "6:00", "keine Uhrzeit"),
        (read_clock, "24:00", "keine Uhrzeit"),
        (read_written_day, date(2026, 12, 24), "in Anführungszeichen"),
        (read_opening_hours, {"hours": [], "closed": []}, "hours: Die Liste ist leer"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason(read: Reader, value: Any, says: str) -> None:
    with pytest.raises(Unusable, match=says):
        read(value)


@pytest.mark.parametrize(
    ("value", "says"), [({}, "„one“ fehlt"), ({"one": 1, "tow": 2}, "„tow“ kennt das Programm hier nicht"), (3, "one")]
)
def test_a_table_has_the_parts_it_needs_and_none_that_nobody_knows(value: Any, says: str) -> None:
    with pytest.raises(Unusable, match=says):
        parts(value, {"one": whole(0, 3)}, {"two": whole(0, 3)})
