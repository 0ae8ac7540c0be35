"""What was done between the file as sent and the file as published: outside, and inside.

Outside: the digest of the source, the mapping, kinds and counts of repairs. Inside, in a log that
is no part of the package: values before repair, lines dropped, names of those who signed.
"""

from __future__ import annotations

from typing import Any

from diagnostics.mapping.units import conversions
from restitution.publication.datapackage import json_bytes
from restitution.publication.tabular import Tabular
from restitution.publication.to_publish import ToPublish

# Flags are codes with rows, counts and names of columns; names of sheets and cells stay inside.
_INSIDE = ("hidden_column", "sheet", "source")


def as_transformations(made: ToPublish, table: Tabular) -> bytes:
    """`transformations.json`, for everybody."""
    document = {
        "title": made.said.title,
        "fictional": made.place.fictional,
        "made_on": made.day.isoformat(),
        "source": {"sha256": made.source_sha256},
        "schema": {"id": made.standard, "version": made.schema.version},
        "rows": made.table.num_rows,
        "mapping": dict(made.mapping),
        "left_aside": list(made.left_aside),
        "choices": _choices(made),
        "repairs": [
            {"kind": one.kind, "column": one.column, "count": one.count}
            for one in made.reading.repairs
        ],
        "flags": [flag for flag in made.reading.flags if not flag.startswith(_INSIDE)],
        "formulas_neutralised": table.guarded,
        "validation": _validation(made),
        "consents": {
            "producer": bool(made.consents.producer.strip()),
            "data_protection_officer": bool(made.consents.officer.strip()),
            "licence": bool(made.consents.licence and made.consents.licence_by.strip()),
            "missing": made.lacking,
        },
    }
    return json_bytes(document)


def _choices(made: ToPublish) -> dict[str, Any]:
    """What was split, merged and set; of values only how many, since they stood in the file."""
    chosen = made.choices
    return {
        "splits": [{"header": one.header, "fields": list(one.fields)} for one in chosen.splits],
        "merges": [{"headers": list(one.headers), "field": one.field} for one in chosen.merges],
        "constants": dict(chosen.constants),
        "values_replaced": {name: len(pairs) for name, pairs in chosen.values.items()},
        "units_converted": {
            name: {"from": one.given, "to": one.wanted}
            for name, one in conversions(made.schema, chosen.fields, chosen.units).items()
        },
    }


def _validation(made: ToPublish) -> dict[str, Any] | None:
    if made.verdict is None:
        return None
    return {
        "valid": made.verdict.valid,
        "rows": made.verdict.rows,
        "rows_with_errors": made.verdict.rows_with_errors,
        "share_valid_rows": made.verdict.share_valid_rows,
    }


def as_journal(made: ToPublish, table: Tabular) -> bytes:
    """`journal_interne.json`, for the team: never in the package."""
    document = {
        "internal": True,
        "fictional": made.place.fictional,
        "made_on": made.day.isoformat(),
        "territory": made.place.header(),
        "source": {"file": made.reading.file, "sha256": made.source_sha256},
        "sheet": made.reading.sheet,
        "schema": {"id": made.standard, "version": made.schema.version},
        "metadata": made.said.document(),
        "mapping": dict(made.mapping),
        "left_aside": list(made.left_aside),
        "transforms": made.choices.transforms(),
        "repairs": [one.document() for one in made.reading.repairs],
        "flags": list(made.reading.flags),
        "formulas_neutralised": table.guarded,
        "validation": _verdict(made),
        "consents": {**made.consents.document(), "missing": made.lacking},
        "risks": [vars(one) for one in made.risks],
        "pushed": dict(made.pushed),
    }
    return json_bytes(document)


def _verdict(made: ToPublish) -> dict[str, Any] | None:
    """The whole verdict, but for the time it took: the same inputs give the same bytes."""
    if made.verdict is None:
        return None
    return {name: said for name, said in made.verdict.document().items() if name != "seconds"}
