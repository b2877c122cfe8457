"""What the import linter cannot say: front doors, no hidden clock, files that can be read at a sitting."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path, PurePath

ROOT = Path(__file__).resolve().parent.parent
CODE = ROOT / "stadthaus"
MORE_CODE = [ROOT / folder for folder in ("tests", "benchmarks", "tools")]
FRONT_DOORS = {"models", "actions", "queries", "documents", "signals", "rules"}  # rules are pure values and words
MORE_DOORS = {
    "accounts": {"audience", "rate_limits"},
    "ui": {"forms", "lists", "pages", "pdf", "qr", "templatetags", "views"},
    "payments": {"providers"},
    "portal": {"production"},
    "town": {"registry"},
    "work": {"registry"},
}
LOADED_BY_PORTAL = "town_data"

MAY_READ_THE_CLOCK = {"views", "views.py", "management", "middleware.py", "audience.py"}
READS_THE_CLOCK_FOR_A_REASON = {
    "accounts/forms.py": "counts tries while a sign-in form is checked, and is called without a time",
    "accounts/models.py": "the day a person joined, where nobody gives it",
    "accounts/providers/sign_in.py": "allauth asks for how long a session may see its codes, without a time",
    "accounts/receivers.py": "the signals of allauth and Django bring no time",
    "portal/production.py": "asks at the start what counts today, and is called without a time",
}

LONGEST_FILE = 500
EXCEPTION = re.compile(r"# (?:noqa(?:: [A-Z0-9, ]+)?|type: ignore(?:\[[\w, -]+\])?)(.*)")
LONGEST_VIEW = 15  # lines of its body; what it says about itself is not counted


def app_and_rest(module: str) -> tuple[str, list[str]]:
    """Split "stadthaus.services.bulky_waste.rules.items" into "bulky_waste" and ["rules", "items"]."""
    parts = module.split(".")[1:]
    in_folder = parts[:1] in (["services"], ["base_services"])
    parts = parts[1:] if in_folder else parts
    return (parts[0], parts[1:]) if parts else ("", [])


def doors_used(source: str) -> Iterator[tuple[str, str]]:
    """Every (app, door) that a module imports from Stadthaus."""
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            app, rest = app_and_rest(name) if name.startswith("stadthaus.") else ("", [])
            if rest:
                yield app, rest[0]


def is_open(app: str, door: str, *, visitor: str) -> bool:
    if app in {visitor, "kernel"} or (visitor, door) == ("portal", LOADED_BY_PORTAL):
        return True
    return door in FRONT_DOORS | MORE_DOORS.get(app, set())


def reads_the_clock(source: str) -> bool:
    """Whether a module asks what time it is; the database's own Now() and stop watches are something else."""
    return any(_is_clock(node) for node in ast.walk(ast.parse(source)))


def _is_clock(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and not node.args and isinstance(node.func, ast.Attribute):
        return node.func.attr in {"localdate", "localtime"}
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.attr in {"now", "today", "utcnow"} and node.value.id in {"date", "datetime", "timezone"}
    return False


def is_without_reason(line: str) -> bool:
    """Whether a line silences a checker and does not say why."""
    found = EXCEPTION.search(line)
    return found is not None and not found[1].strip(" #")


def views_in(source: str) -> Iterator[tuple[str, int]]:
    """Every function that answers a request, with the lines of its body; helpers begin with "_"."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            arguments = [*node.args.posonlyargs, *node.args.args]
            body = node.body[1:] if ast.get_docstring(node) else node.body
            if arguments and arguments[0].arg == "request" and body:
                yield node.name, (node.end_lineno or 0) - body[0].lineno + 1


def modules(*, tests: bool) -> dict[str, str]:
    """Our own modules without migrations: path inside stadthaus/ → text."""
    files = {str(file.relative_to(CODE)): file for file in sorted(CODE.rglob("*.py"))}
    left_out = {"migrations"} if tests else {"migrations", "tests"}
    return {path: file.read_text() for path, file in files.items() if not left_out & set(PurePath(path).parts)}


def test_an_app_is_entered_by_its_front_doors_only() -> None:
    found = []
    for path, source in modules(tests=False).items():
        visitor, _ = app_and_rest("stadthaus." + ".".join(PurePath(path).with_suffix("").parts))
        found += [
            f"{path} uses {app}.{door}" for app, door in doors_used(source) if not is_open(app, door, visitor=visitor)
        ]
    assert found == []


def test_nobody_reads_a_hidden_clock() -> None:
    found = [
        path
        for path, source in modules(tests=False).items()
        if not MAY_READ_THE_CLOCK & set(PurePath(path).parts) and reads_the_clock(source)
    ]
    assert set(found) == set(READS_THE_CLOCK_FOR_A_REASON)


def test_a_file_can_be_read_at_a_sitting() -> None:
    too_long = {path for path, source in modules(tests=True).items() if source.count("\n") > LONGEST_FILE}
    assert too_long == set()


def test_a_view_can_be_read_at_a_glance() -> None:
    views = [
        (path, *view)
        for path, source in modules(tests=False).items()
        if {"views", "views.py"} & set(PurePath(path).parts)
        for view in views_in(source)
    ]
    assert views
    assert [(path, name) for path, name, lines in views if lines > LONGEST_VIEW] == []


def test_an_exception_to_a_check_says_why() -> None:
    files = [file for folder in (CODE, *MORE_CODE) for file in sorted(folder.rglob("*.py"))]
    lines = [(file.name, line) for file in files for line in file.read_text().splitlines()]
    assert [(name, line) for name, line in lines if is_without_reason(line)] == []


def test_the_page_about_the_architecture_names_functions_that_exist() -> None:
    traced = re.findall(r"\| `([\w/]+\.py)` \| `(\w+)` \|", (ROOT / "docs" / "architecture.md").read_text())
    assert traced
    assert [pair for pair in traced if f"\ndef {pair[1]}(" not in (CODE / pair[0]).read_text()] == []


def test_these_checks_see_what_they_look_for() -> None:
    back_door = "from stadthaus.accounts.views import office"
    assert list(doors_used(back_door)) == [("accounts", "views")]
    assert not is_open("accounts", "views", visitor="bulky_waste")
    front_door = "from stadthaus.base_services.payments import queries as payments"
    assert [is_open(*door, visitor="bulky_waste") for door in doors_used(front_door)] == [True]
    assert reads_the_clock("now = timezone.now()")
    assert reads_the_clock("today = timezone.localdate()")
    assert not reads_the_clock("today = timezone.localdate(now)")
    view = '@staff\ndef orders(request):\n    """All."""\n    found = 1\n\n    return found\n\ndef _find(request): ...'
    assert list(views_in(view)) == [("orders", 3)]
    silenced = "pass  # noqa: S105"
    assert is_without_reason(silenced)
    assert not is_without_reason(f"{silenced}  a URL name")
