"""Work that a test can watch and hold up."""

import os
import time
from datetime import datetime, timedelta
from pathlib import Path

from stadthaus.work.registry import DueJob, handles, handles_regularly
from stadthaus.work.rules.pace import every

FOLDER = Path(os.environ.get("STADTHAUS_VAR", "."))


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
