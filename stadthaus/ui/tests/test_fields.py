import pytest
from django import forms
from django.template.loader import render_to_string

from stadthaus.ui.forms import Card, CardSelect, EuroField, PlainTextArea, PlainTextField, WholeNumberField


class OrderForm(forms.Form):
    name = PlainTextField(label="Name", help_text="Wie im Ausweis")
    email = forms.EmailField(
        label="E-Mail-Adresse", required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    day = forms.ChoiceField(
        label="Wann sollen wir kommen?", widget=CardSelect, choices=[("1", Card("Dienstag, 9. Dezember", "früh"))]
    )
    private = forms.BooleanField(label="Aus einem privaten Haushalt")
    amount = EuroField(label="Betrag", required=False, initial=1250)


def positions(html: str, *parts: str) -> list[int]:
    return [html.index(part) for part in parts]


def test_label_hint_error_and_input_stand_in_this_order() -> None:
    html = OrderForm({"name": ""})["name"].as_field_group()
    order = positions(html, "<label", "Wie im Ausweis", "Bitte füllen Sie dieses Feld aus.", "<input")
    assert order == sorted(order)


def test_an_input_names_its_hint_and_its_error() -> None:
    html = OrderForm({"name": ""})["name"].as_field_group()
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_the_error_changes_class_of_field_and_input() -> None:
    html = OrderForm({"name": ""})["name"].as_field_group()
    assert "kern-form-input--error" in html
    assert "kern-form-input__input--error" in html


def test_a_field_without_error_is_not_marked_as_wrong() -> None:
    html = OrderForm()["name"].as_field_group()
    assert "error" not in html
    assert "aria-invalid" not in html


def test_only_what_may_be_left_empty_is_marked() -> None:
    form = OrderForm()
    assert "(freiwillig)" in form["email"].as_field_group()
    assert "(freiwillig)" not in form["name"].as_field_group()


def test_required_is_said_without_stopping_the_form_in_the_browser() -> None:
    html = OrderForm()["name"].as_field_group()
    assert 'aria-required="true"' in html
    assert " required" not in html


def test_autocomplete_is_kept() -> None:
    assert 'autocomplete="email"' in OrderForm()["email"].as_field_group()


def test_a_group_of_choices_is_a_fieldset_that_carries_the_error() -> None:
    html = OrderForm({})["day"].as_field_group()
    assert 'role="radiogroup" aria-required="true" aria-invalid="true" aria-describedby="id_day_error"' in html
    assert html.count("aria-invalid") == 1


def test_a_card_shows_heading_and_note() -> None:
    html = OrderForm()["day"].as_field_group()
    assert '<span class="option__heading">Dienstag, 9. Dezember</span>' in html
    assert '<span class="option__note">früh</span>' in html


def test_a_single_check_box_stands_before_its_label() -> None:
    order = positions(OrderForm()["private"].as_field_group(), "<input", "<label")
    assert order == sorted(order)


def test_typed_text_is_never_markup() -> None:
    html = OrderForm({"name": '"><script>'})["name"].as_field_group()
    assert "<script>" not in html


def test_text_areas_keep_their_lines() -> None:
    class Remark(forms.Form):
        text = PlainTextArea(label="Hinweis", required=False)

    form = Remark({"text": "eins\r\nzwei"})
    assert form.is_valid()
    assert form.cleaned_data["text"] == "eins\nzwei"


def test_the_error_summary_says_what_is_kept_only_if_there_is_something() -> None:
    nothing, something = OrderForm({}), OrderForm({"name": "Erika"})
    assert "eingetragen geblieben" not in render_to_string("ui/error_summary.html", {"form": nothing})
    assert "eingetragen geblieben" in render_to_string("ui/error_summary.html", {"form": something})


def test_an_empty_tick_box_is_no_answer_that_was_kept() -> None:
    class Asked(forms.Form):
        name = forms.CharField()
        sure = forms.BooleanField(required=False)

    assert "eingetragen geblieben" not in render_to_string("ui/error_summary.html", {"form": Asked({"name": ""})})


def test_the_error_summary_counts_and_links_to_each_field() -> None:
    form = OrderForm({"name": "Jana", "email": "jana@"})
    html = render_to_string("ui/error_summary.html", {"form": form})
    assert "3 Angaben fehlen oder stimmen noch nicht" in html
    assert 'href="#id_email"' in html
    assert 'href="#id_day_0"' in html
    assert "Wann sollen wir kommen? Bitte wählen Sie etwas aus." in html
    assert "data-focus" in html


def test_without_errors_there_is_no_summary() -> None:
    assert render_to_string("ui/error_summary.html", {"form": OrderForm()}).strip() == ""


def test_an_amount_stands_in_the_field_as_people_write_it() -> None:
    assert 'value="12,50"' in OrderForm()["amount"].as_field_group()


class GroupedForm(forms.Form):
    where = forms.ChoiceField(choices=[("Norden", [("1", "Horst")]), ("Süden", [("2", "Stockum")])])


@pytest.mark.parametrize("typed", ["1_0", "\u0661\u0660", "1.0", "10x", "+10", "1 0"])
def test_a_whole_number_is_nothing_but_its_digits(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        WholeNumberField().clean(typed)


def test_a_whole_number_may_stand_between_spaces() -> None:
    assert WholeNumberField().clean(" 10 ") == 10


def test_choices_can_stand_in_groups() -> None:
    html = GroupedForm()["where"].as_field_group()
    assert positions(html, "Norden", "Horst", "Süden", "Stockum") == sorted(
        positions(html, "Norden", "Horst", "Süden", "Stockum")
    )


class FindForm(forms.Form):
    q = forms.CharField(label="Suchen", required=False, widget=forms.SearchInput)


def test_a_search_is_no_question_that_could_be_left_open() -> None:
    assert "(freiwillig)" not in FindForm()["q"].as_field_group()


def test_an_empty_field_is_drawn_once_and_looks_the_same_again() -> None:
    form = OrderForm()
    assert form["name"].as_field_group() is OrderForm()["name"].as_field_group()
    assert form["name"].as_field_group() == forms.BoundField(form, form.fields["name"], "name").as_field_group()


def test_a_field_drawn_before_does_not_hide_what_somebody_answered() -> None:
    OrderForm()["name"].as_field_group()
    assert "Kim Weber" in OrderForm(initial={"name": "Kim Weber"})["name"].as_field_group()
    assert "Kim Weber" in OrderForm({"name": "Kim Weber"})["name"].as_field_group()
    assert "Kim Weber" not in OrderForm()["name"].as_field_group()


def test_an_error_added_to_an_empty_field_shows() -> None:
    OrderForm()["email"].as_field_group()
    form = OrderForm({"email": ""})
    form.add_error("email", "Das geht nicht.")
    assert "Das geht nicht." in form["email"].as_field_group()


def test_an_empty_field_follows_label_choices_and_attributes_of_its_own_form() -> None:
    OrderForm()["day"].as_field_group()
    form = OrderForm()
    day = form.fields["day"]
    assert isinstance(day, forms.ChoiceField)
    day.label = "An welchem Tag?"
    day.choices = [("2", Card("Mittwoch, 10. Dezember"))]
    form.fields["name"].widget.attrs["data-needed-for"] = "x"
    assert "An welchem Tag?" in form["day"].as_field_group()
    assert "Mittwoch, 10. Dezember" in form["day"].as_field_group()
    assert "data-needed-for" in form["name"].as_field_group()
