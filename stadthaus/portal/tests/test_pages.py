"""What every public site owes its readers, and what browsers and search engines ask for unasked."""

import pytest
from django.test import Client

from stadthaus.services.bulky_waste.tests.factories import make_town

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_town() -> None:
    make_town()


@pytest.mark.parametrize("page", ["/impressum/", "/datenschutz/", "/barrierefreiheit/"])
def test_a_legal_page_names_telephone_and_e_mail_itself(client: Client, page: str) -> None:
    main = client.get(page).content.decode().partition("<main")[2].partition("</main>")[0]
    assert "tel:02389710" in main
    assert "mailto:buergerbuero@werne.example" in main


def test_the_foot_of_every_page_has_telephone_and_e_mail(client: Client) -> None:
    foot = client.get("/").content.decode().partition("<footer")[2]
    assert "tel:02389710" in foot
    assert "mailto:buergerbuero@werne.example" in foot
