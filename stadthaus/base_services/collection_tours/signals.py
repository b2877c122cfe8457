"""What others may hear, inside the same transaction."""

from django.dispatch import Signal

# sender=Stop, reference: str, stop: Stop, now: datetime. Sent for each new or changed result.
stop_finished = Signal()
# sender=Stop, reference: str, stop: Stop, now: datetime. A result was undone: the stop is open again.
stop_reopened = Signal()
