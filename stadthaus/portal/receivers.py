"""What the portal does when it hears of accesses, and of a worker that wants to start."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from stadthaus.accounts.actions import reference
from stadthaus.accounts.documents import password_link
from stadthaus.accounts.models import User
from stadthaus.accounts.signals import access_reset, password_link_wanted
from stadthaus.base_services.messages import actions as messages
from stadthaus.base_services.messages import documents as mails
from stadthaus.base_services.messages.models import Message
from stadthaus.base_services.messages.rules.content import Addressee, Content
from stadthaus.base_services.messages.signals import addressee_wanted, content_wanted
from stadthaus.portal.production import refuse_unready
from stadthaus.town import queries as town
from stadthaus.work.signals import worker_starts

ACCESS_RESET = "portal.access_reset"
PASSWORD_LINK = "portal.password_link"  # noqa: S105  a template's name
NEWS = {ACCESS_RESET: "Zugang wurde zurückgesetzt", PASSWORD_LINK: "Link für ein neues Passwort"}


@receiver(worker_starts)
def keep_unready_worker_from_starting(**_: Any) -> None:
    """A worker sends fees and texts to people, so it refuses what the web process refuses."""
    refuse_unready()


@receiver(access_reset)
def tell_of_reset(*, user: User, now: datetime, **_: Any) -> None:
    """Queue the mail to whoever cannot sign in any more: nobody takes an access over unnoticed."""
    about = reference(user)
    once_key = f"{about}/reset/{now.isoformat()}"
    channel = Message.Channel.EMAIL
    messages.queue(template=ACCESS_RESET, about=about, channel=channel, once_key=once_key, now=now)


@receiver(password_link_wanted)
def send_password_link(*, user: User, once: str, now: datetime, **_: Any) -> None:
    """Queue the mail with the link for a new password."""
    about, channel = reference(user), Message.Channel.EMAIL
    once_key = f"{about}/password-link/{once}"
    messages.queue(template=PASSWORD_LINK, about=about, channel=channel, once_key=once_key, now=now)


@receiver(content_wanted)
def write_message(*, message: Message, **_: Any) -> Content | None:
    """Write a mail about an access; it holds neither password nor name. Whose access is closed gets no link."""
    if message.template not in NEWS:
        return None
    person = _person(message)
    if message.template == ACCESS_RESET:
        return mails.render("portal/mails/access_reset.txt", {}, to=person.email, town=town.current())
    link = {"link": password_link(person)}
    mail = "portal/mails/password_link.txt"
    return mails.render(mail, link, to=person.email, town=town.current()) if person.is_active else None


@receiver(addressee_wanted)
def name_addressee(*, message: Message, **_: Any) -> Addressee | None:
    """Whom a mail about an access is for."""
    news = NEWS.get(message.template)
    return Addressee(_person(message).name, news) if news else None


def _person(message: Message) -> User:
    return User.objects.get(pk=message.about.removeprefix("staff/"))
