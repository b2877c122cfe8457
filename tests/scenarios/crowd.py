"""Real parallel requests: as many threads as people, each with a connection of its own, all let go at once."""

import http.client
import json
import threading
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from benchmarks.crowd import all_at_once
from tests.server import Server

PATIENCE_SECONDS = 120
PEOPLE_AT_MOST = 320


@dataclass(frozen=True)
class Send:
    """One request: a form with answers, or a page to open if there are none."""

    path: str
    cookies: dict[str, str]
    answers: dict[str, str] | None = None


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    location: str = ""
    text: str = ""

    @property
    def leads_to(self) -> str:
        """Where a browser would be sent, in one word."""
        if self.location.startswith("/bestellung/"):
            return "order"
        return self.location.rstrip("/").rpartition("/")[2]


class Crowd:
    """Many people in front of one server."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def prepare(self, what: str, *numbers: int) -> Any:
        """Have `tests.scenarios.prepare` make ready on the server's database."""
        return json.loads(self.server.run("-m", "tests.scenarios.prepare", what, *map(str, numbers)))

    def all_at_once(self, requests: Sequence[Send]) -> list[Answer]:
        """Send everything at the same moment; the answers in the order of the requests. Who waits too long raises."""
        assert len(requests) <= PEOPLE_AT_MOST
        answers: dict[int, Answer] = {}
        start = threading.Barrier(len(requests))

        def act(number: int) -> None:
            connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE_SECONDS)
            with closing(connection):
                start.wait(PATIENCE_SECONDS)
                answers[number] = _send(connection, requests[number])

        all_at_once([partial(act, number) for number in range(len(requests))])
        return [answers[number] for number in range(len(requests))]

    def alone(self, request: Send) -> Answer:
        """Send one request."""
        return self.all_at_once([request])[0]


def _send(connection: http.client.HTTPConnection, request: Send) -> Answer:
    # Cookie and field of the protection against forged forms only have to be the same.
    token = "t" * 32
    cookies = "; ".join(f"{name}={value}" for name, value in {**request.cookies, "csrftoken": token}.items())
    headers = {"Cookie": cookies, "Host": f"localhost:{connection.port}"}
    if request.answers is None:
        connection.request("GET", request.path, headers=headers)
    else:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode({**request.answers, "csrfmiddlewaretoken": token})
        connection.request("POST", request.path, body, headers)
    response = connection.getresponse()
    text = response.read().decode(errors="replace")
    return Answer(response.status, response.headers.get("Location", ""), text)


def statuses(answers: Sequence[Answer]) -> Counter[int]:
    """How often each status came."""
    return Counter(answer.status for answer in answers)


def destinations(answers: Sequence[Answer]) -> Counter[str]:
    """How often people were sent where."""
    return Counter(answer.leads_to for answer in answers)
