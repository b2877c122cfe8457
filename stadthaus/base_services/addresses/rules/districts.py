"""Which collection district (Abfuhrbezirk) a place belongs to."""

NORTH = "nord"
SOUTH = "sued"

LATITUDES, LONGITUDES = (47.0, 55.2), (5.5, 15.5)  # Germany, in degrees (WGS 84); anything else is a slip of the pen


def district_of(lat: float, split_latitude: float) -> str:
    """Put a place at or north of the dividing latitude into "nord", any other into "sued".

    Both are degrees north (WGS 84); the dividing latitude is the town rule
    `addresses.district_split_latitude`.
    """
    return NORTH if lat >= split_latitude else SOUTH
