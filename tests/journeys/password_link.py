"""Beside a running server: the link of the mail for a new password. `python -m tests.journeys.password_link <e-mail>`.

A journey takes it from here and does not wait until the worker has sent the mail.
"""

import sys

import django

django.setup()

from stadthaus.accounts.documents import password_link
from stadthaus.accounts.models import User

if __name__ == "__main__":
    sys.stdout.write(password_link(User.objects.get(email=sys.argv[1])))
