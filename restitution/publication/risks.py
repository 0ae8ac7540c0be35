"""What in a file asks for the opinion of the data protection officer before it is published."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from data.points import located
from data.schemas import Schema
from data.territories import fold

SMALLEST_GROUP = 11  # a group counts fewer than this: somebody may be recognised
PERSONAL, SMALL_GROUP, HOMES = "personal", "small_group", "homes"
FLAGGED = {
    "person_name": "contient des noms de personnes",
    "email": "contient des adresses électroniques",
    "phone": "contient des numéros de téléphone",
    "birth_date": "contient des dates de naissance",
    "home_address": "contient des adresses de particuliers",
    "identity_number": "contient des numéros qui désignent des personnes",
    "free_text": "est un texte libre où des noms ou des téléphones peuvent se trouver",
}
# A column whose name says that it counts people.
_PEOPLE = re.compile(
    r"\b(effectifs?|personnes?|habitants?|menages?|foyers?|eleves|enfants|beneficiaires?|usagers|"
    r"abonnes|seniors|demandeurs|allocataires|inscrits|convives|naissances|occurrences?)\b"
)
# Words that say that a place is somebody's home.
_DWELLING = (
    r"(?i)\b(logements?|habitations?|domiciles?|appartements?|maison individuelle|particuliers?|"
    r"residence principale)\b"
)


@dataclass(frozen=True)
class Risk:
    """One reason to ask, in words that can follow « car »."""

    kind: str  # personal, small_group, homes
    column: str | None
    why: str


def risks(
    flags: Iterable[Any],
    table: pa.Table,
    schema: Schema | None = None,
    published: Collection[str] | None = None,
) -> tuple[Risk, ...]:
    """The risks of a file about to be published.

    `flags` are those of `diagnostics.mapping.personal.flags` on the file as it was read (a column
    left aside counts: the officer should know it exists); `table` is what would be published and
    `published` the headers of the file that go into it, None for all of them.
    """
    said = list(flags)
    return (*_personal(said), *_small_groups(table), *_homes(said, table, schema, published))


def _personal(flags: Sequence[Any]) -> Iterator[Risk]:
    for made in flags:
        words = FLAGGED.get(made.kind, "contient des données personnelles")
        yield Risk(PERSONAL, made.column, f"la colonne « {made.column} » {words}")


def _small_groups(table: pa.Table) -> Iterator[Risk]:
    """Columns that count people, where a line counts from 1 to 10 of them."""
    for name in table.column_names:
        if not _PEOPLE.search(fold(name.replace("_", " "))):
            continue
        column = table[name].cast(pa.string())
        small = pc.match_substring_regex(column, r"^\s*([1-9]|10)(\.0+)?\s*$")
        count = pc.sum(small.cast(pa.int64())).as_py() or 0
        if count:
            yield Risk(
                SMALL_GROUP,
                name,
                f"la colonne « {name} » compte moins de {SMALLEST_GROUP} personnes sur {count} "
                + ("lignes" if count > 1 else "ligne"),
            )


def _homes(
    flags: Sequence[Any],
    table: pa.Table,
    schema: Schema | None,
    published: Collection[str] | None,
) -> Iterator[Risk]:
    """Points on homes: where lines have a place, and somebody or a dwelling stands beside it.

    No map of homes is asked: a place is held to be a home when a published column names people, or
    when a cell speaks of a dwelling (logement, domicile...). A name left aside says nothing of the
    place (the gardener of a tree); the address of an individual does, published or not: the points
    may have been made from it.
    """
    if located(table, schema) is None:
        return
    for made in flags:
        aside = published is not None and made.column not in published
        if made.kind == "home_address" or (made.kind in _SOMEBODY and not aside):
            yield _home(made.column, ", laissée de côté" if aside else "")
            return
    spoken = next((name for name in table.column_names if _speaks(table[name])), None)
    if spoken:
        yield _home(spoken)


_SOMEBODY = ("person_name", "birth_date")


def _home(column: str, aside: str = "") -> Risk:
    why = f"des points peuvent tomber sur des logements (colonne « {column} »{aside})"
    return Risk(HOMES, column, why)


def _speaks(column: pa.ChunkedArray) -> bool:
    distinct = pc.unique(column.cast(pa.string()))
    return bool(pc.any(pc.match_substring_regex(distinct, _DWELLING)).as_py())
