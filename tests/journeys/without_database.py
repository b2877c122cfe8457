"""The program on the day its database is gone: every statement fails, except while somebody asks for readiness."""

from typing import Any, NoReturn

from django.db import OperationalError, connection

from stadthaus.config.wsgi import application as whole


def _gone(*_: Any) -> NoReturn:
    raise OperationalError("the database is gone")


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """Answer as the whole program does, without a database."""
    if environ["PATH_INFO"] == "/readyz":
        return whole(environ, start_response)
    with connection.execute_wrapper(_gone):
        return whole(environ, start_response)
