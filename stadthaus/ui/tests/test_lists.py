from datetime import UTC, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from stadthaus.town.models import Text
from stadthaus.ui import lists
from stadthaus.ui.lists import KeyPage, key_page

pytestmark = pytest.mark.django_db


def make_texts(count: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    Text.objects.bulk_create([Text(key=f"text.{n}", de=str(n), entered_at=now) for n in range(count)])


def names(page: KeyPage[Text]) -> list[str]:
    return [row.de for row in page.rows]


def test_the_newest_stand_first() -> None:
    make_texts(5)
    page = key_page(Text.objects.all(), {}, size=2)
    assert names(page) == ["4", "3"]
    assert page.previous is None
    assert page.count == "5"


def test_going_on_and_back_shows_the_same_rows() -> None:
    make_texts(5)
    first = key_page(Text.objects.all(), {}, size=2)
    second = key_page(Text.objects.all(), {"nach": first.next}, size=2)
    assert names(second) == ["2", "1"]
    back = key_page(Text.objects.all(), {"vor": second.previous}, size=2)
    assert names(back) == names(first)
    assert back.previous is None


def test_a_list_of_work_begins_with_the_oldest_and_goes_on_and_back() -> None:
    make_texts(5)
    first = key_page(Text.objects.all(), {}, size=2, oldest_first=True)
    second = key_page(Text.objects.all(), {"nach": first.next}, size=2, oldest_first=True)
    back = key_page(Text.objects.all(), {"vor": second.previous}, size=2, oldest_first=True)
    assert [names(first), names(second), names(back)] == [["0", "1"], ["2", "3"], ["0", "1"]]
    assert (first.previous, back.previous) == (None, None)
    assert key_page(Text.objects.all(), {"nach": second.next}, size=2, oldest_first=True).next is None


def test_the_last_page_goes_no_further() -> None:
    make_texts(3)
    first = key_page(Text.objects.all(), {}, size=2)
    assert key_page(Text.objects.all(), {"nach": first.next}, size=2).next is None


@pytest.mark.parametrize("key", ["x", "-1", "1.5", "٣", "9" * 30, "", None])
def test_a_key_that_is_no_number_starts_from_the_beginning(key: str | None) -> None:
    make_texts(2)
    assert names(key_page(Text.objects.all(), {"nach": key})) == ["1", "0"]


def test_counting_stops_where_it_no_longer_matters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "COUNT_LIMIT", 3)
    make_texts(4)
    assert lists.count_in_words(Text.objects.all()) == "1.000+"


def test_a_page_costs_two_statements(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_texts(5)
    with django_assert_num_queries(2):
        key_page(Text.objects.all(), {"nach": "99"}, size=2)
