"""Passwords that are read from paper once, and those that nobody should choose."""

import re
from collections.abc import Callable

# Without letters and digits that look alike (0 o, 1 l i): 31 signs, 16 of them are 79 bits.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4

# What anybody here tries first; Django's own list knows the English words.
_EVERYDAY = (
    *("passwort", "kennwort", "geheim", "hallo", "willkommen", "anmelden", "admin", "test", "qwertz", "asdf", "abc"),
    *("stadt", "stadtwerke", "verwaltung", "rathaus", "haus", "buergerbuero", "bürgerbüro", "kasse", "sperrmüll"),
    *("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "januar", "februar", "märz", "april", "mai", "juni"),
    *("juli", "august", "september", "oktober", "november", "dezember", "frühling", "sommer", "herbst", "winter"),
    *("schatz", "sonne", "schalke", "borussia", "bvb"),
)
_LETTERS = re.compile(r"[^\W\d_]+")
_ONLY_EVERYDAY = re.compile(f"(?:{'|'.join(_EVERYDAY)})*")


def initial_password(choose: Callable[[str], str]) -> str:
    """Make a password like "k7mf-2vpx-9qtd-h3sw"; `choose` picks one sign at random (secrets.choice)."""
    return "-".join("".join(choose(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def is_everyday(password: str) -> bool:
    """Whether it is nothing but everyday words, digits and signs: "Passwort1234", "Sommer-2026!", "123123123123"."""
    return _ONLY_EVERYDAY.fullmatch("".join(_LETTERS.findall(password.casefold()))) is not None
