"""Scenarios 7, 8 and 28: cancelling, confirming and both at once – over HTTP, against two web processes."""

import threading
from collections import Counter

from tests.scenarios.crowd import Crowd, Send, statuses
from tests.server import Server

CLICKS, PEOPLE = 20, 120


def test_a_double_click_cancels_once_and_gives_back_once(crowd: Crowd) -> None:
    prepared = crowd.prepare("orders", 3)
    [order, *_] = prepared["orders"]
    answers = crowd.all_at_once([Send(f"{order['path']}stornieren/", order["cookies"], {})] * CLICKS)
    assert set(statuses(answers)) <= {302, 200}
    assert {answer.location for answer in answers if answer.status == 302} == {order["path"]}
    report = crowd.prepare("report", prepared["day"])
    assert report["orders"] == {"cancelled": 1, "confirmed": 2}
    assert report["booked"] == [2000, 2]
    assert report["refunds"] == [1500]
    assert report["told"]["bulky_waste.order_cancelled"] == 1
    assert report["figures_agree"]


def test_a_payment_confirmed_from_all_sides_at_once_is_one_payment_and_one_mail(
    crowd: Crowd, town_hall: Server
) -> None:
    prepared = crowd.prepare("payments_under_way", 1)
    [order] = prepared["orders"]
    polls = [threading.Thread(target=town_hall.run, args=("manage.py", "worker", "--once")) for _ in range(2)]
    for poll in polls:
        poll.start()
    came_back = Send(order["came_back"], {})
    notification = Send(order["notification"], {}, {})
    answers = crowd.all_at_once([came_back, notification] * 10)
    for poll in polls:
        poll.join()
    town_hall.run("manage.py", "worker", "--once")
    assert set(statuses(answers)) <= {200, 204, 302}
    report = crowd.prepare("report", prepared["day"])
    assert (report["orders"], report["payments"]) == ({"confirmed": 1}, {"paid": 1})
    assert (report["paid_in"], report["paid_attempts"], report["refunds"]) == (1, 1, [])
    assert report["told"] == {"bulky_waste.order_received": 1, "bulky_waste.order_confirmed": 1}
    assert "Bestellt und bezahlt" in crowd.alone(Send(order["path"], order["cookies"])).text


def test_cancelling_against_confirming_hundreds_at_once_loses_nothing_and_waits_for_nobody(crowd: Crowd) -> None:
    prepared = crowd.prepare("payments_under_way", PEOPLE)
    requests: list[Send] = []
    for order in prepared["orders"]:
        requests += [
            Send(order["came_back"], {}),
            Send(f"{order['path']}stornieren/", order["cookies"], {}),
        ]
    answers = crowd.all_at_once(requests)
    assert max(statuses(answers)) < 400
    report = crowd.prepare("report", prepared["day"])
    assert report["orders"] == {"cancelled": PEOPLE}
    assert (report["booked"], report["live"]) == ([0, 0], {})
    assert report["paid_in"] == report["paid_attempts"] == PEOPLE, "no payment is lost, none is booked twice"
    ends = Counter(report["payments"])
    assert set(ends) <= {"paid", "paid_without_date"}
    assert report["refunds"] == [1500] * ends["paid"], "paid first: refunded; cancelled first: somebody decides"
    assert report["told"]["bulky_waste.order_cancelled"] == PEOPLE
    assert report["told_twice"] == 0
    assert report["figures_agree"]
