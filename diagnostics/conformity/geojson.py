"""A GeoJSON standard: the same verdict as for a table, features standing for rows."""

from __future__ import annotations

import csv
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from data.geojson_check import BadSchema, Fault, NotGeoJson, faults, features
from data.schemas import Schema, schema_of
from data.scratch import quoted, scratch
from data.territories import Territory
from diagnostics.conformity.cells import SHOWN, VIEW, Cells, Issue
from diagnostics.conformity.sense_found import Sense
from diagnostics.conformity.sense_points import doubts
from diagnostics.conformity.verdict import Verdict
from diagnostics.conformity.wording import NBSP, cited, counted, ended, listed, number

KINDS = {
    "string": "du texte",
    "number": "un nombre",
    "integer": "un nombre entier",
    "boolean": "vrai ou faux",
    "array": "une liste",
    "object": "un groupe de propriétés",
    "null": "vide",
}
# rule -> title, said of one object, of several; {} is what the schema asks for
RULES = {
    "required": ("Propriété manquante", "n'a pas", "n'ont pas"),
    "type": ("Type incorrect", "n'a pas le bon type dans", "n'ont pas le bon type dans"),
    "enum": ("Valeur incorrecte", "a une valeur hors liste dans", "ont une valeur hors liste dans"),
    "const": ("Valeur incorrecte", "a une valeur imprévue dans", "ont une valeur imprévue dans"),
    "pattern": ("Format incorrect", "n'a pas la bonne forme dans", "n'ont pas la bonne forme dans"),
    "format": ("Format incorrect", "n'a pas la bonne forme dans", "n'ont pas la bonne forme dans"),
    "minimum": ("Valeur trop petite", "est sous le minimum dans", "sont sous le minimum dans"),
    "maximum": ("Valeur trop grande", "dépasse le maximum dans", "dépassent le maximum dans"),
    "minLength": (
        "Valeur trop courte",
        "a un texte trop court dans",
        "ont un texte trop court dans",
    ),
    "maxLength": ("Valeur trop longue", "a un texte trop long dans", "ont un texte trop long dans"),
}
OTHER = ("Valeur incorrecte", "ne suit pas le standard dans", "ne suivent pas le standard dans")
SHAPE = ("Géométrie incorrecte", "n'a pas une géométrie permise", "n'ont pas une géométrie permise")
LON, LAT = "longitude", "latitude"


@dataclass
class _Group:
    """The faults of one rule on one property."""

    first: Fault
    count: int = 0
    rows: list[int] = field(default_factory=list)


def validate(
    path: Path,
    schema: Schema,
    territory: Territory | None = None,
    errors_out: Path | None = None,
    name: str | None = None,
) -> Verdict:
    """The verdict on a GeoJSON file; a file or a schema that cannot be used is an error of it."""
    began, shown = time.perf_counter(), name or path.name
    asked = schema.json_schema or schema.raw
    usable = replace(schema, loaded=True, problem=None)
    try:
        document = features(path)
        found = list(faults(document, asked))
    except NotGeoJson as error:
        return _impossible(usable, shown, "source-error", "Fichier illisible", str(error))
    except BadSchema as error:
        refused = replace(schema, loaded=False, problem=str(error))
        return _impossible(refused, shown, "schema-error", "Schéma mal formé", str(error))
    if errors_out:
        _written(errors_out, found)
    return Verdict(
        usable,
        shown,
        len(document["features"]),
        len({fault.feature for fault in found if fault.feature}),
        tuple(_issue(group) for group in _grouped(found)),
        sense=_sense(document, territory),
        seconds=time.perf_counter() - began,
    )


def _impossible(schema: Schema, name: str, code: str, title: str, sentence: str) -> Verdict:
    return Verdict(schema, name, 0, 0, (Issue(code, title, ended(sentence), None, 1),))


