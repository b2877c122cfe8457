from itertools import product

import pytest

from stadthaus.services.bulky_waste.rules.states import (
    BADGES,
    ENDED,
    GERMAN,
    RESULTS,
    TRANSITIONS,
    State,
    TransitionRefused,
    check_transition,
)

# Written down once more by hand, so that a slip in the table is seen.
ALLOWED = {
    ("placed", "confirmed"),
    ("placed", "lapsed"),
    ("placed", "cancelled"),
    ("confirmed", "handed_over"),
    ("confirmed", "cancelled"),
    ("handed_over", "collected"),
    ("handed_over", "partly_collected"),
    ("handed_over", "not_collected"),
    ("handed_over", "cancelled"),
    # A person gives a new day for money that came late.
    ("cancelled", "confirmed"),
    ("lapsed", "confirmed"),
    # The crew takes its result back or gives another one.
    *product(("collected", "partly_collected", "not_collected"), ("handed_over",)),
}


@pytest.mark.parametrize(("before", "after"), list(product(State, State)))
def test_every_pair_of_states(before: State, after: State) -> None:
    if (before.value, after.value) in ALLOWED:
        check_transition(before, after)
    else:
        with pytest.raises(TransitionRefused, match=GERMAN[after]):
            check_transition(before, after)


@pytest.mark.parametrize("state", [State.CANCELLED, State.LAPSED])
def test_an_order_that_was_cancelled_or_has_lapsed_can_get_a_new_day_and_nothing_else(state: State) -> None:
    assert TRANSITIONS[state] == {State.CONFIRMED}


def test_every_state_has_a_german_word_of_its_own() -> None:
    assert len(set(GERMAN.values())) == len(State)


def test_every_state_has_a_badge_with_a_word_of_its_own() -> None:
    assert len({badge.word for badge in BADGES.values()}) == len(State)


def test_the_sets_of_states_say_what_they_mean() -> None:
    assert {"collected", "partly_collected", "not_collected"} == RESULTS
    assert {"placed", "confirmed", "handed_over"} == set(State) - ENDED
