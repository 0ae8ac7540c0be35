"""Geographic files read by GDAL: Shapefile in a ZIP, GeoPackage, KML.

GDAL opens nothing but a file of ours whose kind was checked: no address, no virtual layer, no SQL
that the file would hold.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyogrio
import shapely

from data import strict_xml
from data.reading import sheet_texts
from data.reading.archives import Archive
from data.reading.bounds import MARKUP, check_grid, check_size, guarded
from data.reading.geo_points import places
from data.reading.reading import LARGEST_BOOK, Grid, Unreadable, Wishes
from data.reading.sheet_choice import folded

_GEOMETRY = "wkb_geometry"
_QUIET = {
    "GDAL_HTTP_MAX_RETRY": "0",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "GDAL_DISABLE_READDIR_ON_OPEN": "TRUE",
    "OGR_SQLITE_LOAD_EXTENSIONS": None,
    "OGR_SQLITE_LIST_ALL_TABLES": "NO",
    "SHAPE_RESTORE_SHX": "YES",
    "SHAPE_ENCODING": None,
    "OGR_ENABLE_PARTIAL_REPROJECTION": "NO",
}
_UTF8 = ("utf-8", "utf8", "65001")


def shapefile(path: Path, wishes: Wishes) -> Grid:
    """The Shapefile of a ZIP; several are as many sheets. Raises Unreadable."""
    with tempfile.TemporaryDirectory(prefix="acv-") as folder, Archive(path) as archive:
        layers = {Path(name).stem: name[:-4] for name in archive.names if _is(name, ".shp")}
        layer = chosen(tuple(layers), wishes)
        parts = {
            name.lower()[-4:]: name
            for name in archive.names
            if name[:-4].lower() == layers[layer].lower() and "__MACOSX" not in name
        }
        if ".dbf" not in parts:
            raise Unreadable(
                "Le Shapefile est incomplet\u00a0: il manque son fichier .dbf. Mettez dans le ZIP "
                "les fichiers .shp, .shx, .dbf et .prj."
            )
        held = Path(folder)
        for ending in (".shp", ".shx", ".dbf", ".prj"):
            if ending in parts:
                archive.copy(parts[ending], held / f"layer{ending}")
        told = archive.body(parts[".cpg"], 1000) if ".cpg" in parts else b""
        encoding = _dbf_encoding((held / "layer.dbf").read_bytes(), told)
        made = _read(held / "layer.shp", "layer", encoding)
    return _named(made, tuple(layers), layer, encoding)


def _is(name: str, ending: str) -> bool:
    return name.lower().endswith(ending) and "__MACOSX" not in name


def _dbf_encoding(body: bytes, told: bytes) -> str:
    """UTF-8 when the bytes are, whatever is told; else what is told, else cp1252."""
    start = int.from_bytes(body[8:10], "little")
    try:
        body[start:].decode("utf-8")
    except UnicodeDecodeError:
        name = told.decode("ascii", errors="ignore").strip().lower()
        page = name.removeprefix("cp").removeprefix("windows-").removeprefix("ansi ")
        return "cp850" if page == "850" else "cp1252"
    return "utf-8"


def geopackage(path: Path, wishes: Wishes) -> Grid:
    """One layer of a GeoPackage; its layers are as many sheets. Raises Unreadable."""
    check_size(path.stat().st_size, LARGEST_BOOK)
    layers = _layers(path)
    layer = chosen(layers, wishes)
    with tempfile.TemporaryDirectory(prefix="acv-") as folder:
        copied = Path(folder) / "book.gpkg"
        copied.write_bytes(path.read_bytes())
        made = _read(copied, layer, None)
    return _named(made, layers, layer, None)


def _layers(path: Path) -> tuple[str, ...]:
    """Tables that hold features or rows: plain tables only, a view may compute without end."""
    with guarded("Le GeoPackage"):
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        with_rows = sqlite3.connect(uri, uri=True)
        try:
            with_rows.execute("pragma trusted_schema = off")
            found = with_rows.execute(_CONTENTS).fetchmany(200)
        finally:
            with_rows.close()
    if not found:
        raise Unreadable(
            "Le GeoPackage ne contient aucune table lisible\u00a0: exportez la couche au format "
            "GeoJSON ou CSV."
        )
    return tuple(str(name) for (name,) in found)


_CONTENTS = """
    select c.table_name from gpkg_contents c
    join sqlite_master m on m.name = c.table_name and m.type = 'table'
    where c.data_type in ('features', 'attributes') and m.sql like 'create table%'
    order by c.rowid
