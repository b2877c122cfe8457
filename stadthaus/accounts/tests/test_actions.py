from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from stadthaus.accounts import actions, queries
from stadthaus.accounts.models import RoleGrant, User
from stadthaus.accounts.rules.permissions import roles_apart
from stadthaus.accounts.tests.factories import ADMIN, NOW, make_dispatcher, make_person
from stadthaus.kernel.actors import SYSTEM, Actor

pytestmark = pytest.mark.django_db


def grant(person: User, role: str, actor: Actor = SYSTEM) -> bool:
    return actions.grant_role(user_id=person.pk, role=role, actor=actor, now=NOW)


def revoke(person: User, role: str, actor: Actor = ADMIN) -> bool:
    return actions.revoke_role(user_id=person.pk, role=role, actor=actor, now=NOW)


def events_of(person: User) -> list[str]:
    return [entry.event for entry in queries.trail(actions.reference(person))]


def roles_of(person: User) -> frozenset[str]:
    return User.objects.get(pk=person.pk).roles


def create(**changes: Any) -> tuple[User, str]:
    who = {"email": "Neu@Example.org", "name": "Neue Person", "organisation": "town", "role": "clerk"}
    return actions.create_staff(**{**who, **changes}, actor=SYSTEM, now=NOW)


def test_a_new_access_has_one_role_and_a_password_to_be_replaced() -> None:
    person, password = create()
    assert person.check_password(password)
    assert person.password_is_initial
    assert roles_of(person) == {"clerk"}


def test_addresses_are_kept_in_lower_case_and_once() -> None:
    person, _ = create()
    assert person.email == "neu@example.org"
    with pytest.raises(actions.Refused, match="schon einen Zugang"):
        create(email="NEU@example.org")


def test_an_access_with_a_role_that_does_not_fit_is_not_opened() -> None:
    with pytest.raises(actions.Refused):
        create(role="dispatcher")
    assert not User.objects.exists()


def test_a_role_is_held_once() -> None:
    person = make_person()
    grant(person, "treasury")
    grant(person, "treasury")
    assert RoleGrant.objects.filter(user=person).count() == 1
    assert events_of(person) == ["role.granted"]


def test_who_takes_cash_is_given_no_role_that_approves_waivers() -> None:
    person = make_person("clerk")
    with pytest.raises(actions.Refused, match="nicht in einer Hand"):
        grant(person, "waste_administration")
    assert roles_of(person) == {"clerk"}


@pytest.mark.parametrize("role", ["clerk", "treasury", "waste_administration"])
def test_who_manages_accesses_is_given_no_role_that_moves_money(role: str) -> None:
    person = make_person(role)
    with pytest.raises(actions.Refused, match="„Zugänge und Rollen verwalten“ und „"):
        grant(person, "administrator")


@pytest.mark.parametrize("pair", roles_apart())
def test_the_database_keeps_roles_apart_too(pair: tuple[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_person(*pair)


@pytest.mark.parametrize("role", ["clerk", "administrator"])
def test_the_contractors_people_get_no_role_of_the_town(role: str) -> None:
    with pytest.raises(actions.Refused, match="passt nicht"):
        grant(make_dispatcher(), role)


def test_nobody_raises_their_own_rights() -> None:
    person = make_person("administrator")
    with pytest.raises(actions.Refused, match="eigenen Rechte"):
        grant(person, "treasury", actor=queries.person(person))


@pytest.mark.parametrize("change", [actions.close_access, actions.open_access, actions.propose_new_start])
def test_nobody_changes_their_own_access(change: Any) -> None:
    person = make_person("administrator")
    with pytest.raises(actions.Refused, match="eigenen Rechte"):
        change(user_id=person.pk, actor=queries.person(person), now=NOW)


def test_a_role_is_taken_back_once() -> None:
    make_person("administrator")
    person = make_person("clerk")
    assert revoke(person, "clerk")
    assert not revoke(person, "clerk")
    assert events_of(person) == ["role.revoked"]


def test_the_last_administrator_stays() -> None:
    last = make_person("administrator")
    with pytest.raises(actions.Refused, match="letzte"):
        revoke(last, "administrator", actor=SYSTEM)
    with pytest.raises(actions.Refused, match="letzte"):
        actions.close_access(user_id=last.pk, actor=SYSTEM, now=NOW)
    assert roles_of(last) == {"administrator"}
    assert User.objects.get(pk=last.pk).is_active


def test_a_closed_access_may_nothing_and_can_be_opened_again() -> None:
    make_person("administrator")
    person = make_dispatcher()
    actions.close_access(user_id=person.pk, actor=ADMIN, now=NOW)
    assert queries.permissions_of(User.objects.get(pk=person.pk)) == frozenset()
    actions.open_access(user_id=person.pk, actor=ADMIN, now=NOW)
    assert "tours.view" in queries.permissions_of(User.objects.get(pk=person.pk))
    assert events_of(person) == ["staff.closed", "staff.opened"]


def test_recovery_codes_alone_are_no_second_factor() -> None:
    person = make_person("clerk")
    Authenticator.objects.create(user=person, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert not person.has_second_factor


def test_the_first_administrator_is_made_at_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_administrator", "Erste Person", "erste@example.org")
    password = capsys.readouterr().out.split()[-1]
    person = User.objects.get()
    assert person.check_password(password)
    assert person.roles == {"administrator"}


@pytest.mark.parametrize("email", ["kaputt", "a@b", "zwei@example.org, drei@example.org", ""])
def test_what_is_no_e_mail_address_opens_no_access_at_the_command_line(email: str) -> None:
    with pytest.raises(CommandError, match="ist keine E-Mail-Adresse"):
        call_command("create_administrator", "Zwei Test", email)
    assert not User.objects.exists()
