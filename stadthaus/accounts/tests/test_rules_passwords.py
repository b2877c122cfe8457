import pytest

from stadthaus.accounts.rules.passwords import is_everyday


@pytest.mark.parametrize(
    "password", ["passwort1234", "Sommer-2026-Sonne", "123123123123", "StadtKasse2026!", "!!!!!!!!!!!!"]
)
def test_everyday_words_with_digits_and_signs_are_no_password(password: str) -> None:
    assert is_everyday(password)


@pytest.mark.parametrize(
    "password", ["Sommer Lampe 7 Kahn", "neblig-Teekanne-Kran", "xk4-passwort-93qv", "k7mf-2vpx-9qtd-h3sw"]
)
def test_one_word_of_ones_own_is_enough(password: str) -> None:
    assert not is_everyday(password)
