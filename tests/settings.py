"""Settings for tests: the real ones, with an environment that needs nothing from outside."""

import os
import tempfile
from pathlib import Path
from typing import cast

_KEY = "only-for-tests-only-for-tests-only-for-tests"
_TEMPORARY = Path(tempfile.gettempdir()) / "stadthaus-tests"
for _folder in ("front_end", "static", "files"):
    (_TEMPORARY / _folder).mkdir(parents=True, exist_ok=True)

os.environ.setdefault("STADTHAUS_SECRET_KEY", _KEY)
os.environ.setdefault("STADTHAUS_LINK_KEY", _KEY)
os.environ.setdefault("STADTHAUS_URL", "http://testserver")
os.environ.setdefault("STADTHAUS_HOSTS", "testserver,localhost")
os.environ.setdefault("STADTHAUS_DEMO", "1")

from stadthaus.config.settings import *


class NotGiven(str):
    """What is printed for a name that nobody gave the template: on a page nothing, or a link to nowhere."""

    def __mod__(self, name: object) -> str:
        """Django asks for the text with the name in it."""
        raise AssertionError(f"A template prints {name!s}, which nobody gave it.")


cast("dict[str, object]", TEMPLATES[0]["OPTIONS"])["string_if_invalid"] = NotGiven("%s")
MEDIA_ROOT = _TEMPORARY / "files"
STATIC_ROOT = _TEMPORARY / "static"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATICFILES_DIRS = []
if DATABASES["default"]["ENGINE"] == "stadthaus.config.sqlite":
    # pytest-xdist appends "_gw0" to the name: it becomes the value of a parameter that SQLite ignores.
    DATABASES["default"]["TEST"] = {"NAME": "file:stadthaus?mode=memory&cache=shared&worker="}
