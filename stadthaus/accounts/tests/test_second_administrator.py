"""Nobody alone hands out money, accesses or another person's sign-in."""

from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client

from stadthaus.accounts import actions, queries
from stadthaus.accounts.models import Proposal, User
from stadthaus.accounts.tests.factories import NOW, PASSWORD, give_second_factor, make_dispatcher, make_person
from stadthaus.kernel.actors import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.urls("stadthaus.accounts.tests.urls")]

MONEY_AND_ACCESSES = ["clerk", "treasury", "waste_administration", "administrator"]


@pytest.fixture
def anna() -> User:
    return make_person("administrator", name="Anna Admin")


@pytest.fixture
def ben() -> User:
    return make_person("administrator", name="Ben Admin")


def as_actor(person: User) -> Actor:
    return queries.person(person)


def propose_role(person: User, role: str, by: User) -> bool:
    return actions.grant_role(user_id=person.pk, role=role, actor=as_actor(by), now=NOW)


def propose_new_start(person: User, by: User) -> None:
    actions.propose_new_start(user_id=person.pk, actor=as_actor(by), now=NOW)


def confirm(by: User) -> tuple[User, str]:
    return actions.confirm(proposal_id=Proposal.objects.get().pk, actor=as_actor(by), now=NOW)


def fresh(person: User) -> User:
    return User.objects.get(pk=person.pk)


def events_of(person: User) -> list[tuple[str, str]]:
    return [(entry.event, entry.actor_label) for entry in queries.trail(actions.reference(person))]


@pytest.mark.parametrize("role", MONEY_AND_ACCESSES)
def test_one_administrator_alone_gives_no_role_that_moves_money_or_accesses(anna: User, role: str) -> None:
    person = make_person()
    assert not propose_role(person, role, by=anna)
    with pytest.raises(actions.Refused, match="selbst vorgeschlagen"):
        confirm(by=anna)
    assert fresh(person).roles == frozenset()


def test_a_second_administrator_confirms_and_both_stand_in_the_trail(anna: User, ben: User) -> None:
    person = make_person()
    propose_role(person, "treasury", by=anna)
    confirm(by=ben)
    assert fresh(person).roles == {"treasury"}
    assert events_of(person) == [("proposal.role", "Anna Admin"), ("role.granted", "Ben Admin")]


def test_a_role_without_money_is_given_at_once(anna: User) -> None:
    person = make_person(organisation="contractor")
    assert propose_role(person, "dispatcher", by=anna)
    assert fresh(person).roles == {"dispatcher"}


def test_who_makes_an_access_never_learns_its_password_and_who_confirms_does(anna: User, ben: User) -> None:
    person, nothing = actions.create_staff(
        email="neu@example.org", name="Neu", organisation="town", role="treasury", actor=as_actor(anna), now=NOW
    )
    assert nothing == ""
    assert not fresh(person).has_usable_password()
    _, password = confirm(by=ben)
    assert fresh(person).check_password(password)
    assert fresh(person).password_is_initial


def test_a_further_role_leaves_the_password_alone(anna: User, ben: User) -> None:
    person = make_person()
    propose_role(person, "treasury", by=anna)
    assert confirm(by=ben)[1] == ""
    assert fresh(person).check_password(PASSWORD)


def test_nobody_alone_replaces_somebodys_password_and_second_factor(anna: User) -> None:
    person = make_person("treasury")
    give_second_factor(person)
    propose_new_start(person, by=anna)
    with pytest.raises(actions.Refused, match="selbst vorgeschlagen"):
        confirm(by=anna)
    assert fresh(person).check_password(PASSWORD)
    assert Authenticator.objects.exists()


def test_a_new_start_replaces_password_and_second_factor(anna: User, ben: User) -> None:
    person = make_person("treasury")
    give_second_factor(person)
    propose_new_start(person, by=anna)
    _, password = confirm(by=ben)
    assert fresh(person).check_password(password)
    assert fresh(person).password_is_initial
    assert not Authenticator.objects.exists()


def test_an_access_with_money_is_opened_again_by_two(anna: User, ben: User) -> None:
    person = make_person("treasury", is_active=False)
    actions.open_access(user_id=person.pk, actor=as_actor(anna), now=NOW)
    assert not fresh(person).is_active
    confirm(by=ben)
    assert fresh(person).is_active


def test_nobody_confirms_what_is_about_themselves(anna: User, ben: User) -> None:
    propose_new_start(ben, by=anna)
    with pytest.raises(actions.Refused, match="eigenen Rechte"):
        confirm(by=ben)


def test_whom_it_is_about_may_decline_it(anna: User, ben: User) -> None:
    propose_new_start(ben, by=anna)
    actions.decline(proposal_id=Proposal.objects.get().pk, actor=as_actor(ben), now=NOW)
    assert not Proposal.objects.exists()
    assert events_of(ben)[-1] == ("proposal.declined", "Ben Admin")


def test_what_somebody_proposed_who_has_left_is_not_confirmed(anna: User, ben: User) -> None:
    person = make_person()
    propose_role(person, "treasury", by=anna)
    actions.close_access(user_id=anna.pk, actor=as_actor(ben), now=NOW)
    with pytest.raises(actions.Refused, match="verwaltet keine Zugänge mehr"):
        confirm(by=ben)


