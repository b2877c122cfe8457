from itertools import product

import pytest

from stadthaus.services.bulky_waste.rules.steps import (
    ORDER,
    Answered,
    Step,
    first_open_step,
    may_open,
    number_of,
    way_back,
)

EVERY_ANSWER = [Answered(*pages) for pages in product([False, True], repeat=5)]


def test_the_first_page_without_an_answer_is_open() -> None:
    assert first_open_step(Answered(False, True, True, True, True)) == Step.WHERE
    assert first_open_step(Answered(True, True, True, False, True)) == Step.WHEN
    assert first_open_step(Answered(True, True, True, True, True)) == Step.CHECK


@pytest.mark.parametrize("answered", EVERY_ANSWER)
def test_a_page_opens_exactly_when_all_before_it_are_answered(answered: Answered) -> None:
    pages = [answered.where, answered.what, answered.who, answered.when, answered.place]
    assert [may_open(step, answered) for step in ORDER] == [all(pages[:number]) for number in range(len(ORDER))]


def test_pages_are_numbered_from_one() -> None:
    assert [number_of(step) for step in Step] == [1, 2, 3, 4, 5, 6]


def test_back_leads_to_the_page_before() -> None:
    on_the_way = Answered(True, True, True, False, False)
    assert [way_back(step, on_the_way) for step in (Step.WHERE, Step.WHAT, Step.WHEN)] == [None, Step.WHERE, Step.WHO]


def test_back_leads_to_the_last_page_again_when_all_is_answered() -> None:
    everything = Answered(True, True, True, True, True)
    assert {way_back(step, everything) for step in ORDER[:-1]} == {Step.CHECK}
    assert way_back(Step.CHECK, everything) == Step.PLACE
