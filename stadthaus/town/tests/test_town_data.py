import re
from datetime import date, time
from pathlib import Path

import pytest
from django.conf import settings

from stadthaus.town import queries, town_data
from stadthaus.town.models import Rule, Text
from stadthaus.town.rules.files import TownDataError
from stadthaus.town.tests.factories import NOW, TODAY, enter_fee, enter_text

pytestmark = pytest.mark.django_db
FEE = "bulky_waste.fee_per_card"

RULES = """
[[rule]]
key = "bulky_waste.fee_per_card"
kind = "statute"
value = {value}
valid_from = {valid_from}
confirmed = false
[rule.source]
statute = "Satzung der Stadt Werne"
"""
TEXTS = """
[[text]]
key = "town.name"
de = "{de}"
"""


def folder_with(
    folder: Path, *, value: str = "1500", valid_from: str = "2021-01-01", de: str = "Stadt Werne", rules: str = RULES
) -> Path:
    (folder / "rules.toml").write_text(rules.format(value=value, valid_from=valid_from), encoding="utf-8")
    (folder / "texts.toml").write_text(TEXTS.format(de=de), encoding="utf-8")
    return folder


def test_rules_and_texts_are_loaded(tmp_path: Path) -> None:
    assert town_data.load(folder_with(tmp_path), NOW) == "1 Regelwerte, 1 Texte neu"
    town = queries.current()
    assert (town.value(FEE, TODAY), town.text("town.name")) == (1500, "Stadt Werne")
    assert town.rule(FEE, TODAY).confirmed is False


def test_loading_again_adds_nothing(tmp_path: Path) -> None:
    town_data.load(folder_with(tmp_path), NOW)
    assert town_data.load(tmp_path, NOW) == "0 Regelwerte, 0 Texte neu"
    assert (Rule.objects.count(), Text.objects.count()) == (1, 1)


def test_a_later_first_day_adds_a_version(tmp_path: Path) -> None:
    town_data.load(folder_with(tmp_path), NOW)
    town_data.load(folder_with(tmp_path, value="1800", valid_from="2027-01-01"), NOW)
    town = queries.current()
    assert (town.value(FEE, TODAY), town.value(FEE, date(2027, 1, 1))) == (1500, 1800)


def test_an_edited_rule_is_never_overwritten(tmp_path: Path) -> None:
    town_data.load(folder_with(tmp_path), NOW)
    enter_fee(1800, TODAY)
    town_data.load(folder_with(tmp_path, value="9900"), NOW)
    assert queries.current().value(FEE, TODAY) == 1800


def test_a_version_confirmed_in_the_program_is_never_overwritten_and_loading_says_so(tmp_path: Path) -> None:
    town_data.load(folder_with(tmp_path), NOW)
    enter_fee(1800, date(2021, 1, 1))
    said = town_data.load(folder_with(tmp_path, value="9900"), NOW)
    assert f"nicht geändert: „{FEE}“ ab 01.01.2021" in said
    assert queries.current().value(FEE, TODAY) == 1800


def test_a_mistake_nobody_has_confirmed_is_put_right_in_the_file_and_both_versions_stay(tmp_path: Path) -> None:
    town_data.load(folder_with(tmp_path), NOW)
    assert town_data.load(folder_with(tmp_path, value="1700"), NOW) == "1 Regelwerte, 0 Texte neu"
    assert queries.current().value(FEE, TODAY) == 1700
    assert Rule.objects.count() == 2


def test_a_value_put_right_in_the_file_is_loaded_once(tmp_path: Path) -> None:
    town_data.load(folder_with(tmp_path), NOW)
    town_data.load(folder_with(tmp_path, value="1700"), NOW)
    assert town_data.load(tmp_path, NOW) == "0 Regelwerte, 0 Texte neu"


def test_a_source_made_complete_in_the_file_confirms_the_value(tmp_path: Path) -> None:
    town_data.load(folder_with(tmp_path), NOW)
    more = 'paragraph = "§ 4"\nresolution = "Rat vom 3.12.2025"\npublication = "Amtsblatt 12/2025"\n'
    town_data.load(folder_with(tmp_path, rules=RULES.replace("= false", "= true") + more), NOW)
    assert queries.current().rule(FEE, TODAY).confirmed is True


def test_a_text_that_is_no_placeholder_any_more_is_confirmed_by_the_file(tmp_path: Path) -> None:
    enter_text(confirmed=False)
    Text.objects.update(seeded=True)
    assert town_data.load(folder_with(tmp_path), NOW) == "1 Regelwerte, 1 Texte neu"
    assert queries.current().placeholder_texts == ()


def test_an_edited_text_is_never_overwritten(tmp_path: Path) -> None:
    town_data.load(folder_with(tmp_path), NOW)
    enter_text(de="Unsere Stadt")
    said = town_data.load(folder_with(tmp_path, de="Neuer Name"), NOW)
    assert said == "0 Regelwerte, 0 Texte neu. Bestätigt und deshalb nicht geändert: „town.name“"
    assert queries.current().text("town.name") == "Unsere Stadt"


def test_a_newer_text_of_the_files_replaces_an_older_one_of_the_files(tmp_path: Path) -> None:
    town_data.load(folder_with(tmp_path), NOW)
    town_data.load(folder_with(tmp_path, de="Stadt Werne an der Lippe"), NOW)
    assert queries.current().text("town.name") == "Stadt Werne an der Lippe"


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        (RULES.replace('kind = "statute"', 'kind = "guess"'), "kind: „guess“ gibt es hier nicht"),
        (
            RULES.replace("valid_from = {valid_from}", 'valid_from = "2021-01-01"'),
            "valid_from: „2021-01-01“ ist kein Datum",
        ),
        (RULES.replace('key = "bulky_waste.fee_per_card"', ""), "1. Eintrag"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_name_and_nothing_is_loaded(
    tmp_path: Path, rules: str, reason: str
) -> None:
    with pytest.raises(TownDataError, match=reason):
        town_data.load(folder_with(tmp_path, rules=rules), NOW)
    assert not Rule.objects.exists()
    assert not Text.objects.exists()


def test_a_text_without_german_is_refused(tmp_path: Path) -> None:
    folder_with(tmp_path, de="")
    with pytest.raises(TownDataError, match=r"town\.name"):
        town_data.load(tmp_path, NOW)


def test_the_office_hours_of_werne_say_the_same_as_its_text() -> None:
    folder = Path(settings.BASE_DIR) / "towns" / "werne"
    town_data.load(folder, NOW)
    town = queries.current()
    spans = town.office_hours(TODAY).spans
    said = {
        tuple(map(time.fromisoformat, span))
        for span in re.findall(r"(\d+:\d\d)–(\d+:\d\d)", _two_digits(town.text("town.hours")))
    }
    assert {(opens, closes) for _, opens, closes in spans} == said
    assert [weekday for weekday, opens, _ in spans if opens > time(12)] == [3], "Donnerstag auch"
    assert sorted(weekday for weekday, opens, _ in spans if opens < time(12)) == list(range(5)), "Montag bis Freitag"


def _two_digits(text: str) -> str:
    return re.sub(r"\b(\d):", r"0\1:", text)
