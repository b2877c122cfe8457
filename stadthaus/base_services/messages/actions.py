"""Every write to the outbox."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from stadthaus import rows
from stadthaus.accounts import actions as accounts
from stadthaus.base_services.messages import queries
from stadthaus.base_services.messages.models import DELIVER, FORGET_PRINT_RUN, Message, PrintRun
from stadthaus.base_services.messages.rules.content import Content
from stadthaus.kernel.actors import Actor
from stadthaus.work import actions as work

# Long enough to print again what got lost in the machine, short enough for names and addresses.
PRINT_RUN_KEPT = timedelta(days=14)


def queue(*, template: str, about: str, channel: str, once_key: str, now: datetime) -> None:
    """Put a message into the outbox; nothing happens if `once_key` was used before.

    Two statements, or parts of one (`rows.together`). Call it inside the transaction that changes the state: either
    both happen or neither. A mail goes out as soon as a worker is free; letters and calls wait for the office.
    """
    message = {"template": template, "about": about, "channel": Message.Channel(channel), "once_key": once_key}
    rows.gather(_queue_all, message | {"message_id": _new_message_id(), "created_at": now})
    if channel == Message.Channel.EMAIL:
        work.schedule(kind=DELIVER, key=once_key, due_at=now)


def _queue_all(messages: list[dict[str, Any]]) -> None:
    rows.insert_all(Message, messages, if_free=True)


@transaction.atomic
def mark_sent(*, message: Message, now: datetime, content: Content | None = None) -> bool:
    """Note that the mail server took it; False if it was not waiting.

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
    return _unsent(message).update(state=Message.State.DROPPED, failed_at=None) > 0


@transaction.atomic
def send_again(*, message: Message, actor: Actor, now: datetime) -> bool:
    """Give a mail that failed or was given up a new start, with its old Message-ID; False if it has one or was sent.

    So pressing twice is one new start.
    """
    undelivered = queries.undelivered().filter(pk=message.pk)
    if not undelivered.update(state=Message.State.WAITING, failed_at=None, last_error=""):
        return False
    work.schedule(kind=DELIVER, key=message.once_key, due_at=now)
    accounts.record(actor=actor, about=message.about, event="message.sent_again", now=now)
    return True


@transaction.atomic
def tell_otherwise(*, message: Message, actor: Actor, now: datetime) -> bool:
    """Note that somebody told the person another way what a mail could not; False if that was noted before."""
    undelivered = queries.undelivered().filter(pk=message.pk)
    if not undelivered.update(state=Message.State.DROPPED, failed_at=None):
        return False
    work.cancel(kind=DELIVER, key=message.once_key)
    accounts.record(actor=actor, about=message.about, event="message.told_otherwise", now=now)
    return True


@transaction.atomic
def make_print_run(*, messages: Sequence[Message], pdf: bytes, actor: Actor, now: datetime) -> PrintRun | None:
    """Put letters into one print run with the PDF they were set in; None if one of them is in another run by now."""
    free = Message.objects.select_for_update().filter(
        pk__in=[message.pk for message in messages], state=Message.State.WAITING, print_run=None
    )
    if len(free) < len(messages):
        return None
    run = PrintRun.objects.create(made_at=now, made_by=actor.label, pdf=pdf)
    free.update(print_run=run)
    work.schedule(kind=FORGET_PRINT_RUN, key=str(run.pk), due_at=now + PRINT_RUN_KEPT)
    return run


@transaction.atomic
def mark_printed(*, run_id: int, actor: Actor, now: datetime) -> bool:
    """Note that all letters of a run are on paper, by whom and when; False if that was noted before."""
    if not PrintRun.objects.filter(pk=run_id, printed_at=None).update(printed_at=now, printed_by=actor.label):
        return False
    letters = Message.objects.filter(print_run_id=run_id, state=Message.State.WAITING)
    for about in letters.order_by("pk").values_list("about", flat=True):
        accounts.record(actor=actor, about=about, event="message.printed", now=now)
    letters.update(state=Message.State.SENT, sent_at=now, attempts=F("attempts") + 1)
    return True


@transaction.atomic
def forget_print_run(*, run_id: int, now: datetime) -> None:  # noqa: ARG001  every action takes `now`
    """Erase the PDF of a printed run; the letters of a run nobody printed wait for the next one."""
    if PrintRun.objects.filter(pk=run_id, printed_at__isnull=False).update(pdf=b""):
        return
    Message.objects.filter(print_run_id=run_id).update(print_run=None)
    PrintRun.objects.filter(pk=run_id).delete()


@transaction.atomic
def note_call(*, message_id: int, attempt: int, reached: bool, actor: Actor, now: datetime) -> bool:
    """Note that somebody was called and told, or not reached; `attempt` counts the calls noted before this one.

    False if this call was noted already, so that pressing twice is one call.
    """
    calls = Message.objects.filter(
        pk=message_id, channel=Message.Channel.PHONE, state=Message.State.WAITING, attempts=attempt
    )
    about = calls.values_list("about", flat=True).first()
    told = {"state": Message.State.SENT, "sent_at": now} if reached else {}
    if about is None or not calls.update(attempts=attempt + 1, tried_at=now, **told):
        return False
    event = "message.told" if reached else "message.not_reached"
    accounts.record(actor=actor, about=about, event=event, now=now)
    return True


def _waiting(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(pk=message.pk, state=Message.State.WAITING)


def _unsent(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(pk=message.pk, state__in=[Message.State.WAITING, Message.State.FAILED])


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
