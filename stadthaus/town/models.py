"""Tables of the town's own data: every value has a day from which it counts."""

from typing import ClassVar

from django.db import models

from stadthaus.town.rules.dated import RuleVersion, Source

# What the audit trail knows rules and texts by: these words and the key.
RULES = "rule/"
TEXTS = "text/"


class Rule(models.Model):
    """One version of a dated rule (Regelwert). Versions are added, never changed."""

    class Kind(models.TextChoices):
        """Who may set the value: the council by statute, or the administration."""

        STATUTE = "statute", "Satzungswert"
        OPERATIONAL = "operational", "Betriebswert"

    key = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    value = models.JSONField()
    valid_from = models.DateField()
    statute = models.CharField(max_length=300, blank=True)
    paragraph = models.CharField(max_length=100, blank=True)
    resolution = models.CharField(max_length=300, blank=True)
    publication = models.CharField(max_length=300, blank=True)
    confirmed = models.BooleanField(default=False)
    seeded = models.BooleanField(default=False)
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=200)

    class Meta:
        """Newest version last."""

        ordering: ClassVar = ["key", "valid_from", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=["statute", "operational"]), name="town_rule_kind"),
            models.CheckConstraint(
                condition=~models.Q(kind="statute") | ~models.Q(statute=""), name="town_rule_statute_has_source"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="statute", confirmed=True)
                | ~(models.Q(paragraph="") | models.Q(resolution="") | models.Q(publication="")),
                name="town_rule_confirmed_statute_has_full_source",
            ),
        ]

    def __str__(self) -> str:
        """Show key and first day."""
        return f"{self.key} ab {self.valid_from}"

    def as_rule(self) -> RuleVersion:
        """The row as a plain rule version."""
        source = None
        if self.statute:
            source = Source(self.statute, self.paragraph, self.resolution, self.publication)
        return RuleVersion(
            id=self.pk,
            key=self.key,
            kind="statute" if self.kind == self.Kind.STATUTE else "operational",
            value=self.value,
            valid_from=self.valid_from,
            source=source,
            confirmed=self.confirmed,
        )


class Text(models.Model):
    """One version of a town text (Ortstext): German first, other languages may follow."""

    key = models.CharField(max_length=100)
    de = models.TextField()
    en = models.TextField(blank=True)
    leicht = models.TextField(blank=True)
    confirmed = models.BooleanField(default=True)
    seeded = models.BooleanField(default=False)
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=200)

    class Meta:
        """Newest version last."""

        ordering: ClassVar = ["key", "id"]

    def __str__(self) -> str:
        """Show the key."""
        return self.key
