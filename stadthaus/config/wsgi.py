"""The entry for the web server."""

import gc
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadthaus.config.settings")

application = get_wsgi_application()

from django.db import DatabaseError  # noqa: E402  Django has to be set up before
from django.urls import get_resolver  # noqa: E402  Django has to be set up before

from stadthaus.portal.production import refuse_unready  # noqa: E402  Django has to be set up before

try:
    refuse_unready()
except ImproperlyConfigured as refusal:
    sys.exit(str(refusal))
except DatabaseError as error:
    sys.exit(f"Stadthaus startet noch nicht: Die Datenbank antwortet nicht. {error}")

# All views and forms are there before the first person is; and what is there now stays until the end, so the garbage
# collector need not walk over it in the middle of requests (a full walk takes 80 ms). A request makes a few thousand
# objects and lets all of them go: the collector, which by default looks after every 700th, rarely has to.
get_resolver().url_patterns  # noqa: B018  loads them
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
