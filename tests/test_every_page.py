"""Every address says for whom it is, and every page is inspected; one that forgets to cannot be shipped."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from tests import journeys

FOR_EVERYBODY = {"public", "link", "citizen", "demo_only", "signing_in"}
FOR_PEOPLE_AT_WORK = {"any_staff", "signed_in", "contractor", "dispatcher", "crew"}
WORKPLACES = ("/buero/", "/entsorger/")

NOT_A_PAGE = {
    "an answer for programs": """
        portal:alive portal:ready portal:security_txt portal:robots_txt addresses:suggest_streets
        payments:notification""",
    "a file": """portal:icon
        bulky_waste:card bulky_waste:transfer_slip bulky_waste:calendar bulky_waste:photo bulky_waste:office_photo
        bulky_waste:contractor_csv bulky_waste:contractor_pdf bulky_waste:crew_photo
        messages:letters_pdf mfa_download_recovery_codes""",
    "changes something and leads on to a page": """
        bulky_waste:count_item bulky_waste:turn_item bulky_waste:office_send_link accounts:end_shift
        messages:make_print_run messages:mark_printed messages:told messages:not_reached
        messages:send_again messages:told_otherwise portal:try_again""",
    "changes something and leads on; if that is refused, a page says so that is inspected elsewhere": """
        bulky_waste:add_item bulky_waste:crew_collected bulky_waste:crew_undo
        payments:declare_unpaid payments:accept_overpayment payments:refund_without_date payments:redeem_paper_card
        payments:take_second_transfer
        payments:approve_refund payments:drop_refund payments:mark_refunded payments:hand_out
        payments:approve_waiver payments:refuse_waiver
        accounts:revoke_role accounts:close_access accounts:open_access accounts:propose_new_start
        accounts:decline""",
}


def every_page(resolver: URLResolver, prefix: str = "/") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        path = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from every_page(entry, path)
        else:
            yield path, entry


def names_of_addresses(resolver: URLResolver, space: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from names_of_addresses(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        else:
            yield f"{space}{entry.name}"


def inspected() -> set[str]:
    """The addresses, by name, whose pages a journey promises to show to axe-core; at its end it is held to it."""
    files = sorted(Path(journeys.__path__[0]).glob("test_*.py"))
    things = [thing for file in files for thing in vars(import_module(f"tests.journeys.{file.stem}")).values()]
    marks = [mark for thing in things for mark in getattr(thing, "pytestmark", [])]
    return {name for mark in marks if mark.name == "inspects" for name in mark.args}


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


def test_every_page_is_inspected_and_what_is_not_says_why() -> None:
    names = list(names_of_addresses(get_resolver()))
    assert len(names) == len(set(names))
    not_a_page = {name for group in NOT_A_PAGE.values() for name in group.split()}
    assert set(names) - inspected() - not_a_page == set(), "promise to inspect it in a journey, or say why not"
    assert inspected() & not_a_page == set()
    assert inspected() | not_a_page == set(names)


def test_no_page_where_secrets_are_typed_may_be_kept_by_a_cache() -> None:
    assert [path for path, page in PAGES if path.startswith("/anmelden/") and audience_of(page) == "public"] == []


def test_every_part_of_the_desk_has_its_page() -> None:
    assert {name for _, name, _ in settings.DESK_PARTS} <= set(names_of_addresses(get_resolver()))
