"""What is due every night: forget what may no longer be kept. And links for new passwords."""

from datetime import datetime, time

from stadthaus.accounts import actions, rate_limits
from stadthaus.accounts.models import SEND_PASSWORD_LINK, User
from stadthaus.accounts.signals import password_link_wanted
from stadthaus.kernel.calendars import day_of
from stadthaus.work.registry import DueJob, handles, handles_regularly
from stadthaus.work.rules.pace import daily


@handles_regularly("accounts.clean_up", daily(time(2, 30)))
def clean_up(now: datetime) -> None:
    """Erase personal details of the audit trail on their day, counted tries and crews' old links."""
    actions.erase_due_audit_details(today=day_of(now))
    actions.forget_crew_links(now=now)
    rate_limits.forget_old_tries(now=now)


@handles(SEND_PASSWORD_LINK)
def send_password_link(job: DueJob, now: datetime) -> None:
    """Have the link mailed, if there is such a person: only the worker knows, so the page answers all alike."""
    person = User.objects.filter(pk=job.payload["user"], is_active=True).first()
    if person is not None:
        password_link_wanted.send(sender=User, user=person, once=job.key, now=now)
