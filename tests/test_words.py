"""The dictionary docs/words.toml knows the words of the code and of the READMEs, and no others."""

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
CODE = ROOT / "stadthaus"
DICTIONARY = tomllib.loads((ROOT / "docs" / "words.toml").read_text())
OUR_APPS = [config for config in apps.get_app_configs() if config.name.startswith("stadthaus.")]
FOLDERS = {"kernel": CODE / "kernel"} | {config.label: Path(config.path) for config in OUR_APPS}


def as_words(name: str) -> str:
    """Write a name as words: PaymentRequest and payment_request are both "payment request"."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).replace("_", " ").lower()


def entries(label: str) -> set[str]:
    return set(DICTIONARY[label]) - {"technical"}


def rule_classes(folder: Path) -> set[str]:
    """What the rules of an app (or the kernel) speak of; exceptions are sentences, not things."""
    files = folder.glob("*.py") if folder.name == "kernel" else folder.glob("rules/*.py")
    classes = [node for file in files for node in ast.parse(file.read_text()).body if isinstance(node, ast.ClassDef)]
    things = [node.name for node in classes if not any("Error" in ast.unparse(base) for base in node.bases)]
    return {as_words(name) for name in things if not name.startswith("_")}


def readme_words(folder: Path) -> set[str]:
    """First column of the table under "## Words"; what stands in brackets or behind a colon explains."""
    readme = folder / "README.md"
    section = re.search(r"\n## Words\n(.*?)(?=\n## |\Z)", readme.read_text() if readme.exists() else "", re.DOTALL)
    rows = [line.split("|")[1] for line in section[1].splitlines() if line.startswith("| ")] if section else []
    cells = [re.sub(r"\(.*?\)|:.*", "", row) for row in rows[1:]]
    return {" ".join(word.split()) for cell in cells for word in re.split("[,·]", cell)}


@cache
def everything_written_in(folder: Path) -> str:
    files = [*folder.rglob("*.py"), *folder.glob("README.md")]
    return as_words("\n".join(file.read_text() for file in files))


def test_every_app_has_a_section() -> None:
    assert set(FOLDERS) == set(DICTIONARY)


def test_every_table_has_a_german_word() -> None:
    tables = [model for model in apps.get_models() if model.__module__.startswith("stadthaus.")]
    missing = [m.__name__ for m in tables if as_words(m.__name__) not in entries(m._meta.app_label)]
    assert missing == []


@pytest.mark.parametrize("label", FOLDERS)
def test_what_the_rules_speak_of_has_a_german_word(label: str) -> None:
    assert rule_classes(FOLDERS[label]) - entries(label) - set(DICTIONARY[label].get("technical", [])) == set()


@pytest.mark.parametrize("label", FOLDERS)
def test_the_words_of_each_readme_are_in_the_dictionary(label: str) -> None:
    assert readme_words(FOLDERS[label]) - entries(label) == set()


@pytest.mark.parametrize("label", FOLDERS)
def test_every_entry_stands_for_something_and_says_what(label: str) -> None:
    written = everything_written_in(FOLDERS[label])
    unknown = [word for word in [*entries(label), *DICTIONARY[label].get("technical", [])] if word not in written]
    assert unknown == []
    silent = [word for word in entries(label) if not {"de", "meaning"} <= set(DICTIONARY[label][word])]
    assert silent == []
