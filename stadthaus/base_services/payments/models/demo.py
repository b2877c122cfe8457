"""The demo provider's own books."""

from datetime import datetime, timedelta

from django.db import models

NOTIFY = "payments.demo_notify"
DELAY = timedelta(minutes=1)


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

    @property
    def turns_at(self) -> datetime | None:
        """When this provider, by the plan chosen, learns of the money; None if it says at once all it ever says."""
        if self.chosen_at is None:
            return None
        moments = {
            self.Plan.LATE: self.chosen_at + DELAY,
            self.Plan.FAIL_THEN_SUCCEED: self.chosen_at + DELAY,
            self.Plan.AFTER_LAPSE: self.pay_by + 2 * DELAY,
        }
        return moments.get(self.Plan(self.plan))
