"""Every write to the table of due work, and `run_due`, which does the work."""

import secrets
import traceback
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F

from stadthaus.work.models import Job, JobQuerySet
from stadthaus.work.registry import handler_of
from stadthaus.work.rules import backoff

# Longer than any handler takes, short enough that the job of a killed worker is soon done.
LEASE_SECONDS = 120
# A batch is done one by one under one lease, so it stays small.
BATCH = 5
_FREE: dict[str, Any] = {"leased_until": None, "leased_by": ""}

log = structlog.get_logger()


class WorkerDiedError(RuntimeError):
    """Every attempt ended with the worker's death instead of an answer."""


@transaction.atomic(savepoint=False)
def schedule(*, kind: str, key: str, due_at: datetime, payload: dict[str, Any] | None = None) -> None:
    """Have a job done at `due_at`, or a known one (same kind and key) then instead, with a new start.

    One statement; it belongs to the caller's transaction. `key` is an id: it is logged, so it
    carries no personal data. A lease is left alone: a job being done right now is done again
    afterwards, never twice at once.
    """
    job = Job(kind=kind, key=key, due_at=due_at, payload=payload or {}, ticket=secrets.token_hex(8))
    Job.objects.bulk_create(
        [job],
        update_conflicts=True,
        unique_fields=["kind", "key"],
        update_fields=["due_at", "payload", "ticket", "attempts", "failed_at", "last_error"],
    )


@transaction.atomic(savepoint=False)
def cancel(*, kind: str, key: str) -> None:
    """Forget a job; nothing happens if there is none. A run that has begun is not stopped."""
    Job.objects.filter(kind=kind, key=key).delete()


def claim(*, now: datetime, worker: str, limit: int = BATCH, lease_seconds: int = LEASE_SECONDS) -> list[Job]:
    """Take up to `limit` due jobs for this worker, longest due first. No two workers get the same one."""
    # An idle worker only reads: on SQLite every transaction would keep writers waiting.
    if not Job.objects.due(now).free(now).exists():
        return []
    return _lease(now=now, worker=worker, limit=limit, until=now + timedelta(seconds=lease_seconds))


@transaction.atomic
def _lease(*, now: datetime, worker: str, limit: int, until: datetime) -> list[Job]:
    jobs = list(Job.objects.due(now).free(now).select_for_update(skip_locked=True)[:limit])
    Job.objects.filter(pk__in=[job.pk for job in jobs]).update(
        leased_until=until, leased_by=worker, attempts=F("attempts") + 1
    )
    for job in jobs:
        job.leased_until, job.leased_by, job.attempts = until, worker, job.attempts + 1
    return jobs


@transaction.atomic
def finish(*, job: Job) -> None:
    """The job is done: delete it, unless it was scheduled anew meanwhile; then only give it free."""
    deleted, _ = Job.objects.filter(pk=job.pk, ticket=job.ticket).delete()
    if not deleted:
        _release(job)


@transaction.atomic
def retry_later(*, job: Job, error: BaseException, now: datetime) -> None:
    """The job went wrong: try again after a growing delay, or give it up after about three days."""
    delay = backoff.delay_after(job.attempts)
    outcome = {"failed_at": now} if delay is None else {"due_at": now + delay}
    changed = _still_ours(job).update(last_error=describe(error), **outcome, **_FREE)
    if not changed:
        _release(job)


@transaction.atomic
def give_back(*, jobs: Sequence[Job]) -> None:
    """Free jobs that were claimed and not begun, because the worker stops."""
    for job in jobs:
        if not _still_ours(job).update(attempts=job.attempts - 1, **_FREE):
            _release(job)


@transaction.atomic
def try_again(*, job_id: int, now: datetime) -> bool:
    """Give a given-up job a new start; False if there is no such job any more."""
    revived = Job.objects.failed().filter(pk=job_id)
    return revived.update(failed_at=None, attempts=0, due_at=now, last_error="") > 0


def run(*, job: Job, now: datetime) -> bool:
    """Do one claimed job, outside of any transaction of our own; False if it has to be tried again."""
    about = {"kind": job.kind, "key": job.key, "attempt": job.attempts}
    try:
        if job.attempts > backoff.LAST_ATTEMPT:
            raise WorkerDiedError
        handler_of(job.kind)(job.as_due(), now)
    except Exception as error:  # noqa: BLE001  whatever went wrong, the job waits and the worker goes on
        log.error("job failed", **about, trace=_places(error))
        retry_later(job=job, error=error, now=now)
        return False
    finish(job=job)
    log.info("job done", **about)
    return True


def run_due(now: datetime) -> int:
    """Do everything that is due at `now`, with all that becomes due by doing it; how many jobs were run."""
    count = 0
    while jobs := claim(now=now, worker="run_due"):
        for job in jobs:
            run(job=job, now=now)
        count += len(jobs)
    return count


def describe(error: BaseException) -> str:
    """What went wrong and where, without the message, which can carry personal data."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}{where}"[:200]


def _places(error: BaseException | None) -> list[str]:
    """List exceptions and frames, the cause last; no messages, since they can quote what somebody typed."""
    lines: list[str] = []
    while error is not None:
        lines.append(type(error).__name__)
        lines += [
            f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
        ]
        error = error.__cause__ or error.__context__
    return lines


def _still_ours(job: Job) -> JobQuerySet:
    return Job.objects.filter(pk=job.pk, ticket=job.ticket, leased_by=job.leased_by)


def _release(job: Job) -> None:
    Job.objects.filter(pk=job.pk, leased_by=job.leased_by).update(**_FREE)
