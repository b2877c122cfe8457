"""States of an order and the only ways between them. Pages, messages and jobs all read this table."""

from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """State of an order (Stand der Bestellung)."""

    PLACED = "placed"
    CONFIRMED = "confirmed"
    HANDED_OVER = "handed_over"
    COLLECTED = "collected"
    PARTLY_COLLECTED = "partly_collected"
    NOT_COLLECTED = "not_collected"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


RESULTS = frozenset({State.COLLECTED, State.PARTLY_COLLECTED, State.NOT_COLLECTED})
ENDED = RESULTS | {State.CANCELLED, State.LAPSED}

TRANSITIONS: dict[State, frozenset[State]] = {
    State.PLACED: frozenset({State.CONFIRMED, State.LAPSED, State.CANCELLED}),
    State.CONFIRMED: frozenset({State.HANDED_OVER, State.CANCELLED}),
    State.HANDED_OVER: RESULTS | {State.CANCELLED},
    # The crew may take a result back for a few minutes; collection_tours says how long.
    State.COLLECTED: frozenset({State.HANDED_OVER}),
    State.PARTLY_COLLECTED: frozenset({State.HANDED_OVER}),
    State.NOT_COLLECTED: frozenset({State.HANDED_OVER}),
    # Money that came late never revives an order by itself: a person gives it a new day, or pays back.
    State.CANCELLED: frozenset({State.CONFIRMED}),
    State.LAPSED: frozenset({State.CONFIRMED}),
}

GERMAN: dict[State, str] = {
    State.PLACED: "bestellt, noch nicht bezahlt",
    State.CONFIRMED: "bestätigt",
    State.HANDED_OVER: "beim Entsorger",
    State.COLLECTED: "abgeholt",
    State.PARTLY_COLLECTED: "teilweise abgeholt",
    State.NOT_COLLECTED: "nicht abgeholt",
    State.CANCELLED: "storniert",
    State.LAPSED: "verfallen",
}


class Badge(NamedTuple):
    """How a list shows a state: what kind of news it is, and a word or two, the same to choose from as to read."""

    kind: str
    word: str


BADGES: dict[State, Badge] = {
    State.PLACED: Badge("warning", "Wartet auf Zahlung"),
    State.CONFIRMED: Badge("success", "Bestätigt"),
    State.HANDED_OVER: Badge("info", "Beim Entsorger"),
    State.COLLECTED: Badge("success", "Abgeholt"),
    State.PARTLY_COLLECTED: Badge("warning", "Teilweise abgeholt"),
    State.NOT_COLLECTED: Badge("danger", "Nicht abgeholt"),
    State.CANCELLED: Badge("neutral", "Storniert"),
    State.LAPSED: Badge("neutral", "Verfallen"),
}


class TransitionRefused(ValueError):
    """The order is not in a state from which this step is possible."""


def may_become(before: str, after: State) -> bool:
    """Whether the table knows this step."""
    return after in TRANSITIONS[State(before)]


def check_transition(before: State, after: State) -> None:
    """Refuse a step that the table does not know."""
    if not may_become(before, after):
        raise TransitionRefused(f"Aus „{GERMAN[before]}“ wird nicht „{GERMAN[after]}“.")
