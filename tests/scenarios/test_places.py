"""Scenarios 1 and 2: many people, few places, one moment – over HTTP, against two web processes."""

from collections import Counter
from typing import Any

from tests.scenarios.crowd import Crowd, Send, destinations, statuses
from tests.server import Server, free_port, web

PEOPLE, PLACES, LITRES = 200, 50, 1000
FEWER_PEOPLE, FEWER_PLACES = 60, 15
LAST_LITRES = 1500
ORDER = {"way": "online", "from_household": "on", "may_put_there": "on"}


def submits(prepared: dict[str, Any]) -> list[Send]:
    return [Send(draft["path"], draft["cookies"], ORDER | draft["page"]) for draft in prepared["drafts"]]


def choices(prepared: dict[str, Any]) -> list[Send]:
    day = {"day": str(prepared["day"])}
    return [Send(draft["path"].replace("/pruefen/", "/wann/"), draft["cookies"], day) for draft in prepared["drafts"]]


def test_of_two_hundred_orders_for_fifty_places_exactly_fifty_are_sold(crowd: Crowd) -> None:
    prepared = crowd.prepare("drafts", PEOPLE, LITRES, PLACES * LITRES)
    answers = crowd.all_at_once(submits(prepared))
    assert statuses(answers) == {302: PEOPLE}
    assert destinations(answers) == {"order": PLACES, "wann": PEOPLE - PLACES}
    report = crowd.prepare("report", prepared["day"])
    assert report["orders"] == {"placed": PLACES}
    assert report["payments"] == {"open": PLACES}
    assert report["live"] == {"booked": PLACES}
    assert report["booked"] == [PLACES * LITRES, PLACES]
    assert report["free"][0] == 0
    assert report["told"] == {"bulky_waste.order_received": PLACES}
    assert report["told_twice"] == 0
    assert report["figures_agree"]


def test_who_came_too_late_is_told_and_keeps_all_answers(crowd: Crowd) -> None:
    prepared = crowd.prepare("drafts", 12, LITRES, 4 * LITRES)
    answers = crowd.all_at_once(submits(prepared))
    late = [draft for draft, answer in zip(prepared["drafts"], answers, strict=True) if answer.leads_to == "wann"]
    assert len(late) == 8
    for draft in late:
        page = crowd.alone(Send(draft["path"].replace("/pruefen/", "/wann/"), draft["cookies"]))
        assert page.status == 200
        assert "Der gewählte Tag hat für Ihre Bestellung keinen Platz mehr" in page.text
        assert 'name="day"' in page.text, "the next days are shown"
    for kept in crowd.prepare("kept", *[draft["id"] for draft in late]):
        assert set(kept) == {"where", "what", "who", "place", "declared"}
        assert kept["who"]["name"] == "Erika Beispiel"


def test_two_people_and_the_last_place_in_the_same_second(crowd: Crowd) -> None:
    days = crowd.prepare("last_places", 8, LAST_LITRES)
    answers = crowd.all_at_once([send for prepared in days for send in submits(prepared)])
    for first, second in zip(answers[::2], answers[1::2], strict=True):
        assert {first.leads_to, second.leads_to} == {"order", "wann"}
    for report in crowd.prepare("reports", *[prepared["day"] for prepared in days]):
        assert (report["orders"], report["free"][0], report["figures_agree"]) == ({"placed": 1}, 0, True)


def test_one_draft_sent_twenty_times_at_once_is_one_order(crowd: Crowd) -> None:
    prepared = crowd.prepare("drafts", 1, LITRES, 10 * LITRES)
    answers = crowd.all_at_once(submits(prepared) * 20)
    assert statuses(answers) == {302: 20}
    assert len({answer.location for answer in answers}) == 1
    report = crowd.prepare("report", prepared["day"])
    assert (report["orders"], report["booked"]) == ({"placed": 1}, [LITRES, 1])
    assert report["told"] == {"bulky_waste.order_received": 1}


def test_two_hundred_people_choosing_a_day_hold_exactly_fifty_places(crowd: Crowd) -> None:
    prepared = crowd.prepare("drafts", PEOPLE, LITRES, PLACES * LITRES)
    answers = crowd.all_at_once(choices(prepared))
    # The place for the pile is answered already, so whoever got the day goes straight on to the check.
    assert Counter(answer.leads_to or "told" for answer in answers) == {"pruefen": PLACES, "told": PEOPLE - PLACES}
    assert set(statuses(answers)) == {302, 200}
    told = [answer for answer in answers if answer.status == 200]
    assert all("Dieser Tag ist gerade voll geworden" in answer.text for answer in told)
    report = crowd.prepare("report", prepared["day"])
    assert (report["live"], report["free"][0], report["figures_agree"]) == ({"held": PLACES}, 0, True)


def test_looking_first_and_taking_later_sells_more_than_there_is(town_hall: Server) -> None:
    """The negative control: the same crowd oversells a program that counts instead of taking, four at a time."""
    unguarded = town_hall.on(free_port())
    with web(unguarded, "unguarded", workers=2, threads=4, program="benchmarks.unguarded:application"):
        crowd = Crowd(unguarded)
        prepared = crowd.prepare("drafts", FEWER_PEOPLE, LITRES, FEWER_PLACES * LITRES)
        crowd.all_at_once(choices(prepared))
        assert crowd.prepare("report", prepared["day"])["live"]["held"] > FEWER_PLACES
