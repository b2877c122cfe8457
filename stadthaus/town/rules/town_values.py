"""What every town says about itself: closing days, office hours, names, addresses, bank account, legal pages."""

from datetime import date

from stadthaus.town.rules.asked import operational
from stadthaus.town.rules.values import Reader, list_of, one_of, read_opening_hours, read_written_day, text
from stadthaus.town.rules.words import each, opening_hours

LANDS = ("BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH")  # ISO 3166-2

VALUES = {
    "town.closed_days": operational(
        "Weitere Tage ohne Abholung",
        list_of(read_written_day),
        each(lambda day: f"{date.fromisoformat(day):%d.%m.%Y}"),
    ),
    "town.office_hours": operational("Öffnungszeiten", read_opening_hours, opening_hours),
}
TEXTS: dict[str, Reader] = {
    "town.land": one_of(*LANDS),
    "town.head_line": text(least=0),  # a town may do without
    "town.parts": text(least=0),
    **dict.fromkeys(
        (
            "town.name",
            "town.short",
            "town.office",
            "town.street",
            "town.postcode_place",
            "town.phone",
            "town.hours",
            "town.email",
            "town.bank.holder",
            "town.bank.iban",
            "town.bank.bic",
            "town.bank.name",
            "town.contractor",
            "town.contractor.phone",
            "town.recycling_yard",
            "town.second_hand",
            "town.imprint",
            "town.privacy",
            "town.accessibility",
        ),
        text(),
    ),
}
