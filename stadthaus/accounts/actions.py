"""Every write about people: the audit trail, access, roles, crews' devices."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction

from stadthaus.accounts.models import AuditDetail, AuditEntry, CrewDevice, RoleGrant, User
from stadthaus.accounts.queries import hash_of
from stadthaus.accounts.rules.nights import next_night
from stadthaus.accounts.rules.passwords import initial_password
from stadthaus.accounts.rules.permissions import PERMISSIONS, ROLE_NAMES, ROLES_OF_ORGANISATION, conflict_in
from stadthaus.accounts.rules.shifts import LINK_VALID, shift_end
from stadthaus.kernel.actors import Actor
from stadthaus.work import actions as work

DETAIL_DAYS = 180
KEEP_CREW_LINKS = timedelta(days=30)
CLEAN_UP = "accounts.clean_up"


class Refused(Exception):
    """A change of access or roles that the rules do not allow; the German text says why and what helps."""


class CrewLinkUsedUp(Exception):
    """The link in the QR code was used, replaced or is older than 15 minutes."""


@dataclass(frozen=True)
class CrewLink:
    """What the dispatcher shows as a QR code; the token is known only here and on the phone."""

    device: CrewDevice
    token: str


@transaction.atomic(savepoint=False)
def record(
    *,
    actor: Actor,
    about: str,
    event: str,
    now: datetime,
    fields: Mapping[str, tuple[str, str]] | None = None,
    personal: bool = False,
    delete_after: date | None = None,
) -> None:
    """Add a line to the audit trail; `fields` maps a field's name to its value before and after.

    Personal values go to the side table, which is erased after `delete_after` (default: 180 days).
    """
    changes = dict(fields or {})
    entry = AuditEntry.objects.create(
        at=now,
        actor_kind=actor.kind,
        actor_label=actor.label,
        actor_user_id=actor.user_id,
        about=about,
        event=event,
        fields=list(changes),
        values={} if personal else {name: list(values) for name, values in changes.items()},
    )
    if personal and changes:
        AuditDetail.objects.create(
            entry=entry,
            before={name: before for name, (before, _) in changes.items()},
            after={name: after for name, (_, after) in changes.items()},
            delete_after=delete_after or now.date() + timedelta(days=DETAIL_DAYS),
        )


@transaction.atomic
def erase_due_audit_details(*, today: date) -> int:
    """Erase personal values whose last day is over; the entries stay. Returns how many."""
    erased, _ = AuditDetail.objects.filter(delete_after__lt=today).delete()
    return erased


@transaction.atomic
def erase_audit_details(*, about: str) -> int:
    """Erase the personal values of one thing, because the thing itself is erased. Returns how many."""
    erased, _ = AuditDetail.objects.filter(entry__about=about).delete()
    return erased


@transaction.atomic
def create_staff(
    *, email: str, name: str, organisation: str, role: str, actor: Actor, now: datetime
) -> tuple[User, str]:
    """Open an access with its first role; gives the person and an initial password that is shown once."""
    email = email.strip().lower()
    if User.objects.filter(email=email).exists():
        raise Refused("Mit dieser E-Mail-Adresse gibt es schon einen Zugang. Öffnen Sie ihn in der Liste.")
    password = initial_password(secrets.choice)
    user = User.objects.create_user(
        email, password, name=name, organisation=organisation, password_is_initial=True, joined_at=now
    )
    record(actor=actor, about=reference(user), event="staff.created", now=now)
    grant_role(user_id=user.pk, role=role, actor=actor, now=now)
    return user, password


@transaction.atomic
def grant_role(*, user_id: int, role: str, actor: Actor, now: datetime) -> RoleGrant:
    """Give a role; a role already held stays as it is. Nobody raises their own rights."""
    user = _locked(user_id, actor)
    if role not in ROLES_OF_ORGANISATION[user.organisation]:
        raise Refused(f"Die Rolle „{ROLE_NAMES.get(role, role)}“ passt nicht zu: {user.get_organisation_display()}.")
    pair = conflict_in([*user.roles, role])
    if pair is not None:
        first, second = (PERMISSIONS[permission] for permission in pair)
        raise Refused(
            f"„{first}“ und „{second}“ dürfen nicht in einer Hand liegen. Nehmen Sie zuerst die andere Rolle zurück."
        )
    grant, is_new = RoleGrant.objects.get_or_create(
        user=user, role=role, defaults={"granted_by": actor.label, "at": now}
    )
    if is_new:
        record(actor=actor, about=reference(user), event="role.granted", now=now, fields={"role": ("", role)})
    return grant


@transaction.atomic
def revoke_role(*, user_id: int, role: str, actor: Actor, now: datetime) -> bool:
    """Take a role back; False if it was not held. One administrator always remains."""
    user = _locked(user_id, actor)
    deleted, _ = RoleGrant.objects.filter(user=user, role=role).delete()
    if deleted:
        _keep_an_administrator()
        record(actor=actor, about=reference(user), event="role.revoked", now=now, fields={"role": (role, "")})
    return bool(deleted)


@transaction.atomic
def close_access(*, user_id: int, actor: Actor, now: datetime) -> None:
    """Close an access: the person is signed out everywhere. Entries in the audit trail stay."""
    user = _locked(user_id, actor)
    if not user.is_active:
        return
    User.objects.filter(pk=user.pk).update(is_active=False)
    _keep_an_administrator()
    record(actor=actor, about=reference(user), event="staff.closed", now=now)


@transaction.atomic
def open_access(*, user_id: int, actor: Actor, now: datetime) -> None:
    """Open a closed access again, with the roles it had."""
    user = _locked(user_id, actor)
    if user.is_active:
        return
    User.objects.filter(pk=user.pk).update(is_active=True)
    record(actor=actor, about=reference(user), event="staff.opened", now=now)


@transaction.atomic
def reset_access(*, user_id: int, actor: Actor, now: datetime) -> str:
    """Give a new initial password and remove second factors, for somebody who lost theirs; signs out everywhere."""
    user = _locked(user_id, actor)
    password = initial_password(secrets.choice)
    user.set_password(password)
    user.password_is_initial = True
    user.save(update_fields=["password", "password_is_initial"])
    Authenticator.objects.filter(user=user).delete()
    record(actor=actor, about=reference(user), event="staff.access_reset", now=now)
    return password


@transaction.atomic
def invite_crew(*, label: str, tour: str, day: date, actor: Actor, now: datetime) -> CrewLink:
    """Make the link for a crew's phone (QR-Code): works once, within 15 minutes."""
    token = secrets.token_urlsafe(32)
    device = CrewDevice.objects.create(
        label=label,
        tour=tour,
        day=day,
        link_hash=hash_of(token),
        link_valid_until=now + LINK_VALID,
        valid_until=shift_end(now),
        signed_in_by_id=actor.user_id,
    )
    record(actor=actor, about=reference(device), event="crew.invited", now=now)
    return CrewLink(device, token)


