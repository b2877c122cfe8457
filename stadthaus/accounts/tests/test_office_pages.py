import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from stadthaus.accounts.models import User
from stadthaus.accounts.tests.factories import make_dispatcher, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.urls("stadthaus.accounts.tests.urls")]


@pytest.fixture
def office(client: Client) -> Client:
    client.force_login(make_person("administrator", name="Anna Admin"))
    return client


def read(response: Any) -> str:
    return str(response.content.decode())


def test_the_list_shows_everybody_with_their_roles(office: Client) -> None:
    make_person("treasury", name="Tina Kasse")
    assert "Tina Kasse" in read(office.get("/buero/zugaenge/"))
    assert "Stadtkasse" in read(office.get("/buero/zugaenge/"))


def test_the_list_costs_the_same_for_many_people(
    office: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(30):
        make_person("clerk")
    office.get("/buero/zugaenge/")  # the first page of a process also reads the town
    with django_assert_max_num_queries(7):
        office.get("/buero/zugaenge/")


def test_the_table_of_rights_is_shown(office: Client) -> None:
    assert "Geld am Schalter annehmen" in read(office.get("/buero/zugaenge/rollen/"))


def test_an_access_is_opened_and_its_password_shown_once(office: Client) -> None:
    who = {"name": "Neu", "email": "neu@example.org", "organisation": "contractor", "role": "dispatcher"}
    page = read(office.post("/buero/zugaenge/neu/", who))
    (password,) = re.findall(r"<code>([a-z0-9-]{19})</code>", page)
    person = User.objects.get(email="neu@example.org")
    assert person.check_password(password)
    assert password not in read(office.get(f"/buero/zugaenge/{person.pk}/"))


def test_an_address_that_is_taken_is_an_error_at_its_field(office: Client) -> None:
    taken = make_person()
    who = {"name": "Neue Person", "email": taken.email, "organisation": "town", "role": "clerk"}
    assert "schon einen Zugang" in read(office.post("/buero/zugaenge/neu/", who))


def test_a_role_of_the_town_is_not_offered_to_the_contractor(office: Client) -> None:
    who = {"name": "N", "email": "neu@example.org", "organisation": "contractor", "role": "clerk"}
    assert "gibt es bei diesem Arbeitgeber nicht" in read(office.post("/buero/zugaenge/neu/", who))


def test_an_access_whose_role_waits_shows_no_password(office: Client) -> None:
    who = {"name": "Neue Person", "email": "neu@example.org", "organisation": "town", "role": "clerk"}
    answer = office.post("/buero/zugaenge/neu/", who, follow=True)
    assert "Wartet auf eine zweite Person" in read(answer)
    assert "<code>" not in read(answer)


def test_roles_are_given_and_taken_back(office: Client) -> None:
    person = make_person(organisation="contractor")
    office.post(f"/buero/zugaenge/{person.pk}/rolle-geben/", {"role": "dispatcher"})
    assert User.objects.get(pk=person.pk).roles == {"dispatcher"}
    office.post(f"/buero/zugaenge/{person.pk}/rolle-nehmen/", {"role": "dispatcher"})
    assert User.objects.get(pk=person.pk).roles == frozenset()


def test_a_refused_role_says_why(office: Client) -> None:
    person = make_person("clerk")
    answer = office.post(f"/buero/zugaenge/{person.pk}/rolle-geben/", {"role": "waste_administration"})
    assert "nicht in einer Hand" in read(answer)


def test_the_own_page_offers_no_change(office: Client) -> None:
    me = User.objects.get()
    page = read(office.get(f"/buero/zugaenge/{me.pk}/"))
    assert "Das sind Sie selbst" in page
    assert "rolle-geben" not in page


def test_an_access_is_closed_opened_and_started_anew(office: Client) -> None:
    person = make_dispatcher()
    office.post(f"/buero/zugaenge/{person.pk}/schliessen/")
    assert not User.objects.get(pk=person.pk).is_active
    office.post(f"/buero/zugaenge/{person.pk}/oeffnen/")
    assert User.objects.get(pk=person.pk).is_active
    answer = office.post(f"/buero/zugaenge/{person.pk}/neu-anfangen/", follow=True)
    assert "Neues Startpasswort geben, für Dilan Dispo" in read(answer)


@pytest.mark.parametrize("path", ["rolle-geben", "rolle-nehmen", "schliessen", "oeffnen", "neu-anfangen"])
def test_nothing_changes_by_following_a_link(office: Client, path: str) -> None:
    assert office.get(f"/buero/zugaenge/{make_person().pk}/{path}/").status_code == 405


@pytest.mark.parametrize("path", ["", "rolle-geben/", "schliessen/", "neu-anfangen/"])
def test_a_person_that_does_not_exist_is_not_found(office: Client, path: str) -> None:
    send = office.post if path else office.get
    assert send(f"/buero/zugaenge/99999/{path}", {"role": "clerk"}).status_code == 404


@pytest.mark.parametrize("path", ["rolle-geben", "rolle-nehmen"])
def test_a_role_that_does_not_exist_changes_nothing(office: Client, path: str) -> None:
    person = make_person("clerk")
    office.post(f"/buero/zugaenge/{person.pk}/{path}/", {"role": "mayor\0"})
    assert User.objects.get(pk=person.pk).roles == {"clerk"}


@pytest.mark.parametrize("path", ["1/schliessen/", "vorschlag/1/bestaetigen/"])
def test_a_stranger_learns_nothing_about_what_an_address_takes(client: Client, path: str) -> None:
    assert client.get(f"/buero/zugaenge/{path}").status_code == 302
