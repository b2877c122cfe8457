import pytest

from stadthaus.kernel.words import differ_by_one_slip, fold, singulars


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Wäscheständer (gefaltet)", "waschestander gefaltet"),
        ("Möbel", "mobel"),
        ("Moebel", "mobel"),
        ("MÖBEL", "mobel"),
        ("Straße", "strasse"),
        ("Café", "cafe"),
        ("  zwei   Worte ", "zwei worte"),
        ("O'Neill-Müller", "o neill muller"),
        ("Бабушка", "бабушка"),
        ("Łukasz Sørensen", "lukasz sorensen"),
        ("ʿAbd ar-Raḥmān Iğdır", "abd ar rahman igdir"),
        ("200 × 80", "200 x 80"),
        ("", ""),
        ("!?", ""),
    ],
)
def test_texts_are_folded_for_searching(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize("text", ["Wäscheständer", "Straße", "Ÿpern", "İstanbul", "ﬁnden", "Moebel", "neue"])
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    "slip", ["sofaa", "sfa", "sola", "osfa", "sfoa", "ofa", "sof", "xsofa", "sofax", "soffa", "sofa"]
)
def test_one_typing_error_is_forgiven(slip: str) -> None:
    assert differ_by_one_slip(slip, "sofa")
    assert differ_by_one_slip("sofa", slip)


@pytest.mark.parametrize("other", ["soaaf", "sxfx", "so", "sofabb", "afos", ""])
def test_two_typing_errors_are_another_word(other: str) -> None:
    assert not differ_by_one_slip("sofa", other)
    assert not differ_by_one_slip(other, "sofa")


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("Matratzen", "Matratze"),
        ("Betten", "Bett"),
        ("Stühle", "Stuhl"),
        ("Bretter", "Brett"),
        ("Sofas", "Sofa"),
        ("Aquarien", "Aquarium"),
    ],
)
def test_a_plural_leads_back_to_its_singular(many: str, one: str) -> None:
    assert fold(one) in singulars(fold(many))
