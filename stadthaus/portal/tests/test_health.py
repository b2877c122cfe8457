import logging
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from stadthaus.services.bulky_waste.tests.factories import make_town
from stadthaus.town.tests.factories import enter_fee, enter_text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_has_asked() -> None:
    cache.clear()


def test_where_to_report_a_weakness_holds_for_months_on_every_day_of_the_year(client: Client) -> None:
    enter_text("town.email", de="stadt@example.org")
    answer = client.get("/.well-known/security.txt").content.decode()
    expires = datetime.fromisoformat(answer.partition("Expires: ")[2].splitlines()[0])
    assert timedelta(days=90) < expires - timezone.now() < timedelta(days=365)


def test_search_engines_read_the_service_and_leave_private_pages_alone(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    blocked = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow: ")]
    assert not any("/sperrmuell/".startswith(path) for path in blocked)
    for private in ("/bestellung/abc/", "/buero/bestellungen/", "/entsorger/", "/fahrt/", "/sperrmuell/bestellen/"):
        assert any(private.startswith(path) for path in blocked), private


def test_the_icon_is_where_browsers_look_for_it(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert response.status_code == 302
    assert response["Location"].endswith(".svg")


def test_ready_is_a_house_with_a_town(client: Client) -> None:
    make_town()
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_outsiders_learn_that_it_is_not_ready_but_not_why(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"status": "not ready"})
    assert "no town is loaded" in caplog.text


def test_a_town_that_lacks_a_rule_is_not_ready_and_the_log_names_it(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    make_town()
    enter_fee("0 Euro", timezone.localdate())
    caplog.set_level(logging.INFO)
    assert client.get("/readyz").status_code == 503
    assert "bulky_waste.fee_per_card" in caplog.text


def test_whoever_asks_again_and_again_asks_the_database_once(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/readyz")
    with django_assert_num_queries(0):
        assert client.get("/readyz").status_code == 503


def test_that_the_process_lives_costs_no_statement(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"status": "ok"}
