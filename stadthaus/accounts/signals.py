"""What others are told about accesses."""

from django.dispatch import Signal

# Somebody's password and second factor were replaced; sent inside the transaction with sender=User, user, now.
access_reset = Signal()
