"""Names of people as the office looks for them."""

from stadthaus.kernel.words import fold


def surname_first(name: str) -> str:
    """Fold a name as a telephone book sorts it: the surname is the last word, then comes the rest.

    "Otto von der Heide" → "heide otto von der", "Anna Müller-Lüdenscheid" → "muller ludenscheid anna".
    """
    words = name.split()
    return fold(" ".join(words[-1:] + words[:-1]))
