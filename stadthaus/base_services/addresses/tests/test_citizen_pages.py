"""Suggestions while somebody types a street."""

import random
from collections.abc import Iterator

import pytest
from django.test import Client

from stadthaus.base_services.addresses.rate_limits import TokenBuckets
from stadthaus.base_services.addresses.tests.factories import a_street
from stadthaus.base_services.addresses.views import citizen

pytestmark = [pytest.mark.django_db, pytest.mark.urls("stadthaus.base_services.addresses.urls")]
PATH = "/adressen/strassen/"


@pytest.fixture(autouse=True)
def full_buckets(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(citizen, "_buckets", TokenBuckets(limit=120, per_seconds=60))
    yield


def test_suggestions_are_names_with_what_tells_them_apart(client: Client) -> None:
    a_street("Kiwitzheidweg", hint="nördlicher Teil")
    response = client.get(PATH, {"q": "kiw"})
    assert response.json() == ["Kiwitzheidweg (nördlicher Teil)"]
    assert response["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in response


@pytest.mark.parametrize("query", ["", "?q=", "?q=k", "?q=%20k%20"])
def test_fewer_than_two_letters_suggest_nothing(client: Client, query: str) -> None:
    a_street("Kiwitzheidweg")
    assert client.get(PATH + query).json() == []


def test_suggestions_are_only_read(client: Client) -> None:
    assert client.post(PATH, {"q": "kiw"}).status_code == 405


def test_the_view_names_its_audience() -> None:
    assert vars(citizen.suggest_streets)["audience"] == "public"


def test_too_many_questions_get_no_answer_for_a_while(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(citizen, "_buckets", TokenBuckets(limit=120, per_seconds=86_400))
    answers = [client.get(PATH, {"q": "ki"}) for _ in range(121)]
    assert {response.status_code for response in answers[:120]} == {200}
    assert answers[120].status_code == 429
    assert answers[120]["Retry-After"]
    assert "public" not in answers[120].get("Cache-Control", "")


def test_random_garbage_gets_an_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(citizen, "_buckets", TokenBuckets(limit=1000, per_seconds=60))
    a_street("Markt")
    chance = random.Random(20261123)
    for _ in range(300):
        raw = bytes(chance.randrange(256) for _ in range(chance.randrange(30)))
        answer = client.get(PATH + "?q=" + "".join(f"%{byte:02x}" for byte in raw))
        assert answer.status_code == (
            400 if 0 in raw else 200
        )  # the character with the number 0 is refused everywhere
