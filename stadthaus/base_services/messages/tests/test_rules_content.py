import pytest

from stadthaus.base_services.messages.tests.factories import some_content


def test_a_plain_recipient_and_subject_are_fine() -> None:
    assert (
        some_content(
            to="erika.müller+x@stadt-werne.de", subject="Ihr Sperrmüll, 9.\N{NO-BREAK SPACE}Dezember"
        ).language
        == "de"
    )


@pytest.mark.parametrize(
    "to",
    [
        "",
        "erika",
        "@example.org",
        "erika@",
        "a b@example.org",
        "a@example.org, b@example.org",
        "a@example.org;b@example.org",
        "Erika <a@example.org>",
        "a@example.org\r",
        "a@example.org\nBcc: b@example.org",
        "a@exa\x00mple.org",
    ],
)
def test_the_recipient_is_exactly_one_address(to: str) -> None:
    with pytest.raises(ValueError, match="recipient"):
        some_content(to=to)


@pytest.mark.parametrize("subject", ["", "  ", "Ja\nBcc: b@example.org", "Ja\r\nNein", "Ja\u2028Nein", "Ja\x0bNein"])
def test_the_subject_is_one_line(subject: str) -> None:
    with pytest.raises(ValueError, match="subject"):
        some_content(subject=subject)
