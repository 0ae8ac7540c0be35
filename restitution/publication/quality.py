"""The nine points of data.gouv.fr, computed before anything is published, and how to gain each."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from restitution.publication.to_publish import Metadata
from restitution.publication.vocabularies import FREQUENCIES, LICENCES, UNKNOWN

SHORTEST = 100  # characters: a description must be longer
OPEN_FORMATS = ("data.csv", "data.geojson", "data.parquet")
_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


@dataclass(frozen=True)
class Point:
    """One of nine equal points; what is not known is not gained."""

    id: str  # data.gouv.fr's own name
    title: str
    gained: bool
    how: str  # how to gain it, or why it is


def points(metadata: Metadata, files: Collection[str], *, placed: bool) -> tuple[Point, ...]:
    """The points of a dataset about to be published with these files.

    `placed` says whether the platform knows the territory (an invented one is not in its list).
    """
    regular = metadata.frequency in FREQUENCIES and metadata.frequency != UNKNOWN
    covered = bool(_DAY.fullmatch(metadata.start) and _DAY.fullmatch(metadata.end))
    length = len(metadata.description.strip())
    table = any(name in files for name in OPEN_FORMATS)
    rows = (
        ("license", "Licence", metadata.licence in LICENCES,
         "Choisissez Licence Ouverte 2.0 ou ODbL 1.0."),
        ("temporal_coverage", "Couverture temporelle", covered,
         "Donnez le premier et le dernier jour dont parlent les données."),
        ("spatial", "Couverture spatiale", placed,
         "Choisissez le territoire dont parlent les données."),
        ("update_frequency", "Fréquence de mise à jour", regular,
         "Dites à quel rythme le fichier sera remplacé (chaque année, par exemple)."),
        ("update_fulfilled_in_time", "Fréquence respectée", regular,
         "Donnez une fréquence, puis tenez-la : le jour de la publication, elle est respectée."),
        ("dataset_description_quality", "Description", length > SHORTEST,
         f"Écrivez plus de {SHORTEST} caractères (ici {length}) : ce que c'est, d'où cela vient, "
         "ce qui manque."),
        ("has_open_format", "Format ouvert", table,
         "Publiez le fichier CSV, et pas seulement un document à lire."),
        ("all_resources_available", "Fichiers disponibles", table,
         "Déposez les fichiers sur la plateforme : elle les garde disponibles."),
        ("resources_documentation", "Fichiers documentés", "fiche.html" in files,
         "Joignez la fiche descriptive au jeu de données."),
    )  # fmt: skip
    return tuple(Point(id_, title, gained, how) for id_, title, gained, how in rows)
