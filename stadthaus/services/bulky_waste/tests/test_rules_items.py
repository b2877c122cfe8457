import pytest

from stadthaus.services.bulky_waste.rules.items import (
    MAX_COUNT,
    MAX_LINES,
    Item,
    Limits,
    Line,
    ListFull,
    LongerKind,
    everyday,
    example_that_fits,
    line_from_data,
    lines_from_data,
    price_line,
    price_lines,
    total_litres,
    with_added,
    with_count,
    with_counted,
    with_other_form,
)


def item(key: str, litres: int, dismantled: int | None = None, longest_cm: int = 100) -> Item:
    return Item(key, key.title(), "any", litres, dismantled, "bulky", False, longest_cm, ())


SOFA = item("sofa", 1700, longest_cm=210)
WARDROBE = item("wardrobe", 1800, 450, longest_cm=250)
CHAIR = item("chair", 200, 100)
SURFBOARD = item("surfboard", 250, longest_cm=250)
CATALOGUE = {one.key: one for one in (SOFA, WARDROBE, CHAIR, SURFBOARD)}
LIMITS = Limits(200, 50, longer=(LongerKind("Sofas", 250, frozenset({"sofa"})),))
OWN = Line("own", 2, name="Kiste", size_cm=(100, 50, 41), own_id="a1")


# Volume


@pytest.mark.parametrize(
    ("line", "each", "other"),
    [
        (Line("wardrobe", 1), 1800, 450),
        (Line("wardrobe", 1, dismantled=True), 450, None),
        (Line("chair", 1, dismantled=True), 100, 200),
        (Line("sofa", 1), 1700, None),
        (Line("sofa", 1, dismantled=True), 1700, None),
        (OWN, 205, None),
    ],
)
def test_a_line_has_the_volume_of_its_form(line: Line, each: int, other: int | None) -> None:
    priced = price_line(line, CATALOGUE, LIMITS)
    assert priced is not None
    assert (priced.litres_each, priced.litres_other_form) == (each, other)
    assert priced.litres == each * line.count


def test_the_smallest_own_item_takes_a_litre() -> None:
    priced = price_line(Line("own", 1, name="Nagel", size_cm=(1, 1, 1)), CATALOGUE, LIMITS)
    assert priced is not None and priced.litres == 1


def test_an_item_the_catalogue_lost_is_left_out() -> None:
    assert price_line(Line("gone", 1), CATALOGUE, LIMITS) is None
    assert [line.name for line in price_lines([Line("gone", 1), Line("chair", 1)], CATALOGUE, LIMITS)] == ["Chair"]


def test_the_volume_of_an_order_is_the_sum_of_its_lines() -> None:
    lines = price_lines([Line("wardrobe", 1, dismantled=True), Line("chair", 4), OWN], CATALOGUE, LIMITS)
    assert total_litres(lines) == 450 + 4 * 200 + 2 * 205


@pytest.mark.parametrize(("thing", "offer"), [(WARDROBE, "dismantled"), (SURFBOARD, "none"), (CHAIR, "any")])
def test_what_is_too_long_is_taken_dismantled_or_not_at_all(thing: Item, offer: str) -> None:
    assert thing.offer(LIMITS) == offer


@pytest.mark.parametrize(("longest_cm", "offer"), [(210, "any"), (250, "any"), (251, "none")])
def test_a_kind_of_thing_may_be_longer_than_others_up_to_a_limit_of_its_own(longest_cm: int, offer: str) -> None:
    assert item("sofa", 1700, longest_cm=longest_cm).offer(LIMITS) == offer


@pytest.mark.parametrize(
    ("line", "too_long"),
    [
        (Line("wardrobe", 1), True),
        (Line("wardrobe", 1, dismantled=True), False),
        (Line("surfboard", 1), True),
        (Line("sofa", 1), False),
        (Line("own", 1, name="Balken", size_cm=(10, 10, 201)), True),
    ],
)
def test_a_line_says_when_it_is_longer_than_a_piece_may_be(line: Line, too_long: bool) -> None:
    priced = price_line(line, CATALOGUE, LIMITS)
    assert priced is not None and priced.too_long is too_long


# Adding, counting, turning


def test_the_same_item_in_the_same_form_is_counted_up() -> None:
    assert with_added([Line("chair", 2)], Line("chair", 1)) == [Line("chair", 3)]


def test_the_same_item_in_another_form_is_a_line_of_its_own() -> None:
    lines = with_added([Line("chair", 2)], Line("chair", 1, dismantled=True))
    assert lines == [Line("chair", 2), Line("chair", 1, dismantled=True)]


def test_two_own_items_are_never_thrown_together() -> None:
    assert with_added([OWN], OWN) == [OWN, OWN]


def test_a_list_never_grows_beyond_its_limit() -> None:
    full = [Line("own", 1, name=str(number), size_cm=(1, 1, 1)) for number in range(MAX_LINES)]
    with pytest.raises(ListFull):
        with_added(full, Line("sofa", 1))


