"""Accesses and roles, for whoever manages them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from stadthaus.accounts import actions, queries
from stadthaus.accounts.audience import staff
from stadthaus.accounts.forms import NewStaffForm, RoleForm
from stadthaus.accounts.models import User
from stadthaus.accounts.rules.events import describe
from stadthaus.accounts.rules.permissions import PERMISSIONS, ROLE_NAMES, ROLES, ROLES_OF_ORGANISATION
from stadthaus.ui.pages import page

TRAIL_LENGTH = 50


@staff("staff.manage")
def staff_list(request: HttpRequest) -> HttpResponse:
    """Everybody with an access and their roles, and what waits for a second person."""
    return _list_page(request)


@staff("staff.manage")
def role_table(request: HttpRequest) -> HttpResponse:
    """Show what each role may do, as the program enforces it."""
    rows = [(name, [code in held for held in ROLES.values()]) for code, name in PERMISSIONS.items()]
    return page(request, "accounts/role_table.html", {"roles": ROLE_NAMES.values(), "rows": rows})


@staff("staff.manage")
def add_staff(request: HttpRequest) -> HttpResponse:
    """Open an access; the initial password is shown once."""
    form = NewStaffForm(request.POST or None)
    if form.is_valid():
        try:
            person, password = actions.create_staff(
                **form.cleaned_data, actor=queries.actor_of(request), now=timezone.now()
            )
        except actions.Refused as refused:
            form.add_error("email", str(refused))
        else:
            return _password_page(request, person, password)
    return page(request, "accounts/add_staff.html", {"form": form})


@staff("staff.manage")
def staff_member(request: HttpRequest, user_id: int) -> HttpResponse:
    """One person: roles, what can be given, what happened."""
    return _member_page(request, user_id)


@staff("staff.manage")
@require_POST
def grant_role(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give a role."""
    form = RoleForm(request.POST)
    if not form.is_valid():
        return redirect("accounts:staff_member", user_id)
    actor, now, role = queries.actor_of(request), timezone.now(), form.cleaned_data["role"]
    return _try(request, user_id, lambda: actions.grant_role(user_id=user_id, role=role, actor=actor, now=now))


@staff("staff.manage")
@require_POST
def revoke_role(request: HttpRequest, user_id: int) -> HttpResponse:
    """Take a role back."""
    form = RoleForm(request.POST)
    if not form.is_valid():
        return redirect("accounts:staff_member", user_id)
    actor, now, role = queries.actor_of(request), timezone.now(), form.cleaned_data["role"]
    return _try(request, user_id, lambda: actions.revoke_role(user_id=user_id, role=role, actor=actor, now=now))


@staff("staff.manage")
@require_POST
def close_access(request: HttpRequest, user_id: int) -> HttpResponse:
    """Close an access."""
    actor, now = queries.actor_of(request), timezone.now()
    return _try(request, user_id, lambda: actions.close_access(user_id=user_id, actor=actor, now=now))


@staff("staff.manage")
@require_POST
def open_access(request: HttpRequest, user_id: int) -> HttpResponse:
    """Open a closed access again."""
    actor, now = queries.actor_of(request), timezone.now()
    return _try(request, user_id, lambda: actions.open_access(user_id=user_id, actor=actor, now=now))


@staff("staff.manage")
@require_POST
def propose_new_start(request: HttpRequest, user_id: int) -> HttpResponse:
    """Propose a new start for somebody who lost password or second factor."""
    actor, now = queries.actor_of(request), timezone.now()
    return _try(request, user_id, lambda: actions.propose_new_start(user_id=user_id, actor=actor, now=now))


@staff("staff.manage")
@require_POST
def confirm(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Carry out what somebody else proposed."""
    try:
        person, password = actions.confirm(
            proposal_id=proposal_id, actor=queries.actor_of(request), now=timezone.now()
        )
    except actions.Refused as refused:
        return _list_page(request, error=str(refused))
    return _password_page(request, person, password)


@staff("staff.manage")
@require_POST
def decline(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Drop a proposal."""
    try:
        person = actions.decline(proposal_id=proposal_id, actor=queries.actor_of(request), now=timezone.now())
    except actions.Refused as refused:
        return _list_page(request, error=str(refused))
    return redirect("accounts:staff_member", person.pk)


def _password_page(request: HttpRequest, person: User, password: str) -> HttpResponse:
    """Show the initial password once, if there is one; else the person's page."""
    if not password:
        return redirect("accounts:staff_member", person.pk)
    return page(request, "accounts/initial_password.html", {"person": person, "password": password})


def _list_page(request: HttpRequest, *, error: str = "") -> HttpResponse:
    context: dict[str, object] = {"people": queries.colleagues(), "proposals": queries.proposals(), "error": error}
    return page(request, "accounts/staff_list.html", context)


def _try(request: HttpRequest, user_id: int, change: Callable[[], object]) -> HttpResponse:
    get_object_or_404(User, pk=user_id)
    try:
        change()
    except actions.Refused as refused:
        return _member_page(request, user_id, error=str(refused))
    return redirect("accounts:staff_member", user_id)


def _member_page(request: HttpRequest, user_id: int, *, error: str = "") -> HttpResponse:
    person = get_object_or_404(User, pk=user_id)
    trail = queries.trail(actions.reference(person))
    fitting = ROLES_OF_ORGANISATION[person.organisation] - person.roles
    context = {
        "person": person,
        "error": error,
        "is_self": person == request.user,
        "held": [(role, name) for role, name in ROLE_NAMES.items() if role in person.roles],
        "proposals": queries.proposals().filter(user=person),
        "to_give": [(role, name) for role, name in ROLE_NAMES.items() if role in fitting],
        "may": [name for code, name in PERMISSIONS.items() if code in person.permissions],
        "trail": [(entry, describe(entry.event, entry.values)) for entry in trail.reverse()[:TRAIL_LENGTH]],
    }
    return page(request, "accounts/staff_member.html", context)
