"""The entry for the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadthaus.config.settings")

application = get_wsgi_application()

from stadthaus.portal.production import refuse_placeholders  # noqa: E402  Django has to be set up before

refuse_placeholders()
