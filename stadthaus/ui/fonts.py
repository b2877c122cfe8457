"""Fira Sans for pages (small WOFF2 files) and for documents (full TTF files), made from KERN's font files.

Fira Sans is under the SIL Open Font License. It lacks three signs we print every day (the narrow no-break
space before €, the no-break hyphen, the empty box for signs no font of ours has); they are added here. Documents
take the rarer letters of names ("ḫ", "ẖ") from Noto Sans, under the same licence: together both have every letter
that DIN 91379 wants an office to print.
"""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

NARROW_SPACE, NO_BREAK_HYPHEN, EMPTY_BOX = 0x202F, 0x2011, 0x25A1
logging.getLogger("fontTools").setLevel(logging.ERROR)  # it reports every glyph
_FEATURES = ["kern", "tnum", "lnum", "locl", "mark", "mkmk", "ccmp", "liga"]


@dataclass(frozen=True)
class Face:
    """One weight: the name of KERN's file, the weight, and the weights it stands for on pages."""

    name: str
    weight: int
    weights: str


FACES = (Face("Regular", 400, "400"), Face("SemiBold", 600, "500 700"))
# A page loads the first file; the others only where their letters occur (unicode-range).
RANGES = {
    "latin": "U+0020-007E, U+00A0-017F, U+1E9E, U+2009-200A, U+2010-2015, U+2018-201E, U+2020-2022, U+2026, "
    "U+202F-2030, U+2039-203A, U+2044, U+20AC, U+2190-2193, U+2212, U+2264-2265, U+25A1",
    "latin-ext": "U+0180-024F, U+0300-036F, U+1E00-1E9D, U+1E9F-1EFF",
    "cyrillic": "U+0400-052F, U+2116",
    "greek": "U+0370-03FF, U+1F00-1FFF",
}

_LICENCE_NAMES = (13, 14)  # licence and its address; the name of whose work it is (0) stays anyway


def build_page_fonts(kern_fonts: Path, folder: Path) -> str:
    """Write the WOFF2 files into `folder` and give the `@font-face` rules for them."""
    folder.mkdir(parents=True, exist_ok=True)
    rules = []
    for face in FACES:
        for name, unicode_range in RANGES.items():
            file = folder / f"fira-sans-{face.weight}-{name}.woff2"
            _write_subset(_open(kern_fonts, face), unicode_range, file)
            rules.append(
                f"@font-face{{font-family:'Fira Sans';font-weight:{face.weights};font-display:swap;"
                f"src:url(fonts/{file.name}) format('woff2');unicode-range:{unicode_range.replace(' ', '')}}}"
            )
    return "".join(rules)


def build_document_fonts(kern_fonts: Path, folder: Path) -> None:
    """Write the full TTF files that documents (PDF) are set in."""
    folder.mkdir(parents=True, exist_ok=True)
    for face in FACES:
        _save(_open(kern_fonts, face), folder / f"FiraSans-{face.name}.ttf")
    for name in ("Regular", "Bold"):
        noto = TTFont(kern_fonts / f"noto-sans/NotoSans-{name}.woff2", recalcTimestamp=False)
        _save(noto, folder / f"NotoSans-{name}.ttf")


def _save(font: TTFont, path: Path) -> None:
    font.flavor = None
    font.save(path)


def _open(kern_fonts: Path, face: Face) -> TTFont:
    font = TTFont(kern_fonts / f"fira-sans/FiraSans-{face.name}.woff2", recalcTimestamp=False)
    _add_missing_signs(font)
    return font


def _add_missing_signs(font: TTFont) -> None:
    glyphs, widths = font["glyf"], font["hmtx"]
    units = font["head"].unitsPerEm
    _add_glyph(font, "narrowspace", TTGlyphPen(None), units // 5)
    _add_glyph(font, "emptybox", _box(units), units * 7 // 10)
    hyphen = font.getBestCmap()[ord("-")]
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap.update({NARROW_SPACE: "narrowspace", NO_BREAK_HYPHEN: hyphen, EMPTY_BOX: "emptybox"})
    font["maxp"].numGlyphs = len(glyphs.glyphs)
    font["hhea"].numberOfHMetrics = len(widths.metrics)


def _add_glyph(font: TTFont, name: str, pen: TTGlyphPen, width: int) -> None:
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    font["glyf"].glyphs[name] = pen.glyph()
    font["hmtx"].metrics[name] = (width, 0)


def _box(units: int) -> TTGlyphPen:
    pen: Any = TTGlyphPen(None)
    line, left, right, top = units // 20, units // 12, units * 62 // 100, units * 66 // 100
    outer = [(left, 0), (left, top), (right, top), (right, 0)]
    inner = [(left + line, line), (right - line, line), (right - line, top - line), (left + line, top - line)]
    for corners in (outer, inner):
        pen.moveTo(corners[0])
        for corner in corners[1:]:
            pen.lineTo(corner)
        pen.closePath()
    return pen


def _write_subset(font: TTFont, unicode_range: str, file: Path) -> None:
    options = subset.Options(flavor="woff2", hinting=False, layout_features=_FEATURES, notdef_outline=True)
    options.name_IDs = [*options.name_IDs, *_LICENCE_NAMES]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=subset.parse_unicodes(unicode_range.replace(" ", "")))
    subsetter.subset(font)
    subset.save_font(font, str(file), options)
