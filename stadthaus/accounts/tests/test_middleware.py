import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from stadthaus.accounts.tests.factories import make_person

Lines = Callable[[], list[dict[str, Any]]]

pytestmark = [pytest.mark.django_db, pytest.mark.urls("stadthaus.accounts.tests.urls")]

SECRET = "geheimer-link-4711"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Lines:
    caplog.set_level(logging.INFO)
    return lambda: [record.msg for record in caplog.records if isinstance(record.msg, dict)]


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    caplog.set_level(logging.INFO)
    return lambda: " ".join(str(record.__dict__) for record in caplog.records)


def test_each_request_is_one_line_with_the_name_of_its_route(client: Client, lines: Lines) -> None:
    client.get(f"/test/link/{SECRET}/?q=Meyer")
    (line,) = lines()
    assert (line["event"], line["method"], line["route"], line["status"]) == ("request", "GET", "by_link", 200)
    assert set(line) == {*("event", "method", "route", "status", "ms", "request_id"), *("level", "timestamp")}


def test_a_line_can_be_found_by_the_number_in_the_answer(client: Client, lines: Lines) -> None:
    response = client.get("/test/public/")
    assert lines()[0]["request_id"] == response["X-Request-ID"]


@pytest.mark.parametrize(
    "path",
    [
        f"/test/link/{SECRET}/",
        f"/test/link/{SECRET}/?name={SECRET}",
        f"/test/broken/{SECRET}/",
        f"/not/there/{SECRET}/",
        f"/fahrt/anmelden/{SECRET}/",
        f"/anmelden/passwort/neu/1-{SECRET}/",
    ],
)
def test_no_log_ever_contains_a_path_or_a_query(path: str, everything_logged: Callable[[], str]) -> None:
    browser = Client(raise_request_exception=False, enforce_csrf_checks=True)
    browser.get(path)
    browser.post(path, {"name": SECRET})
    assert "route" in everything_logged()
    assert SECRET not in everything_logged()


def test_no_log_names_the_person(client: Client, everything_logged: Callable[[], str]) -> None:
    person = make_person("clerk", name="Claus Clerk")
    client.force_login(person)
    client.get("/test/orders/")
    assert person.email not in everything_logged()
    assert person.name not in everything_logged()


def test_an_exception_is_logged_with_its_places_and_without_its_words(lines: Lines) -> None:
    response = Client(raise_request_exception=False).get(f"/test/broken/{SECRET}/")
    failure, request = lines()
    assert (failure["event"], failure["route"], failure["trace"][0]) == ("exception", "broken", "LookupError")
    assert failure["trace"][-1].endswith("_broken")
    assert failure["request_id"] == request["request_id"] == response["X-Request-ID"]
    assert request["status"] == 500


def test_an_address_that_leads_nowhere_has_no_route(client: Client, lines: Lines) -> None:
    assert client.get("/not/there/").status_code == 404
    assert lines()[0]["route"] == ""
