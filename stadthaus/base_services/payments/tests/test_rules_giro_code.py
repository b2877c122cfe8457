from typing import Any

import pytest

from stadthaus.base_services.payments.rules import giro_code


def coded(**changes: Any) -> str:
    values: dict[str, Any] = {
        "name": "Stadt Werne",
        "iban": "DE02 1203 0000 0000 2020 51",
        "bic": "BYLADEM1001",
        "amount_cents": 1500,
        "text": "SPM000047110",
        "information": "Sperrmüllkarte",
    }
    return giro_code.payload(**values | changes)


def test_the_twelve_lines_of_the_code() -> None:
    assert coded().split("\n") == [
        "BCD",
        "002",
        "1",
        "SCT",
        "BYLADEM1001",
        "Stadt Werne",
        "DE02120300000000202051",
        "EUR15.00",
        "",
        "",
        "SPM000047110",
        "Sperrmüllkarte",
    ]


@pytest.mark.parametrize(("cents", "line"), [(1, "EUR0.01"), (105, "EUR1.05"), (99_999_999_999, "EUR999999999.99")])
def test_amounts_have_a_point_and_two_decimals(cents: int, line: str) -> None:
    assert coded(amount_cents=cents).split("\n")[7] == line


@pytest.mark.parametrize("cents", [0, -1, 100_000_000_000])
def test_an_amount_that_cannot_be_transferred_is_refused(cents: int) -> None:
    with pytest.raises(ValueError, match="cannot be coded"):
        coded(amount_cents=cents)


def test_the_code_never_exceeds_331_bytes() -> None:
    payload = coded(name="Ä" * 200, text="SPM" + "1" * 60, information="Ü" * 200)
    assert len(payload.encode()) <= giro_code.LONGEST_PAYLOAD
    assert len(payload.split("\n")) == 12


def test_what_the_bank_hands_on_is_never_cut_to_fit() -> None:
    with pytest.raises(ValueError, match="too long"):
        coded(name="Ä" * 70, text="Ö" * 140)


def test_a_line_break_in_a_text_does_not_add_a_line() -> None:
    assert coded(information="eins\nzwei").split("\n")[11] == "eins zwei"
