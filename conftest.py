"""Fixtures for all tests."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command

from stadthaus.services.bulky_waste import queries as bulky_waste
from stadthaus.town import queries as town
from stadthaus.ui.management.commands.build_front_end import KERN_FONTS


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Pictures of town and catalogue are kept in the process; ids of rolled-back rows come again in the next test."""
    cache.clear()  # parts of pages
    town._kept = None
    bulky_waste._kept = None


@pytest.fixture(scope="session")
def document_fonts() -> None:
    """Fonts for PDF documents, made from node_modules if nobody has built the front end yet."""
    if (Path(settings.VAR_DIR) / "fonts/NotoSans-Regular.ttf").is_file():
        return
    if not (Path(settings.BASE_DIR) / KERN_FONTS).is_dir():
        pytest.fail("node_modules is missing: run `npm ci`, as `make test` does")
    call_command("build_front_end", only_document_fonts=True)
