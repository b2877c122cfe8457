from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from stadthaus import rows
from stadthaus.work import actions, queries
from stadthaus.work.models import Job
from stadthaus.work.registry import DueJob
from stadthaus.work.rules.backoff import LAST_ATTEMPT
from stadthaus.work.tests.factories import NOW, a_job, a_kind, claimed, goes_wrong, nothing_to_do

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
LEASE_OVER = NOW + timedelta(seconds=actions.LEASE_SECONDS)


def test_scheduling_is_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        actions.schedule(kind="test", key="1", due_at=NOW, payload={"a": 1})


def test_scheduling_twice_leaves_one_job_with_the_newer_time_and_payload() -> None:
    actions.schedule(kind="test", key="1", due_at=NOW, payload={"a": 1})
    actions.schedule(kind="test", key="1", due_at=LATER, payload={"b": 2})
    job = Job.objects.get()
    assert (job.due_at, job.payload) == (LATER, {"b": 2})


def test_the_same_key_of_another_kind_is_another_job() -> None:
    actions.schedule(kind="test.a", key="1", due_at=NOW)
    actions.schedule(kind="test.b", key="1", due_at=NOW)
    assert Job.objects.count() == 2


def test_jobs_scheduled_together_are_one_statement_and_of_two_for_the_same_work_the_later_counts(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1), rows.together():
        actions.schedule(kind="test", key="1", due_at=NOW)
        actions.schedule(kind="test", key="2", due_at=NOW)
        actions.schedule(kind="test", key="1", due_at=LATER)
    assert dict(Job.objects.values_list("key", "due_at")) == {"1": LATER, "2": NOW}


def test_a_job_cancelled_among_those_scheduled_together_is_not_there() -> None:
    with rows.together():
        actions.schedule(kind="test", key="1", due_at=NOW)
        actions.schedule(kind="test", key="2", due_at=NOW)
        actions.cancel(kind="test", key="1")
    assert [job.key for job in Job.objects.all()] == ["2"]


def test_a_job_dies_with_the_transaction_that_scheduled_it() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        actions.schedule(kind="test", key="1", due_at=NOW)
        raise ZeroDivisionError
    assert not Job.objects.exists()


def test_scheduling_gives_a_given_up_job_a_new_start() -> None:
    a_job(attempts=LAST_ATTEMPT, failed_at=NOW, last_error="ValueError")
    actions.schedule(kind="test", key="1", due_at=NOW)
    job = Job.objects.get()
    assert (job.attempts, job.failed_at, job.last_error) == (0, None, "")


def test_cancelling_forgets_the_job() -> None:
    a_job()
    actions.cancel(kind="test", key="1")
    assert not Job.objects.exists()


def test_cancelling_what_is_not_there_does_nothing() -> None:
    actions.cancel(kind="test", key="1")


def test_only_due_jobs_are_claimed_longest_due_first() -> None:
    a_job(key="soon", due_at=LATER)
    a_job(key="second", due_at=NOW)
    a_job(key="first", due_at=NOW - timedelta(hours=1))
    assert [job.key for job in actions.claim(now=NOW, worker="w")] == ["first", "second"]


def test_a_claim_is_limited() -> None:
    for key in "abc":
        a_job(key=key)
    assert len(actions.claim(now=NOW, worker="w", limit=2)) == 2


