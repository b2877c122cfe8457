from datetime import timedelta

from stadthaus.work.rules.backoff import LAST_ATTEMPT, delay_after


def test_the_first_retry_comes_after_seconds() -> None:
    assert delay_after(1) == timedelta(seconds=10)


def test_delays_never_shrink_and_never_exceed_an_hour() -> None:
    delays = [delay for attempt in range(1, LAST_ATTEMPT) if (delay := delay_after(attempt))]
    assert delays == sorted(delays)
    assert delays[-1] == timedelta(hours=1)


def test_a_job_is_tried_for_about_three_days() -> None:
    delays = [delay_after(attempt) or timedelta() for attempt in range(1, LAST_ATTEMPT)]
    assert timedelta(days=2.9) < sum(delays, timedelta()) < timedelta(days=3.1)


def test_after_the_last_attempt_it_is_given_up() -> None:
    assert delay_after(LAST_ATTEMPT) is None
    assert delay_after(LAST_ATTEMPT + 1) is None
