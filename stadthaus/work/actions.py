"""Every write to the table of due work, and `run_due`, which does the work."""

import json
import secrets
import traceback
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import F

from stadthaus import rows
from stadthaus.work.models import Job, JobQuerySet
from stadthaus.work.registry import handler_of, next_time, next_times
from stadthaus.work.rules import backoff

# Longer than any handler takes, short enough that the job of a killed worker is soon done.
LEASE_SECONDS = 120
# The one key of each kind of regular work.
REGULAR = "regular"
# A batch is done one by one under one lease, so it stays small.
BATCH = 5
# By hand: every order needs several of these, and building the query costs five times what running it does.
_SCHEDULE = """
    INSERT INTO work_job (kind, key, payload, due_at, ticket, attempts, leased_by, last_error)
    VALUES {jobs}
    ON CONFLICT (kind, key) DO UPDATE SET
        payload = excluded.payload, due_at = excluded.due_at, ticket = excluded.ticket,
        attempts = 0, failed_at = NULL, last_error = ''
"""
_ONE_JOB = "(%s, %s, %s, %s, %s, 0, '', '')"
_FREE: dict[str, Any] = {"leased_until": None, "leased_by": ""}

# Kind, key, payload, due, ticket, as the driver takes them.
_Planned = tuple[str, str, str, Any, str]

log = structlog.get_logger()


class WorkerDiedError(RuntimeError):
    """Every attempt ended with the worker's death instead of an answer."""


def schedule(*, kind: str, key: str, due_at: datetime, payload: dict[str, Any] | None = None) -> None:
    """Have a job done at `due_at`, or a known one (same kind and key) then instead, with a new start.

    One statement, or a part of one (`rows.together`); it belongs to the caller's transaction. `key` is an
    id: it is logged, so it carries no personal data. A lease is left alone: a job being done right now is
    done again afterwards, never twice at once.
    """
    due = connection.ops.adapt_datetimefield_value(due_at)
    rows.gather(_schedule_all, (kind, key, json.dumps(payload or {}), due, secrets.token_hex(8)))


def _schedule_all(jobs: list[_Planned]) -> None:
    last = {(kind, key): (kind, key, *rest) for kind, key, *rest in jobs}  # of two for the same work the later counts
    sql = _SCHEDULE.format(jobs=", ".join([_ONE_JOB] * len(last)))
    rows.run(sql, [value for job in last.values() for value in job])


def cancel(*, kind: str, key: str) -> None:
    """Forget a job (one statement); nothing happens if there is none. A run that has begun is not stopped."""
    waiting = rows.gathered(_schedule_all)
    waiting[:] = [job for job in waiting if job[:2] != (kind, key)]
    rows.delete(Job, where={"kind": kind, "key": key})


@transaction.atomic
def start_regular_jobs(*, now: datetime) -> None:
    """Have each kind of regular work done from its next time on; what is scheduled already stays as it is."""
    jobs = [
        Job(kind=kind, key=REGULAR, due_at=due_at, ticket=secrets.token_hex(8))
        for kind, due_at in next_times(now).items()
    ]
    Job.objects.bulk_create(jobs, ignore_conflicts=True)


_DUE = rows.Prepared(lambda given: Job.objects.due(given("now")).free(given("now")).order_by()[:1])


def claim(*, now: datetime, worker: str, limit: int = BATCH, lease_seconds: int = LEASE_SECONDS) -> list[Job]:
    """Take up to `limit` due jobs for this worker, longest due first. No two workers get the same one."""
    # An idle worker only reads: on SQLite every transaction would keep writers waiting.
    if not _DUE.all(now=now):
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
def finish(*, job: Job, now: datetime) -> None:
    """The job is done: delete it, or have it again if it is regular; scheduled anew meanwhile, it is only freed."""
    again = next_time(job.kind, now)
    if again:
        changed = _still_ours(job).update(due_at=again, attempts=0, last_error="", **_FREE)
    else:
        changed = rows.delete(Job, where={"id": job.pk, "ticket": job.ticket})
    if not changed:
        _release(job)


@transaction.atomic
def retry_later(*, job: Job, error: BaseException, now: datetime) -> None:
    """The job went wrong: try again after a growing delay, or give it up after about three days."""
    changed = _still_ours(job).update(last_error=describe(error), **_after_failure(job, now), **_FREE)
    if not changed:
        _release(job)


def _after_failure(job: Job, now: datetime) -> dict[str, Any]:
    """Regular work is tried again at its next time at the latest and never given up."""
    delay, again = backoff.delay_after(job.attempts), next_time(job.kind, now)
    if again is None:
        return {"failed_at": now} if delay is None else {"due_at": now + delay}
    if delay is None:
        return {"due_at": again, "attempts": backoff.LAST_ATTEMPT - 1}
    return {"due_at": min(now + delay, again)}


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
    except Exception as error:
        log.error("job failed", **about, exc_info=error)
        retry_later(job=job, error=error, now=now)
        return False
    finish(job=job, now=now)
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


def _still_ours(job: Job) -> JobQuerySet:
    return Job.objects.filter(pk=job.pk, ticket=job.ticket, leased_by=job.leased_by)


def _release(job: Job) -> None:
    Job.objects.filter(pk=job.pk, leased_by=job.leased_by).update(**_FREE)
