import pytest

from stadthaus.services.bulky_waste.rules.names import surname_first


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Erika Beispiel", "beispiel erika"),
        ("Otto von der Heide", "heide otto von der"),
        ("Anna Müller-Lüdenscheid", "muller ludenscheid anna"),
        ("Cher", "cher"),
        ("  ", ""),
    ],
)
def test_a_name_is_sorted_as_in_a_telephone_book(name: str, expected: str) -> None:
    assert surname_first(name) == expected
