"""Beside a running server: the link of the mail for a new password. `python -m tests.journeys.password_link <e-mail>`.

The demo sends no mail, and the link stands nowhere else.
"""

import sys

import django

django.setup()

from allauth.account.adapter import get_adapter
from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.utils import user_pk_to_url_str

from stadthaus.accounts.models import User

if __name__ == "__main__":
    person = User.objects.get(email=sys.argv[1])
    key = f"{user_pk_to_url_str(person)}-{PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)}"
    sys.stdout.write(get_adapter().get_reset_password_from_key_url(key))
