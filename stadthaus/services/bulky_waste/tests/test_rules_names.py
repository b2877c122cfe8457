import pytest

from stadthaus.services.bulky_waste.rules.names import name_words


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["Erika Beispiel"], "erika beispiel"),
        (["Otto von der Heide"], "otto von der heide"),
        (["Anna Müller-Lüdenscheid"], "anna muller ludenscheid mullerludenscheid"),
        (["Siân O’Brien-Müller"], "sian o brien muller obrienmuller"),
        (["Erika Beispiel", "Oma Beispiel"], "erika oma beispiel"),
        (["  ", "- –"], ""),
    ],
)
def test_somebody_is_looked_for_by_each_word_of_the_name(names: list[str], words: str) -> None:
    assert name_words(*names) == set(words.split())
