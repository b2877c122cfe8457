"""What a new version of a rule or a text announces, and what it needs to be confirmed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from stadthaus.town import actions, queries
from stadthaus.town.rules.dated import SOURCE_WORDS
from stadthaus.town.signals import version_entered
from stadthaus.town.tests.factories import CLERK, NOW, SOURCE, TODAY, enter_fee, enter_text

pytestmark = pytest.mark.django_db
FEE = "bulky_waste.fee_per_card"
Heard = list[dict[str, Any]]


@pytest.fixture
def heard() -> Iterator[Heard]:
    told: Heard = []

    def hear(**given: Any) -> None:
        told.append({name: given[name] for name in ("about", "changes", "actor")})

    version_entered.connect(hear)
    yield told
    version_entered.disconnect(hear)


def test_a_change_names_what_it_changes_before_and_after_and_who_it_was(heard: Heard) -> None:
    enter_fee(seeded=True)
    enter_fee(1800, date(2027, 1, 1))
    changes = {"value": ("1500", "1800"), "valid_from": ("01.01.2021", "01.01.2027")}
    assert heard == [{"about": f"rule/{FEE}", "changes": changes, "actor": CLERK}]


def test_the_first_value_of_the_files_is_no_change(heard: Heard) -> None:
    enter_fee(seeded=True)
    assert heard == []


def test_the_first_value_somebody_enters_by_hand_is_a_change_from_nothing(heard: Heard) -> None:
    enter_fee({"days": 3}, kind="operational", source=None)
    assert heard[0]["changes"] == {
        "value": ("", '{"days": 3}'),
        "valid_from": ("", "01.01.2021"),
        "confirmed": ("", "ja"),
    }


def test_confirming_changes_nothing_but_that_it_is_confirmed(heard: Heard) -> None:
    enter_fee({"b": 1, "a": 2}, confirmed=False, seeded=True)
    actions.confirm_rule(rule=queries.current().rule(FEE, TODAY), actor=CLERK, now=NOW)
    assert [told["changes"] for told in heard] == [{"confirmed": ("nein", "ja")}]
    assert queries.current().rule(FEE, TODAY).source == SOURCE


@pytest.mark.parametrize("blank", ["paragraph", "resolution", "publication"])
def test_a_statute_value_is_not_confirmed_before_people_can_look_it_up(blank: str) -> None:
    enter_fee(source=replace(SOURCE, **{blank: " "}), confirmed=False)
    rule = queries.current().rule(FEE, TODAY)
    with pytest.raises(actions.SourceIncomplete, match=f"Es fehlt: {SOURCE_WORDS[blank]}"):
        actions.confirm_rule(rule=rule, actor=CLERK, now=NOW)


def test_a_new_text_names_only_the_languages_that_changed(heard: Heard) -> None:
    enter_text(en="Town of Werne")
    enter_text(de="Werne", en="Town of Werne")
    assert heard[-1]["about"] == "text/town.name"
    assert heard[-1]["changes"] == {"de": ("Stadt Werne", "Werne")}
