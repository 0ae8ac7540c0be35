"""The diagnosis as open data: tables, point, licences and schemas, in a Data Package (version 1).

Only what may be published: the public account, and the rows of copies whose licence is open.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any

from data import extracts
from data.extracts import MOST_ROWS
from data.territories import NATIONAL, members
from drawing import french, signs
from restitution.account import Account
from restitution.document import FICTIONAL, NOTICE
from restitution.fetched import Origin, origins
from restitution.open_tables import tables
from restitution.table_schema import OF_STORE, Field, Published, as_csv, as_parquet, guarded

OURS = {
    "name": "etalab-2.0",
    "title": "Licence Ouverte 2.0 (Etalab)",
    "path": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
}
POINTS = (("lon", "lat"), ("longitude", "latitude"))
_MEDIA = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "geojson": "application/geo+json",
}
_NAMED = {"csv": "", "parquet": "-parquet", "geojson": "-points"}


@dataclass(frozen=True)
class Folder:
    """The files by path, and what could not be published with its reason."""

    files: Mapping[str, bytes]
    skipped: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Resource:
    """One file of the package, with whatever the package says of it."""

    path: str
    content: bytes
    table: Published
    said: Mapping[str, Any]  # licences and sources, where they are not ours

    @property
    def extension(self) -> str:
        return self.path.rpartition(".")[2]


def folder(account: Account) -> Folder:
    """Everything that may be published of a territory; the same bytes for the same account."""
    public = replace(account, internal=False) if account.internal else account
    found = origins(public)
    skipped = tuple((made.card.id, why) for made in found if (why := _withheld(public, made)))
    left_out = {dataset for dataset, _ in skipped}
    kept = [made for made in found if made.open and made.card.id not in left_out]
    resources = [*_diagnosis(public), *(one for made in kept for one in _rows(public, made))]
    files = {made.path: made.content for made in resources}
    files["territoire.geojson"] = _json(_place(public))
    files |= {f"schema/{one.table.name}.json": _json(one.table.schema()) for one in resources}
    files["datapackage.json"] = _json(
        _package(public, resources, files["territoire.geojson"], kept)
    )
    files["LISEZMOI.txt"] = _read_me(public, resources, skipped).encode()
    return Folder(files, skipped)


def files(account: Account) -> dict[str, bytes]:
    """The files alone, by path."""
    return dict(folder(account).files)


# --- tables ----------------------------------------------------------------------------------


def _diagnosis(account: Account) -> Iterator[_Resource]:
    for table in tables(account):
        yield from _both(f"diagnostic/{table.name}", table, {})


def _both(stem: str, table: Published, said: Mapping[str, Any]) -> Iterator[_Resource]:
    yield _Resource(f"{stem}.csv", as_csv(table), table, said)
    yield _Resource(f"{stem}.parquet", as_parquet(table), table, said)


def _withheld(account: Account, made: Origin) -> str:
    """Why the rows of a dataset are not in the folder; nothing when they are."""
    if made.seen.good is None:
        return f"Aucune copie\u00a0: {made.words}."
    if not made.open:
        return "Licence qui n'est pas ouverte\u00a0: les lignes restent chez leur détenteur."
    rows = extracts.count(account.store, made.card, _codes(account, made))
    if not rows:
        return "La copie n'a aucune ligne pour ce territoire."
    if rows > MOST_ROWS:
        return (
            f"Trop de lignes pour un dossier ({french.number(rows)}, {french.number(MOST_ROWS)} au "
            "plus)\u00a0: à prendre à la source."
        )
    return ""


def _codes(account: Account, made: Origin) -> list[str]:
    """The territories whose rows speak of this one: its own, else those of the copy's scope."""
    own = list(dict.fromkeys([account.place.code, *members(account.place)]))
    good = made.seen.good
    if good is None or good.territory in (NATIONAL, account.place.code):
        return own
    return own if extracts.count(account.store, made.card, own) else [good.territory]


