"""What other parts of the program are told."""

from django.dispatch import Signal

# Sent inside the transaction that enters a version of a rule or a text while an earlier one counts;
# arguments: sender=Rule or Text, about ("rule/…" or "text/…"), changes ({field: (before, after)}), actor, now.
# A value the town's files bring for the first time replaces nothing and is not announced.
version_entered = Signal()
