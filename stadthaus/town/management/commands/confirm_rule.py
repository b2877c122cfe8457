"""`manage.py confirm_rule KEY …`: confirm values of the town as they stand, so that production starts."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from stadthaus.kernel.actors import Actor
from stadthaus.kernel.calendars import day_of
from stadthaus.town import actions
from stadthaus.town import queries as town
from stadthaus.town.rules.dated import RuleVersion


class Command(BaseCommand):
    """Add a confirmed version of each rule or text; the value stays as it is."""

    help = "Confirms rules and texts of the town. Somebody who may decide them has to have read them."

    def add_arguments(self, parser: CommandParser) -> None:
        """Keys, and who confirms."""
        parser.add_argument("keys", nargs="+", metavar="KEY")
        parser.add_argument("--by", required=True, help="name and office of the person who confirms")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  Django's signature
        """Confirm all keys or none."""
        current = town.current()
        actor = Actor(kind="staff", label=f"{options['by']}, auf der Befehlszeile")
        now = timezone.now()
        unconfirmed = current.unconfirmed(day_of(now))
        with transaction.atomic():
            for key in options["keys"]:
                if key not in current.rules and key not in current.texts:
                    raise CommandError(f"Es gibt weder eine Regel noch einen Text „{key}“. Bestätigt wurde nichts.")
                for rule in unconfirmed:
                    if rule.key == key:
                        _confirm(rule, actor, now)
                if key in current.placeholder_texts:
                    actions.enter_text(key=key, translations=current.texts[key], actor=actor, now=now)
        self.stdout.write(f"{len(options['keys'])} Angaben bestätigt durch {options['by']}.")


def _confirm(rule: RuleVersion, actor: Actor, now: datetime) -> None:
    try:
        actions.confirm_rule(rule=rule, actor=actor, now=now)
    except actions.SourceIncomplete as refusal:
        raise CommandError(f"{refusal} Tragen Sie das in rules.toml nach. Bestätigt wurde nichts.") from refusal
