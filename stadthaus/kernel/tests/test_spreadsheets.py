import pytest

from stadthaus.kernel.spreadsheets import harmless


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", " =", "  ＠"])
def test_what_a_spreadsheet_would_run_is_text(begin: str) -> None:
    assert harmless(f"{begin}HYPERLINK(1)") == f"'{begin}HYPERLINK(1)"


@pytest.mark.parametrize("cell", ["", " ", "Karla Kasse", "Müller-Lüdenscheid", "1+1", "a=b", " links"])
def test_everything_else_stays_as_it_is(cell: str) -> None:
    assert harmless(cell) == cell
