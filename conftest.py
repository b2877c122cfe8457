"""Fixtures for all tests."""

import pytest

from stadthaus.services.bulky_waste import queries as bulky_waste
from stadthaus.town import queries as town


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Pictures of town and catalogue are kept in the process; ids of rolled-back rows come again in the next test."""
    town._kept = None
    bulky_waste._kept = None