"""


def kml(path: Path, wishes: Wishes) -> Grid:
    """The placemarks of a KML; its folders are as many sheets. Raises Unreadable."""
    check_size(path.stat().st_size, MARKUP)
    body = path.read_bytes()
    with guarded("Le fichier KML"):
        strict_xml.feed(strict_xml.parser(), [body])
    with tempfile.TemporaryDirectory(prefix="acv-") as folder:
        copied = Path(folder) / "layer.kml"
        copied.write_bytes(body)
        with guarded("Le fichier KML"):
            layers = tuple(str(name) for name, _ in pyogrio.list_layers(copied))
        if not layers:
            raise Unreadable("Le fichier KML ne contient aucun lieu.")
        layer = chosen(layers, wishes)
        made = _own_columns(_read(copied, layer, None))
    return _named(made, layers, layer, "utf-8")


# Columns that the library adds to every KML, with what it puts there when the file says nothing.
_ADDED = {
    *("id", "timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude", "visibility"),
    *("drawOrder", "icon", "snippet"),
}
_NOTHING = {None, "-1", "0", ""}


def _own_columns(made: Grid) -> Grid:
    kept = [
        index
        for index, name in enumerate(made.header or ())
        if name not in _ADDED
        or not set(pc.unique(made.cells.column(index)).to_pylist()) <= _NOTHING
    ]
    names = tuple((made.header or ())[index] for index in kept)
    cells = pa.table({str(at): made.cells.column(index) for at, index in enumerate(kept)})
    return replace(made, cells=cells, header=names)


def chosen(layers: Sequence[str], wishes: Wishes) -> str:
    """The layer asked for, else the first one. Raises Unreadable with those there are."""
    if wishes.sheet is None:
        return layers[0]
    close = [name for name in layers if folded(name) == folded(wishes.sheet)]
    if wishes.sheet not in layers and len(close) != 1:
        listed = ", ".join(f"«\u00a0{name}\u00a0»" for name in layers[:30])
        raise Unreadable(
            f"La couche «\u00a0{wishes.sheet}\u00a0» n'existe pas. "
            f"Couches du fichier\u00a0: {listed}."
        )
    return wishes.sheet if wishes.sheet in layers else close[0]


def _named(made: Grid, layers: tuple[str, ...], layer: str, encoding: str | None) -> Grid:
    others = tuple(f"other_sheet:{name}" for name in layers if name != layer)
    return Grid(
        made.cells,
        encoding=encoding,
        sheet=layer if len(layers) > 1 else None,
        sheets=layers if len(layers) > 1 else (),
        header=made.header,
        flags=made.flags + others,
    )


def _read(path: Path, layer: str, encoding: str | None) -> Grid:
    with guarded("Le fichier géographique"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what GDAL thinks of the file is for no person here
        pyogrio.set_gdal_config_options(_QUIET)
        info = pyogrio.read_info(path, layer=layer, encoding=encoding)
        check_grid(max(int(info["features"]), 0), len(info["fields"]) + 2, layer)
        meta, table = pyogrio.read_arrow(path, layer=layer, encoding=encoding)
        return from_table(table, meta.get("geometry_name") or _GEOMETRY, info["crs"])


def from_table(table: pa.Table, geometry: str, crs: str | None) -> Grid:
    """An Arrow table with geometries in WKB, as a grid of texts whose names are known."""
    names = [name for name in table.column_names if name not in (geometry, _GEOMETRY)]
    columns = [texts(table.column(name)) for name in names]
    shapes = next((name for name in (geometry, _GEOMETRY) if name in table.column_names), None)
    flags: tuple[str, ...] = ()
    if shapes is not None:
        body = table.column(shapes).to_numpy(zero_copy_only=False)
        found = places(np.asarray(shapely.from_wkb(body, on_invalid="ignore")), crs)
        names += found.names
        columns += found.columns
        flags = found.flags
    check_grid(table.num_rows, len(columns), "la couche")
    cells = pa.table({str(index): column for index, column in enumerate(columns)})
    return Grid(cells, header=tuple(names), flags=flags)


def texts(column: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array:
    """Values of any Arrow type as the texts of a grid; an empty text is null."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return texts(column.cast(kind.value_type))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        plain = column.cast(pa.string())
        return pc.if_else(pc.equal(plain, ""), pa.scalar(None, pa.string()), plain)
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind) or pa.types.is_date32(kind):
        return column.cast(pa.string())
    return pa.array([_text(value) for value in column.to_pylist()], pa.string())


def _text(value: Any) -> str | None:
    known = sheet_texts.TEXT.get(type(value))
    if known is not None:
        return known(value)
    if isinstance(value, bytes):
        return value.hex() or None
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if isinstance(value, list | dict | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def parquet(path: Path) -> Grid:
    """The table of a Parquet file. Raises Unreadable."""
    check_size(path.stat().st_size, LARGEST_BOOK)
    with guarded("Le fichier Parquet"), pq.ParquetFile(path) as file:
        about = file.metadata
        check_grid(about.num_rows, about.num_columns, "le fichier")
        unpacked = sum(about.row_group(i).total_byte_size for i in range(about.num_row_groups))
        check_size(unpacked, 4 * LARGEST_BOOK)
        table = file.read()
        geo = (file.schema_arrow.metadata or {}).get(b"geo")
        if geo is None:
            return from_table(table, _GEOMETRY, None)
        return from_table(table, *_geo_column(json.loads(geo)))


def _geo_column(about: dict[str, Any]) -> tuple[str, str | None]:
    """Name and reference system of the geometries of a GeoParquet."""
    name = str(about.get("primary_column", "geometry"))
    crs = about.get("columns", {}).get(name, {}).get("crs", "OGC:CRS84")
    return name, json.dumps(crs) if isinstance(crs, dict) else crs
