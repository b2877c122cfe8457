from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from stadthaus.base_services.payments.models import DemoCharge, PaymentAttempt, PaymentRequest
from stadthaus.base_services.payments.providers import PROVIDERS
from stadthaus.base_services.payments.providers.base import ProviderUnavailable, Started
from stadthaus.base_services.payments.rules.answers import Answer
from stadthaus.base_services.payments.tests import factories
from stadthaus.base_services.payments.tests.factories import ScriptedProvider
from stadthaus.work.models import Job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]

BACK = "/sperrmuell/bestellung/abc/"


def open_request() -> PaymentRequest:
    return factories.request(now=timezone.now())


def pay(client: Client, request: PaymentRequest, back: str = BACK) -> str:
    answer = client.post(reverse("payments:pay", args=[request.public_id]), {"back": back})
    assert answer.status_code == 302
    return str(answer["Location"])


def choose(client: Client, address: str, plan: str) -> str:
    answer = client.post(address, {"plan": plan})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_paying_leads_to_the_provider_and_back_to_the_order(client: Client) -> None:
    request = open_request()
    page = pay(client, request)
    assert "15,00" in client.get(page).content.decode()
    back = client.get(choose(client, page, "succeed"))
    assert back["Location"] == BACK
    request.refresh_from_db()
    assert request.state == "paid"


def test_the_way_back_is_the_towns_address_whatever_host_the_browser_names(client: Client) -> None:
    address = reverse("payments:pay", args=[open_request().public_id])
    client.post(address, {"back": BACK}, headers={"host": "localhost"})
    assert DemoCharge.objects.get().return_url.startswith(f"{settings.PUBLIC_URL}/")


def test_coming_back_is_no_proof(client: Client) -> None:
    request = open_request()
    pay(client, request)
    client.get(reverse("payments:came_back", args=[PaymentAttempt.objects.get().public_id]))
    request.refresh_from_db()
    assert request.state == "open"


def test_whoever_comes_back_in_another_browser_sees_the_state_and_no_private_link(client: Client) -> None:
    request = open_request()
    back = choose(client, pay(client, request), "succeed")
    page = Client().get(back)
    assert page.status_code == 200
    assert "angekommen" in page.content.decode()
    assert BACK not in page.content.decode()


def test_the_private_way_back_is_not_in_the_database(client: Client) -> None:
    pay(client, open_request())
    stored = [*PaymentAttempt.objects.values(), *DemoCharge.objects.values(), *PaymentRequest.objects.values()]
    assert BACK not in str(stored)


@pytest.mark.parametrize(
    "foreign", ["https://boese.example/", "//boese.example", "/\\boese.example", "javascript:1", ""]
)
def test_the_way_back_never_leaves_the_town_hall(client: Client, foreign: str) -> None:
    back = choose(client, pay(client, open_request(), foreign), "succeed")
    assert client.get(back)["Location"] == "/"


def test_a_silent_provider_is_told_as_it_is(client: Client) -> None:
    request = open_request()
    page = pay(client, request)
    assert client.post(page, {"plan": "never"}).status_code == 504
    client.cookies.clear()
    answer = client.get(reverse("payments:came_back", args=[PaymentAttempt.objects.get().public_id]))
    assert "Wir klären gerade, ob Ihre Zahlung angekommen ist" in answer.content.decode()


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ("fail", "nicht geklappt"),
        ("cancel", "Sie haben die Zahlung abgebrochen"),
        ("wrong_amount", "Bitte bezahlen Sie nicht noch einmal."),
    ],
)
def test_the_return_page_tells_the_truth(client: Client, plan: str, words: str) -> None:
    back = choose(client, pay(client, open_request()), plan)
    assert words in Client().get(back).content.decode()


