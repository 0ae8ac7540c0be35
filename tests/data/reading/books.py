"""Workbooks written by hand, as programs other than ours write them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
HEADERS = ["code", "nom", "montant"]
ROWS: list[list[object]] = [["A1", "Mairie", 12], ["A2", "École", 7.5], ["A3", "Gare", 0.25]]


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """A ZIP with these members."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return held.getvalue()


def members(archive: bytes) -> dict[str, bytes]:
    """The members of a ZIP."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def xlsx(*sheets: tuple[str, Sequence[Sequence[Any]]], hidden: Sequence[str] = ()) -> bytes:
    """A workbook by xlsxwriter: {sheet: rows}; None leaves a cell empty."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False})
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(line, column, cell)
                elif cell is not None:
                    sheet.write(line, column, cell)
        if name in hidden:
            sheet.hide()
        elif not any(made.get_name() not in hidden for made in book.worksheets()[:-1]):
            sheet.activate()  # the first sheet stays shown unless another one is active
            sheet.set_first_sheet()
    book.close()
    return held.getvalue()


def raw_xlsx(sheet: str, shared: str = "", styles: str = "", name: str = "F") -> bytes:
    """An XLSX whose only worksheet part is `sheet`, written as given (after `<worksheet>`)."""
    parts = {
        "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/"
        "content-types'/>",
        "_rels/.rels": f"<Relationships xmlns='{_PACKAGE}'><Relationship Id='r1' "
        f"Type='{_RELATIONS}/officeDocument' Target='xl/workbook.xml'/></Relationships>",
        "xl/workbook.xml": f"<workbook xmlns='{_MAIN}' xmlns:r='{_RELATIONS}'><sheets>"
        f"<sheet name='{name}' sheetId='1' r:id='r1'/></sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"<Relationships xmlns='{_PACKAGE}'><Relationship Id='r1' "
        f"Type='{_RELATIONS}/worksheet' Target='worksheets/sheet1.xml'/></Relationships>",
        "xl/worksheets/sheet1.xml": f"<worksheet xmlns='{_MAIN}'>{sheet}</worksheet>",
    }
    if shared:
        parts["xl/sharedStrings.xml"] = f"<sst xmlns='{_MAIN}'>{shared}</sst>"
    if styles:
        parts["xl/styles.xml"] = f"<styleSheet xmlns='{_MAIN}'>{styles}</styleSheet>"
    return zipped(parts)


def inline(reference: str, text: str) -> str:
    """A cell that holds its own text."""
    return f"<c r='{reference}' t='inlineStr'><is><t>{text}</t></is></c>"


def ods(*tables: str, doctype: str = "", styles: str = "") -> bytes:
    """An ODS whose tables are written as given (`<table:table …>`)."""
    names = ("office", "table", "text", "style")
    spaces = " ".join(f'xmlns:{made}="{_ODF}{made}:1.0"' for made in names)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<office:document-content {spaces}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>"
        f"<office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = f'<manifest:manifest xmlns:manifest="{_ODF}manifest:1.0"/>'
    return zipped({"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content})


def ods_table(rows: Sequence[Sequence[object]], name: str = "Feuille1", after: str = "") -> str:
    """One table of an ODS; `after`: rows written as given below."""
    return (
        f'<table:table table:name="{name}">'
        + "".join(
            f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows
        )
        + after
        + "</table:table>"
    )


def _ods_cell(value: object) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    return (
        f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
    )


def xls(rows: Sequence[Sequence[object]], extra: bytes = b"") -> bytes:
    """A small BIFF8 workbook of one sheet; `extra`: records put before its end."""
    kept = b"".join(
        _xls_cell(line, column, cell)
        for line, row in enumerate(rows)
        for column, cell in enumerate(row)
        if cell is not None
    )
    sheet = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 1997, 0, 6)) + kept + extra
    sheet += _record(0x0A, b"")
    start = _record(0x809, struct.pack("<HHHHII", 0x600, 0x05, 0, 1997, 0, 6))
    start += _record(0x42, struct.pack("<H", 1200))
    listed = len(start) + 4 + 8 + 2 + 4
    start += _record(0x85, struct.pack("<IBBBB", listed, 0, 0, 2, 0) + b"F1") + _record(0x0A, b"")
    return _compound({"Workbook": (start + sheet).ljust(4096, b"\0")})


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _xls_cell(line: int, column: int, value: object) -> bytes:
    if isinstance(value, int | float):
        return _record(0x203, struct.pack("<HHHd", line, column, 0, value))
    text = str(value)
    body = struct.pack("<HHHHB", line, column, 0, len(text), 1) + text.encode("utf-16-le")
    return _record(0x204, body)


def _compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of sectors of 512 bytes: the table of sectors, the folder, the streams."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    table, body = [0xFFFFFFFD, end], b""
    entries = [_entry("Root Entry", 5, end, 0, child=1)]
    for name, content in streams.items():
        count = -(-len(content) // 512)
        first = len(table)
        table += [*range(first + 1, first + count), end]
        body += content.ljust(count * 512, b"\0")
        entries.append(_entry(name, 2, first, len(content)))
    table += [free] * (128 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *[free] * 108)
    folder = b"".join(entries).ljust(512, b"\0")
    return header + struct.pack("<128I", *table) + folder + body


def _entry(name: str, kind: int, first: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
    written = name.encode("utf-16-le") + b"\0\0"
    none = 0xFFFFFFFF
    made = written.ljust(64, b"\0") + struct.pack(
        "<HBBIII", len(written), kind, 1, none, none, child
    )
    return made.ljust(116, b"\0") + struct.pack("<IQ", first, size)
