from datetime import timedelta

import pytest

from stadthaus.base_services.collection_tours.models import Stop
from stadthaus.base_services.collection_tours.rules.outcomes import (
    OUTCOMES,
    REASONS,
    Reason,
    Result,
    ResultRefused,
    check_result,
    is_same,
    may_correct,
)
from stadthaus.base_services.collection_tours.tests.factories import NOW

PHOTO = "photos/stops/1234-abcd.jpg"


@pytest.mark.parametrize(
    "result",
    [
        Result("collected"),
        Result("collected", remark="Tor war offen", found_litres=2500),
        Result("partly_collected", "too_much", photo=PHOTO),
        Result("not_collected", "not_there"),
        Result("not_collected", "blocked", photo=PHOTO),
        Result("not_collected", "other", remark="Hund im Garten"),
        Result("not_collected", "not_there", found_litres=0),
    ],
)
def test_a_result_that_holds_together_is_taken(result: Result) -> None:
    check_result(result)


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        (Result("open"), "Bitte wählen Sie"),
        (Result("verloren"), "Bitte wählen Sie"),
        (Result("not_collected"), "nennen Sie den Grund"),
        (Result("partly_collected"), "nennen Sie den Grund"),
        (Result("collected", "too_large"), "keinen Grund"),
        (Result("not_collected", "too_late"), "Diesen Grund gibt es nicht"),
        (Result("not_collected", "other", remark=" "), "beschreiben Sie"),
        (Result("partly_collected", "not_there"), "wählen Sie bitte „Nicht“"),
        (Result("collected", photo=PHOTO), "Ein Foto ist nur möglich"),
        (Result("not_collected", "not_there", photo=PHOTO), "Ein Foto ist nur möglich"),
        (Result("collected", found_litres=-1), "nicht kleiner als 0"),
    ],
)
def test_a_result_that_does_not_hold_together_is_refused_with_a_sentence(result: Result, sentence: str) -> None:
    with pytest.raises(ResultRefused, match=sentence):
        check_result(result)


def test_the_same_photo_sent_twice_is_the_same_result() -> None:
    one = Result("partly_collected", "too_much", photo=PHOTO)
    assert is_same(one, Result("partly_collected", "too_much", photo="photos/stops/5678-abcd.jpg"))
    assert not is_same(one, Result("partly_collected", "too_much", photo="photos/stops/1234-dcba.jpg"))
    assert not is_same(one, Result("partly_collected", "too_much"))


def test_a_result_can_be_corrected_for_ten_minutes() -> None:
    assert may_correct(NOW, NOW + timedelta(minutes=9, seconds=59))
    assert not may_correct(NOW, NOW + timedelta(minutes=10))


def test_the_table_knows_the_same_outcomes_as_the_rules() -> None:
    assert dict(Stop.Outcome.choices) == {outcome.code: outcome.word for outcome in OUTCOMES.values()}


@pytest.mark.parametrize("reason", REASONS.values(), ids=list(REASONS))
def test_every_reason_has_a_button_a_sentence_and_advice(reason: Reason) -> None:
    assert reason.word and len(reason.word) <= 25
    assert reason.text.endswith(".") and reason.advice.endswith((".", "?"))


def test_a_blocked_street_is_nothing_to_quarrel_about() -> None:
    assert [reason.code for reason in REASONS.values() if not reason.disputable] == ["blocked"]


def test_an_advice_that_names_the_yard_or_ordering_has_its_address_and_its_button() -> None:
    assert [reason.names_yard for reason in REASONS.values()] == ["Wertstoffhof" in r.advice for r in REASONS.values()]
    assert [reason.order_again for reason in REASONS.values()] == ["bestellen" in r.advice for r in REASONS.values()]
