from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from stadthaus.base_services.payments import actions, documents
from stadthaus.base_services.payments.rules import giro_code
from stadthaus.base_services.payments.tests import factories
from stadthaus.base_services.payments.tests.factories import NOW, TREASURY
from stadthaus.kernel.calendars import day_of
from stadthaus.town import queries as town_queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]

LARGEST_CODE = 69  # modules: version 13, the largest EPC069-12 allows
QUIET_ZONE = 4


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the codes say that are made from now on."""
    said: list[str] = []
    make = giro_code.payload

    def listen(**values: Any) -> str:
        said.append(make(**values))
        return said[-1]

    monkeypatch.setattr(giro_code, "payload", listen)
    return said


def test_the_code_of_a_transfer_says_who_how_much_and_for_what(said: list[str]) -> None:
    request = factories.request("transfer")
    documents.giro_code(request, town_queries.current())
    lines = said[0].split("\n")
    assert lines[4:8] == ["BYLADEM1001", "Stadt Werne", "DE02120300000000202051", "EUR15.00"]
    assert lines[10:] == [request.kassenzeichen, "Sperrmüllkarte"]


def test_once_a_part_has_come_the_code_is_for_the_rest(said: list[str]) -> None:
    request = factories.request("transfer")
    actions.mark_received(
        request_id=request.pk,
        received_on=day_of(NOW),
        amount_cents=1000,
        actor=TREASURY,
        now=NOW,
        as_stated=True,
        booked=request.ledger.count(),
    )
    request.refresh_from_db()
    documents.giro_code(request, town_queries.current())
    assert said[0].split("\n")[7] == "EUR5.00"


def test_the_code_is_a_picture_without_inline_style_or_script() -> None:
    svg = documents.giro_code(factories.request("transfer"), town_queries.current())
    picture = ElementTree.fromstring(svg)  # noqa: S314  our own output
    size = int(picture.attrib["viewBox"].split()[2]) - 2 * QUIET_ZONE
    assert size <= LARGEST_CODE
    assert all("style" not in part.attrib for part in picture.iter())
    assert "script" not in svg


@pytest.mark.parametrize("begin", ["=", "-", "＝", " =", " ＋"])
def test_no_name_in_the_ledger_file_is_a_formula(begin: str) -> None:
    factories.received(factories.request("transfer"), by=replace(TREASURY, label=f"{begin}1+1"))
    booked_by = [line.rpartition(";")[2] for line in documents.ledger_csv(NOW.date().replace(day=1)).splitlines()]
    assert f"'{begin}1+1" in booked_by
    assert f"{begin}1+1" not in booked_by
