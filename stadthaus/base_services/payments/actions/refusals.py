"""Why an action was refused. Nothing has been changed then; the text is for people."""

from stadthaus.kernel.money import format_euro


class PaymentRefused(Exception):
    """The action is not possible now; `str()` says why and what to do, `field` where it was typed, if it was."""

    field: str | None = None


class WrongAmount(PaymentRefused):
    """The amount is not the one that is owed."""

    field = "amount_cents"

    def __init__(self, *, expected_cents: int, given_cents: int) -> None:
        super().__init__(
            f"Erwartet sind {format_euro(expected_cents)}, eingegeben sind {format_euro(given_cents)}. "
            "Es wurde nichts gebucht. Prüfen Sie bitte Kassenzeichen und Betrag auf dem Kontoauszug. "
            "Stimmt beides, bestätigen Sie das unten und buchen noch einmal."
        )


class WrongDay(PaymentRefused):
    """Nothing can have come on that day."""

    field = "received_on"


class CardAlreadyRedeemed(PaymentRefused):
    """The paper card has paid for something already."""

    def __init__(self, number: str, *, owed_cents: int) -> None:
        super().__init__(
            f"Die Papierkarte {number} wurde schon eingelöst. Bitte prüfen Sie die Nummer. "
            f"Sonst sind {format_euro(owed_cents)} zu zahlen."
        )
        self.number = number


class SecondPersonNeeded(PaymentRefused):
    """Four eyes: the person has had the first part in hand."""
