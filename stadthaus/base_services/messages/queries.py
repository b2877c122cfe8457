"""Reads of the outbox."""

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from stadthaus.base_services.messages.models import DELIVER, Message
from stadthaus.work.models import Job


def needs_attention() -> QuerySet[Message]:
    """Mails that cannot be delivered, or were tried for days in vain: tell these people another way."""
    given_up = Job.objects.failed().filter(kind=DELIVER, key=Cast(OuterRef("pk"), CharField()))
    return Message.objects.filter(
        Q(state=Message.State.FAILED) | Q(Exists(given_up), state=Message.State.WAITING)
    ).order_by("id")


def for_reference(about: str) -> QuerySet[Message]:
    """All messages about one reference, newest first."""
    return Message.objects.filter(about=about).order_by("-id")


def calls_waiting() -> QuerySet[Message]:
    """What people without e-mail want to be told on the telephone, longest waiting first."""
    return Message.objects.filter(channel=Message.Channel.PHONE, state=Message.State.WAITING).order_by("id")


def letters_waiting() -> QuerySet[Message]:
    """Letters for the next print run, oldest first."""
    return Message.objects.filter(channel=Message.Channel.LETTER, state=Message.State.WAITING).order_by("id")
