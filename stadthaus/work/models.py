"""The table of due work."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Now

from stadthaus import rows
from stadthaus.work.registry import DueJob


class JobQuerySet(models.QuerySet["Job"]):
    """What is to be done, and what nobody could do."""

    def due(self, now: datetime | rows.Given) -> Self:
        """Jobs whose time has come and that have not been given up, those being done included."""
        return self.filter(failed_at__isnull=True, due_at__lte=now)

    def free(self, now: datetime | rows.Given) -> Self:
        """Jobs that no worker has, or whose worker has not come back in time."""
        return self.filter(models.Q(leased_until__isnull=True) | models.Q(leased_until__lte=now))

    def failed(self) -> Self:
        """Jobs that were tried for days and given up."""
        return self.filter(failed_at__isnull=False)


class Job(models.Model):
    """One piece of due work. There is one row for each kind and key; a finished job is deleted.

    `ticket` is new with every scheduling. A worker deletes the row only while the ticket is the one
    it began with, so work scheduled during its run is not lost.
    """

    kind = models.CharField(max_length=100)
    key = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    ticket = models.CharField(max_length=16)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=100, blank=True)
    failed_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = JobQuerySet.as_manager()

    class Meta:
        """Longest due first."""

        ordering: ClassVar = ["due_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key"], name="work_job_once"),
            models.CheckConstraint(
                condition=models.Q(leased_until__isnull=True, leased_by="")
                | models.Q(leased_until__isnull=False) & ~models.Q(leased_by=""),
                name="work_job_lease_has_owner",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], condition=models.Q(failed_at__isnull=True), name="work_job_due"),
            models.Index(fields=["failed_at"], condition=models.Q(failed_at__isnull=False), name="work_job_given_up"),
        ]

    def __str__(self) -> str:
        """Show kind and key."""
        return f"{self.kind} {self.key}"

    def as_due(self) -> DueJob:
        """The job as its handler sees it."""
        return DueJob(kind=self.kind, key=self.key, payload=self.payload, attempts=self.attempts)
