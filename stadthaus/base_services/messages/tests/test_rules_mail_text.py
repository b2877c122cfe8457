import pytest

from stadthaus.base_services.messages.rules.mail_text import Block, MailText, read

HOME = "https://werne.example"


def blocks(body: str) -> tuple[Block, ...]:
    return read(f"Betreff: Ja\n{body}", own_pages=HOME).blocks


def test_the_first_line_is_the_subject() -> None:
    assert read("\n\nBetreff:  Ihr   Sperrmüll \n\nJa.", own_pages=HOME) == MailText(
        "Ihr Sperrmüll", (Block("paragraph", ("Ja.",)),)
    )


def test_an_english_mail_says_subject() -> None:
    assert read("Subject: Your collection", own_pages=HOME).subject == "Your collection"


def test_a_mail_without_a_subject_line_is_refused() -> None:
    with pytest.raises(ValueError, match="subject"):
        read("Guten Tag", own_pages=HOME)


def test_blank_lines_part_paragraphs_however_many_there_are() -> None:
    assert blocks("a\nb\n\n  \n\nc") == (Block("paragraph", ("a", "b")), Block("paragraph", ("c",)))


def test_dashes_make_a_list_also_right_after_a_paragraph() -> None:
    assert blocks("So geht es:\n– Erst das.\n– Dann das.") == (
        Block("paragraph", ("So geht es:",)),
        Block("list", ("Erst das.", "Dann das.")),
    )


def test_an_arrow_makes_a_button() -> None:
    link = f"{HOME}/sperrmuell/b/abc/"
    assert blocks(f"→ Bestellung ansehen: {link}") == (Block("button", ("Bestellung ansehen",), link),)


@pytest.mark.parametrize(
    "line", ["→ Hier: https://elsewhere.example/", f"→ Hier: {HOME}.evil.example/", "→ Hier: javascript:x", "→ Hier"]
)
def test_a_button_that_leads_elsewhere_stays_text(line: str) -> None:
    assert blocks(line) == (Block("paragraph", (line,)),)
