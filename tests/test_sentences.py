"""What forms say when something is wrong is ours: no stock sentence of Django is left in any of them."""

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.urls import get_resolver
from django.utils.functional import Promise

from stadthaus.ui.forms import PlainTextField


def all_forms(parent: type[forms.BaseForm] = forms.BaseForm) -> Iterator[Any]:
    for form in parent.__subclasses__():
        yield form
        yield from all_forms(form)


def stock_sentences(field: forms.Field) -> list[str]:
    """Django's own sentences are translated when they are shown, ours are plain text."""
    said = list(field.error_messages.values())
    for validator in field.validators:
        said += [getattr(validator, "message", ""), *getattr(validator, "messages", {}).values()]
    return [str(sentence) for sentence in said if isinstance(sentence, Promise)]


def test_no_form_speaks_in_stock_sentences() -> None:
    assert get_resolver().url_patterns  # all views, and with them all forms, are imported
    ours = [form for form in all_forms() if form.__module__.startswith("stadthaus.")]
    assert len(ours) > 20
    fields = {f"{form.__name__}.{name}": field for form in ours for name, field in form.base_fields.items()}
    assert {name: found for name, field in fields.items() if (found := stock_sentences(field))} == {}


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        (
            PlainTextField(max_length=200),
            "x" * 10_000,
            "Bitte kürzen Sie das auf höchstens 200 Zeichen. Jetzt sind es 10000.",
        ),
        (
            forms.ChoiceField(choices=[("yes", "Ja")]),
            "maybe",
            "Das steht hier nicht zur Wahl. Bitte wählen Sie eine der Möglichkeiten aus.",
        ),
        (forms.IntegerField(max_value=20), "21", "Bitte geben Sie höchstens 20 ein."),
        (forms.IntegerField(min_value=1), "0", "Bitte geben Sie mindestens 1 ein."),
    ],
)
def test_a_limit_is_said_with_how_to_keep_it(field: forms.Field, typed: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        field.clean(typed)
    assert refused.value.messages == [sentence]
