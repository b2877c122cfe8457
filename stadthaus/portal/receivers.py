"""What the portal does when it hears of accesses: the person concerned gets a mail."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from stadthaus.accounts.actions import reference
from stadthaus.accounts.models import User
from stadthaus.accounts.signals import access_reset
from stadthaus.base_services.messages import actions as messages
from stadthaus.base_services.messages import documents as mails
from stadthaus.base_services.messages.models import Message
from stadthaus.base_services.messages.rules.content import Content
from stadthaus.base_services.messages.signals import content_wanted
from stadthaus.town import queries as town

ACCESS_RESET = "portal.access_reset"


@receiver(access_reset)
def tell_of_reset(*, user: User, now: datetime, **_: Any) -> None:
    """Queue the mail to whoever cannot sign in any more: nobody takes an access over unnoticed."""
    about = reference(user)
    once_key = f"{about}/reset/{now.isoformat()}"
    channel = Message.Channel.EMAIL
    messages.queue(template=ACCESS_RESET, about=about, channel=channel, once_key=once_key, now=now)


@receiver(content_wanted)
def write_message(*, message: Message, **_: Any) -> Content | None:
    """Write the mail about a reset access; it holds neither password nor name."""
    if message.template != ACCESS_RESET:
        return None
    person = User.objects.get(pk=message.about.removeprefix("staff/"))
    return mails.render("portal/mails/access_reset.txt", {}, to=person.email, town=town.current())
