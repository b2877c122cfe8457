"""The waste administration corrects how much room a thing takes; everybody else cannot."""

from typing import Any

import pytest
from django.test import Client

from stadthaus.accounts.tests.factories import make_person
from stadthaus.services.bulky_waste import queries
from stadthaus.services.bulky_waste.models import CatalogueItem, Order
from stadthaus.services.bulky_waste.rules.items import Line
from stadthaus.services.bulky_waste.tests import factories

pytestmark = pytest.mark.usefixtures("town")
LIST = "/buero/sperrmuell/katalog/"
CHAIR = f"{LIST}chair/"


def at_desk(role: str = "waste_administration") -> Client:
    client = Client()
    client.force_login(make_person(role))
    return client


def save(client: Client, **given: Any) -> Any:
    return client.post(CHAIR, {"litres": "250", "litres_dismantled": "", **given})


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_new_volume_counts_from_the_next_order_on_and_is_kept_with_who_changed_it() -> None:
    before = factories.place_order(factories.make_day(), things=(Line("chair", 1),))
    client = at_desk()
    assert save(client)["Location"] == f"{LIST}#chair"
    after = factories.place_order(factories.make_day(district="sued"), things=(Line("chair", 1),))
    assert Order.objects.get(pk=before.pk).litres < after.litres == 250
    page = text(client.get(CHAIR))
    assert f"{before.litres} → 250 Liter" in page
    assert "hier geändert" in text(client.get(LIST))


def test_the_same_volume_again_is_no_change() -> None:
    client = at_desk()
    item = CatalogueItem.objects.get(key="chair")
    save(client, litres=item.litres, litres_dismantled=item.litres_dismantled or "")
    assert queries.changes_of_volume("chair") == []
    assert not CatalogueItem.objects.get(key="chair").edited


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"litres": ""}, "Volumen am Stück"),
        ({"litres": "0"}, "Volumen am Stück"),
        ({"litres": "99999999"}, "Volumen am Stück"),
        ({"litres": "viel"}, "Volumen am Stück"),
        ({"litres": "100", "litres_dismantled": "101"}, "Zerlegt kann es nicht mehr Platz brauchen"),
    ],
)
def test_a_volume_that_makes_no_sense_is_refused_at_its_field(given: dict[str, str], said: str) -> None:
    page = text(save(at_desk(), **given))
    assert "Fehler:" in page
    assert said in page
    assert not CatalogueItem.objects.get(key="chair").edited


@pytest.mark.parametrize(("role", "sees"), [("administrator", 200), ("clerk", 403), ("treasury", 403)])
def test_nobody_else_changes_a_volume(role: str, sees: int) -> None:
    client = at_desk(role)
    assert client.get(LIST).status_code == sees
    assert save(client).status_code == 403
    assert "ändern</a>" not in text(client.get(LIST))


def test_what_is_not_in_the_catalogue_is_not_found() -> None:
    assert at_desk().get(f"{LIST}unicorn/").status_code == 404
