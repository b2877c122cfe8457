from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from stadthaus.base_services.payments import queries
from stadthaus.base_services.payments.tests.factories import NOW
from stadthaus.town import queries as town_queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


def test_ways_are_offered_by_the_town_rules_of_the_day() -> None:
    town = town_queries.current()
    offers = queries.offered_ways(now=NOW, cut_off=NOW + timedelta(days=20), town=town, told_on=NOW.date())
    assert [offer.way for offer in offers] == ["online", "transfer", "counter"]
    assert offers[0].pay_by == NOW + timedelta(minutes=30)


def test_without_a_provider_nobody_is_offered_to_pay_online(settings: Settings) -> None:
    settings.DEMO = False
    town = town_queries.current()
    offers = queries.offered_ways(now=NOW, cut_off=NOW + timedelta(days=20), town=town, told_on=NOW.date())
    assert [offer.way for offer in offers] == ["transfer", "counter"]


def test_another_provider_is_named_by_a_setting(settings: Settings) -> None:
    settings.DEMO = False
    settings.PAYMENT_PROVIDER = "xbezahldienste"
    assert queries.online_provider() == "xbezahldienste"
