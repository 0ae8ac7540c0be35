"""A file of the town, read and mapped, becomes the rows of a dataset of the store.

Nothing here asks the network. The log line says who handed it over, under which terms, and all
that the rows do not say: values that could not be read, columns left empty, lines of elsewhere.
"""

from __future__ import annotations

import time

import pyarrow as pa

from data.catalog import Dataset
from data.local_rows import LocalRows, local_rows
from data.records import Refused, today_utc
from data.schemas import Schema
from data.store import Fetch, Store
from data.territories import Territory, fold, members

CONNECTOR = "local_file"
BODIES = ("", "Ville de ", "Ville d'", "Commune de ", "Commune d'", "Mairie de ", "Mairie d'")
HANDED_OVER = "Remis par un service, sans licence ouverte"


def bring(
    store: Store,
    dataset: Dataset,
    place: Territory,
    table: pa.Table,
    schema: Schema | None,
    *,
    source: str,
    licence: str,
    vintage: str | None,
    valid_share: float | None = None,
    url: str = "",
) -> Fetch:
    """Replace a place's rows of a dataset by those of a table of strings; the log line saved.

    `source` is kept as it is only when it is the place's own name: it is shown in public.
    The columns of `table` bear names of fields of `schema`, or of the columns of the card. An empty
    `licence` says that the file was handed over without one; `valid_share` (0-1) is the share of
    lines that keep the rules of the standard. Raises Refused with a sentence when nothing of the
    card can be filled; StoreBusy when the store is only read.
    """
    started = time.monotonic()
    made = _rows(dataset, table, schema, place)
    fetch = Fetch(
        dataset=dataset.id,
        territory=place.code,
        level=place.level,
        status="ok",
        rows=len(made.rows),
        seconds=round(time.monotonic() - started, 3),
        requests=0,
        url=url,
        vintage=vintage,
        fetched_at=today_utc(),
        detail=_detail(dataset, made, schema, valid_share),
        connector=CONNECTOR,
        source=_publisher(source, place),
        licence=licence.strip() or HANDED_OVER,
    )
    store.save(dataset, fetch, made.rows, [place.code, *members(place)])
    return fetch


def _publisher(source: str, place: Territory) -> str:
    """Who is named in public: the place, or the body of the place as it was typed.

    What is typed may be a service, somebody or a path: the log and the diagnosis are read by all.
    """
    given = " ".join(source.split())
    bodies = (f"{kind}{place.name}" for kind in BODIES)
    official = any(fold(given) == fold(body) for body in bodies)
    return given if official else f"{place.name}, fichier remis par un service"


def _rows(dataset: Dataset, table: pa.Table, schema: Schema | None, place: Territory) -> LocalRows:
    if not dataset.columns:
        raise Refused(
            f"« {dataset.title} » n'a pas de table dans cet outil : le fichier reste publiable, "
            "il n'entre pas dans le diagnostic."
        )
    made = local_rows(dataset, table, schema, place)
    if len(made.absent) == len(dataset.columns):
        names = ", ".join(column.name for column in dataset.columns)
        raise Refused(
            f"« {dataset.title} » : aucune colonne de ce fichier ne remplit celles de la fiche "
            f"({names}). Choisissez une autre donnée, ou revoyez la correspondance."
        )
    if not len(made.rows):
        elsewhere = " Toutes sont d'une autre commune." if made.elsewhere else ""
        raise Refused(f"« {dataset.title} » : aucune ligne pour {place.name}.{elsewhere}")
    return made


def _detail(
    dataset: Dataset, made: LocalRows, schema: Schema | None, valid_share: float | None
) -> str:
    """What came in and what did not, in one line of the log."""
    said = ["fichier remis par un service"]
    if schema and valid_share is not None:
        share = f"{100 * valid_share:.1f}".replace(".", ",")
        said.append(f"lignes conformes au standard : {share} %")
    said += [f"valeurs non lues, colonne « {name} » : {count}" for name, count in made.lost]
    if made.absent:
        said.append(f"colonnes de la fiche sans source : {', '.join(made.absent)}")
    if made.elsewhere:
        said.append(f"lignes d'une autre commune, laissées de côté : {made.elsewhere}")
    return " ; ".join(said)
