"""Addresses as people type or paste them into the one field of the street."""

import re

from stadthaus.base_services.addresses.rules.house_numbers import read_house_number, with_number_apart
from stadthaus.kernel.words import fold

_BETWEEN_PARTS = re.compile(r"[,;]| - (?=[^\W\d]{2})")
# What is written behind a number and is no town: it belongs to the place ("Wo genau?").
_BEHIND_THE_HOUSE = re.compile(
    r"\b(hinterhaus|hinterhof|vorderhaus|seitenhaus|eg|[0-9]* ?og|dg|etage|stock|wohnung|whg)\b"
)
_FIRST_NUMBER = re.compile(r"(\D+?)\s*([0-9].*)")
_ENDS_IN_NUMBER = re.compile(r"[0-9]\s?[a-zA-Z]?$")


def street_and_house(typed: str, house: str, our_places: str) -> tuple[str, str]:
    """Street and house number of what stands in both fields, as on an envelope, without our own town.

    `our_places` are the words of our postcode, town and its parts. Where anything else is left over, nothing is
    touched: it may be another town, and a street of ours of that name. What stands behind the house ("Hinterhaus")
    stays with its number, which then cannot be read and is asked about.
    """
    ours = {*fold(our_places).split(), "deutschland", "d"}
    parts = [part.strip() for part in _BETWEEN_PARTS.split(typed) if not set(fold(part).split()) <= ours]
    if not parts or not all(map(_follows_a_street, parts[1:])):
        return typed, house
    street, number = with_number_apart(_without_our_town(parts[0], ours))
    behind = [part for part in parts[1:] if not read_house_number(part)]
    if _BEHIND_THE_HOUSE.search(fold(parts[0])) and (first := _FIRST_NUMBER.fullmatch(parts[0])):
        street, number = first[1], first[2]  # "Markt 7 EG 2": the last number is not the house's
    elif not number:
        number = next((part for part in parts[1:] if read_house_number(part)), "")
    if house.strip() and number:
        street = f"{street} {number}"  # two numbers are compared later
    return street, " ".join([house.strip() or number, *behind])


def _without_our_town(text: str, ours: set[str]) -> str:
    """Leave out postcode and town behind a number: "Markt 7 59368 Werne" → "Markt 7"."""
    words = text.split()
    end = len(words)
    while end > 1 and fold(words[end - 1]) in ours:
        end -= 1
    left, has_postcode = " ".join(words[:end]), any(map(str.isdigit, words[end:]))
    return left if has_postcode or _ENDS_IN_NUMBER.search(left) else text


def _follows_a_street(text: str) -> bool:
    return bool(read_house_number(text) or _BEHIND_THE_HOUSE.search(fold(text)))
