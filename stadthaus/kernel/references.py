"""Numbers that people say on the telephone: digits only, with a check digit.

Digits have no look-alikes among themselves, are dialled on any telephone and are known in every
language. The check digit is Damm's (H. M. Damm, 2004): it finds each wrong digit and each swap of
neighbours.
"""

from collections.abc import Callable

_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
NUMBER_LENGTH = 9
_BETWEEN = " .-–\u00a0\u202f"
_READ_AS = str.maketrans("oOiIlsSzZB", "0011155228")  # what a digit is taken for, by people and by machines


def check_digit(digits: str) -> str:
    """Damm's check digit for a string of decimal digits."""
    state = 0
    for digit in digits:
        state = _DAMM[state][int(digit)]
    return str(state)


def has_valid_check_digit(digits: str) -> bool:
    """Whether the last digit proves the ones before it."""
    return digits.isascii() and digits.isdecimal() and check_digit(digits) == "0"


def new_number(randbelow: Callable[[int], int]) -> str:
    """A new nine-digit number that cannot be counted from outside.

    `randbelow(n)` returns a random whole number from 0 to n − 1 (`secrets.randbelow`). The first
    digit is never 0, so that the number survives spreadsheets.
    """
    body = str(10_000_000 + randbelow(90_000_000))
    return body + check_digit(body)


def read_number(text: str) -> str | None:
    """The number somebody typed, without spaces, dots and dashes; None if it cannot be one.

    Letters that look like digits count as these: the check digit tells whether that was meant.
    """
    digits = _digits(text)
    if len(digits) == NUMBER_LENGTH and has_valid_check_digit(digits):
        return digits
    return None


def is_mistyped(text: str) -> bool:
    """Whether somebody typed nine digits that can be no number: one of them is wrong, or two changed places."""
    digits = _digits(text)
    return len(digits) == NUMBER_LENGTH and digits.isdecimal() and not has_valid_check_digit(digits)


def _digits(text: str) -> str:
    return "".join(character for character in text.translate(_READ_AS) if character not in _BETWEEN)


def format_number(number: str) -> str:
    """Write a nine-digit number in groups of three: "482 917 305"."""
    return f"{number[:3]} {number[3:6]} {number[6:]}"
