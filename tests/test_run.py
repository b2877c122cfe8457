"""`make run` as a process: how it ends, and what it says before it begins."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest

from stadthaus.portal.web import PROCESSES
from tests.server import ROOT, house
from tools.run import answers, stop

# SIGHUP ends it even where the tests themselves were started with nohup.
SERVE = (
    "import os, signal; signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
    "from tools import run; raise SystemExit(run.serve(dict(os.environ)))"
)
PATIENCE = 60  # seconds
WEB_AND_WORKER = 4  # the web server, its two processes, and the worker


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


def programs(pid: int) -> dict[int, int]:
    """What a process has started, and what these have: each with the one that started it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    found = {int(child): pid for child in children}
    for child in list(found):
        with suppress(FileNotFoundError):  # has ended meanwhile
            found |= programs(child)
    return found


def is_web_server(pid: int, family: dict[int, int]) -> bool:
    """The one that has started others."""
    return pid in family.values()


def is_web_process(pid: int, family: dict[int, int]) -> bool:
    """One of those it has started."""
    return family[pid] in family


def is_worker(pid: int, family: dict[int, int]) -> bool:
    """The one that stands alone."""
    return not is_web_server(pid, family) and not is_web_process(pid, family)


def until(is_so: Callable[[], bool]) -> None:
    """Wait for something; the whole test ends in a failure if it does not come."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.5)  # between two looks; what is waited for has no event of its own


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


def test_what_is_killed_is_there_again(tmp_path: Path) -> None:
    unloaded = house(tmp_path, prepare=(("migrate", "--verbosity=0"),))
    with unloaded as server, started("-c", SERVE, **server.environment) as process:

        def is_whole() -> bool:
            return len(programs(process.pid)) == WEB_AND_WORKER and answers(f"{server.address}/healthz")

        def is_replaced(killed: int) -> bool:
            return is_whole() and killed not in programs(process.pid)

        for is_it in (is_web_process, is_web_server, is_worker):
            until(is_whole)
            family = programs(process.pid)
            killed = next(pid for pid in family if is_it(pid, family))
            os.kill(killed, signal.SIGKILL)
            until(partial(is_replaced, killed))
        assert process.poll() is None


@pytest.mark.parametrize("port", ["abc", "0", "99999"])
def test_what_is_no_port_is_said_in_one_sentence(tmp_path: Path, port: str) -> None:
    with started("tools/run.py", PORT=port, STADTHAUS_VAR=str(tmp_path)) as process:
        said, _ = process.communicate(timeout=60)
    assert (process.returncode, said.decode()) == (
        2,
        f"PORT={port} geht nicht: Ein Port ist eine Zahl von 1 bis 65535.\n",
    )


def test_a_web_server_that_is_told_to_end_while_its_processes_start_ends(tmp_path: Path) -> None:
    with house(tmp_path, prepare=(("migrate", "--verbosity=0"),)) as server:
        web = ("manage.py", "web", "--port", str(server.port))
        with started(*web, **server.environment) as process:
            until(lambda: len(programs(process.pid)) == PROCESSES)
            process.terminate()
            process.wait(timeout=PATIENCE)


def test_a_web_server_does_not_share_its_port_with_another(tmp_path: Path) -> None:
    with house(tmp_path, prepare=(("migrate", "--verbosity=0"),)) as server, socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as the web server has it
        other.bind(("127.0.0.1", server.port))
        other.listen()
        with started("manage.py", "web", "--port", str(server.port), **server.environment) as process:
            said, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 1
        assert f"An 127.0.0.1:{server.port} kann der Webserver nicht hören." in said.decode()
