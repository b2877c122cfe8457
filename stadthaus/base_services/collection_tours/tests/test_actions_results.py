from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from stadthaus.accounts import queries as accounts
from stadthaus.base_services.collection_tours import actions, documents, queries
from stadthaus.base_services.collection_tours.actions import AlreadyReported, NoSuchStop, ResultIsFinal, ResultRefused
from stadthaus.base_services.collection_tours.models import Stop
from stadthaus.base_services.collection_tours.signals import stop_finished, stop_reopened
from stadthaus.base_services.collection_tours.tests.factories import CREW, NOW, make_day, minutes_later, record

pytestmark = pytest.mark.django_db

Heard = list[tuple[str, str]]


@pytest.fixture(autouse=True)
def _booked() -> None:
    actions.book(held_as="draft/a", reference="order/1", day_id=make_day().pk, litres=3000, now=NOW)


@pytest.fixture
def heard() -> Iterator[Heard]:
    """What the signals said: reference and outcome."""
    said: Heard = []

    def listen(*, reference: str, stop: Stop, **_: Any) -> None:
        said.append((reference, stop.outcome))

    stop_finished.connect(listen)
    stop_reopened.connect(listen)
    yield said
    stop_finished.disconnect(listen)
    stop_reopened.disconnect(listen)


def undo(minute: float = 0) -> Stop:
    return actions.undo_result(reference="order/1", actor=CREW, now=minutes_later(minute))


def stop_photo(content: bytes = b"jpeg") -> str:
    return documents.keep_photo(content, folder=documents.STOPS_FOLDER)


def test_a_result_is_written_down_and_told(heard: Heard) -> None:
    stop = record("partly_collected", "too_much", remark=" zwei Schränke ")
    stop.refresh_from_db()
    assert (stop.outcome, stop.reason, stop.remark) == ("partly_collected", "too_much", "zwei Schränke")
    assert (stop.finished_at, stop.finished_by) == (NOW, "Wagen 1")
    assert heard == [("order/1", "partly_collected")]


def test_the_same_result_again_changes_nothing_and_tells_nobody(heard: Heard) -> None:
    first = record("not_collected", "not_there")
    again = record("not_collected", "not_there", minute=60)
    assert (again.pk, again.finished_at) == (first.pk, NOW)
    assert len(heard) == 1
    assert len(accounts.trail("order/1")) == 1


def test_another_result_is_refused_until_the_first_is_taken_back(heard: Heard) -> None:
    record()
    with pytest.raises(AlreadyReported):
        record("not_collected", "blocked", minute=1)
    undo(minute=2)
    assert record("not_collected", "blocked", minute=3).outcome == "not_collected"
    assert [outcome for _, outcome in heard] == ["collected", "open", "not_collected"]


def test_after_ten_minutes_the_result_stays(heard: Heard) -> None:
    record()
    with pytest.raises(ResultIsFinal):
        undo(minute=10)
    with pytest.raises(AlreadyReported):
        record("not_collected", "blocked", minute=10)
    assert Stop.objects.get().outcome == "collected"
    assert len(heard) == 1


def test_a_result_can_be_undone_for_ten_minutes(heard: Heard) -> None:
    record("partly_collected", "too_much")
    stop = undo(minute=5)
    assert (stop.outcome, stop.reason, stop.finished_at, stop.finished_by) == ("open", "", None, "")
    assert heard[-1] == ("order/1", "open")
    assert queries.result_of("order/1") is None
    with pytest.raises(ResultIsFinal):
        record()
        undo(minute=10)


def test_undoing_what_is_open_changes_nothing(heard: Heard) -> None:
    undo()
    assert heard == []


def test_what_does_not_hold_together_is_refused_and_not_written(heard: Heard) -> None:
    with pytest.raises(ResultRefused):
        record("not_collected")
    assert heard == []
    assert not Stop.objects.exists()


def test_only_a_booked_place_has_a_result() -> None:
    actions.release(reference="order/1", now=NOW)
    with pytest.raises(NoSuchStop):
        record()
    with pytest.raises(NoSuchStop):
        undo()


def test_the_trail_names_outcome_and_reason_but_no_free_text() -> None:
    record("not_collected", "other", remark="Frau Meier war böse")
    entry = accounts.trail("order/1")[0]
    assert entry.event == "stop.finished"
    assert entry.values == {"outcome": ["open", "not_collected"], "reason": ["", "other"]}


def test_a_listener_that_fails_takes_the_result_back() -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError("no")

    stop_finished.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            record()
    finally:
        stop_finished.disconnect(fail)
    assert not Stop.objects.exists()


# Photos


def test_a_photo_belongs_to_what_is_left() -> None:
    name = stop_photo()
    stop = record("partly_collected", "too_much", photo=name)
    stop.refresh_from_db()
    assert stop.photo.name == name
    assert stop.photo.read() == b"jpeg"


def test_the_same_photo_sent_again_is_kept_once(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    first, again = stop_photo(), stop_photo()
    with django_capture_on_commit_callbacks(execute=True):
        record("partly_collected", "too_much", photo=first)
        record("partly_collected", "too_much", photo=again)
    assert (default_storage.exists(first), default_storage.exists(again)) == (True, False)


def test_undoing_removes_the_photo(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> None:
    name = stop_photo()
    with django_capture_on_commit_callbacks(execute=True):
        record("partly_collected", "too_much", photo=name)
        undo()
    assert not default_storage.exists(name)


def test_photo_and_free_text_are_erased_after_their_term(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    name = stop_photo()
    record("partly_collected", "too_much", photo=name, remark="am Zaun")
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.erase_result_details(reference="order/1", photo=True, remark=True, now=NOW)
    stop = Stop.objects.get()
    assert (stop.photo.name, stop.remark, stop.outcome, stop.reason) == ("", "", "partly_collected", "too_much")
    assert not default_storage.exists(name)
    assert not actions.erase_result_details(reference="order/1", photo=True, remark=True, now=NOW)
    assert not actions.erase_result_details(reference="order/2", photo=True, remark=True, now=NOW)


# The database as the last guard


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": "lost"},
        {"reason": ""},
        {"finished_at": None},
        {"outcome": "collected"},
        {"outcome": "open"},
        {"reason": "not_there", "photo": "photos/x.jpg"},
    ],
)
def test_the_database_refuses_a_stop_that_makes_no_sense(wrong: dict[str, Any]) -> None:
    stop = record("partly_collected", "too_much")
    with pytest.raises(IntegrityError), transaction.atomic():
        Stop.objects.filter(pk=stop.pk).update(**wrong)
