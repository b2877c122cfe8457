"""What payments tell the services. All are sent inside the transaction of the change itself.

Each is sent with `sender=PaymentRequest, request=<the locked row>, now=<datetime>`.
"""

from django.dispatch import Signal

payment_completed = Signal()
"""The request was paid in full or waived, for the first time. Sent once for a request."""

payment_lapsed = Signal()
"""Nothing came until the deadline and the provider says so: the place may be given back."""

paid_without_date = Signal()
"""Money came after the request had been withdrawn: somebody offers a date or pays it back."""
