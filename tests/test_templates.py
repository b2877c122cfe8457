"""A template that asks for what is not there fails its test: shown on templates that do."""

import pytest
from django.template import Context, Template

from conftest import AskedInVain


def test_a_name_that_nobody_gave_is_not_printed() -> None:
    with pytest.raises(AssertionError, match="prints missing, which nobody gave it"):
        Template("<a href='{{ missing }}'>").render(Context())


@pytest.mark.parametrize("template", ["{% if thing.missing %}x{% endif %}", "{% if thing.real.missing %}x{% endif %}"])
def test_a_thing_asked_for_what_it_does_not_have_is_heard(
    template: str, templates_ask_for_what_there_is: AskedInVain
) -> None:
    Template(template).render(Context({"thing": 1}))
    heard, templates_ask_for_what_there_is.heard = templates_ask_for_what_there_is.heard, []
    assert [sentence.endswith("It is a int without missing.") for sentence in heard] == [True]


@pytest.mark.parametrize("thing", [None, {}])
def test_what_may_be_missing_on_purpose_is_not_heard(thing: object) -> None:
    assert Template("{% if thing.missing or name %}x{% endif %}").render(Context({"thing": thing})) == ""
