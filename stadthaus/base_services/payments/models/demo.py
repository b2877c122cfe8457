"""The demo provider's own books."""

from django.db import models


class DemoCharge(models.Model):
    """The demo provider's own books (only in demo mode): what it will answer when asked."""

    class Plan(models.TextChoices):
        """What somebody chose on the demo payment page."""

        SUCCEED = "succeed", "Bezahlen"
        FAIL = "fail", "Scheitern"
        FAIL_THEN_SUCCEED = "fail_then_succeed", "Erst scheitern, nach einer Minute bezahlt"
        CANCEL = "cancel", "Abbrechen und zurück"
        NEVER = "never", "Nie antworten"
        TWICE = "twice", "Bezahlen und zweimal melden"
        LATE = "late", "Eine Minute später bezahlt"
        AFTER_LAPSE = "after_lapse", "Erst nach Ablauf der Frist bezahlt"
        WRONG_AMOUNT = "wrong_amount", "Einen Euro zu wenig bezahlen"

    provider_ref = models.CharField(max_length=30, unique=True)
    attempt_public_id = models.CharField(max_length=12, unique=True)
    amount_cents = models.IntegerField()
    purpose = models.CharField(max_length=140)
    return_url = models.CharField(max_length=500)
    payable_until = models.DateTimeField()
    pay_by = models.DateTimeField()
    plan = models.CharField(max_length=20, choices=Plan.choices, blank=True)
    chosen_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Show reference and plan."""
        return f"{self.provider_ref} {self.plan}"
