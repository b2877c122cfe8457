import io
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.exceptions import ValidationError

from stadthaus.ui import pdf
from stadthaus.ui.forms import LatinField

pytestmark = pytest.mark.usefixtures("document_fonts")

LETTER = Path(__file__).parent / "letter.typ"
CREATED = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
CIRCLE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><circle cx="5" cy="5" r="4"/></svg>'


def make_letter(text: str = "Größe 2,75\u202fm³ für 15,00\u202f€", template: Path = LETTER) -> bytes:
    data = {"text": text, "rows": [["Sofa", "1,70"], ["Stuhl", "0,25"]], "drawing": CIRCLE}
    return pdf.render(template, data, title="Sperrmüllkarte", created=CREATED)


def opened(document: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(document))


def test_a_document_is_tagged_and_names_language_and_title() -> None:
    document = opened(make_letter())
    root = document.Root
    assert root.MarkInfo.Marked
    assert "/StructTreeRoot" in root
    assert str(root.Lang).startswith("de")
    assert root.ViewerPreferences.DisplayDocTitle


def test_a_document_says_that_it_is_accessible_and_archivable() -> None:
    with opened(make_letter()).open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert metadata["dc:title"] == "Sperrmüllkarte"


def test_a_table_and_a_picture_are_tagged_as_such() -> None:
    document = opened(make_letter())
    assert {"H1", "Table", "TH", "TD", "Figure"} <= tags(document.Root.StructTreeRoot)


def test_fonts_are_inside() -> None:
    document = opened(make_letter())
    fonts = document.pages[0].Resources.Font
    embedded = [font.DescendantFonts[0].FontDescriptor for font in fonts.values()]
    assert embedded
    assert all("/FontFile2" in descriptor for descriptor in embedded)


def test_the_same_data_and_moment_give_the_same_bytes() -> None:
    assert make_letter() == make_letter()


@pytest.mark.parametrize("text", ["中文", "🛋", "\u202e", "\ue000", "x\u0301\u0323", "a\u200db", "\u0000"])
def test_a_sign_the_font_lacks_is_no_error(text: str) -> None:
    assert make_letter(text).startswith(b"%PDF")


def test_a_sign_the_font_lacks_becomes_an_empty_box() -> None:
    assert pdf.printable("Sofa 🛋, 中") == "Sofa □, □"
    assert pdf.printable("Łódź, Жанна, Ελένη, 15,00\u202f€, Ausfahrt\u2011Nord") == (
        "Łódź, Жанна, Ελένη, 15,00\u202f€, Ausfahrt\u2011Nord"
    )


def test_every_letter_that_a_name_may_hold_is_printed() -> None:
    signs = [chr(code) for code in range(0x20, 0x30000) if unicodedata.category(chr(code))[0] not in "CZ"]
    accepted = [sign for sign in signs if not is_refused(LatinField(), f"A{sign}")]
    assert len(accepted) > 1000
    assert pdf.printable("".join(accepted)) == unicodedata.normalize("NFC", "".join(accepted))


def is_refused(field: LatinField, text: str) -> bool:
    try:
        field.clean(text)
    except ValidationError:
        return True
    return False


def test_rare_letters_come_from_the_second_font() -> None:
    document = opened(make_letter("Ḫālid"))
    fonts = document.pages[0].Resources.Font
    assert any("NotoSans" in str(font.BaseFont) for font in fonts.values())


def test_text_is_never_typst_code() -> None:
    assert b"%PDF" in make_letter('#panic("x") $ ] *fett* <a> @b \\')


def test_a_missing_alternative_text_stops_the_document(tmp_path: Path) -> None:
    source = LETTER.read_text().replace(', alt: "Ein Kreis"', "")
    template = tmp_path / "without_alt.typ"
    template.write_text(source)
    with pytest.raises(pdf.DocumentFailed, match=r"without_alt\.typ"):
        make_letter(template=template)


def test_an_unknown_font_stops_the_document(tmp_path: Path) -> None:
    template = tmp_path / "other_font.typ"
    template.write_text(LETTER.read_text().replace('"Fira Sans"', '"Comic Neue"'))
    with pytest.raises(pdf.DocumentFailed):
        make_letter(template=template)


def tags(node: Any, depth: int = 0) -> set[str]:
    found: set[str] = set()
    if isinstance(node, pikepdf.Array):
        for child in node:
            found |= tags(child, depth)
    elif isinstance(node, pikepdf.Dictionary) and depth < 20:
        if "/S" in node:
            found.add(str(node.S).lstrip("/"))
        if "/K" in node:
            found |= tags(node.K, depth + 1)
    return found
