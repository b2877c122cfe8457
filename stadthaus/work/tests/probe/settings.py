"""Settings of a real worker in a folder of its own, with this app only."""

from tests.settings import *

INSTALLED_APPS = ["stadthaus.work", "stadthaus.work.tests.probe"]
AUTH_USER_MODEL = "auth.User"
