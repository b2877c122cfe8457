"""Money is a whole number of euro cents, everywhere."""

NARROW_SPACE = "\u202f"


def format_euro(cents: int) -> str:
    """Write cents the German way: 150000 → "1.500,00 €" (with a narrow no-break space)."""
    euros, rest = divmod(abs(cents), 100)
    sign = "−" if cents < 0 else ""
    return f"{sign}{euros:,}".replace(",", ".") + f",{rest:02d}{NARROW_SPACE}€"
