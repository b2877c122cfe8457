"""Words as people type them: folded for searching, compared with one typing error allowed."""

import re
import unicodedata

_LETTERS = str.maketrans("äöüø×łđðıħŧŋ", "aouoxlddihtn") | str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"})
_PLURALS = (("ien", "ium"), ("en", ""), ("er", ""), ("n", ""), ("e", ""), ("s", ""))
_NOT_A_LETTER = re.compile(r"[\W_ʰ-˿]+")  # from ʰ on: signs beside letters, like the ʿ of "ʿAbd"


def fold(text: str) -> str:
    """Fold a text for searching: small letters, no umlauts or accents, one space between words.

    "Wäscheständer (gefaltet)" → "waschestander gefaltet". "ae", "oe" and "ue" fold like the umlaut
    they stand for ("Moebel" and "Möbel" are the same); both sides of a comparison are folded, so a
    word like "neue" loses nothing. Letters that our keyboards lack become their nearest ("Łukasz" →
    "lukasz"), letters of other scripts stay.
    """
    small = text.casefold().translate(_LETTERS)
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", small) if not unicodedata.combining(letter))
    for written, folded in (("ae", "a"), ("oe", "o"), ("ue", "u")):
        plain = plain.replace(written, folded)
    return _NOT_A_LETTER.sub(" ", plain).strip()


def fold_letters(text: str) -> str:
    """Fold each letter on its own, "ß" to one "s": two letters that a slip put side by side stay two.

    "Ablaetisch" is one slip away from "ablagetisch", but folded as a whole it is "ablatisch", two slips away.
    """
    letters = (fold(letter)[:1] or " " for letter in unicodedata.normalize("NFC", text))
    return " ".join("".join(letters).split())


def singulars(word: str) -> set[str]:
    """What a folded German word could be the plural of: "stuhle" → "stuhl", "aquarien" → "aquarium".

    Most of them are no words: look them up among those that are known.
    """
    return {word.removesuffix(plural) + singular for plural, singular in _PLURALS if word.endswith(plural)}


def differ_by_one_slip(one: str, other: str) -> bool:
    """Whether two folded words are equal but for one typing error.

    A typing error is one letter too many, missing, wrong, or two neighbours swapped.
    """
    if one == other:
        return True
    if abs(len(one) - len(other)) > 1:
        return False
    start = _common_length(one, other)
    rest_one, rest_other = one[start:], other[start:]
    return (
        rest_one[1:] == rest_other[1:]
        or rest_one[1:] == rest_other
        or rest_one == rest_other[1:]
        or (rest_one[:2] == rest_other[1::-1] and rest_one[2:] == rest_other[2:])
    )


def begins_but_for_a_slip(word: str, beginning: str) -> bool:
    """Whether a folded word begins with what was typed so far, equal but for one typing error."""
    start = _common_length(word, beginning)
    rest, typed = word[start:], beginning[start:]
    return (
        rest[1:].startswith(typed[1:])
        or rest.startswith(typed[1:])
        or rest[1:].startswith(typed)
        or (rest[:2] == typed[1::-1] and rest[2:].startswith(typed[2:]))
    )


def _common_length(one: str, other: str) -> int:
    length = 0
    for letter, partner in zip(one, other, strict=False):
        if letter != partner:
            break
        length += 1
    return length
