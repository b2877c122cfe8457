"""A database that was restarted: whoever comes next gets a page, and not the connection that was cut."""

from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection
from django.db.backends.postgresql import base

from stadthaus.config.postgresql.base import DatabaseWrapper

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server that could hang up"),
]
ALIAS = "pooled"


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> Iterator[base.DatabaseWrapper]:
    """An engine with one connection in its pool."""
    options = {**connection.settings_dict["OPTIONS"], "pool": {"min_size": 1, "max_size": 1, "timeout": 10}}
    engine = request.param({**connection.settings_dict, "OPTIONS": options}, ALIAS)
    yield engine
    engine.close()
    engine.close_pool()


def asked(engine: base.DatabaseWrapper) -> int:
    """One page's worth of work: a connection from the pool, a statement, and back; which process served it."""
    try:
        with engine.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return int(cursor.fetchone()[0])
    finally:
        engine.close()


def hang_up(process: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [process])
        assert cursor.fetchone() == (True,)


@pytest.mark.parametrize("engine", [DatabaseWrapper], indirect=True)
def test_nobody_is_given_a_connection_that_was_cut(engine: base.DatabaseWrapper) -> None:
    first = asked(engine)
    assert asked(engine) == first, "one that stands is kept"
    hang_up(first)
    assert asked(engine) != first


@pytest.mark.parametrize("engine", [base.DatabaseWrapper], indirect=True)
def test_without_the_look_somebody_would(engine: base.DatabaseWrapper) -> None:
    hang_up(asked(engine))
    with pytest.raises(OperationalError):
        asked(engine)
