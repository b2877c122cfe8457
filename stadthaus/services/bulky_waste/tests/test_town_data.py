"""The real folder of the town can be loaded and is complete; an unusable file is refused by name."""

import re
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings

from stadthaus.base_services.addresses import town_data as addresses
from stadthaus.base_services.addresses.models import Street
from stadthaus.kernel.actors import Actor
from stadthaus.kernel.calendars import BERLIN
from stadthaus.services.bulky_waste import actions, queries, town_data
from stadthaus.services.bulky_waste.models import CatalogueItem, NotBulkyThing
from stadthaus.services.bulky_waste.rules.items import EVERYDAY, Offer
from stadthaus.town import queries as town_queries
from stadthaus.town import town_data as rules_and_texts
from stadthaus.town.rules.files import TownDataError

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=BERLIN)
WERNE = Path(settings.BASE_DIR) / "towns" / "werne"
CLERK = Actor(kind="staff", label="Rita Regel")
ELECTRICAL = (
    "washing-machine",
    "tumble-dryer",
    "dishwasher",
    "electric-cooker",
    "fridge",
    "fridge-freezer",
    "freezer",
    "television",
)


@pytest.fixture(autouse=True)
def _werne(db: None) -> None:  # noqa: ARG001  pytest gives the database by this name
    rules_and_texts.load(WERNE, NOW)
    town_data.load(WERNE)


SOFA = """[[item]]
key = "sofa-3-seater"
de = "Liegesofa"
drawing = "sofa"
litres = 900
fraction = "bulky"
asks_electrical = true
"""


def test_there_are_enough_things_and_words_to_find_them() -> None:
    items = CatalogueItem.objects.all()
    assert items.count() >= 70
    assert sum(len(item.words) for item in items) >= 250
    assert NotBulkyThing.objects.count() >= 60


@pytest.mark.parametrize("key", ELECTRICAL)
def test_appliances_are_not_bulky_waste(key: str) -> None:
    assert NotBulkyThing.objects.filter(key=key).exists()
    assert not CatalogueItem.objects.filter(key=key).exists()


def test_furniture_that_may_have_a_motor_is_asked_about() -> None:
    asked = set(CatalogueItem.objects.filter(asks_electrical=True).values_list("key", flat=True))
    assert {"recliner", "bed-double", "desk", "mirror-cabinet", "slatted-base-90", "sofa-2-seater"} <= asked


def test_everything_that_is_not_taken_says_why_and_where_it_goes() -> None:
    silent = [thing.key for thing in NotBulkyThing.objects.all() if not (thing.reason and thing.where_to)]
    assert silent == []


def test_dismantled_things_take_less_room_or_are_too_long_whole() -> None:
    limits = queries.limits(town_queries.current(), NOW.date())
    whole = [item for item in queries.catalogue().items.values() if item.offer(limits) is Offer.ANY]
    assert [item.key for item in whole if (item.litres_dismantled or 0) >= item.litres] == []


def test_every_thing_has_its_length_in_the_catalogue() -> None:
    assert not CatalogueItem.objects.filter(longest_cm=0).exists()


def test_every_sofa_can_be_ordered_whole_or_in_its_parts() -> None:
    limits = queries.limits(town_queries.current(), NOW.date())
    sofas = [item for item in queries.catalogue().items.values() if item.drawing == "sofa"]
    assert len(sofas) == 5
    assert {item.key for item in sofas} == set().union(*(kind.keys for kind in limits.longer))
    assert {item.key: item.offer(limits) for item in sofas if item.offer(limits) is not Offer.ANY} == {
        "corner-sofa": Offer.DISMANTLED
    }


def test_every_drawing_of_the_catalogue_exists() -> None:
    drawn = set(re.findall(r'id="([\w-]+)"', _sprite()))
    used = set(CatalogueItem.objects.values_list("drawing", flat=True)) | {"own"}
    missing = {name for name in used if not any(known.endswith(name) for known in drawn)}
    assert missing == set()


