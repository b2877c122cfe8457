import pytest

from stadthaus.kernel.measures import box_litres, format_cubic_metres, format_free_cubic_metres, format_metres


@pytest.mark.parametrize(
    ("litres", "written"),
    [
        (0, "0,00 m³"),
        (1, "0,01 m³"),
        (10, "0,01 m³"),
        (250, "0,25 m³"),
        (2750, "2,75 m³"),
        (2755, "2,76 m³"),
        (3001, "3,01 m³"),
        (3000, "3,00 m³"),
        (25_000, "25,00 m³"),
    ],
)
def test_litres_are_written_as_cubic_metres(litres: int, written: str) -> None:
    assert format_cubic_metres(litres) == written.replace(" ", "\u202f")


@pytest.mark.parametrize(("litres", "written"), [(0, "0,00 m³"), (9, "0,00 m³"), (2974, "2,97 m³"), (2999, "2,99 m³")])
def test_free_room_is_never_written_larger_than_it_is(litres: int, written: str) -> None:
    assert format_free_cubic_metres(litres) == written.replace(" ", "\u202f")


@pytest.mark.parametrize(
    ("sides", "litres"),
    [((100, 100, 100), 1000), ((10, 10, 10), 1), ((10, 10, 11), 2), ((1, 1, 1), 1), ((200, 200, 200), 8000)],
)
def test_a_box_takes_at_least_the_room_it_has(sides: tuple[int, int, int], litres: int) -> None:
    assert box_litres(*sides) == litres


def test_the_order_of_the_sides_makes_no_difference() -> None:
    assert box_litres(37, 91, 143) == box_litres(143, 37, 91) == box_litres(91, 143, 37)


@pytest.mark.parametrize(("cm", "written"), [(200, "2 m"), (250, "2,50 m"), (205, "2,05 m"), (1000, "10 m")])
def test_a_length_is_written_in_metres(cm: int, written: str) -> None:
    assert format_metres(cm) == written.replace(" ", "\u202f")
