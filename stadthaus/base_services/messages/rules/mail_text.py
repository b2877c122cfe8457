"""One plain source for the text and the HTML of a mail.

    Betreff: Ihr Sperrmüll wird am Dienstag, 9. Dezember, abgeholt

    Wir kommen am Dienstag, 9. Dezember.

    – Stellen Sie die Sachen bis 6:00 Uhr an die Straße.
    – Lassen Sie Gehweg und Einfahrt frei.

    → Bestellung ansehen: https://…

The first line is the subject. Blank lines part paragraphs, "– " begins a list item, "→ label: link"
is a button. There is no other markup, so nothing a person typed can become markup.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

Kind = Literal["paragraph", "list", "button"]
SUBJECT_MARKS = ("Betreff:", "Subject:")
_ITEM = "– "
_BUTTON = "→ "


@dataclass(frozen=True)
class Block:
    """A paragraph or list of lines, or a button with one label and one link."""

    kind: Kind
    lines: tuple[str, ...]
    link: str = ""


@dataclass(frozen=True)
class MailText:
    """What a mail says: subject and blocks, without greeting and signature."""

    subject: str
    blocks: tuple[Block, ...]

    def without_links(self) -> "MailText":
        """The same for somebody who hears it."""
        return replace(self, blocks=tuple(block for block in self.blocks if block.kind != "button"))


def read(source: str, *, own_pages: str) -> MailText:
    """Read a rendered mail source; `own_pages` is the address that every button's link begins with.

    A button that leads elsewhere stays a line of text: what a person typed, or whoever wrote to a
    wrong address, cannot make the town's mail point to a foreign page.
    """
    first, _, body = source.strip().partition("\n")
    mark = next((mark for mark in SUBJECT_MARKS if first.startswith(mark)), None)
    if mark is None:
        raise ValueError("The first line of a mail is its subject: „Betreff: …“.")
    subject = " ".join(first.removeprefix(mark).split())
    return MailText(subject, tuple(_blocks(body, own_pages)))


def _blocks(body: str, own_pages: str) -> Iterator[Block]:
    lines = [line.strip() for line in body.splitlines()]
    for kind, run in groupby(lines, key=lambda line: _kind(line, own_pages)):
        if kind == "button":
            yield from (_button(line) for line in run)
        elif kind == "list":
            yield Block("list", tuple(line.removeprefix(_ITEM) for line in run))
        elif kind == "paragraph":
            yield Block("paragraph", tuple(run))


def _kind(line: str, own_pages: str) -> Kind | None:
    if not line:
        return None
    if line.startswith(_ITEM):
        return "list"
    leads_home = line.startswith(_BUTTON) and _button(line).link.startswith(f"{own_pages}/")
    return "button" if leads_home else "paragraph"


def _button(line: str) -> Block:
    label, _, link = line.removeprefix(_BUTTON).partition(": ")
    return Block("button", (label.strip(),), link.strip())
