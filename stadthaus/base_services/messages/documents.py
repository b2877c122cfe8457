"""Mails as documents: text and HTML from one template, and the mail with its head."""

from collections.abc import Mapping
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template
from django.utils.translation import override

from stadthaus.base_services.messages.models import Message
from stadthaus.base_services.messages.rules import mail_text
from stadthaus.base_services.messages.rules.content import Content, Language
from stadthaus.town.queries import Town


def render(template: str, context: Mapping[str, object], *, to: str, town: Town, language: Language = "de") -> Content:
    """Render a mail template (`rules/mail_text.py` describes its few marks) for one recipient.

    Greeting and signature, with telephone and hours of the Bürgerbüro, are added here.
    """
    with override(language):
        source = _render(template, {**context, "town": town}, autoescape=False)
        mail = mail_text.read(source, own_pages=settings.PUBLIC_URL)
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
