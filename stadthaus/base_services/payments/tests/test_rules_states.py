from itertools import product

import pytest

from stadthaus.base_services.payments.models import PaymentAttempt, PaymentRequest
from stadthaus.base_services.payments.rules import states

REQUEST_PAIRS = list(product(states.REQUEST_TRANSITIONS, repeat=2))
ATTEMPT_PAIRS = list(product(states.ATTEMPT_TRANSITIONS, repeat=2))


def test_every_state_of_the_tables_is_in_the_model_and_the_other_way_round() -> None:
    assert set(states.REQUEST_TRANSITIONS) == set(PaymentRequest.State.values)
    assert set(states.ATTEMPT_TRANSITIONS) == set(PaymentAttempt.State.values)


@pytest.mark.parametrize(("before", "after"), REQUEST_PAIRS)
def test_a_request_goes_only_where_the_table_lets_it(before: str, after: str) -> None:
    if after in states.REQUEST_TRANSITIONS[before]:
        states.check_request(before, after)
    else:
        with pytest.raises(states.TransitionRefused):
            states.check_request(before, after)


@pytest.mark.parametrize(("before", "after"), ATTEMPT_PAIRS)
def test_an_attempt_goes_only_where_the_table_lets_it(before: str, after: str) -> None:
    if after in states.ATTEMPT_TRANSITIONS[before]:
        states.check_attempt(before, after)
    else:
        with pytest.raises(states.TransitionRefused):
            states.check_attempt(before, after)


def test_failed_may_become_paid_later_and_paid_is_final() -> None:
    states.check_attempt("failed", "paid")
    states.check_attempt("cancelled", "paid")
    assert states.ATTEMPT_TRANSITIONS["paid"] == frozenset()


def test_a_withdrawn_request_never_becomes_paid_again() -> None:
    assert states.REQUEST_TRANSITIONS["withdrawn"] == {"paid_without_date"}


@pytest.mark.parametrize(
    ("before", "held", "after"),
    [
        ("paid", 1500, "paid"),
        ("paid", 1000, "partly_refunded"),
        ("paid", 0, "refunded"),
        ("partly_refunded", 500, "partly_refunded"),
        ("partly_refunded", 0, "refunded"),
        ("paid_without_date", 0, "refunded"),
        ("withdrawn", 0, "withdrawn"),
        ("waived", 0, "waived"),
    ],
)
def test_what_is_left_with_the_town_decides_the_state_after_a_refund(before: str, held: int, after: str) -> None:
    assert states.state_after_refund(before=before, amount_cents=1500, held_cents=held) == after