def _grouped(found: list[Fault]) -> list[_Group]:
    groups: dict[tuple[str, ...], _Group] = {}
    for fault in found:
        group = groups.setdefault((_code(fault), fault.rule, *fault.place), _Group(fault))
        group.count += 1
        if fault.feature and len(group.rows) < SHOWN and fault.feature not in group.rows:
            group.rows.append(fault.feature)
    return sorted(groups.values(), key=lambda group: -group.count)


def _code(fault: Fault) -> str:
    if fault.place[:1] == ("geometry",):
        return "geometry-error"
    return "type-error" if fault.rule == "type" else "constraint-error"


def _field(fault: Fault) -> str | None:
    """The property that bears the error, as the standard names it."""
    place = fault.place[1:] if fault.place[:1] == ("properties",) else fault.place
    return ".".join(place) or None


def _issue(group: _Group) -> Issue:
    fault, code, name = group.first, _code(group.first), _field(group.first)
    shape = code == "geometry-error"
    title, one, many = SHAPE if shape else RULES.get(fault.rule, OTHER)
    where = "" if shape else f" {cited(name)}" if name else " l'ensemble du fichier"
    told = f"{counted(group.count, 'objet')} {one if group.count < 2 else many}{where}"
    if fault.feature is None and not shape:
        told = f"Le fichier {one}{where}"
    example = f"{NBSP}: {cited(fault.example)}" if fault.example else ""
    first = f" (objet {number(group.rows[0])})" if group.rows else ""
    message = f"{ended(told + example + first)} {_wanted(fault, shape)}".strip()
    return Issue(code, title, message, name, group.count, tuple(group.rows), fault.example)


def _wanted(fault: Fault, shape: bool) -> str:
    """What the schema asks for, in words."""
    wanted = fault.wanted
    if shape:
        return "Vérifiez le type de géométrie et l'ordre longitude, latitude."
    if fault.rule == "enum" and isinstance(wanted, list) and wanted:
        return f"Valeurs permises{NBSP}: {listed(wanted)}."
    if fault.rule == "type":
        kinds = wanted if isinstance(wanted, list) else [wanted]
        return f"Attendu{NBSP}: {' ou '.join(KINDS.get(str(one), str(one)) for one in kinds)}."
    if fault.rule in ("minimum", "maximum", "minLength", "maxLength"):
        return f"Limite{NBSP}: {wanted}."
    return "Ajoutez cette propriété." if fault.rule == "required" else ""


def _written(path: Path, found: list[Fault]) -> None:
    """Every error, one line each."""
    with path.open("w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out, lineterminator="\n")
        lines.writerow(("row", "field", "code"))
        lines.writerows((one.feature or "", _field(one) or "", _code(one)) for one in found)


def _sense(document: Mapping[str, Any], territory: Territory | None) -> tuple[Sense, ...]:
    """The doubts on places, looked at on the first position of each geometry."""
    positions = [_position(one) for one in document["features"]]
    if not any(positions):
        return ()
    fields = [{"name": name, "type": "number"} for name in (LON, LAT)]
    made = {name: pa.array([p and p[at] for p in positions]) for at, name in enumerate((LON, LAT))}
    with scratch() as space:
        table = pa.table({"n": pa.array(range(1, len(positions) + 1)), **made})
        space.register("given", table)
        space.run(f"create view {VIEW} as select * from given")
        columns = {name: quoted(name) for name in (LON, LAT)}
        cells = Cells(space, schema_of({"fields": fields}, ""), len(positions), columns, columns)
        return tuple(doubts(cells, territory))


def _position(feature: Any) -> tuple[float, float] | None:
    geometry = feature.get("geometry") if isinstance(feature, Mapping) else None
    place = geometry.get("coordinates") if isinstance(geometry, Mapping) else None
    while isinstance(place, list) and place and isinstance(place[0], list):
        place = place[0]
    if not isinstance(place, list) or len(place) < 2:
        return None
    lon, lat = place[0], place[1]
    numbers = isinstance(lon, int | float) and isinstance(lat, int | float)
    return (float(lon), float(lat)) if numbers and abs(lon) < 1e12 and abs(lat) < 1e12 else None
