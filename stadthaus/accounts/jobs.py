"""What is due every night: forget what may no longer be kept."""

from datetime import datetime, time

from stadthaus.accounts import actions, rate_limits
from stadthaus.kernel.calendars import day_of
from stadthaus.work.registry import handles_regularly
from stadthaus.work.rules.pace import daily


@handles_regularly("accounts.clean_up", daily(time(2, 30)))
def clean_up(now: datetime) -> None:
    """Erase personal details of the audit trail on their day, counted tries and crews' old links."""
    actions.erase_due_audit_details(today=day_of(now))
    actions.forget_crew_links(now=now)
    rate_limits.forget_old_tries(now=now)
