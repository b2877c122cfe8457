"""Opens the first access: somebody who manages the others."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import DatabaseError
from django.utils import timezone

from stadthaus.accounts.actions import Refused, create_staff
from stadthaus.kernel.actors import SYSTEM


class Command(BaseCommand):
    """Open the access of an administrator and show the initial password once."""

    help = "Opens the access of an administrator and shows the initial password once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name and e-mail address."""
        parser.add_argument("name")
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  Django's signature
        """Open the access."""
        try:
            validate_email(options["email"])
            person, password = create_staff(
                name=options["name"],
                email=options["email"],
                organisation="town",
                role="administrator",
                actor=SYSTEM,
                now=timezone.now(),
            )
        except ValidationError as error:
            raise CommandError(f"„{options['email']}“ ist keine E-Mail-Adresse. Angelegt ist nichts.") from error
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        except DatabaseError as error:
            raise CommandError(f"{error}\nIst die Datenbank da und auf dem Stand des Programms (migrate)?") from error
        self.stdout.write(f"Zugang für {person.email} angelegt. Startpasswort: {password}")
