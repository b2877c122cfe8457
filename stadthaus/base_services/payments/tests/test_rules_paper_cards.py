import pytest

from stadthaus.base_services.payments.rules.paper_cards import plain_number


@pytest.mark.parametrize("typed", ["A123", "a 12-3", " A 1/2.3 ", "Ａ１２３"])
def test_however_a_card_number_is_written_it_is_one_number(typed: str) -> None:
    assert plain_number(typed) == "A123"


@pytest.mark.parametrize("typed", ["", " ", "-", "💶"])
def test_what_holds_neither_letter_nor_digit_is_no_number(typed: str) -> None:
    assert plain_number(typed) == ""
