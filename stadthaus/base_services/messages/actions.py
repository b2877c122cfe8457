"""Every write to the outbox."""

import secrets
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from stadthaus.accounts import actions as accounts
from stadthaus.base_services.messages.models import DELIVER, Message
from stadthaus.base_services.messages.rules.content import Content
from stadthaus.kernel.actors import Actor
from stadthaus.work import actions as work

# The ORM cannot say "insert, or tell me that it was there" in one statement.
_INSERT_ONCE = """
    INSERT INTO messages_message (template, about, channel, once_key, message_id, created_at)
    VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (once_key) DO NOTHING
    RETURNING *
"""


@transaction.atomic(savepoint=False)
def queue(*, template: str, about: str, channel: str, once_key: str, now: datetime) -> Message | None:
    """Put a message into the outbox (two statements); None if `once_key` was used before.

    Call it inside the transaction that changes the state: either both happen or neither. A letter
    waits for the next print run, a mail goes out as soon as a worker is free.
    """
    row = [template, about, Message.Channel(channel).value, once_key, _new_message_id(), now]
    inserted = list(Message.objects.raw(_INSERT_ONCE, row))
    if not inserted:
        return None
    message = inserted[0]
    if message.channel == Message.Channel.EMAIL:
        work.schedule(kind=DELIVER, key=str(message.pk), due_at=now)
    return message


@transaction.atomic
def mark_sent(*, message: Message, now: datetime, content: Content | None = None) -> bool:
    """Note that the mail server took it, or that the letter is printed; False if it was not waiting.

    In demo mode the rendered `content` is kept, so that /postkorb/ can show it.
    """
    kept = _kept_for_demo(content) if content and settings.DEMO else {}
    changes = {"state": Message.State.SENT, "sent_at": now, "last_error": "", **kept}
    return _waiting(message).update(attempts=F("attempts") + 1, **changes) > 0


@transaction.atomic
def mark_delayed(*, message: Message, error: str) -> bool:
    """Note that it did not go out this time and will be tried again; `error` holds no personal data."""
    return _waiting(message).update(attempts=F("attempts") + 1, last_error=error) > 0


@transaction.atomic
def mark_failed(*, message: Message, error: str, now: datetime) -> bool:
    """Note that it will never go out, the recipient was refused; `error` holds no personal data."""
    changes = {"state": Message.State.FAILED, "failed_at": now, "last_error": error}
    return _waiting(message).update(attempts=F("attempts") + 1, **changes) > 0


@transaction.atomic
def drop(*, message: Message) -> bool:
    """Note that there is nothing to say any more."""
    return _waiting(message).update(state=Message.State.DROPPED) > 0


@transaction.atomic
def send_again(*, message: Message, actor: Actor, now: datetime) -> bool:
    """Give a mail that failed or was given up a new start, with its old Message-ID; False if it was sent."""
    unsent = Message.objects.filter(
        pk=message.pk, channel=Message.Channel.EMAIL, state__in=[Message.State.WAITING, Message.State.FAILED]
    )
    if not unsent.update(state=Message.State.WAITING, failed_at=None, last_error=""):
        return False
    work.schedule(kind=DELIVER, key=str(message.pk), due_at=now)
    accounts.record(actor=actor, about=message.about, event="message.sent_again", now=now)
    return True


def _waiting(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(pk=message.pk, state=Message.State.WAITING)


def _new_message_id() -> str:
    """Make a Message-ID once, so that a repeat has the same; random, so that it tells nothing."""
    return f"<message-{secrets.token_hex(12)}@{urlsplit(settings.PUBLIC_URL).hostname}>"


def _kept_for_demo(content: Content) -> dict[str, str]:
    return {
        "demo_to": content.to,
        "demo_subject": content.subject,
        "demo_text": content.text,
        "demo_html": content.html,
    }