@transaction.atomic
def sign_in_crew_device(*, token: str, now: datetime) -> tuple[CrewDevice, str]:
    """Use up a link; gives the device and the secret for its cookie. Of two phones with one link, one gets in."""
    secret = secrets.token_urlsafe(32)
    signed_in = CrewDevice.objects.filter(
        link_hash=hash_of(token), signed_in_at=None, ended_at=None, link_valid_until__gt=now
    ).update(signed_in_at=now, device_hash=hash_of(secret), valid_until=shift_end(now))
    if not signed_in:
        raise CrewLinkUsedUp
    device = CrewDevice.objects.get(link_hash=hash_of(token))
    record(actor=Actor("crew", device.label), about=reference(device), event="crew.signed_in", now=now)
    return device, secret


@transaction.atomic
def end_crew_shift(*, device_id: int, actor: Actor, now: datetime) -> bool:
    """Sign a crew's phone out, or withdraw its link; False if that happened before."""
    ended = CrewDevice.objects.filter(pk=device_id, ended_at=None).update(ended_at=now)
    if ended:
        record(actor=actor, about=f"crew/{device_id}", event="crew.shift_ended", now=now)
    return bool(ended)


@transaction.atomic
def forget_crew_links(*, now: datetime) -> int:
    """Delete crews' devices a month after their shift: what they did stays with the stops. Returns how many."""
    deleted, _ = CrewDevice.objects.filter(valid_until__lt=now - KEEP_CREW_LINKS).delete()
    return deleted


@transaction.atomic
def start_regular_jobs(*, now: datetime) -> None:
    """Have the nightly clean-up done; called when a town is loaded, and by the clean-up itself."""
    work.schedule(kind=CLEAN_UP, key="nightly", due_at=next_night(now))


def reference(thing: User | CrewDevice) -> str:
    """Name a person or device in the audit trail: "staff/12", "crew/7"."""
    return f"{'staff' if isinstance(thing, User) else 'crew'}/{thing.pk}"


def _locked(user_id: int, actor: Actor) -> User:
    """Lock all administrators, then the person whose access changes: so two cannot remove each other."""
    if actor.user_id == user_id:
        raise Refused("Die eigenen Rechte ändert jemand anderes. Bitten Sie eine andere Person mit dieser Rolle.")
    administrators = RoleGrant.objects.select_for_update().filter(role="administrator")
    list(administrators.order_by("id").values_list("id"))
    return User.objects.select_for_update().get(pk=user_id)


def _keep_an_administrator() -> None:
    if not RoleGrant.objects.filter(role="administrator", user__is_active=True).exists():
        raise Refused("Das ist der letzte Zugang, der Zugänge verwaltet. Geben Sie die Rolle erst jemand anderem.")
