from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from stadthaus.work import actions
from stadthaus.work.models import Job
from stadthaus.work.registry import DueJob, handles

NOW = datetime(2025, 12, 1, 8, 0, tzinfo=UTC)


def a_kind(handler: Callable[[DueJob, datetime], None]) -> str:
    """A kind of work of its own for one test."""
    kind = f"test.{uuid4()}"
    handles(kind)(handler)
    return kind


def nothing_to_do(_job: DueJob, _now: datetime) -> None:
    """The handler that is content with everything."""


def goes_wrong(_job: DueJob, _now: datetime) -> None:
    raise ValueError("erika@example.org")


def a_job(*, kind: str = "test", key: str = "1", due_at: datetime = NOW, **fields: Any) -> Job:
    actions.schedule(kind=kind, key=key, due_at=due_at)
    Job.objects.filter(kind=kind, key=key).update(**fields)
    return Job.objects.get(kind=kind, key=key)


def claimed(job: Job, *, worker: str = "worker", now: datetime = NOW) -> Job:
    (found,) = actions.claim(now=now, worker=worker, limit=1)
    assert found.pk == job.pk
    return found
