"""A whole Stadthaus for tests: its own folder, ports and database, web processes and a worker, ended by their ids."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from stadthaus.portal.web import APPLICATION, THREADS, command_line
from tools.run import answers, stop

ROOT = Path(__file__).resolve().parents[1]
PREPARE = (("migrate", "--verbosity=0"), ("load_town",), ("collectstatic", "--noinput", "-v0"))
KEY = "only-for-tests-only-for-tests-only-for-tests"
START_SECONDS = 60

Process = subprocess.Popen  # of bytes


class NotStarted(RuntimeError):
    """The server did not come up; the message is the end of its log."""


@dataclass(frozen=True)
class Server:
    """A running server: where it is, and the environment its management commands need."""

    address: str
    var: Path
    environment: dict[str, str] = field(repr=False)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.environment["PORT"])

    def run(self, *command: str) -> str:
        """Run a Python program beside the server, on the same database; the answer is what it prints."""
        done = subprocess.run(
            [sys.executable, *command], env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise NotStarted(f"{' '.join(command)}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
        return done.stdout.strip()

    def log(self, name: str = "*") -> str:
        """What the processes of this name wrote so far."""
        return "".join(file.read_text() for file in sorted(self.var.glob(f"{name}.log")))

    def complaints(self, name: str = "*") -> list[str]:
        """The lines of the log that tell of a fault of ours."""
        return [line for line in self.log(name).splitlines() if '"level": "error"' in line or "Traceback" in line]

    def on(self, port: int, **settings: str) -> "Server":
        """The same house on another port, with other settings."""
        address = f"http://localhost:{port}"
        names = {"PORT": str(port), "STADTHAUS_URL": address, **settings}
        return replace(self, address=address, environment={**self.environment, **names})


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_built() -> bool:
    """Whether style sheets and fonts are there, without which no page can be shown."""
    folders = [ROOT / "var" / name for name in ("front_end", "fonts")]
    return all(folder.is_dir() and any(folder.iterdir()) for folder in folders)


@contextmanager
def house(var: Path, *, prepare: Sequence[tuple[str, ...]] = PREPARE, **settings: str) -> Iterator[Server]:
    """A database and files in `var`, ready for use; nothing runs yet."""
    with new_database(var) as database_url:
        server = Server("", var, _environment(var, database_url, settings)).on(free_port())
        for folder in ("front_end", "fonts"):
            (var / folder).symlink_to(ROOT / "var" / folder)
        for command in prepare:
            server.run("manage.py", *command)
        yield server


@contextmanager
def web(
    server: Server, name: str = "web", *, workers: int = 1, threads: int = THREADS, program: str = APPLICATION
) -> Iterator[None]:
    """Start a web server with so many processes, wait until it can work, and stop it."""
    with _running(server, name, command_line(server.port, program, processes=workers, threads=threads)) as process:
        _wait(server, process, "/readyz")
        yield


@contextmanager
def worker(server: Server, processes: int = 1) -> Iterator[None]:
    """Start the worker, and stop it."""
    with _running(server, "worker", (sys.executable, "manage.py", "worker", "--processes", str(processes))):
        yield


@contextmanager
def running(
    var: Path, *, prepare: Sequence[tuple[str, ...]] = PREPARE, workers: int = 1, **settings: str
) -> Iterator[Server]:
    """A whole house: database, web and worker."""
    with ExitStack() as stack:
        server = stack.enter_context(house(var, prepare=prepare, **settings))
        stack.enter_context(web(server, workers=workers))
        stack.enter_context(worker(server))
        yield server


def _environment(var: Path, database_url: str, settings: dict[str, str]) -> dict[str, str]:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("STADTHAUS_", "DJANGO_", "DATABASE_", "PYTEST_"))
    }
    return {
        **inherited,
        "DJANGO_SETTINGS_MODULE": "stadthaus.config.settings",
        "DATABASE_URL": database_url,
        "STADTHAUS_VAR": str(var),
        "STADTHAUS_DEMO": "1",
        "STADTHAUS_HOSTS": "localhost,127.0.0.1",
        "STADTHAUS_SECRET_KEY": KEY,
        "STADTHAUS_LINK_KEY": KEY,
        **settings,
    }


@contextmanager
def _running(server: Server, name: str, command: Sequence[str]) -> "Iterator[Process[bytes]]":
    with (server.var / f"{name}.log").open("ab") as log:
        process = Process(
            command,
            env=server.environment,
            cwd=ROOT,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        stop([process])


def _wait(server: Server, process: "Process[bytes]", path: str) -> None:
    """Wait until the server answers; one that has ended never will."""
    for _ in range(START_SECONDS * 5):
        if answers(server.address + path):
            return
        try:
            process.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            continue
        break
    raise NotStarted(server.log()[-4000:])


@contextmanager
def new_database(var: Path) -> Iterator[str]:
    """An SQLite file, or a PostgreSQL database of our own on the server that DATABASE_URL names."""
    url = urlsplit(os.environ.get("DATABASE_URL", ""))
    if not url.scheme.startswith("postgres"):
        yield f"sqlite:///{var / 'stadthaus.sqlite3'}"
        return
    name = f"stadthaus_{var.name}_{os.getpid()}".replace("-", "_")
    _on_postgresql(url.geturl(), f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"')
    try:
        yield url._replace(path=f"/{name}").geturl()
    finally:
        _on_postgresql(url.geturl(), f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _on_postgresql(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())