def test_an_idle_claim_only_reads(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        assert actions.claim(now=NOW, worker="w") == []


def test_a_claimed_job_is_not_claimed_again_while_its_lease_lasts() -> None:
    claimed(a_job())
    assert actions.claim(now=LEASE_OVER - timedelta(seconds=1), worker="other") == []


def test_a_claimed_job_is_claimed_again_when_its_lease_is_over() -> None:
    job = a_job()
    claimed(job)
    again = claimed(job, worker="other", now=LEASE_OVER)
    assert (again.attempts, again.leased_by) == (2, "other")


def test_a_given_up_job_is_not_claimed() -> None:
    a_job(failed_at=NOW)
    assert actions.claim(now=NOW, worker="w") == []


def test_a_lease_without_an_owner_is_refused_by_the_database() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        a_job(leased_until=NOW)


def test_a_finished_job_is_gone() -> None:
    actions.finish(job=claimed(a_job()), now=NOW)
    assert not Job.objects.exists()


def test_a_job_scheduled_during_its_run_survives_and_is_free() -> None:
    job = claimed(a_job())
    actions.schedule(kind="test", key="1", due_at=LATER)
    actions.finish(job=job, now=NOW)
    left = Job.objects.get()
    assert (left.due_at, left.attempts, left.leased_until) == (LATER, 0, None)


def test_a_job_scheduled_during_its_run_is_not_done_by_two_at_once() -> None:
    claimed(a_job())
    actions.schedule(kind="test", key="1", due_at=NOW)
    assert actions.claim(now=NOW, worker="other") == []


def test_a_late_worker_does_not_take_the_lease_of_the_next_one() -> None:
    job = a_job()
    late = claimed(job)
    claimed(job, worker="next", now=LEASE_OVER)
    actions.schedule(kind="test", key="1", due_at=LATER)
    actions.finish(job=late, now=LEASE_OVER)
    assert Job.objects.get().leased_by == "next"


def test_a_late_failure_does_not_change_the_job_of_the_next_worker() -> None:
    job = a_job()
    late = claimed(job)
    claimed(job, worker="next", now=LEASE_OVER)
    actions.retry_later(job=late, error=ValueError(), now=LEASE_OVER)
    left = Job.objects.get()
    assert (left.leased_by, left.due_at, left.last_error) == ("next", NOW, "")


def test_a_failed_job_waits_and_is_free() -> None:
    actions.retry_later(job=claimed(a_job()), error=ValueError("x"), now=NOW)
    job = Job.objects.get()
    assert (job.due_at, job.leased_until, job.last_error) == (NOW + timedelta(seconds=10), None, "ValueError")


def test_a_failure_does_not_push_back_what_was_scheduled_during_the_run() -> None:
    job = claimed(a_job())
    actions.schedule(kind="test", key="1", due_at=NOW)
    actions.retry_later(job=job, error=ValueError(), now=NOW)
    left = Job.objects.get()
    assert (left.due_at, left.attempts, left.leased_until) == (NOW, 0, None)


def test_the_last_failure_gives_the_job_up() -> None:
    actions.retry_later(job=claimed(a_job(attempts=LAST_ATTEMPT - 1)), error=ValueError(), now=NOW)
    assert list(queries.unfinished()) == [Job.objects.get(failed_at=NOW, leased_until=None)]


def test_a_given_up_job_can_be_tried_again() -> None:
    job = a_job(attempts=LAST_ATTEMPT, failed_at=NOW)
    assert actions.try_again(job_id=job.pk, now=LATER)
    assert Job.objects.get(failed_at=None).due_at == LATER
    assert not actions.try_again(job_id=job.pk, now=LATER)


def test_what_was_claimed_and_not_begun_is_given_back_uncounted() -> None:
    job = claimed(a_job())
    actions.give_back(jobs=[job])
    left = Job.objects.get()
    assert (left.attempts, left.leased_until) == (0, None)


def test_run_due_does_what_is_due_and_says_how_many() -> None:
    kind = a_kind(nothing_to_do)
    for key in "abcdefg":
        a_job(kind=kind, key=key)
    a_job(kind=kind, key="later", due_at=LATER)
    assert actions.run_due(NOW) == 7
    assert [job.key for job in Job.objects.all()] == ["later"]


def test_run_due_does_what_becomes_due_by_doing_it() -> None:
    done: list[str] = []

    def first(_job: DueJob, now: datetime) -> None:
        actions.schedule(kind=second_kind, key="2", due_at=now)

    second_kind = a_kind(lambda job, _now: done.append(job.key))
    a_job(kind=a_kind(first))
    assert actions.run_due(NOW) == 2
    assert done == ["2"]


def test_a_handler_can_ask_to_be_called_again_then() -> None:
    def every_hour(job: DueJob, now: datetime) -> None:
        actions.schedule(kind=job.kind, key=job.key, due_at=now + timedelta(hours=1))

    a_job(kind=a_kind(every_hour))
    assert actions.run_due(NOW) == 1
    assert actions.run_due(LATER) == 1
    assert Job.objects.get().due_at == LATER + timedelta(hours=1)


def test_a_handler_sees_payload_and_attempt() -> None:
    seen: list[DueJob] = []
    kind = a_kind(lambda job, _now: seen.append(job))
    actions.schedule(kind=kind, key="1", due_at=NOW, payload={"a": 1})
    actions.run_due(NOW)
    assert seen == [DueJob(kind=kind, key="1", payload={"a": 1}, attempts=1)]


def test_one_failing_job_does_not_stop_the_others() -> None:
    a_job(kind=a_kind(goes_wrong), due_at=NOW - timedelta(hours=1))
    a_job(kind=a_kind(nothing_to_do))
    assert actions.run_due(NOW) == 2
    assert Job.objects.get().attempts == 1


def test_neither_row_nor_log_holds_what_the_exception_says(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    a_job(kind=a_kind(goes_wrong))
    actions.run_due(NOW)
    assert Job.objects.get().last_error.startswith("ValueError (factories.py:")
    assert "job failed" in caplog.text
    assert "erika" not in caplog.text + "".join(capsys.readouterr())


def test_a_job_without_a_handler_waits_for_one() -> None:
    a_job(kind="test.unknown")
    actions.run_due(NOW)
    assert Job.objects.get().last_error.startswith("KeyError")


def test_a_job_that_kills_every_worker_is_given_up_without_another_try() -> None:
    done: list[str] = []
    a_job(kind=a_kind(lambda job, _now: done.append(job.key)), attempts=LAST_ATTEMPT)
    actions.run_due(NOW)
    assert Job.objects.get().failed_at == NOW
    assert done == []


def test_the_longest_wait_is_that_of_the_oldest_due_job() -> None:
    a_job(key="a", due_at=NOW - timedelta(minutes=5))
    a_job(key="b")
    a_job(key="c", due_at=LATER)
    a_job(key="d", due_at=NOW - timedelta(days=5), failed_at=NOW)
    assert queries.longest_wait(NOW) == timedelta(minutes=5)


def test_nothing_waits_while_nothing_is_due() -> None:
    a_job(due_at=LATER)
    assert queries.longest_wait(NOW) == timedelta()


def test_without_any_job_nobody_knows_whether_a_worker_runs() -> None:
    assert queries.longest_wait(NOW) is None
