"""The town's list of streets, and the real one of Werne."""

import random
from pathlib import Path

import pytest
from django.conf import settings

from stadthaus.base_services.addresses import queries, town_data
from stadthaus.base_services.addresses.models import Street
from stadthaus.base_services.addresses.tests.factories import MUNICIPALITY, NOW
from stadthaus.town.models import Rule
from stadthaus.town.rules.files import TownDataError

HEAD = "street_key;name;lat;lon;hint"
STREETS = Path(settings.BASE_DIR) / "towns" / "werne" / "streets.csv"


def a_centre() -> None:
    Rule.objects.create(
        key="addresses.centre",
        kind="operational",
        value={"lat": 51.66266, "lon": 7.63644},
        valid_from=NOW.date(),
        entered_at=NOW,
    )


def test_a_line_is_read_with_and_without_point_and_hint() -> None:
    streets = town_data.read_streets(
        [HEAD, f"{MUNICIPALITY}02500;Ackerstraße;51.67127;7.63490;Nord", f"{MUNICIPALITY}02543;Borg;;;"]
    )
    assert [(street.name, street.hint, street.point) for street in streets] == [
        ("Ackerstraße", "Nord", (51.67127, 7.6349)),
        ("Borg", "", None),
    ]


def test_the_column_of_hints_may_be_missing() -> None:
    (street,) = town_data.read_streets(["street_key;name;lat;lon", f"{MUNICIPALITY}02500;Borg;;"])
    assert street.hint == ""


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "fehlen die Spalten"),
        (["key;name"], "fehlen die Spalten lat"),
        ([HEAD, "12;Borg;;;"], "Zeile 2.*17 Ziffern"),
        ([HEAD, f"{MUNICIPALITY}02500;;;;"], "Zeile 2.*Name fehlt"),
        ([HEAD, f"{MUNICIPALITY}02500;...;;;"], "Name fehlt"),
        ([HEAD, f"{MUNICIPALITY}02500;Borg;51,6;7.6;"], "kein Punkt"),
        ([HEAD, f"{MUNICIPALITY}02500;Borg;51.6;;"], "kein Punkt"),
        ([HEAD, f"{MUNICIPALITY}02500;Borg;7.6;51.6;"], "nicht in Deutschland"),
        ([HEAD, f"{MUNICIPALITY}02500;Borg;nan;nan;"], "nicht in Deutschland"),
        ([HEAD, f"{MUNICIPALITY}02500;Borg;;;", f"{MUNICIPALITY}02500;Burg;;;"], "zweimal"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_with_its_line(lines: list[str], words: str) -> None:
    with pytest.raises(TownDataError, match=words):
        town_data.read_streets(lines)


@pytest.mark.django_db
def test_a_refused_list_leaves_nothing_behind(tmp_path: Path) -> None:
    a_centre()
    (tmp_path / "streets.csv").write_text(f"{HEAD}\n{MUNICIPALITY}02500;Borg;;;\n12;Burg;;;\n", encoding="utf-8")
    with pytest.raises(TownDataError):
        town_data.load(tmp_path, NOW)
    assert not Street.objects.exists()


@pytest.mark.django_db
def test_werne_has_429_streets_416_of_them_with_a_point() -> None:
    a_centre()
    assert town_data.load(STREETS.parent, NOW) == "429 Straßen neu, 0 geändert"
    assert town_data.load(STREETS.parent, NOW) == "0 Straßen neu, 0 geändert"
    assert Street.objects.count() == 429
    assert Street.objects.filter(at_centre=False).count() == 416


@pytest.mark.django_db
def test_streets_of_one_name_in_werne_have_labels_of_their_own() -> None:
    a_centre()
    town_data.load(STREETS.parent, NOW)
    labels = [street.label for street in Street.objects.all()]
    assert len(set(labels)) == len(labels)
    assert len(queries.exact_streets("Kiwitzheidweg")) == 2
    assert all(queries.exact_streets(label)[0].label == label for label in labels[::7])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("kardinal von galen str", "Kardinal-von-Galen-Straße"),
        ("Kard.-v.-Galen", "Kardinal-von-Galen-Straße"),
        ("Frh.-v.-Stein-Str.", "Freiherr-vom-Stein-Straße"),
        ("galenstr", "Kardinal-von-Galen-Straße"),
        ("münsterstr", "Münsterstraße"),
        ("muensterstrasse", "Münsterstraße"),
        ("Munsterstrasse", "Münsterstraße"),
        ("12 bäum", "An den 12 Bäumen"),
        ("Sankt Johannes", "St. Johannes"),
        ("Stauffenberg", "Claus-von-Stauffenberg-Straße"),
        ("Droste Hülshoff", "v.-Droste-Hülshoff-Straße"),
        ("simjü", "Sim-Jü"),
        ("Göthestraße", "Goetheweg"),
        ("Schillerweg 3", "Schillerstraße"),
    ],
)
def test_streets_of_werne_are_found_first_as_people_write_them(text: str, name: str) -> None:
    a_centre()
    town_data.load(STREETS.parent, NOW)
    assert queries.find_streets(text)[0].name == name


@pytest.mark.django_db
def test_streets_of_werne_are_found_with_a_slip_in_them() -> None:
    a_centre()
    town_data.load(STREETS.parent, NOW)
    chance = random.Random(20261123)
    names = [name for name in Street.objects.values_list("name", flat=True) if len(name) > 6]
    for name in chance.sample(names, 20):
        at = chance.randrange(1, len(name) - 1)
        missing = name[:at] + name[at + 1 :]
        swapped = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
        wrong = name[:at] + "x" + name[at + 1 :]
        for text in (missing, swapped, wrong):
            assert name in [street.name for street in queries.find_streets(text)], (name, text)


@pytest.mark.django_db
def test_random_garbage_never_raises() -> None:
    a_centre()
    town_data.load(STREETS.parent, NOW)
    chance = random.Random(20261123)
    for _ in range(300):
        text = "".join(
            chr(chance.choice([chance.randrange(32, 127), chance.randrange(0xD7FF), 0]))
            for _ in range(chance.randrange(60))
        )
        assert len(queries.find_streets(text)) <= 10
        queries.exact_streets(text)
