"""How a page may be asked for: a look without its body, and addresses that only a button leads to."""

import pytest
from django.test import Client

from stadthaus.services.bulky_waste.tests.factories import make_town

pytestmark = pytest.mark.django_db

READ = [
    "/",
    "/impressum/",
    "/datenschutz/",
    "/barrierefreiheit/",
    "/healthz",
    "/readyz",
    "/.well-known/security.txt",
    "/robots.txt",
]


@pytest.mark.parametrize("path", READ)
def test_whoever_only_looks_whether_a_page_is_there_gets_its_headers(client: Client, path: str) -> None:
    make_town()
    read, looked = client.get(path), client.head(path)
    assert (looked.status_code, looked.content) == (200, b"")
    assert looked["Content-Type"] == read["Content-Type"]


def test_an_address_that_only_a_button_leads_to_says_so_and_what_to_do(client: Client) -> None:
    answer = client.get("/bezahlen/0123456789ab/")
    assert (answer.status_code, answer["Allow"], answer["Cache-Control"]) == (405, "POST", "private, no-store")
    assert "Diese Adresse gehört zu einer Schaltfläche" in answer.content.decode()
    assert "Gehen Sie im Browser zurück" in answer.content.decode()


def test_a_page_that_is_only_read_says_so_to_whoever_sends_something(client: Client) -> None:
    answer = client.post("/impressum/")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert "Dabei ist nichts geschehen" in answer.content.decode()


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_ways_of_asking_than_looking_and_sending_are_refused(client: Client, method: str) -> None:
    make_town()
    answer = client.generic(method, "/sperrmuell/")
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, POST"
