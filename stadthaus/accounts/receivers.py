"""What sign-in and the town's data tell us: kept in the audit trail."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in
from django.dispatch import Signal, receiver
from django.http import HttpRequest
from django.utils import timezone

from stadthaus.accounts.actions import record, reference
from stadthaus.accounts.models import User
from stadthaus.accounts.providers.sign_in import FIRST_LOOK_UNTIL
from stadthaus.accounts.queries import person
from stadthaus.kernel.actors import Actor
from stadthaus.town.signals import version_entered

_FIRST_LOOK_SECONDS = 600
_EVENTS: dict[str, Signal] = {
    "staff.signed_in": user_logged_in,
    "staff.password_changed": password_changed,
    "staff.password_reset": password_reset,
    "staff.second_factor_added": authenticator_added,
    "staff.second_factor_removed": authenticator_removed,
    "staff.second_factor_failed": authentication_failed,
}


def _recorder(event: str) -> Any:
    def keep(user: User, **kwargs: Any) -> None:  # noqa: ARG001  a signal's arguments
        record(actor=person(user), about=reference(user), event=event, now=timezone.now())

    return keep


for _event, _signal in _EVENTS.items():
    _signal.connect(_recorder(_event), weak=False, dispatch_uid=f"accounts.{_event}")


@receiver(authenticator_added)
def show_codes_once(*, request: HttpRequest, user: User, **_: Any) -> None:
    """Whoever has just set up their first second factor may see its emergency codes, in this session only."""
    if Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).count() == 1:
        request.session[FIRST_LOOK_UNTIL] = timezone.now().timestamp() + _FIRST_LOOK_SECONDS


@receiver(version_entered)
def keep_change_of_town(
    *, about: str, changes: Mapping[str, tuple[str, str]], actor: Actor, now: datetime, **_: Any
) -> None:
    """Keep who changed or confirmed a rule or a text of the town, with the values before and after."""
    record(actor=actor, about=about, event="town.changed", now=now, fields=changes)
