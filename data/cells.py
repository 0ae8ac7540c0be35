"""What is written in the cell of a spreadsheet: never something that it would run.

One guard for every file that leaves (inventory, missing data, plan, empty workbook), with its way
back for the one that returns.
"""

from __future__ import annotations

import re

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"  # type of the file
ERASE = "effacer"  # written in a cell: take away what was declared; an empty cell changes nothing

# What a spreadsheet would run as a formula (some read the full-width signs alike), or what a
# returned inventory would be read as « erase » for.
_RISKY = re.compile(r"'*(?:[=+\-@＝＋－＠\t\r\n]|" + ERASE + r"\s*$)", re.IGNORECASE)


def neutral(text: str) -> str:
    """A text that a spreadsheet would run gets a quote in front; `restored` takes it away."""
    return f"'{text}" if _RISKY.match(text) else text


def restored(text: str) -> str:
    """The text before `neutral`."""
    return text[1:] if text.startswith("'") and _RISKY.match(text) else text
