"""Everyday words against the town's real catalogue file."""

import random
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from stadthaus.services.bulky_waste.rules.items import Item, NotBulky
from stadthaus.services.bulky_waste.rules.search import Found, index, named_first, names_it, search

DATA: dict[str, Any] = tomllib.loads(
    (Path(settings.BASE_DIR) / "towns" / "werne" / "catalogue.toml").read_text(encoding="utf-8")
)
ITEMS = [
    Item(
        key=entry["key"],
        name=entry["de"],
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
    NotBulky(e["key"], e["de"], e["reason"], e["where"], tuple(e.get("words", []))) for e in DATA["not_bulky"]
]
NAMES = index(ITEMS, NOT_BULKY)


def look_up(text: str) -> Found:
    return search(text, NAMES)


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("Couch", "sofa-2-seater"),
        ("Sofaa", "sofa-2-seater"),
        ("Kautsch", "sofa-2-seater"),
        ("Boxsack", "sports-equipment"),
        ("Mülltonnenbox", "garden-box"),
        ("Aktenschrank", "filing-cabinet"),
        ("Krücken", "walking-frame"),
        ("Wassertank", "water-butt"),
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
        ("Tebbich", "carpet-2x3"),
        ("Schtuhl", "chair"),
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
        ("Gefrierkombi", "fridge-freezer"),
        ("Solaranlage", "solar-panel"),
        ("Motorbett", "care-bed"),
        ("LED Streifen", "lamp"),
        ("Infrarotheizung", "fan-heater"),
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
        ("Fensterbank", "window"),
        ("Fußmatte", "small-things"),
        ("Katzenklo", "small-things"),
        ("Boxen", "stereo"),
        ("Sat-Schüssel", "smoke-detector"),
        ("PVC-Belag", "vinyl-floor"),
        ("Briefkasten", "scrap-metal"),
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
    found = search(word, NAMES, limit=99)
    return key in {item.key for item in found.items}


@pytest.mark.parametrize("entry", DATA["not_bulky"], ids=lambda entry: entry["key"])
def test_every_thing_that_is_not_bulky_is_found_by_its_name(entry: dict[str, Any]) -> None:
    assert look_up(entry["de"]).not_bulky[0].key == entry["key"]


def test_the_list_is_short_enough_to_read() -> None:
    assert len(look_up("Schrank").items) <= 8
    assert len(look_up("Bett").not_bulky) <= 3


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Kleiderschank", "wardrobe-1-door"),
        ("kleiderschrenk", "wardrobe-1-door"),
        ("Bücherregsl", "bookcase"),
        ("Wäschestnder", "clothes-airer"),
        ("Couchtish", "table-coffee"),
        ("Sfa", "sofa-2-seater"),
        ("Ablaetisch", "table-side"),
        ("schöner kleiderschrenk", "wardrobe-1-door"),
        ("Kleiderschrenke", "wardrobe-1-door"),
        ("2 Fjußbänke", "footstool"),
    ],
)
def test_a_word_with_a_slip_finds_the_thing_and_no_advice_about_another(typed: str, key: str) -> None:
    found = look_up(typed)
    assert found.items[0].key == key
    assert found.not_bulky == ()
    assert found.is_guess


def test_a_thing_found_by_its_name_comes_without_advice_about_what_begins_like_it() -> None:
    assert look_up("Koffer").not_bulky == ()
    assert look_up("Sessel").not_bulky[0].key == look_up("Sessel mit Motor").not_bulky[0].key


def test_a_compound_that_nobody_entered_is_a_kind_of_its_last_part() -> None:
    assert look_up("Messingbett").items[0].key == look_up("Bett").items[0].key


def test_a_slip_in_a_word_still_being_typed_gives_no_advice_about_another_thing() -> None:
    assert look_up("Kleidersxhra").items[0].key == "wardrobe-1-door"


def test_a_slip_does_not_stand_beside_what_fits_as_it_was_typed() -> None:
    found = look_up("Gas")  # one slip away from "Gras"
    assert not found.is_guess
    assert "green-waste" not in {thing.key for thing in found.not_bulky}


def test_one_slip_in_any_word_of_the_catalogue_still_leads_to_the_thing() -> None:
    """At most 3 % are not found, and fewer than 1 % are told first that something else is no bulky waste."""
    chance = random.Random(2026)
    looked_up = [(look_up(with_a_slip(word, chance)), keys) for word, keys in owners().items()]
    missed = [
        found
        for found, keys in looked_up
        if not keys & ({item.key for item in found.items} | {thing.key for thing in found.not_bulky})
    ]
    misled = [found for found, keys in looked_up if found.not_bulky_first and found.not_bulky[0].key not in keys]
    assert len(looked_up) > 2000
    assert len(missed) <= 0.03 * len(looked_up)
    assert len(misled) < 0.01 * len(looked_up)


def owners() -> dict[str, set[str]]:
    """Each name, with the keys of the things that bear it."""
    found: dict[str, set[str]] = {}
    things: list[Item | NotBulky] = [*ITEMS, *NOT_BULKY]
    for thing in things:
        for word in (thing.name, *thing.words):
            found.setdefault(word, set()).add(thing.key)
    return found


