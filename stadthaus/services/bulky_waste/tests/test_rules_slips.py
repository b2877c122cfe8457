"""What people type when they say how to reach them."""

import pytest

from stadthaus.services.bulky_waste.rules.slips import address_meant, number_alone


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("e.b@gmial.com", "e.b@gmail.com"),
        ("e@gmail.con", "e@gmail.com"),
        ("e@t-onlin.de", "e@t-online.de"),
        ("e@T-Onlin.de", "e@t-online.de"),
        ("e@gmx.d", "e@gmx.de"),
        ("e@hotmial.com", "e@hotmail.com"),
    ],
)
def test_one_slip_in_a_well_known_providers_name_is_seen(typed: str, meant: str) -> None:
    assert address_meant(typed) == meant


@pytest.mark.parametrize(
    "typed", ["e@gmail.com", "e@GMX.de", "e@gmx.net", "e@web.de", "e@example.org", "e@werne.de", "e@posteo.de", ""]
)
def test_every_other_address_is_left_alone(typed: str) -> None:
    assert address_meant(typed) == ""


@pytest.mark.parametrize(
    "typed", ["Tel. 02389 123456", "tel: 02389 123456", "Telefon 02389 123456", "Handy:02389 123456", "02389 123456"]
)
def test_the_word_before_a_number_is_left_out(typed: str) -> None:
    assert number_alone(typed) == "02389 123456"
