"""How a process that cannot work ends: with one sentence and not with a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

SAYS = "Stadthaus startet noch nicht: Die Datenbank ist nicht auf dem Stand des Programms: manage.py migrate"


@pytest.mark.parametrize(
    "start", [("-c", "import stadthaus.config.wsgi"), ("manage.py", "web"), ("manage.py", "worker")]
)
def test_on_an_empty_database_web_and_worker_end_at_once_and_say_why(tmp_path: Path, start: tuple[str, ...]) -> None:
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}"}
    ended = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-W", "ignore", *start],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stderr.strip().removeprefix("CommandError: ")) == (1, SAYS)


def test_without_its_settings_the_program_lists_all_that_is_missing_or_wrong() -> None:
    ended = subprocess.run(
        [sys.executable, "manage.py", "web"],
        cwd=settings.BASE_DIR,
        env={"STADTHAUS_SECRET_KEY": "", "STADTHAUS_LINK_KEY": "changeme", "STADTHAUS_SMTP_PORT": "x"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stderr.splitlines()) == (
        1,
        [
            "Stadthaus startet noch nicht:",
            "  - Die Einstellung STADTHAUS_SECRET_KEY fehlt.",
            "  - Der Schlüssel STADTHAUS_LINK_KEY ist zu kurz: mindestens 32 zufällige Zeichen.",
            "  - Die Einstellung STADTHAUS_URL fehlt.",
            "  - Die Einstellung STADTHAUS_SMTP_PORT muss eine ganze Zahl sein, 0 oder mehr, nicht 'x'.",
            "Jede Einstellung erklärt docs/how-to/deploy.md.",
        ],
    )
