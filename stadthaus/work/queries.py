"""Reads of the table of due work."""

from datetime import datetime, timedelta

from stadthaus.work.models import Job, JobQuerySet


def needs_attention() -> JobQuerySet:
    """Jobs that were given up after days of trying; somebody has to look."""
    return Job.objects.failed().order_by("failed_at", "id")


def queue_length(now: datetime) -> int:
    """How many jobs are due and not yet done."""
    return Job.objects.due(now).count()


def longest_wait(now: datetime) -> timedelta:
    """For how long the oldest due job has been waiting; a growing wait means that no worker runs."""
    oldest = Job.objects.due(now).values_list("due_at", flat=True).first()
    return now - oldest if oldest else timedelta()
