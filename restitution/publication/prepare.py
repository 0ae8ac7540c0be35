"""From the file of a service to what is ready to be published, without a person at each step."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
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
    path: Path,
    schema: Schema,
    place: Territory,
    day: date,
    given: Mapped | None = None,
    confirmed: Collection[str] = (),
) -> ToPublish:
    """Read, map, carry and check a file; metadata and consents are still to be said.

    `given` is the whole mapping: a header it does not name is left aside. Without it, what the
    product is sure of and, of what it only proposes, the columns of `confirmed`; the others are
    `waiting`. Raises NotPublishable, and WrongUse for a header or a field that is not.
    """
    if not schema.fields:
        raise NotPublishable(
            f"Le standard « {schema.id} » ne décrit pas de tableau : {schema.problem or 'GeoJSON'}."
        )
    reading = read(path)
    _refuse(reading, path.name)
    if given is None:
        choices, waiting = _sure(reading, schema, confirmed)
    else:
        choices, waiting = _chosen(reading, schema, given), {}
    if not (any(choices.fields.values()) or choices.splits or choices.merges):
        raise NotPublishable(
            f"Aucune colonne de « {path.name} » n'est rattachée au standard « {schema.id} » : "
            "donnez la correspondance (--mapping)."
        )
    choices = replace(choices, units=units.told(reading.flags))
    reading = with_wanted_words(path, reading, schema, choices)
    choices = replace(choices, values=certain(value_proposals(reading.table, schema, choices)))
    table = carried(reading.table, schema, choices)
    made = ToPublish(
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
        waiting=waiting,
    )
    aside = made.left_aside
    published = {one.name for one in reading.columns if one.name not in aside}
    said = flags(reading.columns, reading.table)
    return replace(made, risks=risks(said, table, schema, published))


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


def _sure(
    reading: Reading, schema: Schema, confirmed: Collection[str]
) -> tuple[Choices, dict[str, str]]:
    """What the product takes by itself and what was confirmed; what waits for a person."""
    made = propose(reading.columns, reading.table, schema)
    # A header copied from our own sentences has the no-break spaces of French.
    names = {_spaced(header): name for header, name in _by_header(reading).items()}
    asked = {names.get(_spaced(header), header) for header in confirmed}
    unknown = [header for header in asked if header not in made.suggested]
    if unknown:
        raise WrongUse(
            f"--confirmer : aucun champ n'attend de confirmation pour « {unknown[0][:80]} » ; "
            f"permis : {_few(list(made.suggested)) or 'aucun'}."
        )
    sure = made.choices(suggested=False)
    fields = {**sure.fields, **{header: made.suggested[header] for header in asked}}
    waiting = {header: to for header, to in made.suggested.items() if header not in asked}
    return replace(sure, fields=fields), waiting


def _spaced(header: str) -> str:
    return header.replace("\u00a0", " ")


def _by_header(reading: Reading) -> dict[str, str]:
    """The name of a column, by that name and by its header as written in the file."""
    by_header = {made.original: made.name for made in reversed(reading.columns)}
    return by_header | {made.name: made.name for made in reading.columns}


def _chosen(reading: Reading, schema: Schema, given: Mapped) -> Choices:
    """Each column of the file with the field that was asked, or None."""
    by_header = _by_header(reading)
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
