"""What messages say: asked of the services, as text and HTML of a mail, as letters on paper, as words for a call."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import formataddr
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template
from django.utils.translation import override

from stadthaus.base_services.messages.models import Message
from stadthaus.base_services.messages.rules import mail_text
from stadthaus.base_services.messages.rules.content import Addressee, Call, Content, Language, Letter
from stadthaus.base_services.messages.rules.mail_text import Block, MailText
from stadthaus.base_services.messages.signals import addressee_wanted, content_wanted
from stadthaus.town.queries import Town
from stadthaus.ui import pdf, qr
from stadthaus.ui.templatetags.ui import long_day

Answer = TypeVar("Answer", Content, Letter, Call)
_LETTERS = Path(__file__).parent / "typst" / "letters.typ"


def wanted(message: Message, kind: type[Answer], *, now: datetime) -> Answer | None:
    """Ask what a message says now; None if no service has anything to say any more."""
    replies: list[tuple[Any, Any]] = content_wanted.send(sender=Message, message=message, now=now)
    answers = [answer for _, answer in replies if answer is not None]
    if len(answers) > 1:
        raise LookupError(f"More than one service answers for the template {message.template!r}.")
    if answers and not isinstance(answers[0], kind):
        raise LookupError(f"The answer for the template {message.template!r} is no {kind.__name__}.")
    return answers[0] if answers else None


def addressee(message: Message) -> Addressee | None:
    """Ask whom an undelivered message is for; None if no service has anything to say any more."""
    replies: list[tuple[Any, Any]] = addressee_wanted.send(sender=Message, message=message)
    return next((answer for _, answer in replies if answer is not None), None)


def words(template: str, context: Mapping[str, object], *, town: Town, language: Language = "de") -> MailText:
    """Subject and blocks of a template (`rules/mail_text.py` describes its few marks)."""
    with override(language):
        source = _render(template, {**context, "town": town}, autoescape=False)
    return mail_text.read(source, own_pages=settings.PUBLIC_URL)


def render(template: str, context: Mapping[str, object], *, to: str, town: Town, language: Language = "de") -> Content:
    """Render a mail for one recipient.

    Greeting and signature, with telephone and hours of the Bürgerbüro, are added here.
    """
    mail = words(template, context, town=town, language=language)
    with override(language):
        frame = {
            "subject": mail.subject,
            "blocks": mail.blocks,
            "language": language,
            "name": town.text("town.name", language),
            "office": town.text("town.office", language),
            "phone": town.text("town.phone", language),
            "hours": town.text("town.hours", language),
        }
        text = _render("messages/mail.txt", frame, autoescape=False)
        html = _render("messages/mail.html", frame, autoescape=True)
    return Content(to=to, subject=mail.subject, text=text.strip() + "\n", html=html, language=language)


def letters(said: Sequence[Letter], *, town: Town, now: datetime) -> bytes:
    """All letters of a print run as one PDF, each on a new page, with its address where the envelope's window is."""
    data = {
        "town": town.text("town.name"),
        "sender": ", ".join(town.text(f"town.{key}") for key in ("name", "street", "postcode_place")),
        "foot": [town.text("town.office"), f"Telefon {town.text('town.phone')}", town.text("town.hours")],
        "date": f"{long_day(now)} {now.year}",
        "letters": [
            {
                "address": list(letter.address),
                "subject": letter.words.subject,
                "blocks": [_for_paper(block) for block in letter.words.blocks],
            }
            for letter in said
        ],
    }
    count = "1 Brief" if len(said) == 1 else f"{len(said)} Briefe"
    return pdf.render(_LETTERS, data, title=f"{count}, {data['date']}", created=now)


def _for_paper(block: Block) -> dict[str, object]:
    """A paragraph or list as it is; a button becomes a code for a phone's camera, with the address beside it."""
    if block.kind != "button":
        return {"kind": block.kind, "lines": list(block.lines)}
    return {"kind": "link", "label": block.lines[0], "link": block.link, "qr": qr.svg(block.link, border=0)}


def as_mail(message: Message, content: Content, *, town: Town) -> EmailMultiAlternatives:
    """Put a rendered message into an envelope from the town; answers go to the Bürgerbüro."""
    address = town.text("town.email")
    mail = EmailMultiAlternatives(
        subject=content.subject,
        body=content.text,
        from_email=formataddr((town.text("town.name"), address)),
        to=[content.to],
        reply_to=[formataddr((town.text("town.office"), address))],
        headers={
            "Message-ID": message.message_id,
            # Keeps out-of-office replies away (RFC 3834).
            "Auto-Submitted": "auto-generated",
            "Content-Language": content.language,
        },
    )
    mail.attach_alternative(content.html, "text/html")
    return mail


def _render(template: str, context: Mapping[str, Any], *, autoescape: bool) -> str:
    # Plain text is not escaped; Django's own render() decides that for all templates alike.
    loaded: Any = get_template(template)
    rendered: str = loaded.template.render(Context(dict(context), autoescape=autoescape))
    return rendered
