"""Cells of files that are opened with a spreadsheet."""

# A spreadsheet takes a cell that begins like this for a formula and runs it.
_FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def harmless(cell: str) -> str:
    """What somebody typed, so that no spreadsheet runs it: `=1+1` → `'=1+1`."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA_BEGINS) else cell
