import pytest

from stadthaus.services.bulky_waste.rules.pricing import Tariff, cards_needed, litres_over, quote

TARIFF = Tariff(fee_per_card=1500, litres_per_card=3000, max_cards=3, fee_rule_id=1, measure_rule_id=2)


@pytest.mark.parametrize(
    ("litres", "cards"),
    [(0, 1), (1, 1), (2999, 1), (3000, 1), (3001, 2), (6000, 2), (6001, 3), (9000, 3), (9001, 4)],
)
def test_each_started_measure_needs_a_card(litres: int, cards: int) -> None:
    assert cards_needed(litres, 3000) == cards


@pytest.mark.parametrize(("litres", "amount"), [(1, 1500), (3000, 1500), (3001, 3000), (9000, 4500)])
def test_the_fee_is_cards_times_fee_per_card(litres: int, amount: int) -> None:
    asked = quote(litres, TARIFF)
    assert asked.amount == amount
    assert asked.litres == litres
    assert not asked.too_much


@pytest.mark.parametrize(("litres", "free"), [(1, 2999), (2750, 250), (3000, 0), (3001, 2999)])
def test_the_room_left_on_the_last_card(litres: int, free: int) -> None:
    assert quote(litres, TARIFF).free_litres == free


def test_exactly_the_largest_order_is_allowed_and_one_litre_more_is_not() -> None:
    assert not quote(TARIFF.max_litres, TARIFF).too_much
    assert quote(TARIFF.max_litres + 1, TARIFF).too_much


def test_what_is_too_much_is_said_in_litres() -> None:
    assert quote(TARIFF.max_litres + 40, TARIFF).litres_too_much == 40
    assert quote(TARIFF.max_litres - 40, TARIFF).litres_too_much == 0


@pytest.mark.parametrize(
    ("litres", "over"), [(26, 0), (3000, 0), (3026, 26), (3300, 300), (3301, 0), (6000, 0), (6001, 1)]
)
def test_a_card_begun_for_little_is_noticed(litres: int, over: int) -> None:
    assert litres_over(litres, 3000) == over


def test_an_empty_list_already_shows_the_price_of_one_card() -> None:
    assert quote(0, TARIFF).amount == 1500


def test_a_fee_of_an_odd_amount_stays_exact() -> None:
    tariff = Tariff(fee_per_card=1999, litres_per_card=700, max_cards=99, fee_rule_id=1, measure_rule_id=2)
    assert quote(66_501, tariff).amount == 191_904
