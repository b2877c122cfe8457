"""Every address says for whom it is; a page that forgets to cannot be shipped."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

FOR_EVERYBODY = {"public", "link", "citizen", "demo_only"}
FOR_PEOPLE_AT_WORK = {"any_staff", "signed_in", "contractor", "crew"}
WORKPLACES = ("/buero/", "/entsorger/")


def every_page(resolver: URLResolver, prefix: str = "/") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        path = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from every_page(entry, path)
        else:
            yield path, entry


PAGES = sorted(every_page(get_resolver()), key=lambda page: page[0])


def audience_of(page: URLPattern) -> str:
    return str(getattr(page.callback, "audience", ""))


@pytest.mark.parametrize(("path", "page"), PAGES, ids=[path for path, _ in PAGES])
def test_every_page_names_its_audience(path: str, page: URLPattern) -> None:
    audience = audience_of(page)
    assert audience, f"{path} ({page.lookup_str}) names no audience: decorate it from stadthaus.accounts.audience"
    assert audience in FOR_EVERYBODY | FOR_PEOPLE_AT_WORK or audience.startswith("staff:")


def test_no_page_of_a_workplace_is_open_to_everybody() -> None:
    open_pages = [path for path, page in PAGES if path.startswith(WORKPLACES) and audience_of(page) in FOR_EVERYBODY]
    assert open_pages == []


def test_the_list_of_pages_and_audiences_can_be_read() -> None:
    """Run `pytest tests/test_every_page.py -s` to read it."""
    print()  # noqa: T201
    for path, page in PAGES:
        print(f"{audience_of(page):24} {path}")  # noqa: T201
    assert PAGES
