"""What an online payment provider (Zahlungsdienst) must be able to do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from stadthaus.base_services.payments.models import PaymentAttempt
from stadthaus.base_services.payments.rules.answers import Answer


class ProviderUnavailable(Exception):
    """The provider did not answer in time, or answered something that cannot be understood."""


@dataclass(frozen=True)
class Started:
    """A payment page the provider has opened: its name for the payment and where the payer goes."""

    provider_ref: str
    redirect_url: str


class Provider(Protocol):
    """One payment provider. Calls are made outside of any transaction and answer within 10 seconds.

    The provider is told `attempt.public_id` as our own name for the payment, so that an attempt can
    be asked about even if the answer to `start` was lost. All names of its interface stay in its
    module; whatever cannot be understood is raised as `ProviderUnavailable`.
    """

    def start(self, attempt: PaymentAttempt, *, return_url: str, now: datetime) -> Started:
        """Open a payment page for `attempt.amount_cents`; the payer comes back to `return_url`."""
        ...

    def ask(self, attempt: PaymentAttempt, *, now: datetime) -> Answer:
        """Ask what became of the attempt. The answer to this question is the truth."""
        ...
