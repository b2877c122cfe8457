"""Unerledigte Aufgaben: what the program gave up, for whoever runs it."""

import pytest
from django.test import Client

from stadthaus.accounts.tests.factories import make_person
from stadthaus.base_services.messages.models import DELIVER
from stadthaus.base_services.messages.tests.factories import a_town
from stadthaus.base_services.payments.models import LAPSE
from stadthaus.portal import queries
from stadthaus.services.bulky_waste.models import TELL_RESULT
from stadthaus.services.bulky_waste.tests.factories import make_day, make_town, place_order
from stadthaus.work import registry
from stadthaus.work.models import Job
from stadthaus.work.tests.factories import NOW, a_job

pytestmark = pytest.mark.django_db
PAGE = "/buero/aufgaben/"
FAULT = "ValueError (jobs.py:31)"


@pytest.fixture
def manager(client: Client) -> Client:
    a_town()
    client.force_login(make_person("administrator"))
    return client


def a_given_up_job(kind: str = TELL_RESULT, key: str = "482917305") -> Job:
    return a_job(kind=kind, key=key, failed_at=NOW, attempts=80, last_error=FAULT)


def shown(client: Client) -> str:
    return client.get(PAGE).content.decode()


def test_a_given_up_job_is_said_in_words_with_order_and_kind_of_fault(manager: Client) -> None:
    a_given_up_job()
    content = shown(manager)
    for text in ("Ergebnis der Abholung mitteilen", "482 917 305".replace(" ", "\N{NO-BREAK SPACE}"), "ValueError"):
        assert text in content
    assert "jobs.py" not in content


def test_who_sees_no_orders_gets_no_link_to_one(manager: Client, client: Client) -> None:
    a_given_up_job()
    address = "/buero/sperrmuell/482917305/"
    assert address not in shown(manager)
    client.force_login(make_person("waste_administration"))
    assert address in shown(client)


def test_a_job_about_a_payment_names_the_order() -> None:
    make_town()
    order = place_order(make_day())
    Job.objects.filter(kind=LAPSE, key=str(order.payment_id)).update(failed_at=NOW)
    (said,) = queries.in_words(queries.unfinished_jobs())
    assert said.number == order.number


def test_a_job_that_only_fails_often_says_when_it_is_tried_next(manager: Client) -> None:
    a_job(kind="bulky_waste.hand_over", key="regular", attempts=9, last_error=FAULT)
    content = shown(manager)
    assert "9-mal versucht, wieder" in content
    assert "Noch einmal versuchen" not in content


def test_trying_again_pressed_twice_is_one_new_start(manager: Client) -> None:
    job = a_given_up_job()
    for _ in range(2):
        assert manager.post(f"{PAGE}{job.pk}/noch-einmal/")["Location"] == PAGE
    assert Job.objects.get().failed_at is None
    assert "Nichts ist liegen geblieben" in shown(manager)


def test_mails_are_listed_elsewhere(manager: Client) -> None:
    a_given_up_job(kind=DELIVER, key="1")
    assert "Nichts ist liegen geblieben" in shown(manager)


def test_the_home_page_counts_them(manager: Client) -> None:
    a_given_up_job()
    assert "Unerledigte Aufgaben</a> <strong>1</strong>" in manager.get("/buero/").content.decode()


@pytest.mark.parametrize("role", ["clerk", "treasury", "dispatcher"])
def test_others_neither_see_nor_start_them(client: Client, role: str) -> None:
    a_town()
    job = a_given_up_job()
    client.force_login(make_person(role))
    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}{job.pk}/noch-einmal/").status_code == 403
    assert Job.objects.get().failed_at == NOW


def test_every_kind_of_work_has_words() -> None:
    kinds = {kind for kind in registry._handlers if not kind.startswith("test.")}
    assert kinds - {DELIVER} == set(queries.JOB_WORDS)
