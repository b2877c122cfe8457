from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from pytest_django.fixtures import Settings

from stadthaus.base_services.payments import queries
from stadthaus.base_services.payments.rules import giro_code
from stadthaus.base_services.payments.tests import factories
from stadthaus.base_services.payments.tests.factories import NOW
from stadthaus.town import queries as town_queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]

LARGEST_CODE = 69  # modules: version 13, the largest EPC069-12 allows
QUIET_ZONE = 4


def test_the_code_of_a_transfer_says_who_how_much_and_for_what(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    make = giro_code.payload

    def listen(**values: Any) -> str:
        said.append(make(**values))
        return said[-1]

    monkeypatch.setattr(giro_code, "payload", listen)
    request = factories.request("transfer")
    queries.giro_code(request, town_queries.current())
    lines = said[0].split("\n")
    assert lines[4:8] == ["BYLADEM1001", "Stadt Werne", "DE02120300000000202051", "EUR15.00"]
    assert lines[10:] == [request.kassenzeichen, "Sperrmüllkarte"]


def test_the_code_is_a_picture_without_inline_style_or_script() -> None:
    svg = queries.giro_code_svg(factories.request("transfer"), town_queries.current())
    picture = ElementTree.fromstring(svg)  # noqa: S314  our own output
    size = int(picture.attrib["viewBox"].split()[2]) - 2 * QUIET_ZONE
    assert size <= LARGEST_CODE
    assert all("style" not in part.attrib for part in picture.iter())
    assert "script" not in svg


def test_ways_are_offered_by_the_town_rules_of_the_day() -> None:
    town = town_queries.current()
    offers = queries.offered_ways(now=NOW, cut_off=NOW + timedelta(days=20), town=town, today=NOW.date())
    assert [offer.way for offer in offers] == ["online", "transfer", "counter"]
    assert offers[0].pay_by == NOW + timedelta(minutes=30)


def test_without_a_provider_nobody_is_offered_to_pay_online(settings: Settings) -> None:
    settings.DEMO = False
    town = town_queries.current()
    offers = queries.offered_ways(now=NOW, cut_off=NOW + timedelta(days=20), town=town, today=NOW.date())
    assert [offer.way for offer in offers] == ["transfer", "counter"]


def test_another_provider_is_named_by_a_setting(settings: Settings) -> None:
    settings.DEMO = False
    settings.PAYMENT_PROVIDER = "xbezahldienste"
    assert queries.online_provider() == "xbezahldienste"
