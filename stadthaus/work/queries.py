"""Reads of the table of due work."""

from datetime import datetime, timedelta

from django.db.models import Q

from stadthaus.work.models import Job, JobQuerySet

# From then on it is no hiccup of a mail server or the database: the next try comes an hour later.
FAILED_OFTEN = 7


def unfinished() -> JobQuerySet:
    """Jobs that fail again and again, or were given up after days of trying; somebody has to look."""
    failing = Job.objects.filter(Q(failed_at__isnull=False) | Q(attempts__gt=FAILED_OFTEN) & ~Q(last_error=""))
    return failing.order_by("failed_at", "id")


def longest_wait(now: datetime) -> timedelta | None:
    """For how long the oldest due job has been waiting; None if no worker has ever begun the regular work."""
    oldest = Job.objects.filter(failed_at__isnull=True).values_list("due_at", flat=True).first()
    return max(now - oldest, timedelta()) if oldest else None
