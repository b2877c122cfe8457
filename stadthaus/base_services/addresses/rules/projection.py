"""From official grid coordinates to latitude and longitude.

The Land survey's grid is ETRS89 / UTM zone 32N (EPSG:25832); maps on the web use WGS 84. Here both
datums are taken as one: they drift apart by 2.5 cm a year and are still less than a metre apart.

The formulas are Krüger's series in the third flattening n (L. Krüger: Konforme Abbildung des
Erdellipsoids in der Ebene, Potsdam 1912), kept to n⁴; within NRW they are exact to a millimetre.
"""

from math import asin, atan2, cos, cosh, degrees, sin, sinh

_SEMI_MAJOR_AXIS_M = 6_378_137.0  # GRS 80
_FLATTENING = 1 / 298.257222101  # GRS 80
_SCALE = 0.9996
_FALSE_EASTING_M = 500_000.0
_CENTRAL_MERIDIAN_DEG = 9.0

_N = _FLATTENING / (2 - _FLATTENING)
_RECTIFYING_RADIUS_M = _SEMI_MAJOR_AXIS_M / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
# From the plane back to the sphere.
_BETA = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96 - _N**4 / 360,
    _N**2 / 48 + _N**3 / 15 - 437 * _N**4 / 1440,
    17 * _N**3 / 480 - 37 * _N**4 / 840,
    4397 * _N**4 / 161280,
)
# From the conformal latitude on the sphere to the latitude on the ellipsoid.
_DELTA = (
    2 * _N - 2 * _N**2 / 3 - 2 * _N**3 + 116 * _N**4 / 45,
    7 * _N**2 / 3 - 8 * _N**3 / 5 - 227 * _N**4 / 45,
    56 * _N**3 / 15 - 136 * _N**4 / 35,
    4279 * _N**4 / 630,
)


def from_utm32(east_m: float, north_m: float) -> tuple[float, float]:
    """Latitude and longitude in degrees of a point in zone 32, given in metres (east without the zone)."""
    xi = north_m / (_SCALE * _RECTIFYING_RADIUS_M)
    eta = (east_m - _FALSE_EASTING_M) / (_SCALE * _RECTIFYING_RADIUS_M)
    xi_sphere, eta_sphere = xi, eta
    for order, beta in enumerate(_BETA, start=1):
        xi_sphere -= beta * sin(2 * order * xi) * cosh(2 * order * eta)
        eta_sphere -= beta * cos(2 * order * xi) * sinh(2 * order * eta)
    conformal = asin(sin(xi_sphere) / cosh(eta_sphere))
    latitude = conformal + sum(delta * sin(2 * order * conformal) for order, delta in enumerate(_DELTA, start=1))
    longitude = atan2(sinh(eta_sphere), cos(xi_sphere))
    return degrees(latitude), _CENTRAL_MERIDIAN_DEG + degrees(longitude)
