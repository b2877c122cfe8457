from datetime import datetime, timedelta

import pytest

from stadthaus.base_services.payments import actions, queries
from stadthaus.base_services.payments.jobs import ask_provider
from stadthaus.base_services.payments.models import DemoCharge, PaymentAttempt, PaymentRequest
from stadthaus.base_services.payments.providers import PROVIDERS
from stadthaus.base_services.payments.rules.answers import Answer, pause_before_next_ask
from stadthaus.base_services.payments.signals import paid_without_date, payment_completed, payment_lapsed
from stadthaus.base_services.payments.tests import factories
from stadthaus.base_services.payments.tests.factories import CLERK, NOW, ScriptedProvider, fresh, heard
from stadthaus.work import actions as work
from stadthaus.work.models import Job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


def script(monkeypatch: pytest.MonkeyPatch, *answers: Answer | None) -> ScriptedProvider:
    provider = ScriptedProvider(*answers)
    monkeypatch.setitem(PROVIDERS, "demo", provider)
    return provider


def work_through(start: datetime, end: datetime, *, step: timedelta = timedelta(minutes=10)) -> None:
    """Let the worker look at the table every few minutes."""
    moment = start
    while moment <= end:
        work.run_due(moment)
        moment += step


def test_an_online_request_without_any_attempt_lapses_at_its_deadline() -> None:
    request = factories.request()
    with heard(payment_lapsed) as lapsed:
        work.run_due(request.pay_by - timedelta(seconds=1))
        assert lapsed == []
        work.run_due(request.pay_by)
    assert lapsed == [request]


def test_before_an_unpaid_place_is_released_the_provider_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = script(monkeypatch, Answer("paid", 1500))
    request = factories.request()
    factories.attempt(request)
    Job.objects.filter(kind="payments.ask").delete()
    with heard(payment_completed) as completed, heard(payment_lapsed) as lapsed:
        work.run_due(request.pay_by)
    assert (completed, lapsed, provider.asked) == ([request], [], 1)


@pytest.mark.parametrize("plan", ["late", "fail_then_succeed"])
def test_the_demo_provider_notifies_when_its_plan_turns(plan: str) -> None:
    request = factories.request()
    tried = factories.attempt(request)
    PROVIDERS["demo"].start(tried, return_url="/", now=NOW)
    charge = DemoCharge.objects.get()
    actions.note_provider_ref(attempt_id=tried.pk, provider_ref=charge.provider_ref)
    actions.choose_outcome(charge_id=charge.pk, plan=plan, now=NOW)
    ask_provider(attempt_id=tried.pk, now=NOW)
    work.run_due(NOW + timedelta(seconds=59))
    assert fresh(request).state == "open"
    work.run_due(NOW + timedelta(seconds=60))
    assert fresh(request).state == "paid"


def test_an_outcome_chosen_too_late_notifies_nobody() -> None:
    tried = factories.attempt(factories.request())
    PROVIDERS["demo"].start(tried, return_url="/", now=NOW)
    charge = DemoCharge.objects.get()
    assert not actions.choose_outcome(charge_id=charge.pk, plan="late", now=NOW + timedelta(minutes=20))
    assert not Job.objects.filter(kind="payments.demo_notify").exists()


def test_an_uncertain_attempt_is_asked_about_at_most_every_half_minute_on_request() -> None:
    request = factories.request()
    tried = factories.attempt(request)
    factories.settle(tried, Answer("pending"))
    due = Job.objects.filter(kind="payments.ask", due_at__lte=NOW + timedelta(seconds=30))
    actions.ask_again(request_id=request.pk, now=NOW + timedelta(seconds=29))
    assert not due.exists()
    actions.ask_again(request_id=request.pk, now=NOW + timedelta(seconds=30))
    assert due.exists()


def test_failed_attempts_are_asked_again_before_the_request_lapses(monkeypatch: pytest.MonkeyPatch) -> None:
    script(monkeypatch, Answer("failed"), Answer("paid", 1500))
    request = factories.request()
    tried = factories.attempt(request)
    factories.settle(tried, Answer("failed"))
    Job.objects.filter(kind="payments.ask").delete()
    script(monkeypatch, Answer("paid", 1500))
    work.run_due(request.pay_by)
    assert fresh(request).state == "paid"


def test_known_to_be_unpaid_lapses_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    script(monkeypatch, Answer("cancelled"))
    request = factories.request()
    factories.attempt(request)
    work.run_due(request.pay_by)
    assert fresh(request).state == "withdrawn"


@pytest.mark.parametrize("silence", [None, Answer("unknown"), Answer("pending")])
def test_a_silent_provider_keeps_the_place_and_in_the_end_a_person_decides(
    monkeypatch: pytest.MonkeyPatch, silence: Answer | None
) -> None:
    provider = script(monkeypatch, silence)
    request = factories.request()
    factories.attempt(request)
    with heard(payment_lapsed) as lapsed:
        work_through(NOW, request.ask_until - timedelta(seconds=1))
        assert fresh(request).state == "open"
        assert fresh(request).is_uncertain
        assert provider.asked > 20
        assert fresh(request).attention == ""
        work_through(request.ask_until, request.ask_until + timedelta(days=2), step=timedelta(hours=1))
    assert lapsed == []
    assert (fresh(request).state, fresh(request).attention) == ("open", "no_answer")
    assert not Job.objects.exists()


