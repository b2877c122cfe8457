"""Prepares, starts and stops Stadthaus in demo mode. Standard library only.

tools/run.py                  prepare the database, start web and worker, stop both on Ctrl-C or a closed terminal
tools/run.py manage COMMAND   run one management command with the demo's settings
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
HIGHEST_PORT = 65_535
ENDINGS = (signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    """Run what the command line asks for."""
    os.chdir(ROOT)
    environment = demo_environment()
    if sys.argv[1:2] == ["manage"]:
        return manage(environment, *sys.argv[2:])
    port = environment["PORT"]
    if not (port.isdecimal() and 1 <= int(port) <= HIGHEST_PORT):
        print(f"PORT={port} geht nicht: Ein Port ist eine Zahl von 1 bis {HIGHEST_PORT}.", file=sys.stderr)
        return 2
    if not is_free(port):
        print(f"Port {port} ist belegt. PORT={int(port) + 1} make run nimmt einen anderen.", file=sys.stderr)
        return 1
    for command in (
        ("migrate", "--verbosity=0"),
        ("load_town",),
        ("fill_demo",),
        ("collectstatic", "--noinput", "-v0"),
    ):
        code = prepare(environment, *command)
        if code:
            return code
    if not is_free(port):
        print(f"Port {port} ist inzwischen belegt: Läuft Stadthaus schon?", file=sys.stderr)
        return 1
    return serve(environment)


def end_once(*_signal: object) -> None:
    """End as after Ctrl-C. A terminal that is closed can say so twice; the second time must not disturb the ending."""
    for ending in ENDINGS:
        signal.signal(ending, signal.SIG_IGN)
    raise KeyboardInterrupt


def is_free(port: str) -> bool:
    """Whether nobody listens there. The web server would not complain: it shares a port with one of its kind."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a server that has just ended is no hindrance
        try:
            listener.bind(("127.0.0.1", int(port)))
        except OSError:
            return False
    return True


def demo_environment() -> dict[str, str]:
    """The environment of the demo: its own secrets, made at the first start and kept in var/."""
    port = os.environ.get("PORT", "8000")
    var = Path(os.environ.get("STADTHAUS_VAR", ROOT / "var"))
    var.mkdir(parents=True, exist_ok=True)
    defaults = {
        "DJANGO_SETTINGS_MODULE": "stadthaus.config.settings",
        "PORT": port,
        "STADTHAUS_VAR": str(var),
        "STADTHAUS_DEMO": "1",
        "STADTHAUS_URL": f"http://localhost:{port}",
        "STADTHAUS_HOSTS": "localhost,127.0.0.1",
        **kept_secrets(var / "secrets.env"),
    }
    return {**defaults, **os.environ}


def kept_secrets(file: Path) -> dict[str, str]:
    """Read the demo's secrets; make them if this is the first start."""
    if not file.exists():
        lines = [f"{name}={secrets.token_urlsafe(48)}" for name in ("STADTHAUS_SECRET_KEY", "STADTHAUS_LINK_KEY")]
        file.touch(mode=0o600)
        file.write_text("\n".join(lines) + "\n")
    return dict(line.split("=", 1) for line in file.read_text().splitlines())


def manage(environment: dict[str, str], *arguments: str) -> int:
    """Run a management command and wait for it."""
    return subprocess.run([sys.executable, "manage.py", *arguments], env=environment, check=False).returncode


def prepare(environment: dict[str, str], *arguments: str) -> int:
    """Run a management command in a session of its own: Ctrl-C reaches us, and we end it without its traceback."""
    command = [sys.executable, "manage.py", *arguments]
    try:
        return subprocess.run(command, env=environment, check=False, start_new_session=True).returncode
    except KeyboardInterrupt:
        print("Abgebrochen.", file=sys.stderr)
        return 128 + signal.SIGINT


def serve(environment: dict[str, str]) -> int:
    """Start web and worker, wait for an ending or for one of them to give up, stop both."""
    port = environment["PORT"]
    for ending in ENDINGS:
        if signal.getsignal(ending) is not signal.SIG_IGN:  # whoever starts us with nohup wants us to stay
            signal.signal(ending, end_once)
    commands: list[tuple[str, ...]] = [("web", "--port", port), ("worker",)]
    processes = {command: start(command, environment) for command in commands}
    has_terminal = os.isatty(1)
    try:
        announce(port, list(processes.values()))
        while revive(processes, environment):
            if has_terminal and not os.isatty(1):  # closed, and only make was told
                return 0
            time.sleep(0.5)
        print("Web oder Worker hat sich beendet; beide werden gestoppt.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        for ending in (signal.SIGINT, *ENDINGS):  # a second Ctrl-C must leave nothing behind
            signal.signal(ending, signal.SIG_IGN)
        stop(list(processes.values()))


def start(command: tuple[str, ...], environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    """Start a management command in a group of its own: Ctrl-C reaches only us, and we stop all in order."""
    return subprocess.Popen([sys.executable, "manage.py", *command], env=environment, start_new_session=True)


def revive(processes: dict[tuple[str, ...], "subprocess.Popen[bytes]"], environment: dict[str, str]) -> bool:
    """Start anew what was killed from outside; False if one has ended by itself, which says why."""
    for command, process in processes.items():
        code = process.poll()
        if code is not None and code >= 0:
            return False
        if code is not None:
            print("Web oder Worker wurde von außen beendet und startet neu.", file=sys.stderr)
            stop([process])
            processes[command] = start(command, environment)
    return True


def announce(port: str, processes: list["subprocess.Popen[bytes]"]) -> None:
    """Wait until the program answers, then say where it is and how to sign in."""
    address = f"http://localhost:{port}"
    deadline = time.monotonic() + START_SECONDS
    while not answers(f"{address}/healthz"):
        if time.monotonic() > deadline or any(process.poll() is not None for process in processes):
            print("Stadthaus antwortet nicht. Der Grund steht weiter oben.", file=sys.stderr)
            raise KeyboardInterrupt
        time.sleep(0.2)
    print((ROOT / "tools" / "welcome.txt").read_text().format(address=address), flush=True)


def answers(address: str) -> bool:
    """Whether something answers at this address with 200."""
    try:
        with urllib.request.urlopen(address, timeout=2) as response:  # noqa: S310  our own server
            return bool(response.status == HTTPStatus.OK)
    except (urllib.error.URLError, OSError):
        return False


def stop(processes: list["subprocess.Popen[bytes]"]) -> None:
    """Ask each process to finish, and after ten seconds end it with all it started."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
        # All are started as groups of their own; a web process that was still starting has not heard and stays.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:  # Ctrl-C while something is still being prepared
        sys.exit(130)
