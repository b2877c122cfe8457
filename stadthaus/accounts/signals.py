"""What others are told about accesses."""

from django.dispatch import Signal

# Somebody's password and second factor were replaced; sent inside the transaction with sender=User, user, now.
access_reset = Signal()

# Somebody asked for a link to choose a new password; sent by a job that may run twice, with sender=User, user, now
# and `once`, which is the same both times.
password_link_wanted = Signal()
