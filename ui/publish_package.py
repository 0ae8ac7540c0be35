"""Publier: the package of a file as it stands, and what is asked before it may leave."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from data.schemas import Schema, schema_of
from drawing import french
from ui.publish_work import NO_STANDARD, Work, cached, key_of

WITHOUT = "aucun standard national"
WRITTEN = ("data.csv", "fiche.html")  # what every package holds of what the points look at


def standard_of(work: Work) -> Schema:
    """The standard; without one, the file's own columns said as a standard is."""
    chosen = work.schema()
    if chosen is not None:
        return chosen
    kept = work.fields()
    fields = [
        {"name": column.name, "type": column.type}
        for column in work.reading().columns
        if kept.get(column.name)
    ]
    title = work.name.rpartition(".")[0].replace("_", " ").strip() or work.name
    # Named in words: what describes a file shows the name of its standard to its readers.
    return schema_of({"id": WITHOUT, "title": title, "fields": fields}, NO_STANDARD)


def risks(work: Work) -> Sequence[Any]:
    """Why the data protection officer must be asked; empty when there is no reason to."""
    tool = work.room.tools.package.risks
    compute = partial(tool, work.flags(), work.table(), work.schema(), work.published())
    return cached(("risques", work.shape()), lambda: tuple(compute()))


def to_publish(work: Work) -> Any:
    """Everything that the publication says (restitution.publication.to_publish.ToPublish)."""
    tools, made = work.room.tools, work.made
    lent = tools.package
    return lent.to_publish(
        table=work.table(),
        schema=standard_of(work),
        place=work.room.place,
        metadata=lent.metadata_of({"producer": made.producer, **_own(work), **made.metadata}),
        day=work.room.day,
        source_sha256=made.file.partition("/")[0],
        reading=work.wanted(),
        mapping=work.fields(),
        choices=work.choices(),
        verdict=work.verdict(),
        consents=lent.consents_of(made.consents),
        risks=tuple(risks(work)),
        pushed=made.outcome,
    )


def _own(work: Work) -> dict[str, Any]:
    """Without a standard, a description that claims none."""
    if work.schema() is not None:
        return {}
    rows = french.plural(work.table().num_rows, "ligne")
    said = (
        f"{standard_of(work).title} : {rows}, sans standard national. Fichier nettoyé le "
        f"{french.day(work.room.day)} ; ce qui a été transformé est décrit dans "
        "« transformations.json »."
    )
    return {"description": french.typeset(said)}


def state(work: Work) -> str:
    """What tells this package from any other: the table, the decisions, the record, the day."""
    made = work.made
    parts = (work.shape(), made.producer, made.consents, made.metadata, work.room.day.isoformat())
    return key_of(*parts)


def built(work: Work) -> Any:
    """The package: its files, what is skipped and why, the journal that stays inside."""
    tool, made = work.room.tools.package.built, to_publish(work)
    return cached(("paquet", state(work)), lambda: tool(made), heavy=True)


def files(work: Work) -> Mapping[str, bytes]:
    """The files of the package, by name."""
    found: Mapping[str, bytes] = built(work).files
    return found


def zipped(work: Work) -> bytes:
    """The same in one archive."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files(work).items():
            archive.writestr(name, content)
    return body.getvalue()


def points(work: Work) -> Sequence[Any]:
    """The points of data.gouv.fr, computed before publishing."""
    place = work.room.place
    # A licence nobody has decided yet gains nothing, whatever the record would say by default.
    said = replace(to_publish(work).said, licence=work.made.consents.get("licence") or "")
    return tuple(work.room.tools.package.points(said, WRITTEN, placed=not place.fictional))
