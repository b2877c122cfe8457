"""The command line of the web server: the demo, a town's server, tests and benches are all served alike."""

import sys

APPLICATION = "stadthaus.config.wsgi:application"
# One thread each: two would take turns at every statement, which costs an eighth. Granian itself waits for slow
# bodies and slow readers; a town with an online payment provider gives each process two (docs/how-to/deploy.md).
PROCESSES, THREADS = 2, 1


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
        *("--no-access-log", "--log-level", "warning", application),
    ]
