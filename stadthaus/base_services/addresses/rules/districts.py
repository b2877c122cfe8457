"""Which collection district (Abfuhrbezirk) a place belongs to."""

NORTH = "nord"
SOUTH = "sued"


def district_of(lat: float, split_latitude: float) -> str:
    """Put a place at or north of the dividing latitude into "nord", any other into "sued".

    Both are degrees north (WGS 84); the dividing latitude is the town rule
    `addresses.district_split_latitude`.
    """
    return NORTH if lat >= split_latitude else SOUTH
