"""People and devices for tests, here and in other apps."""

from datetime import UTC, datetime
from itertools import count

from allauth.mfa.models import Authenticator

from stadthaus.accounts import actions
from stadthaus.accounts.models import RoleGrant, User
from stadthaus.kernel.actors import Actor

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "pferd-batterie-klammer"
ADMIN = Actor("staff", "Anna Admin")
_numbers = count(1)


def make_person(*roles: str, organisation: str = "town", name: str = "Kim Beispiel", **fields: object) -> User:
    """A person with these roles; signs in with PASSWORD."""
    person = User.objects.create_user(
        f"person{next(_numbers)}@example.org", PASSWORD, name=name, organisation=organisation, **fields
    )
    for role in roles:
        RoleGrant.objects.create(user=person, role=role, granted_by="Test", at=NOW)
    return person


def make_dispatcher() -> User:
    """A dispatcher of the contractor."""
    return make_person("dispatcher", organisation="contractor", name="Dilan Dispo")


def give_second_factor(person: User) -> None:
    """Set up an app code for a person."""
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "x"})


def make_crew_secret(*, label: str = "Wagen 7", tour: str = "day/7", now: datetime = NOW) -> str:
    """The secret of a crew's phone that is signed in."""
    link = actions.invite_crew(label=label, tour=tour, tour_name="Nord", day=now.date(), actor=ADMIN, now=now)
    return actions.sign_in_crew_device(token=link.token, now=now)[1]
