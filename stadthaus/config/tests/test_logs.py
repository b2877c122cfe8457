"""What a log line may hold of an exception, whoever writes it."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
import structlog

TYPED = "erika@example.org"
Lines = Callable[[], dict[str, Any]]


def refuse() -> None:
    """Fail as a database does: it quotes the values, and so does what caused it."""
    try:
        raise KeyError(TYPED)
    except KeyError as error:
        raise ValueError(f"DETAIL: {TYPED} already exists") from error


@pytest.fixture
def line(caplog: pytest.LogCaptureFixture) -> Lines:
    """What the handler of all logs makes of the only record."""
    handler = next(each for each in logging.getLogger().handlers if type(each) is logging.StreamHandler)

    def written() -> dict[str, Any]:
        (record,) = caplog.records
        text = handler.format(record)
        assert TYPED not in text
        found: dict[str, Any] = json.loads(text)
        return found

    return written


def test_an_exception_is_written_as_types_and_places_the_cause_last(line: Lines) -> None:
    try:
        refuse()
    except ValueError as error:
        structlog.get_logger().error("failed", exc_info=error)
    trace = line()["trace"]
    assert [place for place in trace if ":" not in place] == ["ValueError", "KeyError"]
    assert trace[-1].endswith(" refuse")


def test_the_exception_in_hand_is_written_the_same_way(line: Lines) -> None:
    try:
        refuse()
    except ValueError:
        structlog.get_logger().error("failed", exc_info=True)
    assert line()["trace"][0] == "ValueError"


def test_a_library_that_logs_an_exception_cannot_quote_it_either(line: Lines) -> None:
    try:
        refuse()
    except ValueError:
        logging.getLogger("a.library").exception("failed")
    found = line()
    assert (found["event"], found["trace"][0]) == ("failed", "ValueError")
    assert "exception" not in found


def test_a_line_without_an_exception_has_no_trace(line: Lines) -> None:
    structlog.get_logger().warning("well", exc_info=None)
    assert set(line()) == {"event", "level", "timestamp"}
