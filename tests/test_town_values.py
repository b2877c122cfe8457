"""What the program asks a town for is what its apps declare: nothing that is read is missing, nothing is left over."""

import re
from pathlib import Path

from stadthaus.town import registry

CODE = Path(__file__).resolve().parent.parent / "stadthaus"
DECLARATIONS = "town_values.py"
RULE = re.compile(r"(?:value|rule|cut_off|term|_ended_for)\(\s*(?:town, )?\"([\w.]+)\"")
TEXT = re.compile(r"(?:\.text\(|town_text )\"([a-z]+\.[\w.]+)\"")
MAY_BE_MISSING = {"town.head_line"}  # a line over the head of the page, which then stays away
ASKED_TO_BE_REFUSED = {"bulky_waste.fee_arises"}  # what is not built is refused; what is built needs no question


def everything() -> str:
    files = [file for kind in ("*.py", "*.html", "*.txt") for file in sorted(CODE.rglob(kind))]
    return "\n".join(
        file.read_text() for file in files if "tests" not in file.parts and file.name not in {DECLARATIONS, "demo.py"}
    )


def test_every_rule_that_is_read_is_declared() -> None:
    read = set(RULE.findall(everything()))
    assert len(read) > 20
    assert read <= set(registry.VALUES)


def test_every_text_that_is_read_is_declared() -> None:
    read = set(TEXT.findall(everything()))
    assert len(read) > 15
    assert read - MAY_BE_MISSING <= set(registry.TEXTS)


def test_nothing_is_declared_that_nobody_reads() -> None:
    source = everything()
    asked = [*registry.VALUES, *registry.TEXTS]
    assert {key for key in asked if f'"{key}"' not in source} == ASKED_TO_BE_REFUSED