def test_a_provider_that_does_not_start_costs_nothing_and_keeps_the_place(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Dead(ScriptedProvider):
        def start(self, attempt: PaymentAttempt, *, return_url: str, now: datetime) -> Started:
            raise ProviderUnavailable(attempt, return_url, now)

    monkeypatch.setitem(PROVIDERS, "demo", Dead(None))
    request = open_request()
    answer = client.post(reverse("payments:pay", args=[request.public_id]), {"back": BACK})
    assert answer.status_code == 503
    text = answer.content.decode()
    assert "Der Zahlungsdienst antwortet gerade nicht" in text
    assert "für Sie frei" in text
    assert BACK in text


def test_nobody_is_invited_to_pay_again_while_an_earlier_payment_is_uncertain(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = open_request()
    pay(client, request)  # off to the payment page, and nothing has been heard since

    class Dead(ScriptedProvider):
        def start(self, attempt: PaymentAttempt, *, return_url: str, now: datetime) -> Started:
            raise ProviderUnavailable(attempt, return_url, now)

    monkeypatch.setitem(PROVIDERS, "demo", Dead(None))
    text = client.post(reverse("payments:pay", args=[request.public_id]), {"back": BACK}).content.decode()
    assert "Bitte bezahlen Sie nicht noch einmal" in text
    assert "Noch einmal versuchen" not in text
    assert "Es wurde nichts abgebucht" not in text


def test_after_the_deadline_no_place_is_promised_until_a_moment_that_has_gone(client: Client) -> None:
    request = factories.request(now=timezone.now() - timedelta(minutes=31))
    text = client.post(reverse("payments:pay", args=[request.public_id]), {"back": BACK}).content.decode()
    assert "Die Zeit zum Bezahlen ist vorbei" in text
    assert "für Sie frei" not in text


def test_what_is_paid_cannot_be_paid_again(client: Client) -> None:
    request = open_request()
    client.get(choose(client, pay(client, request), "succeed"))
    answer = client.post(reverse("payments:pay", args=[request.public_id]), {"back": BACK})
    assert "nichts mehr zu bezahlen" in answer.content.decode()
    assert PaymentAttempt.objects.count() == 1


def test_paying_needs_a_post_and_a_public_id(client: Client) -> None:
    request = open_request()
    assert client.get(reverse("payments:pay", args=[request.public_id])).status_code == 405
    assert client.post(reverse("payments:pay", args=[str(request.pk)])).status_code == 404


def test_too_many_tries_are_stopped(client: Client) -> None:
    request = open_request()
    answers = [
        client.post(reverse("payments:pay", args=[request.public_id]), {"back": BACK}).status_code for _ in range(11)
    ]
    assert answers[-1] == 429
    assert PaymentAttempt.objects.count() == 10


def test_a_notification_is_answered_the_same_whatever_it_says(client: Client) -> None:
    outsider = Client(enforce_csrf_checks=True)
    pay(client, open_request())
    known = PaymentAttempt.objects.get().provider_ref
    before = Job.objects.get(kind="payments.ask").due_at
    answers = [outsider.post(reverse("payments:notification", args=[ref])) for ref in (known, "unknown")]
    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b"")] * 2
    assert Job.objects.get(kind="payments.ask").due_at < before


def test_the_demo_page_does_not_exist_outside_demo_mode(client: Client, settings: Settings) -> None:
    page = pay(client, open_request())
    settings.DEMO = False
    assert client.get(page).status_code == 404


def test_a_finished_demo_charge_cannot_be_chosen_again(client: Client) -> None:
    page = pay(client, open_request())
    choose(client, page, "fail")
    choose(client, page, "succeed")
    assert DemoCharge.objects.get().plan == "fail"
    assert "nicht mehr offen" in client.get(page).content.decode()


def test_a_garbled_choice_shows_the_choices_again(client: Client) -> None:
    assert client.post(pay(client, open_request()), {"plan": "💶"}).status_code == 200


def test_an_answer_for_another_payment_pays_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PROVIDERS, "demo", ScriptedProvider(Answer("paid", 1500, "somebody-else")))
    request = open_request()
    pay(client, request)
    client.get(reverse("payments:came_back", args=[PaymentAttempt.objects.get().public_id]))
    request.refresh_from_db()
    assert request.state == "open"
    assert request.is_uncertain
