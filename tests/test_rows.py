"""Rows written by hand-made statements read as if the ORM had written them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import F, IntegerField, TextChoices
from django.forms.models import model_to_dict
from pytest_django import DjangoAssertNumQueries

from stadthaus import rows
from stadthaus.accounts.models import AuditDetail, AuditEntry, CrewDevice, RateLimit
from stadthaus.kernel.calendars import BERLIN
from stadthaus.rows.columns import adapted, columns_by_name
from stadthaus.services.bulky_waste.models import Order, OrderItem

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 10, 0, tzinfo=BERLIN)


class Kind(TextChoices):
    """A text that is more than a text."""

    ODD = "odd"


def entry(about: str = "x/1") -> AuditEntry:
    return AuditEntry(at=NOW, actor_kind="staff", actor_label="Kim", about=about, event="e", values={"a": ["", "ü"]})


def counter(who: str, count: int = 1) -> RateLimit:
    return RateLimit(name="test", who=who, window_start=0, count=count)


def insert_counters(**counts: int) -> None:
    rows.insert_all(
        RateLimit, [{"name": "test", "who": who, "window_start": 0, "count": count} for who, count in counts.items()]
    )


def counts() -> list[tuple[str, int]]:
    return list(RateLimit.objects.order_by("pk").values_list("who", "count"))


def test_an_inserted_row_has_its_id_and_reads_as_written() -> None:
    written = rows.insert(entry())
    assert model_to_dict(AuditEntry.objects.get(pk=written.pk)) == model_to_dict(written)


def test_an_inserted_row_can_be_pointed_at_and_saved_again() -> None:
    detail = AuditDetail(entry=rows.insert(entry()), before={}, after={}, delete_after=date(2027, 1, 1))
    rows.insert(detail)
    detail.delete_after = date(2027, 2, 1)
    detail.save()
    assert AuditDetail.objects.get().delete_after == date(2027, 2, 1)


def test_many_rows_are_inserted_at_once_and_no_rows_are_nothing(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        insert_counters(a=1, b=2, c=3)
    with django_assert_num_queries(0):
        insert_counters()
    assert counts() == [("a", 1), ("b", 2), ("c", 3)]


def test_rows_without_objects_read_as_rows_with_them() -> None:
    written = entry()
    named = {name: getattr(written, name) for name in ("at", "actor_kind", "actor_label", "about", "event", "values")}
    rows.insert_all(AuditEntry, [named])
    by_values, by_object = AuditEntry.objects.get(), rows.insert(written)
    assert model_to_dict(by_values, exclude=["id"]) == model_to_dict(by_object, exclude=["id"])


def test_a_row_cannot_name_a_column_that_is_not_there() -> None:
    with pytest.raises(TypeError, match="actor_users"):
        rows.insert_all(AuditEntry, [{"at": NOW, "actor_users": 1}])
    assert not AuditEntry.objects.exists()


def test_every_kind_of_value_is_written_as_the_orm_writes_it() -> None:
    for model in (AuditEntry, AuditDetail, RateLimit, Order, OrderItem):
        by_field = {field.attname: field for field in model._meta.local_concrete_fields}
        values: dict[str, Any] = {"at": NOW, "event": Kind.ODD, "fields": ["ü"], "actor_user_id": 7, "count": 3}
        values |= {"delete_after": date(2027, 1, 1), "about": None, "latitude": 51.66, "dismantled": True, "litres": 3}
        values["placed_at"] = NOW.astimezone(UTC)
        for name in values.keys() & by_field.keys():
            [ours] = adapted([columns_by_name(model)[name]], values)
            theirs = by_field[name].get_db_prep_save(values[name], connection)
            assert str(ours) == str(theirs), name
            assert type(ours) is type(theirs), name


def test_rows_without_objects_keep_every_kind_of_value() -> None:
    """On PostgreSQL they travel as JSON, so nothing may become something else on the way."""
    texts = ["ü", "", "\\", '"', "{}", "null", "%s", "a\r\nb"]
    written = rows.insert(entry())
    detail = {"entry_id": written.pk, "before": {"texts": texts}, "after": {}, "delete_after": date(2027, 1, 1)}
    rows.insert_all(AuditDetail, [detail])
    assert model_to_dict(AuditDetail.objects.get(), fields=detail) == {
        "before": {"texts": texts},
        "after": {},
        "delete_after": date(2027, 1, 1),
    }
    entries = [
        {
            "at": NOW + timedelta(microseconds=1),
            "actor_kind": Kind.ODD,
            "actor_label": text,
            "actor_user_id": None,
            "about": "y",
            "event": "e",
            "fields": texts,
            "values": {text: 1.5},
        }
        for text in texts
    ]
    rows.insert_all(AuditEntry, entries)
    read = AuditEntry.objects.filter(about="y").order_by("pk").values(*entries[0])
    assert list(read) == entries


def test_a_text_too_long_for_its_column_is_refused_not_cut_on_postgresql() -> None:
    if connection.vendor == "postgresql":
        with pytest.raises(DataError):
            insert_counters(**{"x" * 500: 1})


def test_a_kind_of_value_that_cannot_travel_is_refused_on_postgresql() -> None:
    if connection.vendor == "postgresql":
        with pytest.raises(TypeError, match="bytes"):
            rows.insert_all(RateLimit, [{"name": b"1", "who": "a", "window_start": 0, "count": 1}])


def test_a_row_without_object_that_is_not_free_is_left_out() -> None:
    insert_counters(a=1)
    again = [{"name": "test", "who": who, "window_start": 0, "count": 2} for who in ("a", "b")]
    rows.insert_all(RateLimit, again, if_free=True)
    assert counts() == [("a", 1), ("b", 2)]


def write_counters(given: list[str]) -> None:
    insert_counters(**dict.fromkeys(given, 1))


def test_rows_of_one_kind_are_written_together_at_the_end(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1), rows.together():
        rows.gather(write_counters, "a")
        rows.gather(write_counters, "b")
        assert rows.gathered(write_counters) == ["a", "b"]
    assert counts() == [("a", 1), ("b", 1)]
    assert rows.gathered(write_counters) == []


def test_without_a_block_a_row_is_written_at_once() -> None:
    rows.gather(write_counters, "a")
    assert counts() == [("a", 1)]


def test_a_block_within_a_block_leaves_its_rows_to_it() -> None:
    with rows.together():
        with rows.together():
            rows.gather(write_counters, "a")
        assert counts() == []
    assert counts() == [("a", 1)]


def write_entries(given: list[str]) -> None:
    rows.insert_all(AuditEntry, [{"at": NOW, "about": about, "event": "e"} for about in given])


def count_up(given: list[int]) -> None:
    for key in given:
        rows.run("UPDATE accounts_ratelimit SET count = 7 WHERE id = %s", [key])


def test_what_several_writers_write_together_is_one_statement_on_postgresql(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    written = rows.insert(counter("a"))
    with django_assert_num_queries(1 if connection.vendor == "postgresql" else 3), rows.together():
        rows.gather(count_up, written.pk)
        rows.gather(write_counters, "b")
        rows.gather(write_entries, "x/1")
        rows.gather(write_entries, "x/2")
    assert counts() == [("a", 7), ("b", 1)]
    assert sorted(AuditEntry.objects.values_list("about", flat=True)) == ["x/1", "x/2"]


def test_an_error_at_the_end_is_one_of_django_and_leaves_nothing_behind() -> None:
    rows.insert(counter("a"))
    with pytest.raises(IntegrityError), transaction.atomic(), rows.together():
        rows.gather(write_entries, "x/1")
        rows.gather(write_counters, "a")
    assert not AuditEntry.objects.exists()


def test_an_error_takes_along_what_was_gathered() -> None:
    with pytest.raises(ZeroDivisionError), rows.together():
        rows.gather(write_counters, "a")
        raise ZeroDivisionError
    with rows.together():
        rows.gather(write_counters, "b")
    assert counts() == [("b", 1)]


def test_a_row_that_is_not_free_is_left_out_and_the_transaction_goes_on() -> None:
    with transaction.atomic():
        assert rows.insert_if_free(counter("a"))
        assert not rows.insert_if_free(counter("a", count=9))
        assert rows.insert_if_free(counter("b"))
    assert counts() == [("a", 1), ("b", 1)]


def test_an_inserted_row_obeys_the_constraints_of_its_table() -> None:
    rows.insert(counter("a"))
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert(counter("a"))


def test_a_change_reaches_only_a_row_that_is_still_as_read() -> None:
    written, other = rows.insert(counter("a")), rows.insert(counter("b"))
    assert rows.change(RateLimit, written.pk, {"count": 2}, as_read={"name": "test", "count": 1})
    assert not rows.change(RateLimit, written.pk, {"count": 3}, as_read={"name": "test", "count": 1})
    assert rows.change(RateLimit, other.pk, {"count": 4})
    assert counts() == [("a", 2), ("b", 4)]


def test_a_change_can_take_a_lock_in_the_same_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    written = rows.insert(counter("a"))
    with django_assert_num_queries(2):
        for count, changed in ((1, True), (9, False)):
            as_read = {"count": count}
            assert rows.change_and_lock(RateLimit, written.pk, {"count": 2}, as_read=as_read, lock="x") is changed
    assert counts() == [("a", 2)]


def test_a_row_whose_key_came_with_a_change_is_written_with_the_others_on_postgresql(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    first = rows.insert(counter("a"))
    with django_assert_num_queries(2 if connection.vendor == "postgresql" else 3), rows.together(AuditEntry):
        rows.change_and_lock(RateLimit, first.pk, {"count": 2}, as_read={}, lock="x")
        written = rows.insert(entry())
        assert written.pk
        rows.gather(write_counters, "b")
    assert model_to_dict(AuditEntry.objects.get(pk=written.pk)) == model_to_dict(written)
    assert rows.insert(entry()).pk > written.pk
    assert counts() == [("a", 2), ("b", 1)]


def test_a_row_can_be_amended_after_it_was_inserted_whether_it_waits_or_not() -> None:
    first = rows.insert(counter("a"))
    with rows.together(CrewDevice):
        rows.change_and_lock(RateLimit, first.pk, {"count": 2}, as_read={}, lock="x")
        waiting, written = rows.insert(device("a")), rows.insert(device("b"))
        rows.amend(waiting, tour="t")
        rows.amend(written, tour="u")
    rows.amend(first, count=7)
    assert list(CrewDevice.objects.order_by("link_hash").values_list("tour", flat=True)) == ["t", "u"]
    assert (first.count, counts()) == (7, [("a", 7)])


def test_what_a_statement_returns_is_read_at_the_end_of_its_block() -> None:
    found: list[tuple[str, int]] = []

    def write(given: list[str]) -> None:
        for who in given:
            sql = "INSERT INTO accounts_ratelimit (name, who, window_start, count) VALUES ('x', %s, 0, 5)"
            rows.run(f"{sql} RETURNING who, count", [who], found.extend)

    with rows.together():
        rows.gather(write, "a")
        rows.gather(write, "b")
        rows.gather(write_entries, "x/1")
        assert found == []
    assert found == [("a", 5), ("b", 5)]
    assert AuditEntry.objects.exists()


def device(link: str) -> CrewDevice:
    return CrewDevice(label="LKW 1", day=NOW.date(), link_hash=link, link_valid_until=NOW, valid_until=NOW)


def test_nothing_is_looked_for_and_written_as_nothing() -> None:
    key = rows.insert(device("a")).pk
    assert not rows.change(CrewDevice, key, {"tour": "t"}, as_read={"ended_at": NOW})
    assert rows.change(CrewDevice, key, {"ended_at": NOW}, as_read={"ended_at": None})
    assert not rows.change(CrewDevice, key, {"tour": "t"}, as_read={"ended_at": None})
    assert rows.change(CrewDevice, key, {"ended_at": None}, as_read={"ended_at": NOW})
    assert CrewDevice.objects.filter(ended_at=None, tour="").exists()


def test_a_change_can_depend_on_one_more_condition() -> None:
    written = rows.insert(counter("a"))
    for limit, changed in ((1, False), (2, True)):
        assert rows.change(RateLimit, written.pk, {"count": 2}, only_if=("count + 1 <= %s", limit)) is changed


def test_a_deletion_reaches_only_rows_that_are_as_expected() -> None:
    insert_counters(a=1, b=5)
    assert rows.delete(RateLimit, where={"name": "test", "count": 1}) == 1
    assert counts() == [("b", 5)]


OF_ABOUT = rows.Prepared(lambda given: AuditEntry.objects.filter(about=given("about"), event="e").order_by("pk"))
DETAILS = rows.Prepared(lambda given: AuditDetail.objects.select_related("entry").filter(entry__about=given("about")))
NUMBERED = rows.Prepared(
    lambda given: RateLimit.objects.annotate(twice=F("count") * 2).filter(count=given("count"), name=given("name"))
)


def test_a_prepared_query_finds_what_the_orm_finds_each_time_anew() -> None:
    first, second = rows.insert(entry("x/1")), rows.insert(entry("x/2"))
    assert [found.pk for found in OF_ABOUT.all(about="x/1")] == [first.pk]
    assert [found.pk for found in OF_ABOUT.all(about="x/2")] == [second.pk]
    third = rows.insert(entry("x/2"))
    assert [found.pk for found in OF_ABOUT.all(about="x/2")] == [second.pk, third.pk]
    assert OF_ABOUT.first(about="x/3") is None


def test_objects_of_a_prepared_query_are_those_of_the_orm() -> None:
    written = rows.insert(entry())
    found = OF_ABOUT.first(about="x/1")
    assert found is not None
    assert model_to_dict(found) == model_to_dict(AuditEntry.objects.get(pk=written.pk))
    assert found.at == NOW
    found.pk, found.event = None, "another"
    found.save()
    assert list(AuditEntry.objects.values_list("event", flat=True)) == ["e", "another"]


def test_a_prepared_query_reads_what_belongs_to_a_row_along_with_it(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    rows.insert(AuditDetail(entry=rows.insert(entry()), before={"a": 1}, after={}, delete_after=date(2027, 1, 1)))
    with django_assert_num_queries(1):
        found = DETAILS.first(about="x/1")
        assert found is not None
        assert (found.entry.about, found.before, found.delete_after) == ("x/1", {"a": 1}, date(2027, 1, 1))


def test_a_prepared_query_carries_what_was_computed() -> None:
    rows.insert(counter("a", count=4))
    found = NUMBERED.first(count=4, name="test")
    assert found is not None
    assert vars(found)["twice"] == 8


def test_a_prepared_query_computes_with_what_is_given_and_compares_moments() -> None:
    insert_counters(a=4, b=6)
    above = rows.Prepared(
        lambda given: RateLimit.objects.filter(count__gt=F("window_start") + given("least", IntegerField()))
    )
    assert [found.who for found in above.all(least=5)] == ["b"]
    rows.insert(entry())
    until = rows.Prepared(lambda given: AuditEntry.objects.filter(at__lte=given("now")))
    assert (len(until.all(now=NOW)), len(until.all(now=NOW - timedelta(seconds=1)))) == (1, 0)


def test_a_prepared_query_takes_values_never_sql() -> None:
    rows.insert(entry())
    assert OF_ABOUT.all(about="x' OR 'a'='a") == []
