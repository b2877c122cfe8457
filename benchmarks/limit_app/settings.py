"""Settings of the limit: the program's database options and CSRF protection, and nothing else it does not need."""

import os

from stadthaus.config.settings import DATABASES, DEFAULT_AUTO_FIELD, USE_TZ

SECRET_KEY = os.environ["STADTHAUS_SECRET_KEY"]
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["benchmarks.limit_app"]
MIDDLEWARE = ["django.middleware.csrf.CsrfViewMiddleware"]
ROOT_URLCONF = "benchmarks.limit_app.urls"
LOGGING_CONFIG = None

__all__ = ["DATABASES", "DEFAULT_AUTO_FIELD", "USE_TZ"]
