"""Fixtures for all tests."""

import logging
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import NoneType

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.template.base import VariableDoesNotExist
from django.template.context import BaseContext
from pytest_django.plugin import DjangoDbBlocker

from stadthaus.services.bulky_waste.queries import offer
from stadthaus.town import queries as town
from stadthaus.ui.management.commands.build_front_end import KERN_FONTS

# Migrations whose triggers forbid deleting.
KEPT_FOR_GOOD = [
    "stadthaus.accounts.migrations.0003_trail_is_append_only",
    "stadthaus.base_services.payments.migrations.0004_books_are_kept_for_good",
    "stadthaus.base_services.payments.migrations.0008_no_value_that_no_action_writes",
]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:  # noqa: ARG001  what it adds to
    """On SQLite tables are emptied between tests by DELETE: what forbids it for good comes back in its own test."""
    if connection.vendor != "sqlite":
        return
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for migration in KEPT_FOR_GOOD:
            for name in import_module(migration).AGAINST_DELETING:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Pictures of town and catalogue are kept in the process; ids of rolled-back rows come again in the next test."""
    cache.clear()  # parts of pages
    town._kept = None
    offer._kept = None


class AskedInVain(logging.Filter):
    """Hears of each template that asks a thing for what it does not have: on the page it would be empty, or false."""

    def __init__(self) -> None:
        """Nothing heard yet."""
        super().__init__()
        self.heard: list[str] = []

    def filter(self, record: logging.LogRecord) -> bool:
        """Missing names and keys and what hangs on None are left out: templates ask for these on purpose.

        Nobody else hears of it: it would be written with all that the page was given, and fetch it.
        """
        missing = record.exc_info[1] if record.exc_info else None
        if isinstance(missing, VariableDoesNotExist):
            name, asked = missing.params
            if not issubclass(type(asked), BaseContext | Mapping | NoneType):  # looking at a lazy one would fetch it
                self.heard.append(f"{record.getMessage()} It is a {type(asked).__name__} without {name}.")
        return False


@pytest.fixture(autouse=True)
def templates_ask_for_what_there_is() -> Iterator[AskedInVain]:
    """A page that asks a thing for what it does not have is wrong in silence; here it says so."""
    logger, listener = logging.getLogger("django.template"), AskedInVain()
    level = logger.level
    logger.addFilter(listener)
    logger.setLevel(logging.DEBUG)
    yield listener
    logger.setLevel(level)
    logger.removeFilter(listener)
    assert not listener.heard


@pytest.fixture(scope="session")
def document_fonts() -> None:
    """Fonts for PDF documents, made from node_modules if nobody has built the front end yet."""
    if (Path(settings.VAR_DIR) / "fonts/NotoSans-Regular.ttf").is_file():
        return
    if not (Path(settings.BASE_DIR) / KERN_FONTS).is_dir():
        pytest.fail("node_modules is missing: run `npm ci`, as `make test` does")
    call_command("build_front_end", only_document_fonts=True)
