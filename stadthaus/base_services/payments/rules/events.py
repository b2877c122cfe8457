"""What the lines of the audit trail mean, in words."""

from collections.abc import Mapping

_WORDS: Mapping[str, str] = {
    "payment.requested": "Zahlung angefordert",
    "payment.way_changed": "Zahlungsweg geändert",
    "payment.attempt_started": "Online-Zahlung begonnen",
    "payment.attempt_failed": "Online-Zahlung nicht gelungen",
    "payment.attempt_cancelled": "Online-Zahlung abgebrochen",
    "payment.received": "Zahlung gebucht",
    "payment.provider_corrected": "Zahlungsdienst hat den Betrag berichtigt: Teil zurückgebucht",
    "payment.paid_again": "Noch einmal bezahlt, Erstattung angeordnet",
    "payment.unclear.no_answer": "Zahlungsdienst antwortet nicht: zu klären",
    "payment.unclear.wrong_amount": "Anderer Betrag bezahlt: zu klären",
    "payment.wrong_amount_after_end": "Anderer Betrag bezahlt, Erstattung angeordnet",
    "payment.lapsed": "Frist vorbei, nichts bezahlt",
    "payment.withdrawn": "Forderung zurückgezogen",
    "payment.declared_unpaid": "Geprüft: nicht bezahlt",
    "payment.shortage_checked": "Geprüft: Es ist weniger da als gebraucht",
    "payment.overpayment_accepted": "Als bezahlt angenommen, Rest wird erstattet",
    "payment.date_given": "Neuer Termin, gilt als bezahlt",
    "payment.refund_ordered": "Erstattung angeordnet",
    "payment.refund_approved": "Erstattung genehmigt",
    "payment.refund_refused": "Erstattung abgelehnt",
    "payment.refund_without_money": "Erstattung abgelehnt: So viel Geld ist nicht mehr da",
    "payment.refund_account_given": "Konto für die Erstattung angegeben",
    "payment.refund_account_entered": "Konto für die Erstattung eingetragen",
    "payment.refunded": "Erstattung ausgezahlt",
    "payment.waiver_requested": "Erlass beantragt",
    "payment.waived": "Gebühr erlassen",
    "payment.waiver_refused": "Erlass abgelehnt",
    "payment.debtor_erased": "Wer schuldete, ist gelöscht: Die Belege müssen nicht mehr aufbewahrt werden",
}


def describe(event: str) -> str:
    """The event in German; an unknown one as it is."""
    return _WORDS.get(event, event)
