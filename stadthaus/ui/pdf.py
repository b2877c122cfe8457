"""Documents as accessible, archivable PDF (PDF/UA-1 and PDF/A-3a in one file), set by Typst in Fira Sans.

A Typst template reads what it needs from `sys.inputs`, so no name can inject anything into it:

    #let data = json(bytes(sys.inputs.data))
    #set document(title: sys.inputs.title, date: auto)
    #set text(font: ("Fira Sans", "Noto Sans"), lang: "de", fallback: false)

A warning (a missing font, a missing alternative text) is an error here: a document is right or it is not made.
"""

import json
import threading
import unicodedata
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from fontTools.ttLib import TTFont

EMPTY_BOX = "□"
_one_at_a_time = threading.Lock()  # the compiler is one per process and keeps its inputs


class DocumentFailed(Exception):
    """A document could not be made; the message says why, without any of its data."""


def render(template: Path, data: dict[str, Any], *, title: str, created: datetime) -> bytes:
    """Make a PDF from a Typst template.

    `data` is JSON-like; images go in as SVG text. `created` is an aware datetime: the same data and moment give
    the same bytes. Signs that both fonts lack print as an empty box.
    """
    inputs = {"title": printable(title), "data": json.dumps(_printable(data), ensure_ascii=False)}
    with _one_at_a_time:
        try:
            document, warnings = _compiler(template.parent).compile_with_warnings(
                input=template,
                format="pdf",
                sys_inputs=inputs,
                pdf_standards=["ua-1", "a-3a"],
                timestamp=created.astimezone(UTC).replace(microsecond=0),
            )
        except typst.TypstError as error:
            raise DocumentFailed(f"{template.name}: {error.message}") from error
    if warnings:
        raise DocumentFailed(f"{template.name}: {warnings[0].message}")
    if not isinstance(document, bytes):
        raise DocumentFailed(f"{template.name}: no single document came out")
    return document


def printable(text: str) -> str:
    """A text with an empty box for every sign that cannot be printed; joiners are dropped, they have no shape."""
    letters = _letters()
    composed = unicodedata.normalize("NFC", text)
    kept = (c for c in composed if unicodedata.category(c) != "Cf" or c == "\u00ad")
    return "".join(c if c in letters or c in "\n\t" else EMPTY_BOX for c in kept)


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _printable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(inner) for inner in value]
    return value


def _font_folder() -> Path:
    folder = Path(settings.VAR_DIR) / "fonts"
    if not (folder / "NotoSans-Regular.ttf").is_file():
        raise DocumentFailed("The fonts for documents are missing. Please run `manage.py build_front_end`.")
    return folder


@cache
def _letters() -> frozenset[str]:
    signs: set[str] = set()
    for name in ("FiraSans-Regular.ttf", "NotoSans-Regular.ttf"):
        with TTFont(_font_folder() / name, lazy=True) as font:
            signs |= set(map(chr, font.getBestCmap()))
    return frozenset(sign for sign in signs if unicodedata.category(sign) not in {"Cc", "Co"})  # PDF/A forbids them


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_font_folder()])


@cache
def _compiler(root: Path) -> typst.Compiler:
    return typst.Compiler(root=root, font_paths=_fonts(), ignore_system_fonts=True)
