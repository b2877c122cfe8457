"""What a message says and whom it goes to."""

from dataclasses import dataclass
from typing import Literal
from unicodedata import category

from stadthaus.base_services.messages.rules.mail_text import MailText

Language = Literal["de", "en"]
# Unicode's control characters, line and paragraph separators.
_ENDS_A_LINE = {"Cc", "Zl", "Zp"}


@dataclass(frozen=True)
class Letter:
    """What a letter says (Brief), and the lines of its address with the name first."""

    address: tuple[str, ...]
    words: MailText


@dataclass(frozen=True)
class Call:
    """Whom to call (Anruf), and what to say."""

    name: str
    phone: str
    words: MailText


@dataclass(frozen=True)
class Addressee:
    """Whom a message is for (Empfänger) and what it tells, for whoever has to tell it another way.

    `page` is the address of the office's page about it; telephone and page may be missing.
    """

    name: str
    news: str
    phone: str = ""
    page: str = ""


@dataclass(frozen=True)
class Content:
    """One rendered message (Inhalt einer Nachricht): recipient, one-line subject, text and HTML.

    Recipient and subject become lines of the mail's head, so neither may hold a line break or
    another control character: with one, text from a form could add recipients.
    """

    to: str
    subject: str
    text: str
    html: str
    language: Language = "de"

    def __post_init__(self) -> None:
        if not _is_one_address(self.to):
            raise ValueError("The recipient is not one e-mail address.")
        if not self.subject.strip() or any(category(character) in _ENDS_A_LINE for character in self.subject):
            raise ValueError("The subject is empty or more than one line.")


def _is_one_address(text: str) -> bool:
    mailbox, at, domain = text.rpartition("@")
    return bool(mailbox and at and domain) and text.isprintable() and not set(text) & set(' ,;<>"')