def with_a_slip(word: str, chance: random.Random) -> str:
    """One letter missing, wrong or too many, or two neighbours swapped."""
    place, letter = chance.randrange(len(word)), chance.choice("abcdefghijklmnopqrstuvwxyzäöüß")
    before, here, behind = word[:place], word[place], word[place + 1 :]
    return chance.choice(
        [
            before + behind,
            before + letter + behind,
            before + letter + here + behind,
            before + behind[:1] + here + behind[1:],
        ]
    )


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("Kühlschrank", True),
        ("Kühlschrnak", True),
        ("alter Kühlschrank", True),
        ("Sofa", True),
        ("Regal für Autoreifen", False),
        ("Holz", False),
        ("Kistenregal", False),
        ("xyzzy", False),
    ],
)
def test_a_name_is_told_from_a_guess(text: str, sure: bool) -> None:
    assert names_it(text, look_up(text)) is sure


# Plurals, numbers and words around the thing

ENDS = """
schrank/schränke stuhl/stühle bank/bänke korb/körbe kasten/kästen baum/bäume ofen/öfen rad/räder haus/häuser
brett/bretter bild/bilder bett/betten tür/türen uhr/uhren ung/ungen tisch/tische regal/regale sitz/sitze
rohr/rohre gerät/geräte ium/ien e/en a/as o/os y/ys
"""
PLURALS = dict(ends.split("/") for ends in ENDS.split())


def plural(word: str) -> str | None:
    """The plural of a German word, by its ending; None where the ending does not tell."""
    small = word.lower()
    return next((small.removesuffix(end) + many for end, many in PLURALS.items() if small.endswith(end)), None)


def leads_to_itself(text: str, keys: set[str]) -> bool:
    """Whether the first that is shown is a thing of that name, and no guess."""
    found = look_up(text)
    first = found.not_bulky if found.not_bulky_first else found.items or found.not_bulky
    return bool(first) and first[0].key in keys and not found.is_guess


def test_the_plural_of_every_name_leads_to_the_thing_itself() -> None:
    plurals = {many: keys for word, keys in owners().items() if " " not in word and (many := plural(word))}
    assert len(plurals) > 700
    assert [many for many, keys in plurals.items() if not leads_to_itself(many, keys)] == []


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("2 Matratzen", "mattress-90"),
        ("drei Sofas", "sofa-2-seater"),
        ("ein alter Schrank", "wardrobe-1-door"),
        ("5 TV-Bänke", "tv-bench"),
        ("zwei Büro Stühle", "office-chair"),
        ("Gartenstühle aus Plastik", "garden-chair"),
        ("Kinderbett mit Matratze", "cot"),
        ("Schrank Küche", "kitchen-wall-cupboard"),
        ("Tisch Garten", "garden-table"),
    ],
)
def test_numbers_and_words_around_it_do_not_hide_the_thing(text: str, key: str) -> None:
    found = look_up(text)
    assert found.items[0].key == key
    assert not found.not_bulky_first
    assert not found.is_guess


@pytest.mark.parametrize(("text", "key"), [("alte Tür", "door"), ("vier Reifen", "tyre"), ("2 Badewannen", "bathtub")])
def test_numbers_and_words_around_it_do_not_hide_that_a_thing_is_not_bulky(text: str, key: str) -> None:
    assert look_up(text).not_bulky_first
    assert look_up(text).not_bulky[0].key == key


def test_letters_amid_a_word_find_nothing() -> None:
    assert look_up("Eiche rustikal") == Found((), ())  # "Nachtspeicher"


def test_a_compound_is_a_kind_of_the_longest_name_it_ends_with() -> None:
    assert [item.key for item in look_up("Pflegerollstuhl").items] == ["walking-frame"]


@pytest.mark.parametrize(
    "text",
    [
        *("Elektrogrill", "Elektro Grill", "Elektrogril", "E-Grill", "Grill elektrisch", "Elektrobett", "EBike"),
        *("Schrank mit Beleuchtung", "Regal mit LED", "Sofa mit Akku", "Treppenlift", "Badewannenlift", "Minibar"),
    ],
)
def test_what_says_that_it_is_electrical_is_no_bulky_waste(text: str) -> None:
    found = look_up(text)
    assert found.not_bulky_first
    assert "Elektrogerät" in found.not_bulky[0].reason or "Akku" in found.not_bulky[0].reason or "E-Bike" in text


@pytest.mark.parametrize(
    "text", ["Schrank ohne Beleuchtung", "Sessel ohne Motor", "Lattenrost elektrisch", "Schrank 5 e"]
)
def test_what_is_not_electrical_or_is_asked_about_stays_bulky_waste(text: str) -> None:
    assert not look_up(text).not_bulky_first


def test_a_gas_grill_is_warned_about_its_bottle() -> None:
    assert "auch nicht die am Grill" in look_up("Gasgrill").not_bulky[0].reason


@pytest.mark.parametrize("text", ["Waschmaschine Miele", "Kühlschrank weiß", "2 Fernseher Samsung", "Kühlschrnk weiß"])
def test_a_brand_or_a_colour_makes_no_bulky_waste_of_an_appliance(text: str) -> None:
    assert named_first(text, NAMES)


@pytest.mark.parametrize(
    "text", ["Fernseher Tisch", "Reifen aus Holz", "Couch rot", "Waschmaschine", "", "Brett Kühlschrank"]
)
def test_what_may_be_something_else_is_not_called_an_appliance(text: str) -> None:
    assert named_first(text, NAMES) is None
