import pytest

from stadthaus.base_services.payments.rules import kassenzeichen, receipts
from stadthaus.base_services.payments.tests.factories import NOW

PATTERN = kassenzeichen.Pattern(prefix="SPM", first=1, digits=8)


def test_a_kassenzeichen_is_prefix_running_number_and_check_digit() -> None:
    made = kassenzeichen.make(PATTERN, 4711)
    assert made.startswith("SPM00004711")
    assert len(made) == len("SPM") + 8 + 1


def test_the_treasury_sets_where_its_range_begins() -> None:
    assert kassenzeichen.make(kassenzeichen.Pattern("A", 500, 4), 1).startswith("A0500")


def test_a_used_up_range_is_an_error_and_no_longer_number() -> None:
    with pytest.raises(kassenzeichen.NumbersUsedUp):
        kassenzeichen.make(kassenzeichen.Pattern("A", 1, 2), 100)


@pytest.mark.parametrize("disguise", ["{}", " {} ", "{}\n"])
def test_reading_forgives_blanks_dashes_dots_and_small_letters(disguise: str) -> None:
    made = kassenzeichen.make(PATTERN, 4711)
    for typed in (made.lower(), kassenzeichen.write(made), "-".join(made), made.replace("SPM", "SPM. ")):
        assert kassenzeichen.read(disguise.format(typed)) == made


def test_reading_finds_each_wrong_digit() -> None:
    made = kassenzeichen.make(PATTERN, 4711)
    for position in range(3, len(made)):
        for digit in set("0123456789") - {made[position]}:
            assert kassenzeichen.read(made[:position] + digit + made[position + 1 :]) is None


def test_reading_finds_swapped_neighbours() -> None:
    made = kassenzeichen.make(PATTERN, 12345678)
    for left in range(3, len(made) - 1):
        swapped = made[:left] + made[left + 1] + made[left] + made[left + 2 :]
        assert swapped == made or kassenzeichen.read(swapped) is None


@pytest.mark.parametrize("typed", ["", "SPM", "Müll", "SPM٤٧١١", "SPM 1 2 X", "💶"])
def test_what_cannot_be_one_is_none(typed: str) -> None:
    assert kassenzeichen.read(typed) is None


def test_people_read_it_in_groups() -> None:
    assert kassenzeichen.write("SPM000047110") == "SPM 000 047 110"


def test_receipts_are_numbered_by_calendar_year() -> None:
    assert receipts.series(NOW) == "2026"
    assert receipts.write_number("2026", 123) == "2026-000123"
