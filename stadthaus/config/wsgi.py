"""The entry for the web server."""

import gc
import os
import sys
import time

from django.core.wsgi import get_wsgi_application

# `manage.py web` puts another process in the place of one that ended, at once: without a pause, a database that is
# away for long would keep it busy with nothing else.
PAUSE = 1.0

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadthaus.config.settings")

application = get_wsgi_application()

from django.urls import get_resolver  # noqa: E402  Django has to be set up before

from stadthaus.portal.production import why_not_start  # noqa: E402  Django has to be set up before

if reason := why_not_start():
    time.sleep(PAUSE)
    sys.exit(reason)

# All views and forms are there before the first person is; and what is there now stays until the end, so the garbage
# collector need not walk over it in the middle of requests (a full walk takes 80 ms). A request makes a few thousand
# objects and lets all of them go: the collector, which by default looks after every 700th, rarely has to.
get_resolver().url_patterns  # noqa: B018  loads them
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