def test_what_must_stay_apart_is_looked_at_again_when_it_is_confirmed(anna: User, ben: User) -> None:
    person = make_person()
    propose_role(person, "treasury", by=anna)
    propose_role(person, "waste_administration", by=anna)
    first, second = Proposal.objects.all()
    actions.confirm(proposal_id=first.pk, actor=as_actor(ben), now=NOW)
    with pytest.raises(actions.Refused, match="nicht in einer Hand"):
        actions.confirm(proposal_id=second.pk, actor=as_actor(ben), now=NOW)


def test_a_proposal_is_decided_once(anna: User, ben: User) -> None:
    propose_role(make_person(), "clerk", by=anna)
    number = Proposal.objects.get().pk
    confirm(by=ben)
    for decide in (actions.confirm, actions.decline):
        with pytest.raises(actions.Refused, match="schon entschieden"):
            decide(proposal_id=number, actor=as_actor(ben), now=NOW)


def test_the_same_is_proposed_once(anna: User, ben: User) -> None:
    person = make_person()
    propose_role(person, "clerk", by=anna)
    propose_role(person, "clerk", by=ben)
    assert Proposal.objects.get().proposed_by == anna


def test_a_dispatchers_new_start_takes_two_as_well(anna: User) -> None:
    person = make_dispatcher()
    propose_new_start(person, by=anna)
    assert fresh(person).check_password(PASSWORD)


def test_where_there_is_one_administrator_the_server_is_the_second_pair_of_hands(anna: User) -> None:
    person = make_person(name="Tina Kasse")
    propose_role(person, "treasury", by=anna)
    out = StringIO()
    call_command("confirm_access", stdout=out)
    assert f"Rolle geben: Stadtkasse, für Tina Kasse, {person.email} (vorgeschlagen von Anna Admin)" in out.getvalue()
    call_command("confirm_access", Proposal.objects.get().pk, by="Ida Netz, IT", stdout=out)
    assert fresh(person).roles == {"treasury"}
    assert events_of(person)[-1] == ("role.granted", "Ida Netz, IT")


def test_the_server_prints_an_initial_password_and_asks_who_confirms(anna: User) -> None:
    person = make_person("treasury")
    propose_new_start(person, by=anna)
    number, out = Proposal.objects.get().pk, StringIO()
    with pytest.raises(CommandError, match="Wer bestätigt"):
        call_command("confirm_access", number)
    call_command("confirm_access", number, by="Ida Netz, IT", stdout=out)
    assert fresh(person).check_password(out.getvalue().split()[-1])
    with pytest.raises(CommandError, match="schon entschieden"):
        call_command("confirm_access", number, by="Ida Netz, IT")


def test_the_server_says_so_when_nothing_waits_or_nothing_under_a_number() -> None:
    out = StringIO()
    call_command("confirm_access", stdout=out)
    assert out.getvalue() == "Es wartet nichts auf eine zweite Person.\n"
    with pytest.raises(CommandError, match="Unter der Nummer 77 wartet nichts"):
        call_command("confirm_access", 77, by="Ida Netz, IT")


def pages(client: Client, person: User) -> Any:
    client.force_login(person)
    return lambda path: client.get(path).content.decode()


def test_the_page_offers_the_button_to_the_second_person_only(client: Client, anna: User, ben: User) -> None:
    person = make_person(name="Tina Kasse")
    propose_role(person, "treasury", by=anna)
    for path in ("/buero/zugaenge/", f"/buero/zugaenge/{person.pk}/"):
        assert "Zurückziehen" in pages(client, anna)(path)
        assert "/bestaetigen/" not in pages(client, anna)(path)
        assert "/bestaetigen/" in pages(client, ben)(path)


def test_confirming_on_the_page_shows_the_password_once(client: Client, anna: User, ben: User) -> None:
    propose_new_start(make_person("clerk"), by=anna)
    client.force_login(ben)
    path = f"/buero/zugaenge/vorschlag/{Proposal.objects.get().pk}/"
    assert "<code>" in client.post(f"{path}bestaetigen/").content.decode()
    again = client.post(f"{path}bestaetigen/").content.decode()
    assert "schon entschieden" in again
    assert "wählen Sie „Neues Startpasswort geben“" in again
    assert "schon entschieden" in client.post(f"{path}ablehnen/").content.decode()


def test_declining_on_the_page_leads_to_the_person(client: Client, anna: User, ben: User) -> None:
    person = make_person("clerk")
    propose_new_start(person, by=anna)
    client.force_login(ben)
    answer = client.post(f"/buero/zugaenge/vorschlag/{Proposal.objects.get().pk}/ablehnen/")
    assert answer["Location"] == f"/buero/zugaenge/{person.pk}/"


def test_what_somebody_may_confirm_is_only_what_others_propose_for_others(anna: User, ben: User) -> None:
    propose_role(make_person(), "clerk", by=anna)
    propose_new_start(ben, by=anna)
    assert [proposal.kind for proposal in queries.proposals_for(fresh(ben))] == ["role"]
    assert queries.proposals_for(fresh(anna)) == []
    assert queries.proposals_for(make_person("clerk")) == []
