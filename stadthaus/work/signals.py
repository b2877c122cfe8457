"""What other parts of the program are asked."""

from django.dispatch import Signal

# Sent before a worker begins; argument: sender=Job. Whoever knows why it must not raises ImproperlyConfigured.
worker_starts = Signal()
