"""Who is acting, what a person may do, what happened to a thing."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpRequest

from stadthaus.accounts.models import AuditEntry, CrewDevice, Proposal, User
from stadthaus.kernel.actors import CITIZEN, Actor

CREW_COOKIE = "crew"
CREW_SALT = "stadthaus.accounts.crew"
_CREW_ON_REQUEST = "stadthaus.crew_device"


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in this request: the crew on its pages, else the signed-in person, else a citizen."""
    device = crew_device_on(request)
    if device is not None:
        return Actor(kind="crew", label=device.label)
    user = request.user
    return person(user) if isinstance(user, User) and user.is_active else CITIZEN


def person(user: User) -> Actor:
    """Somebody with an access, as the one who acts."""
    works_for_contractor = user.organisation == User.Organisation.CONTRACTOR
    return Actor(kind="contractor" if works_for_contractor else "staff", label=user.name, user_id=user.pk)


def permissions_of(user: object) -> frozenset[str]:
    """Everything a person may do (one statement per request); nothing for somebody not signed in."""
    return user.permissions if isinstance(user, User) else frozenset()


def trail(about: str) -> QuerySet[AuditEntry]:
    """List what happened to a thing, newest last; personal details come along where they still exist."""
    return AuditEntry.objects.filter(about=about).select_related("detail").order_by("id")


def latest(abouts: Iterable[str]) -> QuerySet[AuditEntry]:
    """List what happened to several things, newest first."""
    return AuditEntry.objects.filter(about__in=list(abouts)).order_by("-id")


def hash_of(secret: str) -> str:
    """Make what is stored instead of a crew's random secret (256 bits of chance need no slow hash)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find_crew_device(request: HttpRequest, now: datetime) -> CrewDevice | None:
    """Recognise this browser as a crew's device while its shift lasts (one statement), also for `actor_of`."""
    secret = request.get_signed_cookie(CREW_COOKIE, default="", salt=CREW_SALT)
    if not secret:
        return None
    device = CrewDevice.objects.on_shift(now).filter(device_hash=hash_of(secret)).first()
    request.META[_CREW_ON_REQUEST] = device
    return device


def crew_device_on(request: HttpRequest) -> CrewDevice | None:
    """Give the device that a page for crews has already recognised."""
    device: CrewDevice | None = request.META.get(_CREW_ON_REQUEST)
    return device


def colleagues() -> QuerySet[User]:
    """Everybody with an access, open ones first, with their roles (two statements)."""
    return User.objects.prefetch_related("grants").order_by("-is_active", "name", "id")


def proposals() -> QuerySet[Proposal]:
    """Changes of accesses that wait for a second administrator, longest waiting first (one statement)."""
    return Proposal.objects.select_related("user", "proposed_by")


def proposals_for(user: object) -> list[Proposal]:
    """What this person may confirm: neither proposed by them nor about them; nothing for other roles."""
    if "staff.manage" not in permissions_of(user):
        return []
    return [proposal for proposal in proposals() if user not in {proposal.proposed_by, proposal.user}]


def waiting_for(user: object) -> list[tuple[str, int, str]]:
    """What waits for a person: the words, how much of it, the name of the page (at most one statement)."""
    proposed = len(proposals_for(user))
    return [("Zugänge zu bestätigen", proposed, "accounts:staff_list")] if proposed else []


def crew_devices(*, since: datetime) -> QuerySet[CrewDevice]:
    """Crews' devices invited for shifts that end later than `since`, newest first."""
    return CrewDevice.objects.filter(valid_until__gt=since).order_by("-id")