def test_a_provider_that_finds_its_voice_after_the_deadline_still_pays_the_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script(monkeypatch, *[None] * 12, Answer("paid", 1500))
    request = factories.request()
    factories.attempt(request)
    with heard(payment_completed) as completed, heard(payment_lapsed) as lapsed:
        work_through(NOW, request.ask_until)
    assert (completed, lapsed) == ([request], [])


def test_money_is_still_looked_for_after_the_request_was_withdrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    script(monkeypatch, Answer("pending"), Answer("paid", 1500))
    request = factories.request()
    factories.attempt(request)
    actions.withdraw(request_id=request.pk, now=NOW)
    with heard(paid_without_date) as late:
        work_through(NOW, NOW + timedelta(hours=2))
    assert late == [request]


def test_a_withdrawn_request_whose_attempt_stays_silent_is_looked_at_by_a_person(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script(monkeypatch, None)
    request = factories.request()
    factories.attempt(request)
    actions.withdraw(request_id=request.pk, now=NOW)
    work_through(NOW, request.ask_until + timedelta(hours=1))
    assert fresh(request).attention == "no_answer"
    actions.declare_unpaid(request_id=request.pk, actor=CLERK, now=request.ask_until)
    assert (fresh(request).state, fresh(request).attention) == ("withdrawn", "")


def test_a_notification_only_makes_us_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = script(monkeypatch, Answer("pending"))
    tried = factories.attempt(factories.request())
    actions.note_provider_ref(attempt_id=tried.pk, provider_ref="abc")
    actions.ask_soon(provider_ref="abc", now=NOW)
    actions.ask_soon(provider_ref="abc", now=NOW)
    work.run_due(NOW)
    assert provider.asked == 1
    assert PaymentAttempt.objects.get().state == "initial"


def test_a_notification_about_nothing_we_know_does_nothing() -> None:
    actions.ask_soon(provider_ref="", now=NOW)
    actions.ask_soon(provider_ref="unknown", now=NOW)
    assert not Job.objects.exists()


def test_a_changed_way_lapses_at_its_own_deadline() -> None:
    request = factories.request()
    later = NOW + timedelta(days=3)
    actions.change_way(request_id=request.pk, way="counter", pay_by=later, ask_until=later, actor=CLERK, now=NOW)
    work.run_due(request.pay_by)
    assert fresh(request).state == "open"
    work.run_due(later)
    assert fresh(request).state == "withdrawn"


def test_a_job_that_runs_twice_changes_nothing() -> None:
    request = factories.request()
    with heard(payment_lapsed) as lapsed:
        for _ in range(2):
            work.schedule(kind="payments.lapse", key=str(request.pk), due_at=NOW)
            work.run_due(request.pay_by)
    assert lapsed == [request]


def test_pauses_double_up_to_an_hour() -> None:
    assert [pause_before_next_ask(asks).total_seconds() // 60 for asks in (0, 1, 2, 3, 4, 5, 99)] == [
        2,
        4,
        8,
        16,
        32,
        60,
        60,
    ]


# --- What the demo provider does on request ---------------------------------------------------


def pay_with(plan: str) -> tuple[PaymentRequest, PaymentAttempt]:
    request = factories.request()
    tried = factories.attempt(request)
    started = PROVIDERS["demo"].start(tried, return_url="/", now=NOW)
    actions.note_provider_ref(attempt_id=tried.pk, provider_ref=started.provider_ref)
    if plan:
        actions.choose_outcome(charge_id=DemoCharge.objects.get().pk, plan=plan, now=NOW)
    return request, tried


@pytest.mark.parametrize(
    ("plan", "state", "attention"),
    [
        ("succeed", "paid", ""),
        ("twice", "paid", ""),
        ("fail", "withdrawn", ""),
        ("cancel", "withdrawn", ""),
        ("", "withdrawn", ""),
        ("fail_then_succeed", "paid", ""),
        ("late", "paid", ""),
        ("after_lapse", "paid_without_date", ""),
        ("wrong_amount", "open", "wrong_amount"),
        ("never", "open", "no_answer"),
    ],
)
def test_how_each_choice_on_the_demo_page_ends(plan: str, state: str, attention: str) -> None:
    request, _ = pay_with(plan)
    work_through(NOW, request.ask_until + timedelta(hours=1), step=timedelta(minutes=1))
    assert (fresh(request).state, fresh(request).attention) == (state, attention)


def test_the_first_choice_counts_and_only_while_the_page_is_open() -> None:
    pay_with("fail")
    charge = DemoCharge.objects.get()
    assert not actions.choose_outcome(charge_id=charge.pk, plan="succeed", now=NOW)
    DemoCharge.objects.update(plan="")
    assert not actions.choose_outcome(charge_id=charge.pk, plan="succeed", now=charge.payable_until)


def test_an_attempt_the_provider_never_opened_is_not_paid() -> None:
    tried = factories.attempt(factories.request())
    assert PROVIDERS["demo"].ask(tried, now=NOW) == Answer("cancelled")
    assert queries.online_provider() == "demo"
