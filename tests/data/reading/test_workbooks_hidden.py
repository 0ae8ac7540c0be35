"""What a workbook hides is read all the same, and said."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from data.reading.door import read


def test_hidden_rows_and_columns_are_kept_and_flagged(tmp_path: Path) -> None:
    path = tmp_path / "arbres.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        lines = [["id", "genre", "note"], [1, "Tilia", "a"], [2, "Acer", "b"], [3, "Quercus", "c"]]
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line)
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(2, 2, None, None, {"hidden": True})
    found = read(path)
    assert found.table["genre"].to_pylist() == ["Tilia", "Acer", "Quercus"]
    assert {"hidden_row:2", "hidden_column:note"} <= set(found.flags)
