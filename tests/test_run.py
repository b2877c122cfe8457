"""`make run` as a process: how it ends, and what it says before it begins."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.server import ROOT, house
from tools.run import answers, stop

SERVE = "import os; from tools import run; raise SystemExit(run.serve(dict(os.environ)))"


@contextmanager
def started(*command: str, **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A Python program whose output is kept."""
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        stop([process])


def test_closing_the_terminal_ends_web_and_worker_too(tmp_path: Path) -> None:
    with house(tmp_path, prepare=(("migrate", "--verbosity=0"),)) as server:
        with started("-c", SERVE, **server.environment) as process:
            assert process.stdout
            welcome = next(line for line in process.stdout if server.address.encode() in line)
            assert answers(f"{server.address}/healthz"), welcome
            process.send_signal(signal.SIGHUP)
            process.communicate(timeout=60)  # the pipe ends with the last process that could write into it
            assert process.returncode == 0
        assert not answers(f"{server.address}/healthz")


@pytest.mark.parametrize("port", ["abc", "0", "99999"])
def test_what_is_no_port_is_said_in_one_sentence(tmp_path: Path, port: str) -> None:
    with started("tools/run.py", PORT=port, STADTHAUS_VAR=str(tmp_path)) as process:
        said, _ = process.communicate(timeout=60)
    assert (process.returncode, said.decode()) == (
        2,
        f"PORT={port} geht nicht: Ein Port ist eine Zahl von 1 bis 65535.\n",
    )
