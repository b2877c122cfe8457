"""What comes again and again: begun by itself, due again whatever happens."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from stadthaus.work import actions, queries
from stadthaus.work.models import Job
from stadthaus.work.registry import handles_regularly
from stadthaus.work.rules.backoff import LAST_ATTEMPT
from stadthaus.work.rules.pace import every
from stadthaus.work.tests.factories import NOW, a_job, claimed

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def a_regular_kind(handler: Callable[[datetime], None] = lambda _now: None, span: timedelta = HOUR) -> str:
    """A kind of regular work of its own for one test."""
    kind = f"test.{uuid4()}"
    handles_regularly(kind, every(span))(handler)
    return kind


def goes_wrong(_now: datetime) -> None:
    raise ValueError


def the(kind: str) -> Job:
    return Job.objects.get(kind=kind)


def fail(kind: str, *, times: int) -> datetime:
    """Let a job fail so often, each time when it is due; when it was last tried."""
    for _ in range(times):
        tried_at = the(kind).due_at
        actions.run(job=claimed(the(kind), now=tried_at), now=tried_at)
    return tried_at


def test_the_worker_begins_it_at_its_next_time() -> None:
    kind = a_regular_kind()
    actions.start_regular_jobs(now=NOW)
    assert (the(kind).key, the(kind).due_at) == ("regular", NOW + HOUR)


def test_a_worker_that_starts_again_moves_nothing() -> None:
    kind = a_regular_kind()
    actions.start_regular_jobs(now=NOW)
    actions.start_regular_jobs(now=NOW + timedelta(minutes=59))
    assert the(kind).due_at == NOW + HOUR


def test_done_it_is_due_again() -> None:
    done: list[datetime] = []
    kind = a_regular_kind(done.append)
    a_job(kind=kind, attempts=3, last_error="ValueError")
    actions.run_due(NOW)
    assert done == [NOW]
    job = the(kind)
    assert (job.due_at, job.attempts, job.last_error, job.leased_until) == (NOW + HOUR, 0, "", None)


def test_failed_it_is_tried_again_soon() -> None:
    kind = a_regular_kind(goes_wrong)
    a_job(kind=kind)
    actions.run_due(NOW)
    assert the(kind).due_at == NOW + timedelta(seconds=10)


def test_failed_it_never_waits_longer_than_until_its_next_time() -> None:
    kind = a_regular_kind(goes_wrong, timedelta(minutes=1))
    a_job(kind=kind, attempts=20)
    actions.run_due(NOW)
    assert the(kind).due_at == NOW + timedelta(minutes=1)


def test_it_is_never_given_up() -> None:
    kind = a_regular_kind(goes_wrong)
    a_job(kind=kind)
    last = fail(kind, times=LAST_ATTEMPT + 10)
    assert (the(kind).failed_at, the(kind).due_at) == (None, last + HOUR)


def test_a_run_that_killed_every_worker_is_tried_again_at_its_next_time() -> None:
    kind = a_regular_kind()
    a_job(kind=kind, attempts=LAST_ATTEMPT)
    actions.run_due(NOW)
    assert (the(kind).failed_at, the(kind).due_at) == (None, NOW + HOUR)
    actions.run_due(NOW + HOUR)
    assert the(kind).attempts == 0


def test_whoever_looks_sees_what_fails_again_and_again() -> None:
    kind = a_regular_kind(goes_wrong)
    a_job(kind=kind)
    fail(kind, times=queries.FAILED_OFTEN)
    assert not queries.unfinished().exists()
    fail(kind, times=1)
    assert [job.kind for job in queries.unfinished()] == [kind]


def check() -> None:
    call_command("worker", "--check")


def test_the_check_is_content_while_all_is_done_in_time(capsys: pytest.CaptureFixture[str]) -> None:
    actions.start_regular_jobs(now=timezone.now())
    check()
    assert "Alles Fällige wird erledigt" in capsys.readouterr().out


def test_the_check_fails_before_the_first_worker() -> None:
    with pytest.raises(CommandError, match="Kein Worker läuft"):
        check()


def test_the_check_fails_when_work_stays_undone() -> None:
    a_job(due_at=timezone.now() - timedelta(minutes=6))
    with pytest.raises(CommandError, match="Kein Worker läuft"):
        check()


def test_the_check_names_what_fails_again_and_again() -> None:
    a_job(kind="test.broken", due_at=timezone.now() + HOUR, failed_at=None, attempts=20, last_error="ValueError")
    with pytest.raises(CommandError, match=r"test\.broken"):
        check()
