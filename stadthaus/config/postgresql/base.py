"""PostgreSQL with a look at every connection that comes out of the pool.

After a restart of the database, or when somebody ends its sessions, the pool still holds connections that are dead,
and each of them would cost one person a page. Django's own check (`CONN_HEALTH_CHECKS`) asks the server each time,
which an order would pay thirty times. A server that hangs up says so, and says nothing else on an idle connection: so
only one on which something lies unread is asked whether it lives.
"""

import select
from contextlib import suppress
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection, OperationalError
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes another connection instead of one that was cut."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection that stands. Raises `PoolTimeout` if there is none in time."""
        while True:
            connection = super().get_new_connection(conn_params)
            if self.pool is None or stands(connection):
                return connection
            self.pool.putconn(connection)  # closed: the pool makes a new one


def stands(connection: Connection[Any]) -> bool:
    """Whether the server has not hung up; one that has is closed."""
    unread = select.poll()  # not select(), which knows no more than 1024 open files
    unread.register(connection.fileno(), select.POLLIN)
    if unread.poll(0):
        with suppress(OperationalError):
            ConnectionPool.check_connection(connection)
    return not connection.closed
