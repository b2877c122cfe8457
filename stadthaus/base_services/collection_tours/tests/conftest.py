import pytest

from stadthaus.town import queries as town


@pytest.fixture(autouse=True)
def _town_of_this_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the kept picture: after a rollback the next test's rules can have the same ids."""
    monkeypatch.setattr(town, "_kept", None)
