"""What is due every night: forget what may no longer be kept."""

from datetime import datetime

from stadthaus.accounts import actions, rate_limits
from stadthaus.kernel.calendars import BERLIN
from stadthaus.work.registry import DueJob, handles


@handles(actions.CLEAN_UP)
def clean_up(job: DueJob, now: datetime) -> None:  # noqa: ARG001  every handler is called the same way
    """Erase personal details of the audit trail on their day, counted tries and crews' old links; again tomorrow."""
    actions.erase_due_audit_details(today=now.astimezone(BERLIN).date())
    actions.forget_crew_links(now=now)
    rate_limits.forget_old_tries(now=now)
    actions.start_regular_jobs(now=now)
