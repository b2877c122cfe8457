"""The entry for the web server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadthaus.config.settings")

application = get_wsgi_application()

from django.urls import get_resolver  # noqa: E402  Django has to be set up before

from stadthaus.portal.production import refuse_placeholders  # noqa: E402  Django has to be set up before

refuse_placeholders()

# All views and forms are there before the first person is; and what is there now stays until the end, so the garbage
# collector need not walk over it in the middle of requests (a full walk takes 80 ms).
get_resolver().url_patterns  # noqa: B018  loads them
gc.collect()
gc.freeze()
