"""How an office writes: French numbers and dates, semicolons, workbooks, Lambert 93."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pyproj

from data.embedded.castelvoire.plane import Floats

WRITTEN = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)  # fixed, so that workbooks keep the same bytes


def csv_bytes(
    rows: pd.DataFrame,
    encoding: str,
    separator: str = ";",
    before: Sequence[str] = (),
    after: Sequence[str] = (),
    end: str = "\r\n",
) -> bytes:
    """A delimited file as a spreadsheet would save it, with lines before and after the table."""
    body = rows.to_csv(index=False, sep=separator, lineterminator=end)
    text = "".join(line + end for line in before) + body + "".join(line + end for line in after)
    return text.encode(encoding)


def workbook(
    sheets: Mapping[str, Sequence[Sequence[Any]]],
    merged: Mapping[str, Sequence[str]] | None = None,
    hidden: Sequence[str] = (),
) -> bytes:
    """An XLSX file from rows of cells; None leaves a cell empty."""
    stream = io.BytesIO()
    with pd.ExcelWriter(stream, engine="xlsxwriter") as writer:
        writer.book.set_properties({"title": "FICTIF", "created": WRITTEN.replace(tzinfo=None)})
        for name, rows in sheets.items():
            sheet = writer.book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write(
                        number, column, cell if not isinstance(cell, np.generic) else cell.item()
                    )
            for place in (merged or {}).get(name, ()):
                _merge(sheet, place, rows)
            if name in hidden:
                sheet.hide()
        next(one for one in writer.book.worksheets() if one.name not in hidden).activate()
    return stream.getvalue()


def french_number(value: Any) -> str:
    """1234.5 -> '1234,5'; nothing -> ''."""
    return "" if pd.isna(value) else str(value).replace(".", ",")


def french_date(value: Any) -> str:
    """2026-03-12 -> '12/03/2026'; nothing -> ''."""
    return "" if pd.isna(value) else pd.Timestamp(value).strftime("%d/%m/%Y")


def lambert(longitude: Floats, latitude: Floats) -> tuple[Floats, Floats]:
    """Eastings and northings in Lambert 93 (EPSG:2154), formal ones so far from its domain."""
    x, y = pyproj.Transformer.from_crs(4326, 2154, always_xy=True).transform(longitude, latitude)
    return np.asarray(x), np.asarray(y)


def _merge(sheet: Any, place: str, rows: Sequence[Sequence[Any]]) -> None:
    """Merge one line of cells such as « B3:C3 » under the text of its first cell."""
    first, last = place.split(":")
    number, left, right = int(first[1:]) - 1, ord(first[0]) - 65, ord(last[0]) - 65
    sheet.merge_range(number, left, number, right, rows[number][left])
