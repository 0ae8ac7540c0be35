"""The files of a publication: the same bytes for the same inputs, and what could not be made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from data.catalog import catalog
from restitution.publication import quality
from restitution.publication.datapackage import as_datapackage
from restitution.publication.datasheet import as_datasheet
from restitution.publication.dcat import as_dcat
from restitution.publication.geojson import as_geojson
from restitution.publication.quality import Point
from restitution.publication.scdl_line import as_line
from restitution.publication.tabular import Tabular, as_csv, as_parquet, tabular
from restitution.publication.template import as_template
from restitution.publication.to_publish import ToPublish
from restitution.publication.transformations import as_journal, as_transformations
from restitution.publication.vocabularies import LICENCES

JOURNAL = "journal_interne.json"  # for the team: never a file of the package
NAMES = (
    "data.csv", "data.geojson", "data.parquet", "datapackage.json", "dcat.jsonld", "catalogue.csv",
    "fiche.html", "transformations.json", "modele.xlsx",
)  # fmt: skip
KINDS = {
    "data.csv": "données",
    "data.geojson": "données",
    "data.parquet": "données",
    "datapackage.json": "description",
    "dcat.jsonld": "description",
    "catalogue.csv": "catalogue",
    "fiche.html": "fiche",
    "transformations.json": "journal",
    "modele.xlsx": "modèle",
}


@dataclass(frozen=True)
class Package:
    """The files to publish, what is not among them and why, and what stays inside."""

    files: Mapping[str, bytes]
    skipped: tuple[tuple[str, str], ...]  # (part, reason)
    quality: tuple[Point, ...]
    journal: bytes  # JOURNAL: names and values before repair


def files(made: ToPublish) -> dict[str, bytes]:
    """The files alone, by name."""
    return dict(built(made).files)


def built(made: ToPublish) -> Package:
    """The whole package. Raises ValueError for a standard without fields."""
    if not made.schema.fields:
        raise ValueError(f"« {made.schema.id} » ne décrit pas de tableau.")
    table = tabular(made.table, made.schema)
    data, skipped = _data(made, table)
    points = _points(made, data)
    line, lacking = as_line(made, data)
    others = {
        "datapackage.json": as_datapackage(made, table, data),
        "dcat.jsonld": as_dcat(made, data),
        "catalogue.csv": line,
        "fiche.html": as_datasheet(made, table, data, points),
        "transformations.json": as_transformations(made, table),
        "modele.xlsx": as_template(made.schema, made.place),
    }
    return Package({**data, **others}, (*skipped, *lacking), points, as_journal(made, table))


def _points(made: ToPublish, data: Mapping[str, bytes]) -> tuple[Point, ...]:
    """A licence that nobody decided gains nothing, whatever the package proposes."""
    said = replace(made.said, licence=made.consents.licence)
    return quality.points(said, (*data, "fiche.html"), placed=not made.place.fictional)


def _data(made: ToPublish, table: Tabular) -> tuple[dict[str, bytes], list[tuple[str, str]]]:
    """The data in each form that fits, and why another does not."""
    held = {"data.csv": as_csv(table)}
    skipped = []
    features, why = as_geojson(table, made.table, made.schema, made.said.title)
    if features is None:
        skipped.append(("data.geojson", why))
    else:
        held["data.geojson"] = features
    if table.columns:
        held["data.parquet"] = as_parquet(table, made.said.title)
    else:
        skipped.append(("data.parquet", "Aucune colonne du standard n'est remplie."))
    return held, skipped


def notice(made: ToPublish) -> dict[str, Any]:
    """What a platform is told of the dataset, by the names of connectors.datagouv_publish.Notice.

    `organisation` and `personal_confirmed` are the platform's own: whoever pushes adds them.
    """
    said, place = made.said, made.place
    zone = f"fr:commune:{place.code}" if place.level == "commune" else None
    return {
        "title": said.title,
        "description": said.description,
        "licence": LICENCES[said.licence].title,
        "frequency": said.frequency,
        "keywords": said.keywords,
        "zone": None if place.fictional else zone,
        "start": said.start or None,
        "end": said.end or None,
        "schema": _schema(made),
        "fictional": place.fictional,
    }


def _schema(made: ToPublish) -> dict[str, str | None] | None:
    """The standard as the platform knows it: by its name in the catalogue, or by its address."""
    if made.standard in catalog().standards:
        return {"name": made.standard, "version": made.schema.version}
    return {"url": made.schema.id} if made.schema.id.startswith("https://") else None
