"""The bank account (Konto) money goes back to."""

from dataclasses import dataclass

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

MISTYPED = "Diese IBAN stimmt nicht. Bitte vergleichen Sie sie Ziffer für Ziffer."


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
