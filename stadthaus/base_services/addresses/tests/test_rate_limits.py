"""The rate limit in memory."""

from datetime import timedelta

from stadthaus.base_services.addresses.rate_limits import TokenBuckets
from stadthaus.base_services.addresses.tests.factories import NOW


def test_a_bucket_gives_its_tokens_and_then_none() -> None:
    buckets = TokenBuckets(limit=3, per_seconds=60)
    assert [buckets.take("a", NOW) for _ in range(4)] == [True, True, True, False]


def test_a_bucket_refills_with_time_and_never_beyond_its_limit() -> None:
    buckets = TokenBuckets(limit=3, per_seconds=60)
    for _ in range(4):
        buckets.take("a", NOW)
    assert not buckets.take("a", NOW + timedelta(seconds=19))
    assert buckets.take("a", NOW + timedelta(seconds=20))
    later = NOW + timedelta(hours=1)
    assert [buckets.take("a", later) for _ in range(4)] == [True, True, True, False]


def test_one_client_takes_nothing_from_another() -> None:
    buckets = TokenBuckets(limit=1, per_seconds=60)
    assert buckets.take("a", NOW)
    assert buckets.take("b", NOW)
    assert not buckets.take("a", NOW)


def test_a_clock_that_jumps_back_gives_nothing_away() -> None:
    buckets = TokenBuckets(limit=1, per_seconds=60)
    assert buckets.take("a", NOW)
    assert not buckets.take("a", NOW - timedelta(hours=1))


def test_memory_stays_small_with_ever_new_clients() -> None:
    buckets = TokenBuckets(limit=1, per_seconds=60)
    assert all(buckets.take(str(number), NOW) for number in range(25_000))
    assert len(buckets._buckets) <= 10_000
