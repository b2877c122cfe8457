"""What the entries of the audit trail about people are called on the page."""

from collections.abc import Mapping, Sequence

from stadthaus.accounts.rules.permissions import ROLE_NAMES

_NAMES = {
    "staff.created": "Zugang angelegt",
    "staff.closed": "Zugang geschlossen",
    "staff.opened": "Zugang wieder geöffnet",
    "staff.access_reset": "Neues Startpasswort gegeben",
    "proposal.role": "Rolle vorgeschlagen",
    "proposal.new_start": "Neues Startpasswort vorgeschlagen",
    "proposal.open": "Öffnen vorgeschlagen",
    "proposal.declined": "Vorschlag abgelehnt",
    "staff.signed_in": "Angemeldet",
    "staff.password_changed": "Passwort geändert",
    "staff.password_reset": "Neues Passwort über E-Mail-Link gewählt",
    "staff.second_factor_added": "Zweiten Faktor eingerichtet",
    "staff.second_factor_removed": "Zweiten Faktor entfernt",
    "staff.second_factor_failed": "Falscher Code beim zweiten Faktor",
    "role.granted": "Rolle gegeben",
    "role.revoked": "Rolle zurückgenommen",
}


def describe(event: str, values: Mapping[str, Sequence[str]]) -> str:
    """Say an entry in words: "Rolle gegeben: Stadtkasse"; an unknown code is shown as it is."""
    roles = [ROLE_NAMES.get(role, role) for role in values.get("role", ()) if role]
    return ": ".join([_NAMES.get(event, event), *roles])
