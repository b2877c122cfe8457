"""Everyday words against the town's real catalogue file."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from stadthaus.services.bulky_waste.rules.items import Item, NotBulky
from stadthaus.services.bulky_waste.rules.search import Found, search

DATA: dict[str, Any] = tomllib.loads(
    (Path(settings.BASE_DIR) / "towns" / "werne" / "catalogue.toml").read_text(encoding="utf-8")
)
ITEMS = [
    Item(
        key=entry["key"],
        name=entry["de"],
        group=entry["group"],
        drawing=entry["drawing"],
        litres=entry["litres"],
        litres_dismantled=entry.get("litres_dismantled"),
        fraction=entry["fraction"],
        asks_electrical=entry.get("asks_electrical", False),
        longest_cm=entry.get("longest_cm", 0),
        words=tuple(entry.get("words", [])),
    )
    for entry in DATA["item"]
]
NOT_BULKY = [
    NotBulky(e["key"], e["de"], e["kind"], e["reason"], e["where"], tuple(e.get("words", [])))
    for e in DATA["not_bulky"]
]


def look_up(text: str) -> Found:
    return search(text, ITEMS, NOT_BULKY)


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("Couch", "sofa-2-seater"),
        ("Sofaa", "sofa-2-seater"),
        ("Kautsch", "sofa-2-seater"),
        ("Schrank", "wardrobe-1-door"),
        ("kleiderschrank", "wardrobe-1-door"),
        ("Matraze", "mattress-90"),
        ("MATRATZE", "mattress-90"),
        ("Teppich", "carpet-2x3"),
        ("Drahtesel", "bicycle"),
        ("Fahrrad", "bicycle"),
        ("Ehebett", "bed-double"),
        ("Jugendbett", "bed-single"),
        ("Kinderbett", "cot"),
        ("Lattenrost", "slatted-base-90"),
        ("Stühle", "chair"),
        ("Stuehle", "chair"),
        ("Esstisch", "table-dining"),
        ("Schreibtisch", "desk"),
        ("Billy", "bookcase"),
        ("Ikea-Regal", "bookcase"),
        ("Kommode", "chest-of-drawers"),
        ("Ohrensessel", "armchair"),
        ("Eckbank", "corner-bench"),
        ("Spiegel", "mirror"),
        ("Koffer", "suitcase"),
        ("Leiter", "ladder"),
        ("Grill", "charcoal-grill"),
        ("Trampolin", "trampoline"),
        ("Rutsche", "plastic-slide"),
        ("Buggy", "pram"),
        ("Bobbycar", "ride-on-car"),
        ("Rollator", "walking-frame"),
        ("Sonnenschirm", "parasol"),
        ("Wäscheständer", "clothes-airer"),
        ("Waescheständer", "clothes-airer"),
        ("Bügelbrett", "ironing-board"),
        ("Puff", "footstool"),
        ("Wohnwand", "wall-unit"),
        ("Nachtschrank", "bedside-table"),
        ("Einbauküche", "kitchen-wall-cupboard"),
        ("Hollywoodschaukel", "swing-seat"),
        ("Biertisch", "beer-bench-set"),
        ("Standuhr", "grandfather-clock"),
        ("Kratzbaum", "cat-tree"),
    ],
)
def test_everyday_words_find_the_thing_first(word: str, key: str) -> None:
    assert look_up(word).items[0].key == key


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("Kühlschrank", "fridge"),
        ("Kuehlschrank", "fridge"),
        ("Waschmaschiene", "washing-machine"),
        ("Glotze", "television"),
        ("Herd", "electric-cooker"),
        ("Trockner", "tumble-dryer"),
        ("Spülmaschine", "dishwasher"),
        ("Mikrowelle", "microwave"),
        ("Winterreifen", "tyre"),
        ("Farbeimer", "paint"),
        ("Batterie", "battery"),
        ("Tür", "door"),
        ("Fenster", "window"),
        ("Klo", "toilet"),
        ("Laminat", "laminate"),
        ("Tapete", "wallpaper"),
        ("Kleidung", "clothing"),
        ("Lampe", "lamp"),
        ("Handy", "phone"),
        ("Staubsauger", "vacuum-cleaner"),
        ("Weihnachtsbaum", "christmas-tree"),
        ("Gasflasche", "gas-cylinder"),
        ("Bauschutt", "rubble"),
        ("Müllsack", "rubbish-bag"),
        ("Crosstrainer", "treadmill"),
        ("E-Bike", "e-bike"),
        ("Zaun", "fence"),
    ],
)
def test_what_is_not_bulky_waste_is_said_and_nothing_else_is_offered(word: str, key: str) -> None:
    found = look_up(word)
    assert found.items == ()
    assert found.not_bulky[0].key == key


@pytest.mark.parametrize(
    ("word", "key"), [("Badewanne", "bathtub"), ("Fliesen", "tiles"), ("Klavier", "piano"), ("Bücher", "books")]
)
def test_a_thing_that_is_not_bulky_is_found_although_others_are_named_after_it(word: str, key: str) -> None:
    assert look_up(word).not_bulky[0].key == key


@pytest.mark.parametrize("word", ["xyzzy", "Elefant", "%", "", " ", "a", "ä", "!!!", "🛋", "0" * 80])
def test_what_nobody_knows_finds_nothing(word: str) -> None:
    assert look_up(word) == Found((), ())


@pytest.mark.parametrize("entry", DATA["item"], ids=lambda entry: entry["key"])
def test_every_item_is_found_by_its_name_and_what_people_call_it(entry: dict[str, Any]) -> None:
    missed = [word for word in [entry["de"], *entry.get("words", [])[:2]] if not _finds(word, entry["key"])]
    assert missed == []


def _finds(word: str, key: str) -> bool:
    found = search(word, ITEMS, NOT_BULKY, limit=99)
    return key in {item.key for item in found.items}


@pytest.mark.parametrize("entry", DATA["not_bulky"], ids=lambda entry: entry["key"])
def test_every_thing_that_is_not_bulky_is_found_by_its_name(entry: dict[str, Any]) -> None:
    assert look_up(entry["de"]).not_bulky[0].key == entry["key"]


def test_the_list_is_short_enough_to_read() -> None:
    assert len(look_up("Schrank").items) <= 8
    assert len(look_up("Bett").not_bulky) <= 3
