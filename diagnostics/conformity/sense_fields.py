"""What the fields of a standard are about, from their names and types: points, codes, dates.

Names are cut into words (EQUIP_LONG, equipLong and equip-long alike), without accents.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from data.schemas import Field
from diagnostics.conformity.cells import Cells
from diagnostics.conformity.gps import point

ONE_CELL = ("coordonneesxy", "geopoint", "geompoint", "geolocalisation", "geocoordonnees")
POSTAL = ("postal", "codepostal", "cp", "postcode")
IDENTIFIERS = ("id", "uid", "uuid", "identifiant", "identifier", "oid", "gid", "fid", "objectid")
OF_NUMBER = ("number", "integer")
OF_DAY = ("date", "datetime")
SHARE = ("pourcentage", "pourcent", "percent", "percentage", "pct", "taux")
GROWTH = ("evolution", "variation", "croissance", "hausse", "change")
MEASURES = (
    "surface", "superficie", "hauteur", "height", "longueur", "length", "largeur", "width",
    "diametre", "circonference", "nombre", "nb", "nbre", "effectif", "capacite", "capacity",
    "count", "places", "population", "age", "debit", "puissance", "distance", "occurrences",
)  # fmt: skip
HEIGHTS = ("hauteur", "height")
ALTITUDES = ("altitude", "alt")
# Days that may rightly stand in the future, or be the same on every line.
AHEAD = (
    "fin", "end", "prevue", "prevu", "previsionnelle", "prochaine", "echeance", "expiration",
    "peremption", "validite", "menu", "debut", "start", "travaux", "livraison", "controle",
)  # fmt: skip
OF_FILE = (
    "maj", "modification", "publication", "publ", "pub", "updated", "update", "extraction",
    "miseajour", "actu", "actualisation", "dispo", "export",
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where rows stand: SQL numbers of degrees, and the field or fields they come from."""

    lon: str
    lat: str
    names: tuple[str, ...]
    metres: bool = False  # columns called x and y may rightly hold metres

    @property
    def field(self) -> str:
        """The field that bears what is said of the points."""
        return self.names[0]


@cache
def words(name: str) -> tuple[str, ...]:
    """The words of a name: « platProduitInsee » is plat, produit, insee."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Za-z])(?=[0-9]{2,})", " ", name)
    plain = unicodedata.normalize("NFKD", spaced).encode("ascii", "ignore").decode().lower()
    return tuple(re.findall(r"[a-z]+|[0-9]+", plain))


def about(field: Field, among: tuple[str, ...]) -> bool:
    """Whether one of the words names what a field is about."""
    return not set(words(field.name)).isdisjoint(among)


def present(cells: Cells, *types: str) -> Iterator[Field]:
    """The fields of the file that have one of these types, or any."""
    for field in cells.schema.fields:
        if cells.has(field.name) and (not types or field.type in types):
            yield field


def places(cells: Cells) -> tuple[Place, ...]:
    """Where rows stand: pairs of degrees, points in one cell, then x and y, maybe in metres."""
    pairs = list(_pairs(cells))
    degrees = [pair for pair in pairs if not pair.metres]
    return (*degrees, *_one_cell(cells), *(pair for pair in pairs if pair.metres))


def insee(cells: Cells) -> Iterator[Field]:
    """The fields that hold the INSEE code of a commune."""
    for field in present(cells, "string", "any"):
        named = set(words(field.name))
        if "insee" in named and named.isdisjoint(("nom", "libelle", "departement", "region")):
            yield field


def postal(cells: Cells) -> Iterator[Field]:
    """The fields that hold a postal code."""
    return (field for field in present(cells, "string", "any") if about(field, POSTAL))


def identifiers(cells: Cells) -> set[str]:
    """The fields that tell rows apart and say nothing else."""
    return {
        field.name
        for field in present(cells)
        if field.name in cells.schema.primary_key
        or field.constraints.get("unique") is True
        or about(field, IDENTIFIERS)
    }


def _pairs(cells: Cells) -> Iterator[Place]:
    """Longitude and latitude whose names differ only by that word."""
    fields = list(present(cells, "number", "string", "any"))
    for lon in fields:
        for lat in fields:
            if _beside(lon.name, lat.name):
                metres = {"x", "y"} <= {*words(lon.name), *words(lat.name)}
                both = _degrees(cells, lon), _degrees(cells, lat)
                yield Place(*both, (lon.name, lat.name), metres)


def _beside(lon: str, lat: str) -> bool:
    one, other = words(lon), words(lat)
    if len(one) != len(other):
        return False
    apart = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return len(apart) == 1 and apart[0] in _ALIKE


_ALIKE = {
    (lon, lat)
    for lons, lats in (
        (("longitude", "long", "lon", "lng"), ("latitude", "lat")),
        (("xlong", "xlon"), ("ylat",)),
        (("x",), ("y",)),
    )
    for lon in lons
    for lat in lats
}


def _degrees(cells: Cells, field: Field) -> str:
    """SQL number of a coordinate, finite or null."""
    column = cells.typed[field.name]
    number = f"try_cast({column} as double)"
    return f"(case when isfinite({number}) then {number} end)"


def _one_cell(cells: Cells) -> Iterator[Place]:
    for field in present(cells):
        found = point(cells, field.name)
        if found:
            yield Place(*found, (field.name,))
        elif field.type in ("string", "any") and _named_point(field.name):
            yield Place(*_split(cells.raw[field.name]), (field.name,))


def _named_point(name: str) -> bool:
    return "".join(words(name)) in ONE_CELL


def _split(column: str) -> tuple[str, str]:
    """« [lon, lat] » or « lon, lat » in a text."""
    bare = f"trim({column}, '[] ')"
    lon, lat = (f"try_cast(trim(split_part({bare}, ',', {at})) as double)" for at in (1, 2))
    return f"({lon})", f"({lat})"
