import pytest

from stadthaus.base_services.payments.rules.accounts import read_iban, why_unreadable


def test_an_iban_is_read_however_it_is_grouped() -> None:
    assert read_iban("de89 3704 0044 0532 0130 00") == "DE89370400440532013000"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("DE12 3456", "hat 22 Zeichen, diese hat 8"),
        ("DE89 3704 0044 0532 0130 000", "hat 22 Zeichen, diese hat 23"),
        ("DE89 37O4 0044 0532 0130 00", "der Buchstabe O"),
        ("DE89 3704 0044 0532 0130 01", "Ziffer für Ziffer"),
        ("1234567890", "Ziffer für Ziffer"),
        ("NL91 ABNA 0417 1643 01", "Ziffer für Ziffer"),
    ],
)
def test_what_is_wrong_with_an_iban_is_said(typed: str, said: str) -> None:
    assert read_iban(typed) is None
    assert said in why_unreadable(typed)
