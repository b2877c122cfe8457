"""What is due: days made ahead, holds given back, leftovers tidied up."""

from datetime import datetime, timedelta

from stadthaus.base_services.collection_tours import actions, documents
from stadthaus.base_services.collection_tours.actions.regular import KEEP_DAYS, RELEASE_HOLDS, TIDY_UP
from stadthaus.base_services.collection_tours.rules.series import next_daily_run
from stadthaus.kernel.calendars import BERLIN
from stadthaus.work import actions as work
from stadthaus.work.registry import DueJob, handles

RELEASE_EVERY = timedelta(minutes=1)


@handles(KEEP_DAYS)
def keep_days(job: DueJob, now: datetime) -> None:
    """Make the missing days; again tomorrow at 2:00."""
    actions.keep_days_ahead(today=now.astimezone(BERLIN).date(), now=now)
    work.schedule(kind=job.kind, key=job.key, due_at=next_daily_run(now))


@handles(RELEASE_HOLDS)
def release_holds(job: DueJob, now: datetime) -> None:
    """Give back expired holds; again in a minute, whatever happens: this job is never given up."""
    work.schedule(kind=job.kind, key=job.key, due_at=now + RELEASE_EVERY)
    actions.release_expired_holds(now=now)


@handles(TIDY_UP)
def tidy_up(job: DueJob, now: datetime) -> None:
    """Delete old released holds and photos no stop names; again tomorrow at 2:00."""
    actions.forget_released_holds(now=now)
    documents.remove_stray_photos(now)
    work.schedule(kind=job.kind, key=job.key, due_at=next_daily_run(now))
