"""Volume is a whole number of litres (1 m³ = 1,000 l), everywhere: sums stay exact on every database."""

from stadthaus.kernel.money import NARROW_SPACE

LITRES_PER_CUBIC_METRE = 1000


def format_cubic_metres(litres: int) -> str:
    """Write a volume as cubic metres with two decimals, rounded up: 2750 → "2,75 m³", 3026 → "3,03 m³"."""
    return _two_decimals(-(-litres // 10))


def format_free_cubic_metres(litres: int) -> str:
    """Write room that is left, rounded down: never more than there is: 2974 → "2,97 m³"."""
    return _two_decimals(litres // 10)


def _two_decimals(hundredths: int) -> str:
    whole, rest = divmod(hundredths, LITRES_PER_CUBIC_METRE // 10)
    return f"{whole},{rest:02d}{NARROW_SPACE}m³"


def format_whole_cubic_metres(litres: int) -> str:
    """Write litres for running text, without decimals that say nothing: 3000 → "3 m³", 2500 → "2,50 m³"."""
    return format_cubic_metres(litres).replace(",00", "")


def box_litres(length_cm: int, width_cm: int, height_cm: int) -> int:
    """Volume of the box around a thing, in litres, rounded up: a thing never takes less room than it has."""
    cubic_cm = length_cm * width_cm * height_cm
    return (cubic_cm + 999) // 1000


def format_metres(length_cm: int) -> str:
    """Write centimetres as metres for running text: 250 → "2,50 m", 200 → "2 m"."""
    return f"{length_cm / 100:.2f}{NARROW_SPACE}m".replace(".", ",").replace(",00", "")
