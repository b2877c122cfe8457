from datetime import timedelta

import pytest

from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.services.bulky_waste.tests import factories
from stadthaus.services.bulky_waste.tests.browser import Browser


@pytest.fixture
def town(db: None) -> None:  # noqa: ARG001  pytest gives the database by this name
    factories.make_town()


@pytest.fixture
def day(town: None) -> CollectionDay:  # noqa: ARG001  the town is there first
    """A day in four weeks, and a street in its district: far enough away for every way of paying."""
    factories.leave_time_for_the_counter()
    factories.make_street()
    return factories.make_day(factories.today() + timedelta(days=28))


@pytest.fixture
def browser() -> Browser:
    return Browser()
