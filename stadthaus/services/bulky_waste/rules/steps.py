"""The pages of an order, in their order, and which of them still lacks an answer."""

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """A page of the order; the value is its place in the address."""

    WHERE = "wo"
    WHAT = "was"
    WHO = "wer"
    WHEN = "wann"
    PLACE = "platz"
    CHECK = "pruefen"


ORDER = tuple(Step)


@dataclass(frozen=True)
class Answered:
    """Which pages have an answer that still holds."""

    where: bool
    what: bool
    who: bool
    when: bool
    place: bool


def first_open_step(answered: Answered) -> Step:
    """The first page without an answer; with all answered it is the last one, check and pay."""
    for step in ORDER[:-1]:
        if not getattr(answered, step.name.lower()):
            return step
    return Step.CHECK


def may_open(step: Step, answered: Answered) -> bool:
    """A page opens when all pages before it are answered, so a bookmark never skips a question."""
    return ORDER.index(step) <= ORDER.index(first_open_step(answered))


def way_back(step: Step, answered: Answered) -> Step | None:
    """Where "Zurück" leads: to the page before; to the last one, where "Ändern" stands, if all is answered.

    None before the first page.
    """
    if step is not Step.CHECK and first_open_step(answered) is Step.CHECK:
        return Step.CHECK
    place = ORDER.index(step)
    return ORDER[place - 1] if place else None


def number_of(step: Step) -> int:
    """Number of the page, from 1."""
    return ORDER.index(step) + 1
