import random
from datetime import datetime, timedelta

import pytest

from stadthaus.accounts.rules import permissions
from stadthaus.accounts.rules.events import describe
from stadthaus.accounts.rules.passwords import initial_password
from stadthaus.accounts.rules.shifts import shift_end
from stadthaus.kernel.calendars import BERLIN


def test_every_role_has_a_name_and_known_permissions() -> None:
    assert permissions.ROLES.keys() == permissions.ROLE_NAMES.keys()
    assert permissions.permissions_of_roles(permissions.ROLES) == set(permissions.PERMISSIONS)


def test_every_role_belongs_to_one_organisation() -> None:
    of_town, of_contractor = permissions.ROLES_OF_ORGANISATION.values()
    assert of_town | of_contractor == set(permissions.ROLES)
    assert not of_town & of_contractor


@pytest.mark.parametrize("role", permissions.ROLES)
def test_no_role_alone_joins_what_must_stay_apart(role: str) -> None:
    assert permissions.conflict_in([role]) is None


def test_who_takes_cash_never_approves_waivers() -> None:
    assert permissions.conflict_in(["clerk", "waste_administration"]) is not None


def test_who_marks_transfers_never_approves_waivers() -> None:
    assert permissions.conflict_in(["treasury", "waste_administration"]) is not None


def test_only_the_treasury_marks_transfers_as_received() -> None:
    assert permissions.roles_with("payments.mark_received") == ["Stadtkasse"]


def test_who_manages_accesses_sees_no_orders_and_no_money() -> None:
    held = permissions.ROLES["administrator"]
    assert not any(permission.startswith(("orders.", "payments.")) for permission in held)


@pytest.mark.parametrize("right", ["payments.take_cash", "payments.approve_waiver", "staff.manage"])
def test_money_and_accesses_need_a_second_administrator(right: str) -> None:
    assert all(permissions.needs_second_person([role]) for role, held in permissions.ROLES.items() if right in held)


def test_the_dispatcher_needs_no_second_administrator() -> None:
    assert not permissions.needs_second_person(["dispatcher"])


def test_a_role_that_no_longer_exists_gives_nothing() -> None:
    assert permissions.permissions_of_roles(["mayor"]) == frozenset()


def test_a_shift_ends_in_the_evening_and_lasts_at_least_four_hours() -> None:
    morning = datetime(2026, 3, 2, 6, 0, tzinfo=BERLIN)
    evening = datetime(2026, 3, 2, 18, 30, tzinfo=BERLIN)
    assert shift_end(morning) == datetime(2026, 3, 2, 20, 0, tzinfo=BERLIN)
    assert shift_end(evening) == evening + timedelta(hours=4)


def test_an_initial_password_can_be_read_from_paper() -> None:
    password = initial_password(random.Random(1).choice)
    assert [len(group) for group in password.split("-")] == [4, 4, 4, 4]
    assert not set(password) & set("01liIoO")


def test_entries_are_described_in_words() -> None:
    assert describe("role.granted", {"role": ["", "treasury"]}) == "Rolle gegeben: Stadtkasse"
    assert describe("order.placed", {}) == "order.placed"
