from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from stadthaus.accounts import actions, queries
from stadthaus.accounts.models import AuditDetail, AuditEntry
from stadthaus.accounts.tests.factories import NOW, make_person
from stadthaus.kernel.actors import CITIZEN, SYSTEM

guards = import_module("stadthaus.accounts.migrations.0003_trail_is_append_only")

pytestmark = pytest.mark.django_db

ABOUT = "bulky-waste/482917305"
CHANGE = {"surname": ("Meyer", "Maier")}


def record(event: str = "order.changed", now: datetime = NOW, **more: Any) -> None:
    actions.record(actor=CITIZEN, about=ABOUT, event=event, now=now, **more)


def test_an_entry_names_who_what_and_which_fields() -> None:
    record(fields={"litres": ("2000", "2750")})
    entry = queries.trail(ABOUT).get()
    assert (entry.actor_label, entry.event, entry.fields) == ("Bürgerin oder Bürger", "order.changed", ["litres"])
    assert entry.values == {"litres": ["2000", "2750"]}


def test_personal_values_stand_only_in_the_side_table() -> None:
    record(fields=CHANGE, personal=True)
    entry = AuditEntry.objects.get()
    assert (entry.fields, entry.values) == (["surname"], {})
    assert (entry.detail.before, entry.detail.after) == ({"surname": "Meyer"}, {"surname": "Maier"})


def test_personal_values_are_known_while_they_are_kept() -> None:
    record(fields={"litres": ("2000", "2750")})
    record(fields=CHANGE, personal=True)
    known = [entry.known_values for entry in queries.trail(ABOUT)]
    assert known == [{"litres": ["2000", "2750"]}, {"surname": ["Meyer", "Maier"]}]
    actions.erase_audit_details(about=ABOUT)
    assert [entry.known_values for entry in queries.trail(ABOUT)][1] == {}


def test_personal_values_are_erased_after_180_days_of_the_town_and_the_entry_stays() -> None:
    shortly_after_midnight_in_werne = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    record(now=shortly_after_midnight_in_werne, fields=CHANGE, personal=True)
    last_day = date(2026, 8, 29)
    assert actions.erase_due_audit_details(today=last_day) == 0
    assert actions.erase_due_audit_details(today=last_day + timedelta(days=1)) == 1
    assert AuditEntry.objects.get().fields == ["surname"]


def test_personal_values_are_erased_with_the_thing_they_are_about() -> None:
    record(fields=CHANGE, personal=True)
    actions.record(actor=SYSTEM, about="bulky-waste/other", event="x.y", now=NOW, fields=CHANGE, personal=True)
    assert actions.erase_audit_details(about=ABOUT) == 1
    assert AuditDetail.objects.count() == 1


def test_the_trail_is_about_one_thing_newest_last() -> None:
    record("order.placed")
    record("order.cancelled")
    actions.record(actor=SYSTEM, about="bulky-waste/other", event="order.placed", now=NOW)
    assert [entry.event for entry in queries.trail(ABOUT)] == ["order.placed", "order.cancelled"]


def test_the_name_in_the_trail_outlives_the_person() -> None:
    person = make_person("clerk", name="Claus Clerk")
    actions.record(actor=queries.person(person), about=ABOUT, event="order.changed", now=NOW)
    person.delete()
    entry = queries.trail(ABOUT).get()
    assert (entry.actor_label, entry.actor_user) == ("Claus Clerk", None)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE accounts_auditentry SET event = 'x.y'",
        "UPDATE accounts_auditentry SET actor_user_id = {}",
        "DELETE FROM accounts_auditentry",
    ],
)
def test_the_database_itself_keeps_the_trail_as_it_is(change: str) -> None:
    somebody_else = make_person("clerk")
    record()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # tests go without those against deleting
            cursor.execute(next(guards.statements("accounts_trail_is_kept", "sqlite")))
        with pytest.raises(DatabaseError, match="the audit trail is append-only"), transaction.atomic():
            cursor.execute(change.format(somebody_else.pk))


def test_nobody_holds_a_role_that_does_not_exist() -> None:
    with pytest.raises(IntegrityError, match="accounts_role_known"), transaction.atomic():
        make_person("mayor")


def test_an_impersonal_entry_costs_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        record()


def test_a_trail_with_details_is_read_in_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    record(fields=CHANGE, personal=True)
    record()
    with django_assert_num_queries(1):
        assert [hasattr(entry, "detail") for entry in queries.trail(ABOUT)] == [True, False]