def _rows(account: Account, made: Origin) -> Iterator[_Resource]:
    """The rows of an open copy as CSV and Parquet, and as GeoJSON where they are points."""
    arrow = extracts.rows(account.store, made.card, _codes(account, made))
    columns = {one.name: one for one in made.card.columns}
    fields = [
        Field(name, one.label, OF_STORE[one.type], one.unit or "")
        if (one := columns.get(name))
        else Field(name, "Code du territoire", constraints={"required": True})
        for name in arrow.column_names
    ]
    rows = list(zip(*(column.to_pylist() for column in arrow.columns), strict=True))
    mark = f"{FICTIONAL}_" if account.place.fictional else ""
    table = Published(made.card.id, made.card.title, _described(made), fields, rows)
    said = {"licenses": [_licence(made)], "sources": [_source(made)]}
    yield from _both(f"donnees/{mark}{made.card.id}", table, said)
    if place := _point_columns(made, arrow.column_names):
        content = _json(_features(table, place))
        yield _Resource(f"donnees/{mark}{made.card.id}.geojson", content, table, said)


def _described(made: Origin) -> str:
    good = made.seen.good
    parts = [f"Source\u00a0: {made.source}"]
    if good:
        parts += [f"niveau {signs.LEVELS.get(good.level, good.level)}"]
        parts += [f"millésime {good.vintage}"] if good.vintage else []
        parts += [f"récupéré le {french.day(good.fetched_at)}", f"licence\u00a0: {good.licence}"]
    return ", ".join(parts) + "."


def _point_columns(made: Origin, names: Sequence[str]) -> tuple[str, str] | None:
    if made.card.geometry != "point":
        return None
    return next((pair for pair in POINTS if set(pair) <= set(names)), None)


# --- GeoJSON (RFC 7946) ----------------------------------------------------------------------


def _features(table: Published, place: tuple[str, str]) -> dict[str, Any]:
    names = [one.name for one in table.fields]
    rows = (dict(zip(names, row, strict=True)) for row in table.rows)
    return {
        "type": "FeatureCollection",
        "features": [_feature(row, row.pop(place[0]), row.pop(place[1])) for row in rows],
    }


def _feature(row: dict[str, Any], lon: float | None, lat: float | None) -> dict[str, Any]:
    known = lon is not None and lat is not None
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lon, lat]} if known else None,
        "properties": {name: _plain(value) for name, value in row.items()},
    }