@pytest.mark.parametrize("count", [0, -1, -999])
def test_no_piece_left_removes_the_line(count: int) -> None:
    assert with_count([Line("chair", 2), Line("sofa", 1)], 0, count) == [Line("sofa", 1)]


def test_counting_keeps_form_name_and_size() -> None:
    lines = [Line("chair", 2, dismantled=True), OWN]
    assert with_count(lines, 0, 5)[0] == Line("chair", 5, dismantled=True)
    assert with_count(lines, 1, 5)[1] == Line("own", 5, name="Kiste", size_cm=OWN.size_cm, own_id="a1")


def test_no_line_grows_beyond_its_limit() -> None:
    assert with_count([Line("chair", 1)], 0, 10**9) == [Line("chair", MAX_COUNT)]
    assert with_added([Line("chair", MAX_COUNT)], Line("chair", 1)) == [Line("chair", MAX_COUNT)]


def test_a_line_is_found_by_what_it_is_wherever_it_stands() -> None:
    lines = [Line("chair", 2), Line("wardrobe", 1), Line("wardrobe", 4, dismantled=True), OWN]
    for line in lines:
        more = with_counted(lines, line.ref, 1, str(line.count))
        assert [after.count - before.count for after, before in zip(more, lines, strict=True)] == [
            int(other is line) for other in lines
        ]


def test_taking_away_twice_from_one_page_takes_away_once() -> None:
    once = with_counted([Line("chair", 3)], "chair", -1, "3")
    assert with_counted(once, "chair", -1, "3") == once == [Line("chair", 2)]


def test_adding_twice_from_one_page_adds_twice() -> None:
    once = with_counted([Line("chair", 3)], "chair", 1, "3")
    assert with_counted(once, "chair", 1, "3") == [Line("chair", 5)]


@pytest.mark.parametrize("step", [1, -1])
def test_counting_a_line_that_is_gone_changes_no_other(step: int) -> None:
    assert with_counted([Line("wardrobe", 1)], "chair", step, "1") == [Line("wardrobe", 1)]


@pytest.mark.parametrize("seen", ["", "drei", "²", "-1", "9" * 5000])
def test_taking_away_without_the_count_that_was_shown_changes_nothing(seen: str) -> None:
    assert with_counted([Line("chair", 3)], "chair", -1, seen) == [Line("chair", 3)]


def test_turning_a_line_that_is_gone_changes_nothing() -> None:
    assert with_other_form([Line("chair", 1)], "wardrobe") == [Line("chair", 1)]


def test_turning_a_line_keeps_its_place() -> None:
    lines = with_other_form([Line("sofa", 1), Line("wardrobe", 2), Line("chair", 1)], "wardrobe")
    assert lines == [Line("sofa", 1), Line("wardrobe", 2, dismantled=True), Line("chair", 1)]


def test_turning_into_an_equal_line_makes_one_of_both() -> None:
    lines = with_other_form([Line("wardrobe", 2), Line("chair", 1), Line("wardrobe", 3, dismantled=True)], "wardrobe")
    assert lines == [Line("chair", 1), Line("wardrobe", 5, dismantled=True)]


def test_turning_twice_changes_nothing() -> None:
    lines = [Line("sofa", 1), Line("wardrobe", 2)]
    assert with_other_form(with_other_form(lines, "wardrobe"), "wardrobe_zerlegt") == lines


def test_the_given_list_is_never_changed() -> None:
    lines = (Line("wardrobe", 2), Line("chair", 1))
    with_added(lines, Line("sofa", 1))
    with_count(lines, 0, 0)
    with_other_form(lines, "wardrobe")
    with_counted(lines, "wardrobe", -1, "2")
    assert lines == (Line("wardrobe", 2), Line("chair", 1))


@pytest.mark.parametrize("line", [Line("chair", 3), Line("wardrobe", 1, dismantled=True), OWN])
def test_a_line_survives_being_kept_in_a_draft(line: Line) -> None:
    assert line_from_data(line.as_data()) == line


def test_own_things_of_a_draft_from_before_they_had_names_are_told_apart() -> None:
    old = [{"key": "own", "count": 1, "name": name, "size_cm": [9, 9, 9]} for name in ("Kiste", "Truhe")]
    lines = lines_from_data(old)
    assert len({line.ref for line in lines}) == 2
    fewer = with_counted(lines, lines[0].ref, -1, "1")
    assert [line.ref for line in lines_from_data(line.as_data() for line in fewer)] == [lines[1].ref]


# What still fits


@pytest.mark.parametrize(("free", "expected"), [(1700, "table-dining"), (199, "chair"), (150, "chair"), (149, None)])
def test_the_largest_everyday_thing_that_still_fits_and_needs_no_taking_apart_is_the_example(
    free: int, expected: str | None
) -> None:
    things = [
        item("chair", 150),
        item("table-dining", 200, 100),
        item("wardrobe-3-door", 1600, 400, longest_cm=210),
        item("beach-chair", 1500),
    ]
    example = example_that_fits(free, everyday(things, LIMITS))
    assert (example.key if example else None) == expected
