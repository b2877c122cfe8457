"""Starts and stops what is measured: a database of its own, web and worker with production settings."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from benchmarks.client import Browser, Unexpected
from benchmarks.machine import Pids, postgresql_processes, process_tree
from stadthaus.portal.web import APPLICATION, THREADS, command_line
from tools.run import stop

ROOT = Path(__file__).resolve().parent.parent
RATE_FACTOR = 1_000_000
_START_SECONDS = 60
_OK = 200


@dataclass(frozen=True)
class Database:
    """An empty database for one run: "sqlite" or "postgresql"."""

    kind: str
    url: str

    @property
    def pids(self) -> Pids:
        """The processes that work for this database; SQLite works inside web and worker."""
        name = urlsplit(self.url).path.removeprefix("/")
        return lambda: postgresql_processes(name) if self.kind == "postgresql" else set()


@contextmanager
def workplace() -> Iterator[Path]:
    """A temporary folder with what `make` has built for pages and documents; removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="stadthaus-bench-") as name:
        folder = Path(name)
        for built in ("front_end", "fonts"):
            shutil.copytree(ROOT / "var" / built, folder / built)
        yield folder


@contextmanager
def new_database(kind: str, folder: Path, name: str, postgresql: str) -> Iterator[Database]:
    """Make an empty database, and drop it afterwards. `postgresql` is the address of a server's own database."""
    if kind == "sqlite":
        yield Database(kind, f"sqlite:///{folder / name}.sqlite3")
        return
    full_name = f"stadthaus_bench_{name}_{os.getpid()}"
    identifier = sql.Identifier(full_name)
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(identifier))
        try:
            yield Database(kind, urlunsplit(urlsplit(postgresql)._replace(path=f"/{full_name}")))
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))


def postgresql_answers(address: str) -> bool:
    """Whether a PostgreSQL server can be reached there."""
    try:
        psycopg.connect(address, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _new_secrets() -> dict[str, str]:
    return {name: secrets.token_urlsafe(48) for name in ("STADTHAUS_SECRET_KEY", "STADTHAUS_LINK_KEY")}


@dataclass
class Program:
    """Web server and worker on a database of their own: `with Program(…) as program: program.browser()`.

    `application` is served as tools/run.py serves it, with `settings`; `worker` says whether one runs beside it.
    """

    database: Database
    folder: Path
    smtp_port: int = 9
    application: str = APPLICATION
    settings: str = "stadthaus.config.settings"
    worker: bool = True
    threads: int = THREADS
    secrets: dict[str, str] = field(default_factory=_new_secrets)
    port: int = field(default_factory=_free_port)
    _processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict, init=False)

    @property
    def environment(self) -> dict[str, str]:
        """Production settings: no demo mode, secrets of its own; limits on tries are raised, mail goes to the sink."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("STADTHAUS_")}
        return kept | {
            "DJANGO_SETTINGS_MODULE": self.settings,
            "DATABASE_URL": self.database.url,
            "STADTHAUS_VAR": str(self.folder),
            "STADTHAUS_URL": f"http://127.0.0.1:{self.port}",
            "STADTHAUS_HOSTS": "127.0.0.1",
            "STADTHAUS_RATE_FACTOR": str(RATE_FACTOR),
            "STADTHAUS_SMTP_HOST": "127.0.0.1",
            "STADTHAUS_SMTP_PORT": str(self.smtp_port),
            **self.secrets,
        }

    def variant(self, *, application: str = "", worker: bool = True, threads: int = THREADS) -> "Program":
        """The same program on the same database, started in another way."""
        return replace(self, application=application or self.application, worker=worker, threads=threads)

    def manage(self, *arguments: str) -> None:
        """Run a management command to its end."""
        self._run(sys.executable, "manage.py", *arguments)

    def inside(self, *arguments: str, module: str = "benchmarks.inside") -> Any:
        """Run a command of benchmarks/inside.py, which sees the program's models; gives what it printed as JSON."""
        return json.loads(self._run(sys.executable, "-m", module, *arguments))

    def prepare(self) -> dict[str, str]:
        """Tables, town and static files; then what a bench needs (`inside.prepare`). Gives the treasury's access."""
        self.manage("migrate", "--verbosity=0")
        self.manage("load_town")
        if not (self.folder / "static").exists():  # one folder serves several databases
            self.manage("collectstatic", "--noinput", "--verbosity=0")
        access: dict[str, str] = self.inside("prepare")
        return access

    def __enter__(self) -> Self:
        self._start("web", command_line(self.port, self.application, threads=self.threads))
        if self.worker:
            self._start("worker", [sys.executable, "manage.py", "worker"])
        self._wait_until_it_answers()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        stop(list(self._processes.values()))

    def browser(self) -> Browser:
        """A new browser for this program."""
        return Browser(self.port)

    @property
    def groups(self) -> dict[str, Pids]:
        """The processes to measure, by group."""
        groups: dict[str, Pids] = {
            name: lambda pid=process.pid: process_tree(pid)  # type: ignore[misc]  # bound now, not later
            for name, process in self._processes.items()
        }
        return groups | {"database": self.database.pids, "client": lambda: {os.getpid()}}

    def log(self, name: str) -> str:
        """What "web" or "worker" wrote."""
        return (self.folder / f"{self.port}-{name}.log").read_text(errors="replace")

    def _start(self, name: str, command: list[str]) -> None:
        with (self.folder / f"{self.port}-{name}.log").open("wb") as log:
            self._processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if any(process.poll() is not None for process in self._processes.values()):
                break
            try:
                with self.browser() as browser:
                    if browser.get("/healthz").status == _OK:
                        return
            except (OSError, Unexpected):
                time.sleep(0.1)
        logs = "\n".join(self.log(name)[-2000:] for name in self._processes)
        self.__exit__(None, None, None)
        raise RuntimeError(f"{self.application} did not start:\n{logs}")

    def _run(self, *command: str) -> str:
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}:\n{done.stderr[-3000:]}")
        return done.stdout