def _plain(value: Any) -> Any:
    """What JSON holds: a moment as ISO text."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    return value.isoformat() if hasattr(value, "isoformat") else guarded(value)


def _place(account: Account) -> dict[str, Any]:
    """The territory as one point, or without geometry: a contour is never invented."""
    place = account.place
    said = {
        **place.header(),
        "title": _titled(account, place.name),
        "departement": place.departement,
        "region": place.region,
        "epci": place.epci,
        "population": place.population,
        "geometry_is": "point du lieu principal" if place.lon is not None else None,
        "absence": None if place.lon is not None else "point non connu de l'outil",
        "source": "Insee, DGCL, GeoNames (CC BY 4.0)" if not place.fictional else FICTIONAL,
    }
    return {"type": "FeatureCollection", "features": [_feature(said, place.lon, place.lat)]}


# --- data package ----------------------------------------------------------------------------


def _package(
    account: Account, resources: Sequence[_Resource], point: bytes, kept: Sequence[Origin]
) -> dict[str, Any]:
    place = account.place
    where = french.of_place(place.name, place.level)
    code = place.code.replace(":", "-").lower()
    return {
        "profile": "data-package",
        "name": f"diagnostic-donnees-{code}",
        "title": _titled(account, f"Diagnostic des données {where}"),
        "description": _titled(
            account,
            f"Ce que l'on sait des données {where} au {french.day(account.day)}\u00a0: "
            f"disponibilité, chiffres, prochains pas, sources. {account.standing_words}. {NOTICE}",
        ),
        "created": f"{datetime.combine(account.day, time(), UTC):%Y-%m-%dT%H:%M:%SZ}",
        "version": account.assessment.reference_version,
        "keywords": ["données ouvertes", "diagnostic", "Action Cœur de Ville"],
        "fictional": place.fictional,
        "licenses": [OURS],
        "sources": [_source(made) for made in kept],
        "resources": [
            *(_resource(account, made) for made in resources),
            _point(account, point),
        ],
    }


def _resource(account: Account, made: _Resource) -> dict[str, Any]:
    tabular = made.extension == "csv"
    title = f"{made.table.title} ({made.extension})"
    return {
        "name": _named(made),
        "title": _titled(account, title),
        "description": _titled(account, french.typeset(made.table.description)),
        **({"profile": "tabular-data-resource"} if tabular else {}),
        **_file(made.path, made.content),
        **made.said,
        **({"dialect": {"delimiter": ",", "lineTerminator": "\n"}} if tabular else {}),
        **({"schema": made.table.schema()} if made.extension != "geojson" else {}),
    }


def _named(made: _Resource) -> str:
    """Unique in the package: a table of ours and a dataset may bear the same name."""
    prefix = "donnees-" if made.path.startswith("donnees/") else ""
    return f"{prefix}{made.table.name.replace('_', '-')}{_NAMED[made.extension]}"


def _point(account: Account, content: bytes) -> dict[str, Any]:
    title = _titled(account, f"Point du territoire\u00a0: {account.place.name}")
    return {"name": "territoire", "title": title, **_file("territoire.geojson", content)}


def _file(path: str, content: bytes) -> dict[str, Any]:
    extension = path.rpartition(".")[2]
    return {
        "path": path,
        "format": extension,
        "mediatype": _MEDIA[extension],
        **({} if extension == "parquet" else {"encoding": "utf-8"}),
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }


def _licence(made: Origin) -> dict[str, str]:
    """The words of the source as they are; « other-open » where they name no known licence."""
    words = made.seen.good.licence if made.seen.good else ""
    if words.strip().lower() in ("licence ouverte 2.0", "licence ouverte / open licence 2.0"):
        return OURS
    return {"name": "other-open", "title": words}


def _source(made: Origin) -> dict[str, str]:
    good = made.seen.good
    said = {
        "title": f"{made.card.title}\u00a0: {made.source}",
        "path": made.url,
        "licence": good.licence if good else "",
        "vintage": good.vintage or "" if good else "",
    }
    return {name: words for name, words in said.items() if words}


def _titled(account: Account, words: str) -> str:
    return f"{FICTIONAL} – {words}" if account.place.fictional else words


def _json(document: Any) -> bytes:
    made = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    return f"{made}\n".encode()


# --- read me ---------------------------------------------------------------------------------

_READING = """Les fichiers CSV sont en UTF-8, séparés par des virgules ; dates AAAA-MM-JJ, point
décimal, rien quand il n'y a pas de valeur. Une valeur absente n'est jamais un zéro : la colonne
« absence » dit pourquoi elle n'est pas là. Les fichiers Parquet contiennent les mêmes lignes.
Un texte qu'un tableur prendrait pour une formule porte une apostrophe devant, dans tous les
fichiers. « datapackage.json » et le dossier « schema » décrivent chaque colonne (Data Package et
Table Schema, version 1) ; les empreintes sont dans « datapackage.json »."""


def _read_me(
    account: Account, resources: Sequence[_Resource], skipped: Sequence[tuple[str, str]]
) -> str:
    place = account.place
    where = french.of_place(place.name, place.level)
    listed = [f"  {made.path}\n    {made.table.title}" for made in resources]
    lacking = [f"  {name} : {why}" for name, why in skipped]
    said = [
        _titled(account, f"Diagnostic des données {where}, au {french.day(account.day)}"),
        f"{account.standing_words}. {NOTICE}",
        f"Le diagnostic peut être réutilisé sous {OURS['title']} ({OURS['path']}). Chaque source "
        "garde sa licence, écrite dans « datapackage.json ».",
        _READING,
        "\n".join(["Fichiers :", *listed, "  territoire.geojson", "    Point du territoire"]),
    ]
    if lacking:
        said.append("\n".join(["Lignes qui ne sont pas dans ce dossier, et pourquoi :", *lacking]))
    return french.typeset("\n\n".join(said)) + "\n"
