"""Delivery: asks what a message says, hands it to the mail server, notes the answer."""

from datetime import datetime
from smtplib import SMTPException
from typing import Any

from stadthaus.base_services.messages import actions, documents
from stadthaus.base_services.messages.models import DELIVER, Message
from stadthaus.base_services.messages.rules import delivery
from stadthaus.base_services.messages.rules.content import Content
from stadthaus.base_services.messages.signals import content_wanted
from stadthaus.town import queries as town
from stadthaus.work.registry import DueJob, handles


@handles(DELIVER)
def deliver(job: DueJob, now: datetime) -> None:
    """Send one mail. A crash between the server's answer and our note repeats it with the same Message-ID."""
    message = Message.objects.filter(pk=job.key, state=Message.State.WAITING).first()
    if message is None:
        return
    content = _wanted_content(message)
    if content is None:
        actions.drop(message=message)
        return
    try:
        documents.as_mail(message, content, town=town.current()).send()
    except (SMTPException, OSError) as error:
        _note_fault(message, error, now)
    else:
        actions.mark_sent(message=message, content=content, now=now)


def _wanted_content(message: Message) -> Content | None:
    replies: list[tuple[Any, Any]] = content_wanted.send(sender=Message, message=message)
    answers: list[Content] = [answer for _, answer in replies if answer is not None]
    if len(answers) > 1:
        raise LookupError(f"More than one service answers for the template {message.template!r}.")
    return answers[0] if answers else None


def _note_fault(message: Message, error: SMTPException | OSError, now: datetime) -> None:
    """Refused for good: a person has to look. Otherwise the worker tries again later."""
    if delivery.is_permanent(error):
        actions.mark_failed(message=message, error=delivery.describe(error), now=now)
        return
    actions.mark_delayed(message=message, error=delivery.describe(error))
    raise error
