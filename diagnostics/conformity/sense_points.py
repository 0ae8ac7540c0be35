"""Whether points make sense: on Earth, in France, in the territory, precise, each in its place.

There is no contour of communes here: « in the commune » is a distance to its central point, or to
those of the communes that make up an EPCI, a département or a région. The radius is stated.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from data.official_codes import former_codes, territories
from data.territories import Territory, members
from diagnostics.conformity.cells import VIEW, Cells
from diagnostics.conformity.gps import in_france
from diagnostics.conformity.sense_fields import Place, insee, places
from diagnostics.conformity.sense_found import Doubt, Raised, Sense, measured, raised, said
from diagnostics.conformity.wording import NBSP, cited, counted, listed

POINTS, TOWNS = "sense_points", "sense_towns"
CODED, FAR = "sense_coded", "sense_far"
RADIUS = 15  # km from the central point of a commune; Arles, the largest, reaches 40
AROUND = 10  # km from the central point of one of the communes of a larger territory
KM = 111.2  # of a degree of latitude
GRID = 100  # cells of a hundredth of a degree, about 1 km, stand for the points they hold
FEW = 5  # points before precision is looked at
DECIMALS = 3  # 0.001 degree is about 100 m
ROUNDED = 0.9  # share of points without more decimals
CROWD = 50  # points before « few places » is looked at
PER_PLACE = 5  # points a place, on average


def doubts(cells: Cells, territory: Territory | None) -> Iterator[Sense]:
    """What is odd in the first column or pair of columns that says where rows stand."""
    for place in places(cells):
        _load(cells, place)
        known = _known(cells)
        if not known:
            continue
        rules = [*_of_rows(place), *_against_codes(cells, place)]
        if territory is not None and territory.fictional:  # it lies nowhere
            rules = [made for made in rules if made.code != "outside-france"]
        if territory is not None and not territory.fictional:
            rules += _outside(cells, place, territory)
        kept = [*raised(cells, rules, POINTS), *_precision(cells, place, known)]
        yield from said(cells, kept, POINTS)
        return


def _load(cells: Cells, place: Place) -> None:
    codes = next(insee(cells), None)
    code = cells.raw[codes.name] if codes else "null::varchar"
    cells.scratch.run(
        f"create or replace temp table {POINTS} as select n, {place.lon} as lon,"
        f" {place.lat} as lat, {code} as code from {VIEW}"
        f" where {place.lon} is not null and {place.lat} is not null"
    )


def _known(cells: Cells) -> int:
    ((count,),) = cells.scratch.rows(f"select count(*) from {POINTS}")
    return int(count)


def _of_rows(place: Place) -> Iterator[Doubt]:
    here, there = in_france("lon", "lat"), in_france("lat", "lon")
    on_earth = "(abs(lon) <= 180 and abs(lat) <= 90)"
    origin = "(lon = 0 and lat = 0)"
    names = listed(place.names)
    yield Doubt(
        "swapped-axes",
        "Latitude et longitude inversées",
        place.field,
        f"(not {here} and {there})",
        f"1{NBSP}point n'est en France qu'en échangeant ses deux nombres ({names})",
        f"{{n}}{NBSP}points ne sont en France qu'en échangeant leurs deux nombres ({names})",
        "La longitude et la latitude ont sans doute été inversées.",
    )
    yield Doubt(
        "projected-coordinates",
        "Coordonnées en mètres",
        place.field,
        "false" if place.metres else f"not {on_earth}",
        f"1{NBSP}point n'est pas en degrés ({names})",
        f"{{n}}{NBSP}points ne sont pas en degrés ({names})",
        "Ce sont peut-être des mètres (Lambert 93), à convertir en longitude et latitude.",
    )
    yield Doubt(
        "zero-coordinates",
        "Coordonnées à zéro",
        place.field,
        origin,
        f"1{NBSP}point a zéro pour longitude et pour latitude ({names})",
        f"{{n}}{NBSP}points ont zéro pour longitude et pour latitude ({names})",
        "Laissez la valeur vide quand le lieu n'est pas connu.",
    )
    yield Doubt(
        "outside-france",
        "Points hors de France",
        place.field,
        f"({on_earth} and not {origin} and not {here} and not {there})",
        f"1{NBSP}point n'est pas en France ({names})",
        f"{{n}}{NBSP}points ne sont pas en France ({names})",
        "Vérifiez ces coordonnées.",
    )


def _precision(cells: Cells, place: Place, known: int) -> Iterator[Raised]:
    """Points that are all one, or so rounded that they fall on each other."""
    rounded = (
        f"(abs(lon - round(lon, {DECIMALS})) < 1e-9 and abs(lat - round(lat, {DECIMALS})) < 1e-9)"
    )
    asked = {
        "apart": "count(distinct hash(lon, lat))",
        "lons": "count(distinct lon)",
        "lats": "count(distinct lat)",
        "short": f"count(*) filter (where {rounded})",
    }
    seen = measured(cells, asked, POINTS)
    if known >= FEW and seen["apart"] == 1:
        yield _same(place), known
    elif known >= FEW and seen["short"] >= ROUNDED * known:
        yield _rounded(place, rounded, seen["lons"], seen["lats"]), int(seen["short"])
    elif known >= CROWD and seen["apart"] * PER_PLACE <= known:
        yield _crowded(place, seen["apart"]), known


def _same(place: Place) -> Doubt:
    told = f"Les {{n}}{NBSP}points ont les mêmes coordonnées"
    return Doubt(
        "same-point",
        "Tous les points au même endroit",
        place.field,
        "true",
        told,
        told,
        "C'est peut-être le point de la commune, pas celui de chaque objet.",
    )


def _rounded(place: Place, fails: str, lons: int, lats: int) -> Doubt:
    told = (
        f"{{n}}{NBSP}points n'ont pas plus de {DECIMALS}{NBSP}décimales, soit une centaine de"
        f" mètres ({counted(lons, 'longitude')} et {counted(lats, 'latitude')} en tout)"
    )
    return Doubt(
        "lost-precision",
        "Coordonnées arrondies",
        place.field,
        fails,
        told,
        told,
        "La précision a sans doute été perdue dans un tableur.",
    )


def _crowded(place: Place, apart: int) -> Doubt:
    told = f"Les {{n}}{NBSP}points n'occupent que {counted(apart, 'emplacement')}"
    return Doubt(
        "few-places",
        "Peu d'emplacements différents",
        place.field,
        "true",
        told,
        told,
        "Vérifiez que chaque objet a ses propres coordonnées.",
    )


def _against_codes(cells: Cells, place: Place) -> Iterator[Doubt]:
    """Points far from the commune that the INSEE code of their row names."""
    codes = next(insee(cells), None)
    if codes is None:
        return
    _towns(cells, _all_towns())
    # by cells of the grid: a town's trees are many and its square kilometres few
    far = _far(
        cells,
        CODED,
        f"select distinct g.code, g.x, g.y from (select distinct code, {_cell('lon')} as x,"
        f" {_cell('lat')} as y from {POINTS}) g join {TOWNS} t on t.code = g.code"
        f" where {_km('g', 't')} > {RADIUS}",
        f"f.code = {POINTS}.code and ",
    )
    yield Doubt(
        "point-against-insee",
        "Points loin de la commune de leur ligne",
        place.field,
        far,
        f"1{NBSP}point est à plus de {RADIUS}{NBSP}km du centre de la commune dont la ligne porte"
        f" le code INSEE ({cited(codes.name)})",
        f"{{n}}{NBSP}points sont à plus de {RADIUS}{NBSP}km du centre de la commune dont la ligne"
        f" porte le code INSEE ({cited(codes.name)})",
        "Le code ou les coordonnées sont à vérifier.",
    )


def _outside(cells: Cells, place: Place, territory: Territory) -> Iterator[Doubt]:
    """Points far from every central point of the territory."""
    towns = _all_towns()
    inside = towns.filter(pc.is_in(towns["code"], pa.array(members(territory), pa.string())))
    if not inside.num_rows:
        return
    _towns(cells, inside)
    radius = RADIUS if territory.level == "commune" else AROUND
    far = _far(
        cells,
        FAR,
        f"select g.x, g.y from (select distinct {_cell('lon')} as x, {_cell('lat')} as y"
        f" from {POINTS}) g where not exists (select 1 from {TOWNS} t where"
        f" abs(g.y / {GRID} - t.lat) * {KM} <= {radius} and {_km('g', 't')} <= {radius})",
    )
    centre = (
        "du centre de la commune" if territory.level == "commune" else "du centre de ses communes"
    )
    yield Doubt(
        "outside-territory",
        "Points hors du territoire",
        place.field,
        far,
        f"1{NBSP}point est à plus de {radius}{NBSP}km {centre}, {territory.name}",
        f"{{n}}{NBSP}points sont à plus de {radius}{NBSP}km {centre}, {territory.name}",
        f"C'est une distance, pas un contour{NBSP}: vérifiez ces lieux.",
    )


def _far(cells: Cells, table: str, sql: str, also: str = "") -> str:
    """SQL boolean over the points: they lie in one of the cells of the grid that a query gives."""
    cells.scratch.run(f"create or replace temp table {table} as {sql}")
    if not cells.scratch.rows(f"select 1 from {table} limit 1"):
        return "false"
    return (
        f"({in_france('lon', 'lat')} and exists (select 1 from {table} f where"
        f" {also}f.x = {_cell('lon')} and f.y = {_cell('lat')}))"
    )


def _cell(axis: str) -> str:
    """The cell of the grid, as a whole number of hundredths of a degree."""
    return f"round({axis} * {GRID})"


def _km(cell: str, town: str) -> str:
    """Kilometres between a cell and a central point, the Earth flat around them."""
    east = f"(({cell}.x / {GRID} - {town}.lon) * cos(radians({town}.lat)) * {KM})"
    north = f"(({cell}.y / {GRID} - {town}.lat) * {KM})"
    return f"sqrt({east} * {east} + {north} * {north})"


def _towns(cells: Cells, towns: pa.Table) -> None:
    cells.scratch.register("towns_given", towns)
    cells.scratch.run(f"create or replace temp table {TOWNS} as select * from towns_given")
    cells.scratch.unregister("towns_given")


@cache
def _all_towns() -> pa.Table:
    """Central points of the communes, under their current and former codes: code, lon, lat."""
    table = territories()
    located = pc.and_(pc.equal(table["level"], "commune"), pc.is_valid(table["lon"]))
    towns = table.filter(located).select(["code", "lon", "lat"])
    towns = towns.set_column(0, "code", towns["code"].cast(pa.string()))
    former = former_codes()
    old = former["old_code"].cast(pa.string())
    place = pc.index_in(former["code"].cast(pa.string()), towns["code"].combine_chunks())
    new = pc.and_(pc.is_valid(place), pc.invert(pc.is_in(old, towns["code"].combine_chunks())))
    moved = towns.take(place.filter(new)).set_column(0, "code", old.filter(new))
    return pa.concat_tables([towns, moved])
