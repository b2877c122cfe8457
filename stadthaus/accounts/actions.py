"""Every write about people: the audit trail, access, roles, crews' devices."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction

from stadthaus import rows
from stadthaus.accounts.models import AuditDetail, AuditEntry, CrewDevice, Proposal, RoleGrant, User
from stadthaus.accounts.queries import hash_of
from stadthaus.accounts.rules.passwords import initial_password
from stadthaus.accounts.rules.permissions import (
    PERMISSIONS,
    ROLE_NAMES,
    ROLES_OF_ORGANISATION,
    conflict_in,
    needs_second_person,
)
from stadthaus.accounts.rules.shifts import LINK_VALID, shift_end
from stadthaus.accounts.signals import access_reset
from stadthaus.kernel.actors import SYSTEM, Actor
from stadthaus.kernel.calendars import day_of

DETAIL_DAYS = 180
KEEP_CREW_LINKS = timedelta(days=30)


# Pressed twice, the second answer covers the first: that one showed the password.
DECIDED = (
    "Dieser Vorschlag ist schon entschieden. Ein Startpasswort zeigen wir nur einmal. Haben Sie es nicht gesehen? "
    "Öffnen Sie die Person und wählen Sie „Neues Startpasswort geben“."
)


class Refused(Exception):
    """A change of access or roles that the rules do not allow; the German text says why and what helps."""


class CrewLinkUsedUp(Exception):
    """The link in the QR code was used, replaced or is older than 15 minutes."""


@dataclass(frozen=True)
class CrewLink:
    """What the dispatcher shows as a QR code; the token is known only here and on the phone."""

    device: CrewDevice
    token: str


def record(
    *,
    actor: Actor,
    about: str,
    event: str,
    now: datetime,
    fields: Mapping[str, tuple[str, str]] | None = None,
    personal: bool = False,
) -> None:
    """Add a line to the audit trail; `fields` maps a field's name to its value before and after.

    One statement, or a part of one (`rows.together`). Personal values go to the side table: they are erased after
    180 days, or before with the thing itself.
    """
    changes = dict(fields or {})
    entry = {
        "at": now,
        "actor_kind": actor.kind,
        "actor_label": actor.label,
        "actor_user_id": actor.user_id,
        "about": about,
        "event": event,
        "fields": list(changes),
        "values": {} if personal else {name: list(values) for name, values in changes.items()},
    }
    if personal and changes:
        _record_personal(AuditEntry(**entry), changes, day_of(now))
    else:
        rows.gather(_record_all, entry)


def _record_all(entries: list[Mapping[str, Any]]) -> None:
    rows.insert_all(AuditEntry, entries)


@transaction.atomic(savepoint=False)
def _record_personal(entry: AuditEntry, changes: Mapping[str, tuple[str, str]], today: date) -> None:
    AuditDetail.objects.create(
        entry=rows.insert(entry),
        before={name: before for name, (before, _) in changes.items()},
        after={name: after for name, (_, after) in changes.items()},
        delete_after=today + timedelta(days=DETAIL_DAYS),
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
def spend_code(*, user_id: int, step: int) -> bool:
    """Take an app code of this time step (RFC 6238); False if one of this step or a later one was taken before."""
    return User.objects.filter(pk=user_id, last_code_step__lt=step).update(last_code_step=step) > 0


@transaction.atomic
def create_staff(
    *, email: str, name: str, organisation: str, role: str, actor: Actor, now: datetime
) -> tuple[User, str]:
    """Open an access with its first role; gives the person and an initial password that is shown once.

    A role that waits for a second administrator comes without a password: who confirms gets it.
    """
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                email, name=name, organisation=organisation, password_is_initial=True, joined_at=now
            )
    except IntegrityError as error:  # also the second of two clicks at the same moment
        if not User.objects.filter(email=email.strip().lower()).exists():
            raise
        raise Refused("Mit dieser E-Mail-Adresse gibt es schon einen Zugang. Öffnen Sie ihn in der Liste.") from error
    record(actor=actor, about=reference(user), event="staff.created", now=now)
    given = grant_role(user_id=user.pk, role=role, actor=actor, now=now)
    return user, _give_password(user) if given else ""


@transaction.atomic
def grant_role(*, user_id: int, role: str, actor: Actor, now: datetime) -> bool:
    """Give a role, or propose it if it moves money or accesses: then False. Nobody raises their own rights."""
    user = _locked(user_id, actor)
    _refuse_role(user, role)
    if needs_second_person([role]) and role not in user.roles and actor != SYSTEM:
        _propose(user, Proposal.Kind.ROLE, actor, now, role=role)
        return False
    _give_role(user, role, actor, now)
    return True


def _refuse_role(user: User, role: str) -> None:
    if role not in ROLES_OF_ORGANISATION[user.organisation]:
        raise Refused(f"Die Rolle „{ROLE_NAMES.get(role, role)}“ passt nicht zu: {user.get_organisation_display()}.")
    pair = conflict_in([*user.roles, role])
    if pair is not None:
        first, second = (PERMISSIONS[permission] for permission in pair)
        raise Refused(
            f"„{first}“ und „{second}“ dürfen nicht in einer Hand liegen. Nehmen Sie zuerst die andere Rolle zurück."
        )


def _give_role(user: User, role: str, actor: Actor, now: datetime) -> None:
    _, is_new = RoleGrant.objects.get_or_create(user=user, role=role, defaults={"granted_by": actor.label, "at": now})
    if is_new:
        record(actor=actor, about=reference(user), event="role.granted", now=now, fields={"role": ("", role)})


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
    """Open a closed access again, with the roles it had; propose it if they move money or accesses."""
    user = _locked(user_id, actor)
    if user.is_active:
        return
    if needs_second_person(user.roles):
        _propose(user, Proposal.Kind.OPEN, actor, now)
    else:
        _open(user, actor, now)


def _open(user: User, actor: Actor, now: datetime) -> None:
    User.objects.filter(pk=user.pk).update(is_active=True)
    record(actor=actor, about=reference(user), event="staff.opened", now=now)


@transaction.atomic
def propose_new_start(*, user_id: int, actor: Actor, now: datetime) -> None:
    """Propose a new initial password without second factor, for somebody who lost theirs.

    Whoever hands out such a password could act as that person, so it takes two.
    """
    _propose(_locked(user_id, actor), Proposal.Kind.NEW_START, actor, now)


@transaction.atomic
def confirm(*, proposal_id: int, actor: Actor, now: datetime) -> tuple[User, str]:
    """Carry out what another administrator proposed; gives the person and, if one was made, the initial password.

    Who proposed never sees the password, and who confirms did not choose the person.
    """
    proposal = _proposal(proposal_id)
    user = _locked(proposal.user_id, actor)
    if actor.user_id == proposal.proposed_by_id:
        raise Refused("Das haben Sie selbst vorgeschlagen. Bestätigen muss es eine andere Person mit dieser Rolle.")
    if "staff.manage" not in proposal.proposed_by.permissions:
        raise Refused("Wer das vorgeschlagen hat, verwaltet keine Zugänge mehr. Lehnen Sie den Vorschlag ab.")
    _take(proposal)
    if proposal.kind == Proposal.Kind.OPEN:
        _open(user, actor, now)
    elif proposal.kind == Proposal.Kind.NEW_START:
        return user, _start_anew(user, actor, now)
    else:
        _refuse_role(user, proposal.role)
        _give_role(user, proposal.role, actor, now)
    return user, "" if user.has_usable_password() else _give_password(user)


@transaction.atomic
def decline(*, proposal_id: int, actor: Actor, now: datetime) -> User:
    """Drop a proposal: any administrator may, also who proposed it and whom it is about."""
    proposal = _proposal(proposal_id)
    _take(proposal)
    fields = {"role": (proposal.role, "")} if proposal.role else None
    record(actor=actor, about=reference(proposal.user), event="proposal.declined", now=now, fields=fields)
    return proposal.user


def _propose(user: User, kind: Proposal.Kind, actor: Actor, now: datetime, *, role: str = "") -> None:
    assert actor.user_id is not None  # people propose, the program does not
    _, is_new = Proposal.objects.get_or_create(
        user=user, kind=kind, role=role, defaults={"proposed_by_id": actor.user_id, "proposed_at": now}
    )
    if is_new:
        fields = {"role": ("", role)} if role else None
        record(actor=actor, about=reference(user), event=f"proposal.{kind}", now=now, fields=fields)


def _proposal(proposal_id: int) -> Proposal:
    proposal = Proposal.objects.select_related("user", "proposed_by").filter(pk=proposal_id).first()
    if proposal is None:
        raise Refused(DECIDED)
    return proposal


def _take(proposal: Proposal) -> None:
    """Use a proposal up; of two who decide at once, one does."""
    deleted, _ = Proposal.objects.filter(pk=proposal.pk).delete()
    if not deleted:
        raise Refused(DECIDED)


def _start_anew(user: User, actor: Actor, now: datetime) -> str:
    """Replace the password, remove second factors, sign out everywhere and tell the person."""
    Authenticator.objects.filter(user=user).delete()
    record(actor=actor, about=reference(user), event="staff.access_reset", now=now)
    access_reset.send(sender=User, user=user, now=now)
    return _give_password(user)


def _give_password(user: User) -> str:
    password = initial_password(secrets.choice)
    user.set_password(password)
    user.password_is_initial = True
    user.save(update_fields=["password", "password_is_initial"])
    return password


@transaction.atomic
def invite_crew(*, label: str, tour: str, tour_name: str, day: date, actor: Actor, now: datetime) -> CrewLink:
    """Make the link for a crew's phone (QR-Code): works once, within 15 minutes."""
    token = secrets.token_urlsafe(32)
    device = CrewDevice.objects.create(
        label=label,
        tour=tour,
        tour_name=tour_name,
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
