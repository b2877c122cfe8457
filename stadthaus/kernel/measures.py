"""Volume is a whole number of litres (1 m³ = 1,000 l), everywhere: sums stay exact on every database."""

from stadthaus.kernel.money import NARROW_SPACE

LITRES_PER_CUBIC_METRE = 1000


def format_cubic_metres(litres: int) -> str:
    """Write litres as cubic metres with two decimals, three only where needed: 2750 → "2,75 m³"."""
    whole, rest = divmod(litres, LITRES_PER_CUBIC_METRE)
    decimals = f"{rest:03d}"
    if decimals.endswith("0"):
        decimals = decimals[:2]
    return f"{whole},{decimals}{NARROW_SPACE}m³"


def format_whole_cubic_metres(litres: int) -> str:
    """Write litres for running text, without decimals that say nothing: 3000 → "3 m³", 2500 → "2,50 m³"."""
    return format_cubic_metres(litres).replace(",00", "")


def box_litres(length_cm: int, width_cm: int, height_cm: int) -> int:
    """Volume of the box around a thing, in litres, rounded up: a thing never takes less room than it has."""
    cubic_cm = length_cm * width_cm * height_cm
    return (cubic_cm + 999) // 1000
