"""The command line of the web server: the demo, a town's server, tests and benches are all served alike."""

import socket
import sys

APPLICATION = "stadthaus.config.wsgi:application"
# One thread each: two would take turns at every statement, which costs an eighth. Granian itself waits for slow
# bodies and slow readers; a town with an online payment provider gives each process two (docs/how-to/deploy.md).
PROCESSES, THREADS = 2, 1
# Told to end, a process finishes what it answers. One that is only starting does not hear it, so it is ended then.
SECONDS_TO_END = 10


def command_line(
    port: int,
    application: str = APPLICATION,
    *,
    host: str = "127.0.0.1",
    processes: int = PROCESSES,
    threads: int = THREADS,
) -> list[str]:
    """Give program and arguments of a server that puts another process in the place of one that died."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(processes), "--blocking-threads", str(threads), "--respawn-failed-workers"),
        *("--workers-kill-timeout", str(SECONDS_TO_END)),
        *("--no-access-log", "--log-level", "warning", application),
    ]


def why_no_place(host: str, port: int) -> str | None:
    """Why no server can listen there, in the system's words; None if one can.

    The server itself would not complain: it shares a port with another one of its kind.
    """
    try:
        (family, kind, _, _, address), *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        with socket.socket(family, kind) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one that has just ended is no hindrance
            listener.bind(address)
    except (OSError, OverflowError) as error:
        return str(error)
    return None
