import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from stadthaus.accounts import actions, queries
from stadthaus.accounts.models import Proposal, User
from stadthaus.accounts.signals import password_link_wanted
from stadthaus.accounts.tests.factories import NOW, make_person
from stadthaus.base_services.messages import documents
from stadthaus.base_services.messages.models import Message
from stadthaus.base_services.messages.tests.factories import a_town
from stadthaus.work.actions import run_due

pytestmark = pytest.mark.django_db


def reset(person: User) -> str:
    anna, ben = (queries.person(make_person("administrator")) for _ in range(2))
    actions.propose_new_start(user_id=person.pk, actor=anna, now=NOW)
    return actions.confirm(proposal_id=Proposal.objects.get().pk, actor=ben, now=NOW)[1]


def test_whose_access_was_reset_gets_a_mail_without_password_and_name() -> None:
    a_town()
    person = make_person("treasury", name="Tina Kasse")
    password = reset(person)
    run_due(NOW)
    (sent,) = mail.outbox
    assert sent.to == [person.email]
    assert "nicht darum gebeten" in sent.body
    assert password not in sent.body
    assert person.name not in sent.body


def test_a_mere_proposal_sends_nothing() -> None:
    anna = queries.person(make_person("administrator"))
    actions.propose_new_start(user_id=make_person("treasury").pk, actor=anna, now=NOW)
    assert not Message.objects.exists()


NEW_PASSWORD = "wolke-anker-fahrrad"


def ask_for_link(person: User, **headers: str) -> None:
    Client(headers=headers).post("/anmelden/passwort/vergessen/", {"email": person.email})
    run_due(timezone.now())


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(client: Client) -> None:
    a_town()
    person = make_person("clerk")
    ask_for_link(person)
    (link,) = re.findall(r"http://testserver(\S+)", str(mail.outbox[0].body))
    form = client.get(link)["Location"]
    assert link.split("-")[-1] not in form
    assert "Passwort speichern" in client.get(form).content.decode()
    client.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert User.objects.get(pk=person.pk).check_password(NEW_PASSWORD)
    assert "gilt nicht mehr" in Client().get(link).content.decode()


def test_the_mail_for_a_new_password_carries_no_name_and_speaks_german() -> None:
    a_town()
    person = make_person("clerk", name="Tina Kasse")
    ask_for_link(person)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == ([person.email], "Ihr neues Passwort")
    assert "Tina" not in sent.body


def test_no_link_is_made_from_the_host_a_request_claims() -> None:
    a_town()
    ask_for_link(make_person("clerk"), host="localhost")
    assert "http://testserver/anmelden/passwort/neu/" in mail.outbox[0].body


def test_an_access_closed_meanwhile_gets_no_link() -> None:
    a_town()
    person = make_person("clerk")
    Client().post("/anmelden/passwort/vergessen/", {"email": person.email})
    User.objects.update(is_active=False)
    run_due(timezone.now())
    assert mail.outbox == []


def test_a_job_that_runs_twice_sends_one_link() -> None:
    a_town()
    person = make_person("clerk")
    for _ in range(2):
        password_link_wanted.send(sender=User, user=person, once="1", now=NOW)
    assert Message.objects.count() == 1


def test_an_undelivered_mail_about_an_access_says_for_whom_it_was() -> None:
    a_town()
    person = make_person("clerk", name="Tina Kasse")
    password_link_wanted.send(sender=User, user=person, once="1", now=NOW)
    said = documents.addressee(Message.objects.get())
    assert said is not None
    assert (said.name, said.news, said.page) == ("Tina Kasse", "Link für ein neues Passwort", "")