def _sprite() -> str:
    folder = Path(settings.BASE_DIR) / "stadthaus" / "ui"
    return "".join(file.read_text(encoding="utf-8") for file in folder.rglob("*.svg"))


def test_the_everyday_things_shown_first_are_in_the_catalogue() -> None:
    assert set(EVERYDAY) <= set(queries.catalogue().items)


def test_the_towns_429_streets_are_loaded() -> None:
    assert addresses.load(WERNE, NOW) == "429 Straßen neu, 0 geändert"
    assert Street.objects.count() == 429
    assert Street.objects.exclude(hint="").count() == 4  # two names that occur twice


def test_every_placeholder_is_known_as_one() -> None:
    unconfirmed = {rule.key for rule in town_queries.current().unconfirmed(NOW.date())}
    assert {"bulky_waste.fee_per_card", "bulky_waste.litres_per_card", "bulky_waste.order_until"} <= unconfirmed


def test_loading_again_changes_nothing() -> None:
    assert town_data.load(WERNE) == "0 Einträge im Katalog neu, geändert oder gestrichen"
    assert rules_and_texts.load(WERNE, NOW) == "0 Regelwerte, 0 Texte neu"


def test_an_edited_volume_is_never_overwritten() -> None:
    actions.change_volume(key="sofa-3-seater", litres=1234, litres_dismantled=None, actor=CLERK, now=NOW)
    town_data.load(WERNE)
    assert queries.catalogue().items["sofa-3-seater"].litres == 1234


def test_all_else_of_a_corrected_item_follows_the_file(tmp_path: Path) -> None:
    actions.change_volume(key="sofa-3-seater", litres=1234, litres_dismantled=None, actor=CLERK, now=NOW)
    (tmp_path / "catalogue.toml").write_text(SOFA, encoding="utf-8")
    town_data.load(tmp_path)
    sofa = queries.catalogue().items["sofa-3-seater"]
    assert (sofa.name, sofa.asks_electrical, sofa.litres) == ("Liegesofa", True, 1234)


def test_what_left_the_file_is_offered_no_more_and_comes_back_with_it(tmp_path: Path) -> None:
    (tmp_path / "catalogue.toml").write_text(SOFA, encoding="utf-8")
    town_data.load(tmp_path)
    assert (list(queries.catalogue().items), NotBulkyThing.objects.count()) == (["sofa-3-seater"], 0)
    town_data.load(WERNE)
    assert "chair" in queries.catalogue().items


def test_a_corrected_volume_is_seen_at_once() -> None:
    assert queries.catalogue().items["sofa-3-seater"].litres == 1700
    actions.change_volume(key="sofa-3-seater", litres=1234, litres_dismantled=None, actor=CLERK, now=NOW)
    assert queries.catalogue().items["sofa-3-seater"].litres == 1234


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('litres = -3\nfraction = "wood"', "litres: „-3“"),
        ('litres = 1\nlitres_dismantled = 2\nfraction = "wood"', "litres_dismantled ist größer"),
        ('litres = 1\nfraction = "wood"\nasks_electrical = "ja"', "weder true noch false"),
        ('litres = 1\nfraction = "wood"\nlongest = 3', "„longest“"),
        ('litres = 1\nfraction = "sand"', "sand"),
        ('fraction = "wood"', "„litres“ fehlt"),
    ],
)
def test_an_entry_that_cannot_be_used_is_named(tmp_path: Path, line: str, named: str) -> None:
    entry = f'[[item]]\nkey = "odd-thing"\nde = "Ding"\ndrawing = "own"\n{line}\n'
    (tmp_path / "catalogue.toml").write_text(entry, encoding="utf-8")
    before = CatalogueItem.objects.count()
    with pytest.raises(TownDataError, match=rf"odd-thing.*{named}"):
        town_data.load(tmp_path)
    assert CatalogueItem.objects.count() == before
