"""One house for all scenarios of a test process: two web processes, no worker unless a test starts it."""

from collections.abc import Iterator

import pytest

from tests.scenarios.crowd import Crowd
from tests.server import Server, house, is_built, web


@pytest.fixture(scope="session")
def town_hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The program with two web processes of four threads each; no rate limit keeps the crowd away."""
    if not is_built():
        pytest.skip("var/front_end is not built yet: `make test` builds it before the scenarios.")
    with (
        house(tmp_path_factory.mktemp("scenarios"), STADTHAUS_RATE_FACTOR="1000") as server,
        web(server, workers=2, threads=4),
    ):
        yield server


@pytest.fixture
def crowd(town_hall: Server) -> Iterator[Crowd]:
    """Everybody at the same moment; afterwards the server may not have noted a single fault."""
    yield Crowd(town_hall)
    assert town_hall.complaints("web") == []
