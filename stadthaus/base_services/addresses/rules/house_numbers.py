"""House numbers (Hausnummern) as people write them, and the one way we write them."""

import re
from dataclasses import dataclass

HIGHEST_NUMBER = 9999
_LONGEST_TEXT = 30

_SAME_SIGN = str.maketrans(
    {"–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "\u00a0": " ", "\u202f": " ", "⁄": "/", "½": " 1/2"}
)
_SPOKEN_RANGE = re.compile(r"\s+(?:bis|und|u\.?)\s+|\s*[+&]\s*")
_LETTERS_WITH_SLASH = re.compile(r"^([0-9]+)\s*([a-z])\s*/\s*(?:\1)?([a-z])$")  # 12a/b and 12a/12b are 12a-b
_NO_BLANK = re.compile(r"(?<=[^\W\d_]{3})(?=[0-9])|(?<=[^\W\d_]\.)(?=[0-9])")
_SPOKEN_BEGINNING = re.compile(r"^(hausnummer|hausnr\.?|nr\.?)\s*")
# 12 · 12a · 12a-c · 12-14 · 12a-14b · 1/2 · 12/3a · 12 1/2
_SHAPE = re.compile(
    r"""
    (?P<number>[0-9]{1,5})
    (?:
        \s*(?P<letter>[a-z])?
        (?:\s*-\s*(?:(?P<last_letter>[a-z])|(?P<last>[0-9]{1,5})\s*(?P<last_suffix>[a-z])?))?
      | \s*/\s*(?P<part>[0-9]{1,3})\s*(?P<part_letter>[a-z])?
      | \s+(?P<fraction>[1-9]/[1-9])
    )
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class HouseNumber:
    """A house number: the number itself (1 to 9999) and what follows it, "" if nothing does.

    The suffix (Zusatz) is written one way: "a", "a-c", "-14", "a-14b", "/2" or " 1/2".
    """

    number: int
    suffix: str = ""

    def __str__(self) -> str:
        """Write the number: "12a", "12a-c", "12-14", "1/2", "12 1/2"."""
        return f"{self.number}{self.suffix}"

    @property
    def first(self) -> "HouseNumber":
        """The first house of a range: 12 of "12-14", 12a of "12a-c"; any other number is its own first."""
        return HouseNumber(self.number, self.suffix.partition("-")[0])


def read_house_number(text: str) -> HouseNumber | None:
    """Read a number from 1 to 9999, if wanted with a letter, a range or a part; None if it is not one.

    A range rises ("12-14", "12 bis 14", "12 + 14", "12a-c", "12a/c"). Small and capital letters, kinds of dash and
    blanks make no difference.
    """
    if len(text) > _LONGEST_TEXT:
        return None
    written = _SPOKEN_RANGE.sub("-", text.translate(_SAME_SIGN).strip().rstrip(".,;").lower())
    written = _LETTERS_WITH_SLASH.sub(r"\1\2-\3", _SPOKEN_BEGINNING.sub("", written))
    shape = _SHAPE.fullmatch(written)
    if shape is None or not 1 <= int(shape["number"]) <= HIGHEST_NUMBER:
        return None
    suffix = _suffix(shape)
    return None if suffix is None else HouseNumber(int(shape["number"]), suffix)


def with_number_apart(address: str) -> tuple[str, str]:
    """Part street and number where both were typed in one: "Markt 12 a" → "Markt", "12 a"; "" for no number."""
    words = _NO_BLANK.sub(" ", address).split()
    for start in range(1, len(words)):  # the longest end that can be read: "12 - 14", not "14"
        number = " ".join(words[start:])
        if read_house_number(number):
            return " ".join(words[:start]), number
    return address, ""


def _suffix(shape: re.Match[str]) -> str | None:
    if shape["fraction"]:
        return f" {shape['fraction']}" if shape["fraction"][0] < shape["fraction"][2] else None
    if shape["part"]:
        part = int(shape["part"])
        return f"/{part}{shape['part_letter'] or ''}" if part else None
    if shape["last_letter"]:
        return _letter_range(shape["letter"] or "", shape["last_letter"])
    if shape["last"]:
        return _number_range(shape)
    return shape["letter"] or ""


def _number_range(shape: re.Match[str]) -> str | None:
    letter, last_letter = shape["letter"] or "", shape["last_suffix"] or ""
    first, last = int(shape["number"]), int(shape["last"])
    if first == last:  # "12a-12c" is "12a-c"
        return _letter_range(letter, last_letter)
    return f"{letter}-{last}{last_letter}" if first < last <= HIGHEST_NUMBER else None


def _letter_range(first: str, last: str) -> str | None:
    return f"{first}-{last}" if "" < first < last else None
