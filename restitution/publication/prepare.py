"""From the file of a service to what is ready to be published, without a person at each step."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from data.reading.door import read
from data.reading.reading import Reading
from data.schemas import Schema
from data.territories import Territory
from diagnostics.conformity.validate import validate_table
from diagnostics.mapping import units
from diagnostics.mapping.carry import carried
from diagnostics.mapping.choices import Choices
from diagnostics.mapping.personal import flags, vulnerable
from diagnostics.mapping.propose import propose
from diagnostics.mapping.values import certain, value_proposals
from diagnostics.mapping.wanted import with_wanted_words
from diagnostics.usage import WrongUse
from restitution.publication.risks import risks
from restitution.publication.to_publish import Metadata, ToPublish


class NotPublishable(Exception):
    """A file that cannot become open data: one French sentence, why and what to do."""


Mapped = Mapping[str, str | None]


def prepared(
    path: Path, schema: Schema, place: Territory, day: date, given: Mapped | None = None
) -> ToPublish:
    """Read, map, carry and check a file; metadata and consents are still to be said.

    `given` is the whole mapping: a header it does not name is left aside. Without it, what the
    product is sure of. Raises NotPublishable, and WrongUse for a mapping that names what is not.
    """
    if not schema.fields:
        raise NotPublishable(
            f"Le standard « {schema.id} » ne décrit pas de tableau : {schema.problem or 'GeoJSON'}."
        )
    reading = read(path)
    _refuse(reading, path.name)
    choices = _sure(reading, schema) if given is None else _chosen(reading, schema, given)
    if not (any(choices.fields.values()) or choices.splits or choices.merges):
        raise NotPublishable(
            f"Aucune colonne de « {path.name} » n'est rattachée au standard « {schema.id} » : "
            "donnez la correspondance (--mapping)."
        )
    choices = replace(choices, units=units.told(reading.flags))
    reading = with_wanted_words(path, reading, schema, choices)
    choices = replace(choices, values=certain(value_proposals(reading.table, schema, choices)))
    table = carried(reading.table, schema, choices)
    return ToPublish(
        table=table,
        schema=schema,
        place=place,
        metadata=Metadata(),
        day=day,
        source_sha256=digest(path),
        reading=reading,
        mapping=choices.fields,
        choices=choices,
        verdict=validate_table(table, schema, territory=place, name=path.name),
        risks=risks(flags(reading.columns, reading.table), table, schema),
    )


def digest(path: Path) -> str:
    """SHA-256 of a file, read block by block."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _refuse(reading: Reading, name: str) -> None:
    if reading.refused:
        raise NotPublishable(reading.refused)
    said = vulnerable(reading.columns, reading.table, name)
    if said:
        raise NotPublishable(said)


def _sure(reading: Reading, schema: Schema) -> Choices:
    """What the product takes by itself: a suggestion waits for a person."""
    return propose(reading.columns, reading.table, schema).choices(suggested=False)


def _chosen(reading: Reading, schema: Schema, given: Mapped) -> Choices:
    """Each column of the file with the field that was asked, or None."""
    by_header = {made.original: made.name for made in reversed(reading.columns)}
    by_header |= {made.name: made.name for made in reading.columns}
    _check(given, by_header, schema)
    asked = {by_header[header]: to for header, to in given.items()}
    return Choices(fields={made.name: asked.get(made.name) for made in reading.columns})


def _check(given: Mapped, by_header: Mapping[str, str], schema: Schema) -> None:
    unknown = [header for header in given if header not in by_header]
    if unknown:
        raise WrongUse(
            f"--mapping : « {unknown[0][:80]} » n'est pas un en-tête du fichier ; permis : "
            f"{_few(list(by_header))}."
        )
    fields = [to for to in given.values() if to is not None]
    strange = [to for to in fields if to not in schema.names]
    if strange:
        raise WrongUse(
            f"--mapping : « {strange[0][:80]} » n'est pas un champ de « {schema.id} » ; permis : "
            f"{_few(list(schema.names))}."
        )
    twice = [to for to in fields if fields.count(to) > 1]
    if twice:
        raise WrongUse(
            f"--mapping : deux en-têtes pour le champ « {twice[0]} » ; un seul est permis."
        )


def _few(names: list[str]) -> str:
    shown = ", ".join(name[:60] for name in names[:20])
    return f"{shown} et {len(names) - 20} autres" if len(names) > 20 else shown
