import pytest

from stadthaus.base_services.payments.tests import factories
from stadthaus.town import queries


@pytest.fixture(autouse=True)
def _no_town_of_another_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the kept picture of the town: after a rollback other rules can have the same ids."""
    monkeypatch.setattr(queries, "_kept", None)


@pytest.fixture
def town(db: None) -> None:  # noqa: ARG001  pytest gives the database by this name
    factories.town_data()
    factories.people()
