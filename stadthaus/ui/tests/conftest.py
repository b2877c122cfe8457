from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from stadthaus.ui.management.commands.build_front_end import KERN_FONTS


@pytest.fixture(scope="session")
def document_fonts() -> None:
    """Fonts for PDF documents, made from node_modules if nobody has built the front end yet."""
    if (Path(settings.VAR_DIR) / "fonts/FiraSans-Regular.ttf").is_file():
        return
    if not (Path(settings.BASE_DIR) / KERN_FONTS).is_dir():
        pytest.skip("node_modules is missing: run `npm ci`")
    call_command("build_front_end", only_document_fonts=True)
