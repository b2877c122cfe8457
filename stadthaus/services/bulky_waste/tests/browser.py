"""A browser without JavaScript: opens pages, fills in the forms it finds there, follows redirects, keeps cookies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit

from django.http import HttpResponse
from django.test import Client

REDIRECTS_AT_MOST = 10


@dataclass
class PageForm:
    """A form of a page: where it goes, what it would send as it stands, which fields it has."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    """Reads forms and headings of a page."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[PageForm] = []
        self.headings: list[str] = []
        self._open: PageForm | None = None
        self._area = ""
        self._in_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "h1":
            self._in_heading = True
            self.headings.append("")
        if tag == "form":
            action = urldefrag(urljoin(self.address, found.get("action") or self.address)).url
            self._open = PageForm(action, found.get("method", "get").lower())
            self.forms.append(self._open)
        elif self._open is not None and found.get("name"):
            self._take_field(self._open, tag, found, checked="checked" in dict(attrs))

    def _take_field(self, form: PageForm, tag: str, found: dict[str, str], *, checked: bool) -> None:
        name, kind = found["name"], found.get("type", "text")
        if tag == "button":
            form.buttons.append((name, found.get("value", "")))
            return
        form.fields.add(name)
        if tag == "textarea":
            self._area, form.values[name] = name, ""
        elif kind in {"radio", "checkbox"}:
            form.choices.setdefault(name, []).append(found.get("value", "on"))
            if checked:
                form.values[name] = found.get("value", "on")
        elif kind != "file":
            form.values[name] = found.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._in_heading:
            self.headings[-1] += data
        if self._area and self._open is not None:
            self._open.values[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "textarea":
            self._area = ""
        if tag == "h1":
            self._in_heading = False


class Browser:
    """One person's browser; `path` and `text` are those of the page that is open."""

    def __init__(self, *, checks_csrf: bool = False) -> None:
        self.client = Client(enforce_csrf_checks=checks_csrf)
        self.path = ""
        self.response = HttpResponse()

    @property
    def text(self) -> str:
        return self.response.content.decode()

    @property
    def heading(self) -> str:
        return " ".join(self._read().headings[0].split())

    @property
    def forms(self) -> list[PageForm]:
        return self._read().forms

    def _read(self) -> _Reader:
        reader = _Reader(self.path)
        reader.feed(self.text)
        return reader

    def open(self, path: str) -> "Browser":
        return self._arrive(path, self.client.get(path))

    def form_with(self, *names: str) -> PageForm:
        """The first form with all these fields or buttons."""
        for form in self.forms:
            if set(names) <= form.fields | {name for name, _ in form.buttons}:
                return form
        raise AssertionError(f"no form with {names} on {self.path}")

    def send(self, form: PageForm, answers: Mapping[str, Any] | None = None) -> "Browser":
        """Send a form as it stands, with these answers; fields the page does not have are refused."""
        unknown = set(answers or {}) - form.fields - {name for name, _ in form.buttons}
        assert not unknown, f"{self.path} has no {unknown}"
        data = {**form.values, **(answers or {})}
        return self.open(f"{form.action}?{urlencode(data)}") if form.method == "get" else self.post(form.action, data)

    def fill(self, **answers: Any) -> "Browser":
        """Fill in the form that has all these fields, and send it."""
        return self.send(self.form_with(*answers), answers)

    def press(self, action: str, **button: str) -> "Browser":
        """Press the button of the form whose address ends like this."""
        form = next(form for form in self.forms if urlsplit(form.action).path.endswith(action))
        return self.send(form, button)

    def post(self, path: str, data: Mapping[str, Any]) -> "Browser":
        return self._arrive(path, self.client.post(path, data))

    def _arrive(self, path: str, response: Any) -> "Browser":
        for _ in range(REDIRECTS_AT_MOST):
            if response.status_code not in {301, 302, 303}:
                self.path, self.response = path, response
                return self
            path = urljoin(path, response["Location"])
            response = self.client.get(path)
        raise AssertionError(f"{path} redirects for ever")
