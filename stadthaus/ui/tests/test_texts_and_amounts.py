import pytest
from django.core.exceptions import ValidationError

from stadthaus.ui.forms import EuroField, LatinField, NameField, PlainTextArea, PlainTextField, read_euro


@pytest.mark.parametrize(
    "text",
    ["Müller-Lüdenscheid", "O’Brien", "D'Angelo", "Łukasz", "Жанна", "Ελένη", "محمد", "李明", "می‌خواهم", "12½ m³"],
)
def test_texts_of_all_the_world_are_kept(text: str) -> None:
    assert PlainTextField().clean(text) == text


@pytest.mark.parametrize(
    "name",
    [
        *("Müller-Lüdenscheid", "O’Brien", "D'Angelo", "Łukasz Żółć", "Đorđe Šarić", "Þóra Æsa", "Şahin Ğ İpek ı"),
        *("Nguyễn Thị Hường", "Ḫālid ʿAbd ar-Raḥmān", "H̱amīd", "Căţă", "Ħaż-Żabbar", "X"),
    ],
)
def test_names_in_latin_letters_are_kept_as_they_are(name: str) -> None:
    assert NameField().clean(name) == name


@pytest.mark.parametrize("name", ["李小龍", "محمد علي", "רחל", "नमस्ते", "Жанна", "Ελένη", "Kim 李"])
def test_other_scripts_are_refused_with_how_to_write_the_name_instead(name: str) -> None:
    with pytest.raises(ValidationError, match=r"lateinischen Buchstaben.*Pass"):
        NameField().clean(name)


@pytest.mark.parametrize("name", ["...", "-", "👩‍👩‍👧", "12", "ʹʹ", "´"])
def test_a_name_has_a_letter(name: str) -> None:
    with pytest.raises(ValidationError, match="Bitte schreiben Sie"):
        NameField().clean(name)


def test_an_address_may_hold_numbers_and_signs() -> None:
    assert LatinField().clean("Markt 12½ c/o Weber & Söhne, 59368 Werne") == "Markt 12½ c/o Weber & Söhne, 59368 Werne"


@pytest.mark.parametrize(
    "character", ["\u0000", "\u0007", "\u202e", "\u2066", "\u200f", "\ue000", "\U000f0000", "\ufffe"]
)
def test_characters_nobody_sees_are_refused_with_a_sentence(character: str) -> None:
    with pytest.raises(ValidationError, match=f"U\\+{ord(character):04X}"):
        PlainTextField().clean(f"Mozart{character}straße")


@pytest.mark.parametrize("empty", ["\u200b", "\ufeff", "\u00ad", "\u2060"])
def test_empty_characters_from_word_processors_are_dropped_silently(empty: str) -> None:
    assert PlainTextField().clean(f"Mozart{empty}straße") == "Mozartstraße"


def test_space_around_and_tabs_are_no_error() -> None:
    assert PlainTextField().clean("\t Jana\tWeber ") == "Jana Weber"


def test_letters_and_their_accents_are_composed() -> None:
    assert PlainTextField().clean("Mu\u0308ller") == "Müller"


def test_a_line_break_is_refused_in_one_line_and_kept_in_many() -> None:
    with pytest.raises(ValidationError):
        PlainTextField().clean("a\nb")
    assert PlainTextArea().clean("a\r\nb") == "a\nb"


def test_emoji_are_refused_only_where_it_is_asked_for() -> None:
    assert PlainTextField().clean("Danke 👍") == "Danke 👍"
    with pytest.raises(ValidationError, match="ohne „👍“"):
        LatinField().clean("Jana 👍")


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("15", 1500),
        ("12,5", 1250),
        ("12,50", 1250),
        ("12,50 €", 1250),
        ("1.250,00\u202f€", 125_000),
        ("0,01", 1),
        ("7,-", 700),
        ("7,–", 700),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, cents: int) -> None:
    assert read_euro(text) == cents


@pytest.mark.parametrize("text", ["zwölf", "12.50", "1,234", "-5", "1 2", "٣", "1.25,0", "", ",50", "9" * 40])
def test_what_could_mean_two_things_is_no_amount(text: str) -> None:
    assert read_euro(text) is None


def test_an_amount_outside_the_limits_says_the_limits() -> None:
    with pytest.raises(ValidationError) as refused:
        EuroField(min_cents=1, max_cents=2000).clean("20,01")
    assert refused.value.messages == ["Bitte geben Sie einen Betrag zwischen 0,01\u202f€ und 20,00\u202f€ an."]


def test_an_empty_amount_is_none_where_it_may_be_empty() -> None:
    assert EuroField(required=False).clean(" ") is None


def test_an_unchanged_amount_counts_as_unchanged() -> None:
    assert not EuroField().has_changed(1250, "12,50")
