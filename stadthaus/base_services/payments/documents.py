"""What leaves the house about payments: the code of a transfer, files for the finance system."""

import csv
from datetime import date, datetime, time
from io import StringIO

from stadthaus.base_services.payments import queries
from stadthaus.base_services.payments.models import LedgerEntry, PaymentRequest
from stadthaus.base_services.payments.rules import giro_code as giro
from stadthaus.base_services.payments.rules import ledger
from stadthaus.kernel.calendars import BERLIN
from stadthaus.kernel.spreadsheets import harmless
from stadthaus.town.queries import Town
from stadthaus.ui import qr

_HEAD = ["Nummer", "Gebucht am", "Kassenzeichen", "Bestellung", "Art", "Zahlungsmittel", "Soll", "Ist", "Gebucht von"]


def giro_code(request: PaymentRequest, town: Town) -> str:
    """The QR code that fills in a transfer of what is still owed, as black and white SVG with its quiet zone.

    A page that shows it a second time refers to it: `<use href="#giro-code" …>`.
    """
    payload = giro.payload(
        name=town.text("town.bank.holder"),
        iban=town.text("town.bank.iban"),
        bic=town.text("town.bank.bic"),
        amount_cents=queries.still_owed_cents(request),
        text=request.kassenzeichen,
        information=request.purpose,
    )
    look = {"svgid": "giro-code", "omitsize": True, "light": "#fff"}
    return qr.svg(payload, border=4, encoding="utf-8", boost_error=False, **look).strip()


def ledger_csv(month: date) -> str:
    """All ledger entries booked in a month, semicolons between, amounts as "-15,00"; sums prove completeness."""
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    entries = LedgerEntry.objects.filter(booked_at__gte=_midnight(month), booked_at__lt=_midnight(following))
    sheet = StringIO()
    writer = csv.writer(sheet, delimiter=";", lineterminator="\r\n")
    writer.writerow(_HEAD)
    booked: list[tuple[str, int]] = []
    for entry in entries.select_related("request").order_by("id").iterator():
        booked.append((entry.kind, entry.amount_cents))
        writer.writerow(_row(entry, ledger.balance(booked[-1:])))
    writer.writerow(["", "", "", "", "Summe", "", *_amounts(ledger.balance(booked)), ""])
    return "\ufeff" + sheet.getvalue()


def _row(entry: LedgerEntry, change: ledger.Balance) -> list[str]:
    booked = entry.booked_at.astimezone(BERLIN)
    return [
        str(entry.pk),
        f"{booked:%d.%m.%Y %H:%M}",
        entry.request.kassenzeichen,
        entry.request.reference,
        entry.get_kind_display(),
        entry.get_means_display() if entry.means else "",
        *_amounts(change),
        harmless(entry.booked_by),
    ]


def _amounts(balance: ledger.Balance) -> list[str]:
    return [_amount(balance.owed_cents), _amount(balance.held_cents)]


def _amount(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100},{abs(cents) % 100:02d}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=BERLIN)
