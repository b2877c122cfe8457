import pytest

from stadthaus.kernel.money import format_euro


@pytest.mark.parametrize(
    ("cents", "written"),
    [
        (0, "0,00 €"),
        (5, "0,05 €"),
        (1500, "15,00 €"),
        (99_999, "999,99 €"),
        (150_000, "1.500,00 €"),
        (123_456_789, "1.234.567,89 €"),
        (-1500, "−15,00 €"),
        (-5, "−0,05 €"),
    ],
)
def test_cents_are_written_the_german_way(cents: int, written: str) -> None:
    assert format_euro(cents) == written.replace(" ", "\u202f")
