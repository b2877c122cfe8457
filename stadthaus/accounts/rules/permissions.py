"""Which role may do what, and which rights never meet in one pair of hands. The only table of rights there is."""

from collections.abc import Iterable
from itertools import combinations

PERMISSIONS: dict[str, str] = {
    "orders.view": "Bestellungen ansehen",
    "orders.change": "Bestellungen aufnehmen und ändern",
    "orders.cancel": "Bestellungen stornieren",
    "messages.send": "Briefe drucken und Anrufe erledigen",
    "payments.view": "Zahlungen ansehen",
    "payments.mark_received": "Überweisungen als eingegangen buchen",
    "payments.take_cash": "Geld am Schalter annehmen",
    "payments.request_waiver": "Gebührenerlass beantragen",
    "payments.approve_waiver": "Gebührenerlass und Erstattung genehmigen",
    "tours.view": "Touren ansehen",
    "tours.change": "Touren planen und ändern",
    "rules.view": "Regeln und Werte ansehen",
    "rules.change": "Regeln und Werte ändern",
    "work.retry": "Unerledigte Aufgaben ansehen und noch einmal versuchen",
    "staff.manage": "Zugänge und Rollen verwalten",
}

ROLES: dict[str, frozenset[str]] = {
    "clerk": frozenset(
        {
            "orders.view",
            "orders.change",
            "orders.cancel",
            "messages.send",
            "payments.view",
            "payments.take_cash",
            "payments.request_waiver",
            "tours.view",
        }
    ),
    "treasury": frozenset({"orders.view", "payments.view", "payments.mark_received"}),
    "waste_administration": frozenset(
        {
            "orders.view",
            "orders.change",
            "orders.cancel",
            "messages.send",
            "payments.view",
            "payments.approve_waiver",
            "tours.view",
            "tours.change",
            "rules.view",
            "rules.change",
            "work.retry",
        }
    ),
    "dispatcher": frozenset({"tours.view", "tours.change"}),
    "administrator": frozenset({"staff.manage", "rules.view", "work.retry"}),
}

ROLE_NAMES: dict[str, str] = {
    "clerk": "Bürgerbüro",
    "treasury": "Stadtkasse",
    "waste_administration": "Abfallwirtschaft",
    "dispatcher": "Disposition des Entsorgers",
    "administrator": "Verwaltung der Zugänge",
}

ROLES_OF_ORGANISATION: dict[str, frozenset[str]] = {
    "town": frozenset(ROLES) - {"dispatcher"},
    "contractor": frozenset({"dispatcher"}),
}

# Two pairs of hands (Vier-Augen-Prinzip): no person holds both rights of a pair, by one role or by several.
NEVER_TOGETHER: tuple[tuple[str, str], ...] = (
    ("payments.take_cash", "payments.approve_waiver"),
    ("payments.mark_received", "payments.approve_waiver"),
    ("payments.request_waiver", "payments.approve_waiver"),
    ("staff.manage", "payments.take_cash"),
    ("staff.manage", "payments.mark_received"),
    ("staff.manage", "payments.request_waiver"),
    ("staff.manage", "payments.approve_waiver"),
)

# Who hands out money or accesses alone could be every pair of hands at once: a second administrator confirms.
CONFIRMED_BY_SECOND = frozenset({right for pair in NEVER_TOGETHER for right in pair})


def permissions_of_roles(roles: Iterable[str]) -> frozenset[str]:
    """Everything somebody with these roles may do; a role that no longer exists gives nothing."""
    return frozenset().union(*(ROLES.get(role, frozenset()) for role in roles))


def conflict_in(roles: Iterable[str]) -> tuple[str, str] | None:
    """Find the first pair of rights that would meet in one pair of hands, or None."""
    held = permissions_of_roles(roles)
    return next((pair for pair in NEVER_TOGETHER if held.issuperset(pair)), None)


def roles_apart() -> list[tuple[str, str]]:
    """List the pairs of roles that nobody holds both of."""
    return [pair for pair in combinations(ROLES, 2) if conflict_in(pair)]


def needs_second_person(roles: Iterable[str]) -> bool:
    """Whether one of these roles moves money or accesses, so that a second administrator confirms it."""
    return not CONFIRMED_BY_SECOND.isdisjoint(permissions_of_roles(roles))


def roles_with(permission: str) -> list[str]:
    """List the German names of the roles that hold a permission, in the order of the table."""
    return [ROLE_NAMES[role] for role, held in ROLES.items() if permission in held]
