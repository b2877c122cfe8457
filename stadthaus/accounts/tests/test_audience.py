import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from stadthaus.accounts import audience
from stadthaus.accounts.tests.factories import (
    PASSWORD,
    give_second_factor,
    make_crew_secret,
    make_dispatcher,
    make_person,
)
from stadthaus.accounts.tests.test_crew import sign_in_phone

pytestmark = [pytest.mark.django_db, pytest.mark.urls("stadthaus.accounts.tests.urls")]

STAFF_PAGES = ["/test/orders/", "/test/any-staff/", "/test/contractor/", "/buero/zugaenge/", "/entsorger/fahrzeuge/"]


@pytest.fixture
def production(settings: Settings) -> None:
    settings.DEMO = False


@pytest.mark.parametrize("path", ["/test/public/", "/test/link/abc/", "/test/citizen/", "/test/demo/"])
def test_everybody_sees_pages_for_everybody(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.usefixtures("production")
def test_a_demo_page_does_not_exist_outside_demo_mode(client: Client) -> None:
    assert client.get("/test/demo/").status_code == 404


def test_private_pages_are_kept_by_no_cache_and_no_search_engine(client: Client) -> None:
    response = client.get("/test/link/abc/")
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_public_pages_may_be_kept(client: Client) -> None:
    assert "Cache-Control" not in client.get("/test/public/").headers


@pytest.mark.parametrize("path", STAFF_PAGES)
def test_whoever_is_signed_out_is_led_to_sign_in_and_back(client: Client, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (302, f"/anmelden/?next={path}")


def test_a_form_of_somebody_signed_out_leads_to_sign_in_but_not_back_to_the_form(client: Client) -> None:
    assert client.post("/test/orders/")["Location"] == "/anmelden/"


def test_htmx_is_told_to_open_the_sign_in_page_as_a_whole(client: Client) -> None:
    response = client.get("/test/orders/", headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == "/anmelden/"


@pytest.mark.parametrize("path", ["/test/orders/", "/buero/zugaenge/"])
def test_the_wrong_role_gets_a_page_that_names_the_right_ones(client: Client, path: str) -> None:
    client.force_login(make_dispatcher())
    response = client.get(path)
    assert response.status_code == 403
    assert "Sie sind richtig angemeldet" in response.content.decode()


def test_the_right_role_opens_the_page_and_acts_under_its_name(client: Client) -> None:
    client.force_login(make_person("clerk", name="Claus Clerk"))
    response = client.get("/test/orders/")
    assert (response.status_code, response.content.decode()) == (200, "Claus Clerk")


def test_any_role_opens_what_is_for_all_staff_and_no_role_does_not(client: Client) -> None:
    client.force_login(make_person("treasury"))
    assert client.get("/test/any-staff/").status_code == 200
    client.force_login(make_person())
    assert client.get("/test/any-staff/").status_code == 403


def test_a_closed_access_is_signed_out_at_once(client: Client) -> None:
    person = make_person("clerk")
    client.force_login(person)
    person.is_active = False
    person.save()
    assert client.get("/test/orders/").status_code == 302


@pytest.mark.usefixtures("production")
def test_outside_demo_mode_the_second_factor_is_set_up_first(client: Client) -> None:
    client.force_login(make_person("clerk"))
    assert client.get("/test/orders/")["Location"] == "/anmelden/zweiter-faktor/"


@pytest.mark.usefixtures("production")
def test_with_a_second_factor_the_page_opens(client: Client) -> None:
    person = make_person("clerk")
    give_second_factor(person)
    client.force_login(person)
    assert client.get("/test/orders/").status_code == 200


@pytest.mark.usefixtures("production")
def test_the_page_for_setting_up_the_second_factor_needs_none(client: Client) -> None:
    client.force_login(make_person("clerk"))
    assert client.get("/anmelden/zweiter-faktor/").status_code == 200


def test_an_initial_password_is_replaced_first(client: Client) -> None:
    client.force_login(make_person("clerk", password_is_initial=True))
    assert client.get("/test/orders/")["Location"] == "/anmelden/passwort/"


@pytest.mark.usefixtures("production")
def test_rights_cost_one_statement_beside_session_and_person(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person = make_person("clerk")
    give_second_factor(person)
    client.force_login(person)
    with django_assert_num_queries(3):
        client.get("/test/orders/")


def test_dispatchers_look_and_change(client: Client) -> None:
    client.force_login(make_dispatcher())
    assert client.get("/test/contractor/").status_code == 200
    assert client.post("/test/contractor/").status_code == 200


def test_the_town_looks_at_the_contractors_pages_and_changes_nothing(client: Client) -> None:
    client.force_login(make_person("waste_administration"))
    assert client.get("/test/contractor/").status_code == 200
    assert client.post("/test/contractor/").status_code == 403


def test_the_treasury_does_not_see_the_contractors_pages(client: Client) -> None:
    client.force_login(make_person("treasury"))
    assert client.get("/test/contractor/").status_code == 403


def test_a_crew_page_opens_only_on_a_phone_that_is_signed_in(client: Client) -> None:
    assert client.get("/test/crew/").status_code == 403
    sign_in_phone(client)
    assert client.get("/test/crew/").content.decode() == "Wagen 7"


def test_a_cookie_that_was_not_signed_here_opens_nothing(client: Client) -> None:
    client.cookies["crew"] = make_crew_secret()
    assert client.get("/test/crew/").status_code == 403


def test_a_view_without_audience_is_refused_loudly(client: Client) -> None:
    with pytest.raises(ImproperlyConfigured, match="names no audience"):
        client.get("/test/forgotten/")


def test_a_view_without_audience_answers_500_in_production() -> None:
    assert Client(raise_request_exception=False).get("/test/forgotten/").status_code == 500


def test_a_view_has_one_audience() -> None:
    with pytest.raises(ValueError, match="audience already"):
        audience.public(audience.staff("orders.view")(HttpResponse))


def test_a_misspelt_permission_is_noticed_at_once() -> None:
    with pytest.raises(ValueError, match="No such permission"):
        audience.staff("orders.veiw")


def test_sign_in_leads_back_to_the_page_that_was_wanted(client: Client) -> None:
    person = make_person("clerk")
    response = client.post("/anmelden/", {"login": person.email, "password": PASSWORD, "next": "/test/orders/"})
    assert response["Location"] == "/test/orders/"
