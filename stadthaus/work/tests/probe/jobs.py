"""Work that a test can watch and hold up."""

import os
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.dispatch import receiver

from stadthaus.work.models import Job
from stadthaus.work.registry import DueJob, handles, handles_regularly
from stadthaus.work.rules.pace import every
from stadthaus.work.signals import worker_starts

FOLDER = Path(os.environ.get("STADTHAUS_VAR", "."))


@receiver(worker_starts)
def look_into_the_database(**_: object) -> None:
    """As the program does before the workers begin, in the process that starts them."""
    Job.objects.exists()


@handles("probe.wait")
def wait_for_permission(job: DueJob, _now: datetime) -> None:
    """Note the start, wait (20 s at most) until the file `go` appears, note the end."""
    with (FOLDER / "started").open("a") as file:
        file.write(f"{os.getpid()}\n")
    end = time.monotonic() + 20
    while not (FOLDER / "go").exists() and time.monotonic() < end:
        time.sleep(0.02)
    with (FOLDER / "finished").open("a") as file:
        file.write(f"{job.key} {job.attempts}\n")


@handles_regularly("probe.regular", every(timedelta(hours=1)))
def never_yet(_now: datetime) -> None:
    """Not due while a test runs."""
