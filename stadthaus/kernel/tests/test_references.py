import random

import pytest

from stadthaus.kernel.references import (
    NUMBER_LENGTH,
    check_digit,
    format_number,
    has_valid_check_digit,
    is_mistyped,
    new_number,
    read_number,
)

RANDOM = random.Random(20261122)
NUMBERS = [new_number(RANDOM.randrange) for _ in range(200)]


def test_a_known_value_of_damms_table() -> None:
    assert check_digit("572") == "4"


def test_new_numbers_have_nine_digits_and_never_begin_with_zero() -> None:
    assert {len(number) for number in NUMBERS} == {NUMBER_LENGTH}
    assert not [number for number in NUMBERS if number.startswith("0")]
    assert all(has_valid_check_digit(number) for number in NUMBERS)


@pytest.mark.parametrize("edge", [0, 89_999_999])
def test_the_smallest_and_the_largest_number_have_nine_digits_too(edge: int) -> None:
    assert len(new_number(lambda _: edge)) == NUMBER_LENGTH


def test_each_wrong_digit_is_found() -> None:
    undetected = [
        (number, place, digit)
        for number in NUMBERS
        for place in range(NUMBER_LENGTH)
        for digit in "0123456789"
        if digit != number[place] and has_valid_check_digit(number[:place] + digit + number[place + 1 :])
    ]
    assert undetected == []


def test_each_swap_of_neighbours_is_found() -> None:
    undetected = [
        (number, place)
        for number in NUMBERS
        for place in range(NUMBER_LENGTH - 1)
        if number[place] != number[place + 1]
        and has_valid_check_digit(number[:place] + number[place + 1] + number[place] + number[place + 2 :])
    ]
    assert undetected == []


@pytest.mark.parametrize("written", ["{} {} {}", "{}-{}-{}", "{}.{}.{}", "{}\u202f{}\u00a0{}", " {}–{}{} "])
def test_a_number_is_read_however_it_is_written(written: str) -> None:
    number = NUMBERS[0]
    assert read_number(written.format(number[:3], number[3:6], number[6:])) == number


@pytest.mark.parametrize("written", ["4829l73O5", "482 9I7 305", "4B2 917 30S"])
def test_a_letter_that_looks_like_a_digit_counts_as_one(written: str) -> None:
    assert read_number(written) == "482917305"
    assert not is_mistyped(written)


@pytest.mark.parametrize(
    "text", ["", "12345678", "1234567890", "abc", "12345678a", "４８２９１７３０５", "²²²²²²²²²", "482917306", "-" * 9]
)
def test_what_cannot_be_a_number_is_none(text: str) -> None:
    assert read_number(text) is None


def test_a_number_is_written_in_groups_of_three() -> None:
    assert format_number("482917305").split() == ["482", "917", "305"]


def test_nine_digits_that_prove_nothing_are_a_slip_and_other_texts_are_not() -> None:
    number = new_number(lambda _: 38_291_730)
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert is_mistyped(f"{wrong[:3]} {wrong[3:6]} {wrong[6:]}")
    for text in (number, wrong[:-1], wrong + "1", "Mozartstr. 12", ""):
        assert not is_mistyped(text)
