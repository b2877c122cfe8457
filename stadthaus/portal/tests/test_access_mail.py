import pytest
from django.core import mail

from stadthaus.accounts import actions, queries
from stadthaus.accounts.models import Proposal, User
from stadthaus.accounts.tests.factories import NOW, make_person
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
