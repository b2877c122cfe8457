"""From the Land survey's grid to latitude and longitude."""

from math import cos, radians, sin, sqrt, tan

import pytest

from stadthaus.base_services.addresses.rules.projection import from_utm32

METRES_PER_DEGREE = 111_320.0


def to_utm32(lat: float, lon: float) -> tuple[float, float]:
    """Project the other way by another road: the series in powers of the longitude (Redfearn, 1948)."""
    axis, flattening, scale = 6_378_137.0, 1 / 298.257222101, 0.9996
    e2 = flattening * (2 - flattening)
    phi = radians(lat)
    second = e2 / (1 - e2)
    nu = axis / sqrt(1 - e2 * sin(phi) ** 2)
    t, c, a = tan(phi) ** 2, second * cos(phi) ** 2, radians(lon - 9.0) * cos(phi)
    meridian = axis * (
        (1 - e2 / 4 - 3 * e2**2 / 64 - 5 * e2**3 / 256) * phi
        - (3 * e2 / 8 + 3 * e2**2 / 32 + 45 * e2**3 / 1024) * sin(2 * phi)
        + (15 * e2**2 / 256 + 45 * e2**3 / 1024) * sin(4 * phi)
        - (35 * e2**3 / 3072) * sin(6 * phi)
    )
    east = nu * (a + (1 - t + c) * a**3 / 6 + (5 - 18 * t + t**2 + 72 * c - 58 * second) * a**5 / 120)
    north = meridian + nu * tan(phi) * (
        a**2 / 2 + (5 - t + 9 * c + 4 * c**2) * a**4 / 24 + (61 - 58 * t + t**2 + 600 * c - 330 * second) * a**6 / 720
    )
    return 500_000.0 + scale * east, scale * north


@pytest.mark.parametrize(
    ("east", "north", "lat", "lon"),
    [
        (349_925.060, 5_685_090.386, 51.297328695, 6.847357480),  # Minoritenstraße 6, Ratingen
        (405_000.0, 5_725_000.0, 51.667939780, 7.626290296),  # Werne
        (500_000.0, 5_650_000.0, 51.001574693, 9.0),
        (280_000.0, 5_620_000.0, 50.690164549, 5.885134544),  # the western end of NRW
        (530_000.0, 5_820_000.0, 52.529272944, 9.442231322),  # the north-eastern end
    ],
)
def test_points_agree_with_an_independent_library(east: float, north: float, lat: float, lon: float) -> None:
    assert from_utm32(east, north) == pytest.approx((lat, lon), abs=1e-8)


def test_the_pole_lies_where_the_published_quarter_meridian_ends() -> None:
    quarter_meridian_m = 10_001_965.7293  # GRS 80
    lat, _ = from_utm32(500_000.0, quarter_meridian_m * 0.9996)
    assert lat == pytest.approx(90.0, abs=1e-8)


@pytest.mark.parametrize("lat", [50.3, 51.0, 51.669, 52.5])
@pytest.mark.parametrize("lon", [5.9, 6.95, 7.63, 9.0, 9.5])
def test_there_and_back_again_by_another_formula_is_less_than_a_centimetre_off(lat: float, lon: float) -> None:
    back_lat, back_lon = from_utm32(*to_utm32(lat, lon))
    assert abs(back_lat - lat) * METRES_PER_DEGREE < 0.01
    assert abs(back_lon - lon) * METRES_PER_DEGREE < 0.01
