"""Passwords that are read from paper once."""

from collections.abc import Callable

# Without letters and digits that look alike (0 o, 1 l i): 31 signs, 16 of them are 79 bits.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4


def initial_password(choose: Callable[[str], str]) -> str:
    """Make a password like "k7mf-2vpx-9qtd-h3sw"; `choose` picks one sign at random (secrets.choice)."""
    return "-".join("".join(choose(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))
