"""Asking once for surname and house number before a card is shown or an order cancelled."""

import re
from collections.abc import Collection, Iterable

from stadthaus.base_services.addresses.rules.house_numbers import read_house_number
from stadthaus.kernel.words import fold

POSTCODE_DIGITS = 5
_SAID_BEFORE = re.compile(r"^((frau|fr|herrn?|hr|familie|fam|dr|prof)\b\.?\s*)+", re.IGNORECASE)


def house_numbers_in(address: str) -> list[str]:
    """The house numbers in an address as somebody typed it; a postcode (five digits) is none."""
    words = [word.strip(",;.") for word in address.split()]
    return [str(number) for word in words if len(word) < POSTCODE_DIGITS and (number := read_house_number(word))]


def knows_the_order(surname: str, house: str, *, names: Iterable[str], houses: Collection[str]) -> bool:
    """Whether somebody knows the surname and the house number of an order.

    The surname is the end of one of the names ("von der Heide", "Heide"), or what stands before a
    comma ("Heide, Erika"); "Frau" before it, blanks and signs in it do not count ("ONeill"). The house
    number is the one of the collection or of the orderer's own address, written in any usual way, also
    behind its street.
    """
    spoken = surname.strip()  # "Herr" is a surname too
    typed_names = {fold(words).replace(" ", "") for words in (spoken, _SAID_BEFORE.sub("", spoken))}
    typed_house = read_house_number(house)
    typed_houses = [str(typed_house)] if typed_house else house_numbers_in(house)[-1:]
    return any(typed_names & _ends(name) for name in names) and any(typed in houses for typed in typed_houses)


def _ends(name: str) -> set[str]:
    before_comma, _, behind = name.rpartition(",")
    readings = [fold(name).split(), fold(f"{behind} {before_comma}").split()]
    return {"".join(words[start:]) for words in readings for start in range(len(words))}
