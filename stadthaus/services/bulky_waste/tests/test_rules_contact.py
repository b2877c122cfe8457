import pytest

from stadthaus.services.bulky_waste.rules.contact import contact_key


@pytest.mark.parametrize(
    "email", ["erika@example.org", "Erika@Example.ORG", "erika+1@example.org", "ERIKA+sperr+muell@example.org"]
)
def test_however_an_email_is_written_it_is_the_same_contact(email: str) -> None:
    assert contact_key(email, "", "Erika", "Weg 1") == "erika@example.org"


def test_an_email_that_begins_with_its_tag_is_no_other_ones() -> None:
    assert contact_key("+1@example.org", "", "Erika", "Weg 1") == "+1@example.org"


@pytest.mark.parametrize(
    "phone",
    [
        "02389 71123",
        "02389/71123",
        "+49 2389 71123",
        "+49 (0)2389 71-123",
        "0049 2389 71123",
        "49 2389 71123",
        " (02389) 71123",
    ],
)
def test_however_a_telephone_number_is_written_it_is_the_same_contact(phone: str) -> None:
    assert contact_key("", phone, "Erika", "Weg 1") == "0238971123"


@pytest.mark.parametrize(
    ("phone", "key"), [("02389 71124", "0238971124"), ("04923 89711", "0492389711"), ("", "erika, weg 1")]
)
def test_other_numbers_are_other_contacts(phone: str, key: str) -> None:
    assert contact_key("", phone, "Erika", "Weg 1") == key
