"""Kassenzeichen: the reference by which the treasury recognises a payment.

Prefix, running digits, check digit (Damm): "SPM" + "00004711" + check digit. It is printed, dictated
and typed into bank forms, so reading forgives blanks, dots, dashes and small letters, never a wrong
digit.
"""

import re
from dataclasses import dataclass
from typing import Any

from stadthaus.kernel import references
from stadthaus.town.rules.values import Unusable, parts, text, whole

_SEPARATORS = re.compile(r"[\s.\-–/\u00a0\u202f]+")
_PREFIX = re.compile(r"[A-Z]*")
_SHAPE = re.compile(r"([A-Z]*)([0-9]+)")


class NumbersUsedUp(ValueError):
    """The treasury's number range (Nummernkreis) is used up: a wider one has to be entered as a rule."""


@dataclass(frozen=True)
class Pattern:
    """The treasury's number range: letters in front, the first running number, how many digits."""

    prefix: str
    first: int
    digits: int


def read_pattern(value: Any) -> Pattern:
    """Read the rule value `{"prefix": "SPM", "first": 1, "digits": 8}`."""
    pattern = Pattern(**parts(value, {"prefix": text(0, 10), "first": whole(0, 10**12), "digits": whole(1, 12)}))
    if not _PREFIX.fullmatch(pattern.prefix):
        raise Unusable(f"prefix: „{pattern.prefix}“ besteht nicht nur aus großen Buchstaben von A bis Z.")
    if pattern.first >= 10**pattern.digits:
        raise Unusable(f"first: {pattern.first} hat mehr als {pattern.digits} Stellen.")
    return pattern


def make(pattern: Pattern, row: int) -> str:
    """The Kassenzeichen of the `row`-th request (counted from 1).

    It follows from the row's own number, so no two requests wait for each other; gaps are allowed
    here (not in receipts).
    """
    number = pattern.first + row - 1
    if not 0 <= number < 10**pattern.digits:
        raise NumbersUsedUp(f"{number} hat mehr als {pattern.digits} Stellen")
    body = f"{number:0{pattern.digits}d}"
    return pattern.prefix + body + references.check_digit(body)


def read(text: str) -> str | None:
    """The Kassenzeichen somebody typed, in its stored form; None if it cannot be one."""
    plain = _SEPARATORS.sub("", text).upper()
    shape = _SHAPE.fullmatch(plain)
    if shape is None or not references.has_valid_check_digit(shape[2]):
        return None
    return plain


def write(kassenzeichen: str) -> str:
    """For people to read: letters first, then digits in groups of three, "SPM 000 047 110"."""
    shape = _SHAPE.fullmatch(kassenzeichen)
    if shape is None:
        return kassenzeichen
    prefix, digits = shape[1], shape[2]
    return " ".join(filter(None, [prefix, *re.findall(r"\d{1,3}", digits)]))
