from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries, Settings

from stadthaus.accounts import rate_limits
from stadthaus.accounts.models import RateLimit
from stadthaus.accounts.tests.factories import NOW


def try_it(who: str = "203.0.113.7", name: str = "hold", now: datetime = NOW) -> bool:
    return rate_limits.allow(name=name, who=who, limit=2, per_seconds=60, now=now, limits_of_network=2)


@pytest.mark.django_db
def test_tries_over_the_limit_are_refused() -> None:
    assert [try_it(), try_it(), try_it()] == [True, True, False]


@pytest.mark.django_db
def test_a_try_counts_by_its_weight() -> None:
    def weigh(weight: int) -> bool:
        return rate_limits.allow(name="hold", who="203.0.113.7", limit=10, per_seconds=60, now=NOW, weight=weight)

    assert [weigh(6), weigh(4), weigh(1)] == [True, True, False]


@pytest.mark.django_db
def test_others_and_other_things_are_counted_apart() -> None:
    try_it(), try_it()
    assert not try_it()
    assert try_it(who="203.0.113.8")
    assert try_it(name="upload")


@pytest.mark.django_db
def test_the_next_window_starts_from_nothing() -> None:
    try_it(), try_it(), try_it()
    assert [try_it(now=NOW + timedelta(seconds=60)) for _ in range(3)] == [True, True, False]


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["203.0.113.7", "order 482917305"])
def test_a_try_costs_one_statement(django_assert_num_queries: DjangoAssertNumQueries, who: str) -> None:
    try_it(who)
    with django_assert_num_queries(1):
        try_it(who)
    assert set(RateLimit.objects.values_list("count", flat=True)) == {2}


@pytest.mark.django_db
@pytest.mark.parametrize("neighbour", ["203.0.113.{}", "2001:db8:7:{}::/64"], ids=["IPv4", "IPv6"])
def test_neighbours_have_a_wider_limit_together(neighbour: str) -> None:
    tries = [try_it(neighbour.format(place)) for place in (1, 1, 2, 2, 3, 3)]
    assert tries == [True] * 4 + [False] * 2
    assert try_it("203.0.114.1")
    assert try_it("2001:db8:8:1::/64")


@pytest.mark.django_db
def test_who_tries_on_and_on_locks_no_neighbour_out() -> None:
    for _ in range(20):
        try_it("203.0.113.1")
    assert [try_it("203.0.113.2") for _ in range(3)] == [True, True, False]


@pytest.mark.django_db
def test_tries_at_one_thing_and_at_another_are_counted_apart_for_neighbours_too() -> None:
    def guess(about: str, place: int) -> bool:
        who = f"203.0.113.{place}"
        return rate_limits.allow(
            name="prove", who=who, about=about, limit=2, per_seconds=60, now=NOW, limits_of_network=2
        )

    assert [guess("one", place) for place in (1, 1, 2, 2, 3)] == [True] * 4 + [False]
    assert guess("another", 3)


@pytest.mark.django_db
def test_a_few_neighbours_lock_nobody_out() -> None:
    def knock(place: int) -> bool:
        return rate_limits.allow(name="sign-in", who=f"203.0.113.{place}", limit=2, per_seconds=60, now=NOW)

    assert [knock(place) for place in range(10) for _ in range(3)].count(False) == 10
    assert knock(99)


@pytest.mark.django_db
def test_what_is_no_address_has_no_neighbours() -> None:
    assert [try_it(f"482917{turn}") for turn in range(9)] == [True] * 9


@pytest.mark.django_db
def test_a_try_whose_transaction_fails_is_not_counted() -> None:
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            try_it()
            raise ZeroDivisionError
    assert [try_it(), try_it(), try_it()] == [True, True, False]


@pytest.mark.django_db
def test_who_tried_is_not_stored() -> None:
    try_it()
    assert "203.0.113" not in str(RateLimit.objects.values())


@pytest.mark.django_db
def test_limits_grow_with_the_setting(settings: Settings) -> None:
    settings.RATE_FACTOR = 2
    assert [try_it() for _ in range(5)] == [True] * 4 + [False]


@pytest.mark.django_db
def test_old_tries_are_forgotten() -> None:
    try_it()
    assert rate_limits.forget_old_tries(now=NOW + timedelta(days=1)) == 0
    assert rate_limits.forget_old_tries(now=NOW + timedelta(days=3)) == 2, "of the address and of its network"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "", "192.0.2.1"),
        (0, "198.51.100.9", "192.0.2.1"),
        (1, "198.51.100.9", "198.51.100.9"),
        (1, "6.6.6.6, 198.51.100.9", "198.51.100.9"),
        (2, "6.6.6.6, 198.51.100.9, 10.0.0.2", "198.51.100.9"),
        (2, "198.51.100.9", "192.0.2.1"),
        (1, "nonsense", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "fe80::1%eth0", "fe80::/64"),
        (1, "::ffff:198.51.100.9", "198.51.100.9"),
        (1, "198.51.100.9:4711", "198.51.100.9"),
        (1, "[2001:db8:1:2:3:4:5:6]:4711", "2001:db8:1:2::/64"),
        (1, "[2001:db8:1:2:3:4:5:6]", "2001:db8:1:2::/64"),
    ],
)
def test_the_address_is_the_one_our_own_proxies_saw(
    settings: Settings, proxies: int, forwarded: str, expected: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": forwarded})
    assert rate_limits.client_address(request) == expected


def test_a_request_without_an_address_is_still_counted(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 0
    assert rate_limits.client_address(RequestFactory().get("/", REMOTE_ADDR="")) == "unknown"
