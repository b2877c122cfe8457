from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from stadthaus.accounts import actions
from stadthaus.accounts.models import AuditEntry, CrewDevice
from stadthaus.accounts.tests.factories import ADMIN, NOW, make_dispatcher

pytestmark = [pytest.mark.django_db, pytest.mark.urls("stadthaus.accounts.tests.urls")]


def invite(now: datetime = NOW) -> actions.CrewLink:
    return actions.invite_crew(label="Wagen 7", tour="day/7", tour_name="Nord", day=now.date(), actor=ADMIN, now=now)


def sign_in_phone(client: Client) -> CrewDevice:
    link = invite(timezone.now())
    client.post(f"/fahrt/anmelden/{link.token}/")
    return link.device


def test_a_link_signs_in_one_phone_only() -> None:
    link = invite()
    actions.sign_in_crew_device(token=link.token, now=NOW)
    with pytest.raises(actions.CrewLinkUsedUp):
        actions.sign_in_crew_device(token=link.token, now=NOW)


def test_a_link_is_good_for_fifteen_minutes() -> None:
    link = invite()
    with pytest.raises(actions.CrewLinkUsedUp):
        actions.sign_in_crew_device(token=link.token, now=NOW + timedelta(minutes=15))


def test_a_withdrawn_link_signs_nobody_in() -> None:
    link = invite()
    actions.end_crew_shift(device_id=link.device.pk, actor=ADMIN, now=NOW)
    with pytest.raises(actions.CrewLinkUsedUp):
        actions.sign_in_crew_device(token=link.token, now=NOW)


def test_neither_link_nor_secret_is_stored() -> None:
    link = invite()
    _, secret = actions.sign_in_crew_device(token=link.token, now=NOW)
    stored = str(list(CrewDevice.objects.values())) + str(list(AuditEntry.objects.values()))
    assert link.token not in stored
    assert secret not in stored


def test_a_shift_ends_once() -> None:
    link = invite()
    assert actions.end_crew_shift(device_id=link.device.pk, actor=ADMIN, now=NOW)
    assert not actions.end_crew_shift(device_id=link.device.pk, actor=ADMIN, now=NOW)


def test_a_phone_is_signed_in_until_the_shift_ends() -> None:
    link = invite()
    device, _ = actions.sign_in_crew_device(token=link.token, now=NOW)
    assert CrewDevice.objects.on_shift(device.valid_until - timedelta(seconds=1)).exists()
    assert not CrewDevice.objects.on_shift(device.valid_until).exists()


def test_opening_the_link_shows_a_button_and_uses_nothing_up(client: Client) -> None:
    link = invite(timezone.now())
    assert "Schicht beginnen" in client.get(f"/fahrt/anmelden/{link.token}/").content.decode()
    link.device.refresh_from_db()
    assert link.device.signed_in_at is None


def test_pressing_the_button_signs_in_with_a_cookie_that_scripts_cannot_read(client: Client) -> None:
    link = invite(timezone.now())
    response = client.post(f"/fahrt/anmelden/{link.token}/")
    assert response["Location"] == "/fahrt/"
    assert response.cookies["crew"]["httponly"]
    assert client.get("/test/crew/").status_code == 200


def test_a_used_up_link_says_what_to_do(client: Client) -> None:
    link = invite(timezone.now())
    client.post(f"/fahrt/anmelden/{link.token}/")
    response = Client().post(f"/fahrt/anmelden/{link.token}/")
    assert response.status_code == 410
    assert "neuen QR-Code" in response.content.decode()


def test_guessing_links_is_stopped(client: Client) -> None:
    answers = [client.post("/fahrt/anmelden/geraten/").status_code for _ in range(31)]
    assert answers[-2:] == [410, 429]


def test_signing_out_ends_the_shift_on_this_phone(client: Client) -> None:
    sign_in_phone(client)
    assert client.post("/fahrt/abmelden/").status_code == 200
    assert client.get("/test/crew/").status_code == 403


def test_the_dispatcher_sees_vehicles_and_districts_and_invites_nobody_here(client: Client) -> None:
    invite(timezone.now())
    client.force_login(make_dispatcher())
    page = client.get("/entsorger/fahrzeuge/").content.decode()
    assert "Wagen 7" in page
    assert "Nord" in page
    assert client.post("/entsorger/fahrzeuge/", {"label": "Wagen 3", "tour": "Süd"}).status_code == 405


def test_the_dispatcher_ends_a_shift_from_the_desk(client: Client) -> None:
    phone = Client()
    device = sign_in_phone(phone)
    client.force_login(make_dispatcher())
    client.post(f"/entsorger/fahrzeuge/{device.pk}/abmelden/")
    assert phone.get("/test/crew/").status_code == 403


def test_devices_are_forgotten_a_month_after_the_shift() -> None:
    link = invite()
    end = link.device.valid_until
    assert actions.forget_crew_links(now=end + timedelta(days=30)) == 0
    assert actions.forget_crew_links(now=end + timedelta(days=31)) == 1
