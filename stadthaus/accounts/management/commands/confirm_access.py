"""`manage.py confirm_access`: the second person in a town with one administrator is whoever looks after the server."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from stadthaus.accounts import queries
from stadthaus.accounts.actions import Refused, confirm
from stadthaus.kernel.actors import Actor


class Command(BaseCommand):
    """List what waits for a second person, or confirm one of it; the audit trail names who."""

    help = "Lists changes of accesses that wait for a second person; with a number and --by, confirms one."

    def add_arguments(self, parser: CommandParser) -> None:
        """Number of the proposal, and who confirms."""
        parser.add_argument("number", nargs="?", type=int)
        parser.add_argument("--by", help="name and office of the person who confirms")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  Django's signature
        """List, or confirm."""
        if options["number"] is None:
            self._list()
        elif not options["by"]:
            raise CommandError('Wer bestätigt? Ergänzen Sie --by "Name, Amt".')
        else:
            self._confirm(options["number"], options["by"])

    def _list(self) -> None:
        proposals = queries.proposals()
        if not proposals:
            self.stdout.write("Es wartet nichts auf eine zweite Person.")
        for waiting in proposals:
            about = f"{waiting.user.name}, {waiting.user.email}"
            self.stdout.write(f"{waiting.pk}  {waiting}, für {about} (vorgeschlagen von {waiting.proposed_by.name})")

    def _confirm(self, number: int, by: str) -> None:
        if not queries.proposals().filter(pk=number).exists():
            raise CommandError(
                f"Unter der Nummer {number} wartet nichts: Das ist schon entschieden, oder es war nie da. "
                "Was wartet, zeigt confirm_access ohne Nummer."
            )
        try:
            person, password = confirm(proposal_id=number, actor=Actor(kind="staff", label=by), now=timezone.now())
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"Bestätigt für {person.email}." + (f" Startpasswort: {password}" if password else ""))
