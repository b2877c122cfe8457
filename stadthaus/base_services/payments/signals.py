"""What payments tell the services and ask them.

What is told is sent inside the transaction of the change itself, with `sender=PaymentRequest,
request=<the locked row>, now=<datetime>`.
"""

from django.dispatch import Signal

payment_completed = Signal()
"""The request was paid in full or waived, for the first time. Sent once for a request."""

payment_short = Signal()
"""Less came than is owed: the request stays open and the payer is asked for the rest. Sent for each part."""

payment_lapsed = Signal()
"""Nothing came until the deadline and the provider says so: the place may be given back."""

paid_without_date = Signal()
"""Money came after the request had been withdrawn: somebody offers a date or pays it back."""

refund_decided = Signal()
"""Somebody has decided that money without a date goes back. Sent once for a request."""

excess_goes_back = Signal()
"""Money came that settles nothing, and goes back: `refund` is the order. Not sent for the rest of what pays."""

refund_refused = Signal()
"""A refund the payer was told of is refused; `refund` is one of its orders, with the reason (`refused_because`)."""

paper_cards_wanted = Signal()
"""A question (`sender=PaymentRequest, request`): how many paper cards pay for it? Its service answers."""
