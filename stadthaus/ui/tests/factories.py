"""Plain factories for tests of the page frame."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory

from stadthaus.town.queries import Town

TEXTS = {
    "town.name": {"de": "Stadt Werne"},
    "town.office": {"de": "Bürgerbüro"},
    "town.phone": {"de": "02389 71-0"},
    "town.hours": {"de": "Montag bis Freitag"},
}


def make_town() -> Town:
    return Town(rules={}, texts=TEXTS)


def make_request(path: str = "/", headers: dict[str, str] | None = None, *, knows_town: bool = True) -> HttpRequest:
    request = RequestFactory().get(path, headers=headers)
    request.user = AnonymousUser()
    if knows_town:
        vars(request)["town"] = make_town()
    return request
