from typing import Any

import pytest

from stadthaus.town.rules import words


@pytest.mark.parametrize(
    ("say", "value", "expected"),
    [
        (words.unit("Karte", "Karten"), 1, "1 Karte"),
        (words.unit("Karte", "Karten"), 3, "3 Karten"),
        (words.unit("cm"), 200, "200 cm"),
        (words.clock, "06:00", "6:00 Uhr"),
        (words.clock, "16:30", "16:30 Uhr"),
        (words.cut_off, {"days": 3, "unit": "working", "at": "12:00"}, "3 Werktage vor der Abholung, 12:00 Uhr"),
        (words.term, {"days": 1, "unit": "calendar", "at": "23:59"}, "1 Tag danach, bis 23:59 Uhr"),
        (words.each(str), [], "–"),
        (words.each(str), ["a", "b"], "a\nb"),
        (
            words.opening_hours,
            {"hours": [{"weekdays": [0, 3], "from": "08:00", "until": "12:00"}], "closed": ["12-24"]},
            "Montag, Donnerstag 8:00–12:00 Uhr\ngeschlossen am 24.12.",
        ),
    ],
)
def test_a_value_is_said_with_its_unit(say: words.Sayer, value: Any, expected: str) -> None:
    assert say(value).replace("\u202f", " ").replace("\u00a0", " ") == expected
