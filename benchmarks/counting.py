"""The program with one thing more: each answer says how many SQL statements it took.

The header is X-Statements; BEGIN and savepoints count, COMMIT does not.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

from stadthaus.config.wsgi import application as program


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer like the program."""
    count = 0

    def counted(execute: Callable[..., Any], *statement: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*statement)

    def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
        return start_response(status, [*headers, ("X-Statements", str(count))], *error)

    with connection.execute_wrapper(counted):
        return program(environ, start)
