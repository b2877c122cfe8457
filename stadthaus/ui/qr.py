"""QR codes as SVG, to be put into a page (`{{ svg|safe }}`; it holds numbers and colours only) or a document."""

import io
from typing import Any

import segno


def svg(text: str, *, border: int, encoding: str | None = None, boost_error: bool = True, **look: Any) -> str:
    """The code of a text without XML declaration, classes or inline styles; `look` is what segno's `save` takes.

    `border` is the quiet zone in modules: 4 unless there is white around the code anyway.
    """
    # Scoring all eight masks costs 5 ms, and cameras read each of them.
    code = segno.make(text, error="m", micro=False, mask=0, encoding=encoding, boost_error=boost_error)
    picture = io.BytesIO()
    code.save(picture, kind="svg", border=border, xmldecl=False, svgclass=None, lineclass=None, **look)
    return picture.getvalue().decode()
