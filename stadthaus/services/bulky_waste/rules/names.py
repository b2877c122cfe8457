"""Names of people as the office looks for them."""

from stadthaus.kernel.words import fold


def name_words(*names: str) -> set[str]:
    """The folded words by which somebody of these names is looked for: each, and joined where signs part them.

    "Siân O’Brien-Müller" → {"sian", "o", "brien", "muller", "obrienmuller"}.
    """
    found: set[str] = set()
    for written in " ".join(names).split():
        words = fold(written).split()
        found |= {*words, "".join(words)}
    return found - {""}
