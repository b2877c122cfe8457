"""The bank account (Konto) money goes back to."""

from dataclasses import dataclass

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

_MISTYPED = "Diese IBAN stimmt nicht. Bitte vergleichen Sie sie Ziffer für Ziffer."
_LETTER_O = "In dieser IBAN steht der Buchstabe O. Meinen Sie die Null?"
_LENGTH = "Eine deutsche IBAN hat 22 Zeichen, diese hat {length}. Bitte vergleichen Sie sie."
_GERMAN, _GERMAN_LENGTH = "DE", 22


@dataclass(frozen=True)
class Account:
    """Whose account it is and its IBAN, without blanks."""

    holder: str
    iban: str


def read_iban(text: str) -> str | None:
    """The IBAN without blanks; None if its check digits, its length or its bank's part do not fit."""
    try:
        return str(IBAN(text, validate_bban=True).compact)
    except SchwiftyException:
        return None


def why_unreadable(text: str) -> str:
    """What is wrong with an IBAN that `read_iban` does not take, in German."""
    typed = "".join(text.split()).upper()
    if typed.startswith(_GERMAN) and "O" in typed:
        return _LETTER_O
    if typed.startswith(_GERMAN) and len(typed) != _GERMAN_LENGTH:
        return _LENGTH.format(length=len(typed))
    return _MISTYPED
