from datetime import date, time

import pytest

from stadthaus.kernel.deadlines import CutOff, Term
from stadthaus.town.rules.dated import RuleVersion, in_force, in_force_from
from stadthaus.town.rules.values import read_cut_off, read_term


def version(number: int, valid_from: date) -> RuleVersion:
    return RuleVersion(number, "fee", "operational", number, valid_from, None, confirmed=True)


OLD = version(1, date(2021, 1, 1))
NEW = version(2, date(2027, 1, 1))
CORRECTED = version(3, date(2027, 1, 1))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2020, 12, 31), None),
        (date(2021, 1, 1), OLD),
        (date(2026, 12, 31), OLD),
        (date(2027, 1, 1), NEW),
        (date(2040, 1, 1), NEW),
    ],
)
def test_a_version_counts_from_its_first_day_until_the_next_begins(day: date, expected: RuleVersion | None) -> None:
    assert in_force([OLD, NEW], day) == expected
    assert in_force([NEW, OLD], day) == expected


def test_of_two_versions_with_one_first_day_the_later_entered_counts() -> None:
    assert in_force([CORRECTED, OLD, NEW], date(2027, 6, 1)) == CORRECTED


def test_without_versions_nothing_is_in_force() -> None:
    assert in_force([], date(2027, 1, 1)) is None


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2020, 12, 31), [OLD, CORRECTED]),
        (date(2026, 12, 31), [OLD, CORRECTED]),
        (date(2027, 1, 1), [CORRECTED]),
        (date(2040, 1, 1), [CORRECTED]),
    ],
)
def test_what_another_version_has_replaced_by_a_day_counts_no_longer_from_it_on(
    day: date, expected: list[RuleVersion]
) -> None:
    assert in_force_from([OLD, NEW, CORRECTED], day) == expected


def test_a_cut_off_is_read_from_data() -> None:
    assert read_cut_off({"days": 3, "unit": "working", "at": "12:00"}) == CutOff(3, "working", time(12))


def test_a_term_is_read_from_data() -> None:
    assert read_term({"days": 7, "unit": "calendar", "at": "23:59"}) == Term(7, "calendar", time(23, 59))


@pytest.mark.parametrize(
    "value", [{}, {"days": 3, "unit": "weeks", "at": "12:00"}, {"days": 3, "unit": "working", "at": "25:00"}]
)
def test_what_is_no_deadline_is_refused(value: dict[str, object]) -> None:
    with pytest.raises((KeyError, ValueError)):
        read_cut_off(value)
