"""What leaves the house about an access."""

from allauth.account.adapter import get_adapter
from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.utils import user_pk_to_url_str

from stadthaus.accounts.models import User


def password_link(user: User) -> str:
    """Make the link to choose a new password: it works once and, from now on, three days. It is stored nowhere."""
    key = f"{user_pk_to_url_str(user)}-{PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)}"
    return str(get_adapter().get_reset_password_from_key_url(key))
