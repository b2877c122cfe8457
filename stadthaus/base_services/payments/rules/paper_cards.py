"""Numbers of old paper cards (Papierkarten)."""

import unicodedata


def plain_number(typed: str) -> str:
    """The number as stored: letters and digits only, so that "a 12-3" and "A123" are one card."""
    written = unicodedata.normalize("NFKC", typed).upper()
    return "".join(character for character in written if character.isalnum())
