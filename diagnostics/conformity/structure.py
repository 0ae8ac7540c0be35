"""What the header and the shape of the lines say: columns missing, repeated, in excess."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from data.schemas import Field, Schema
from diagnostics.conformity import load
from diagnostics.conformity.cells import Issue, RowCheck
from diagnostics.conformity.load import Loaded
from diagnostics.conformity.messages import MISSING_OPTIONAL, of_file
from diagnostics.conformity.passes import Tally, ragged

BLANK_ROW = RowCheck("blank-row", None, load.BLANK, "blank-row")
RAGGED_ROW = RowCheck("", None, load.RAGGED, "ragged")  # told by cell, never by itself
RAGGED = 1  # its place among the rules, after that of blank rows
NEVER = "false"


def needed(schema: Schema, field: Field) -> bool:
    """Whether a file without this column is refused."""
    return field.required or field.name in schema.primary_key


def errors(schema: Schema, labels: Sequence[str]) -> Iterator[Issue]:
    """Columns that must be there and are not; names borne by several columns."""
    unknown = [label for label in labels if label and schema.field(label) is None]
    for field in schema.fields:
        if field.name not in labels and needed(schema, field):
            yield of_file("missing-label", field.name, given=unknown)
    for label, times in Counter(labels).items():
        if times > 1:
            yield of_file("duplicate-label", label or None, count=times)


def warnings(schema: Schema, labels: Sequence[str]) -> Iterator[Issue]:
    """What does not refuse a file: optional columns missing, columns in excess, their order."""
    unknown = [label for label in labels if label and schema.field(label) is None]
    for field in schema.fields:
        if field.name not in labels and not needed(schema, field):
            yield of_file(MISSING_OPTIONAL, field.name, given=unknown)
    for label in dict.fromkeys(labels):
        if schema.field(label) is None:
            yield of_file("extra-label" if label else "blank-label", label or None)
    if set(labels) == set(schema.names) and tuple(labels) != schema.names:
        yield of_file("incorrect-label")


def lines(made: Loaded, checks: list[RowCheck], tally: Tally) -> int:
    """Cells missing or in excess, by column: rules added to `checks`; the cells of the widest."""
    rows, widths = ragged(made)
    labels = made.given.labels
    for place in range(int(widths.min(initial=len(labels))), len(labels)):
        short = rows[widths <= place]
        tally.add(len(checks), short)
        checks.append(RowCheck("missing-cell", labels[place] or None, NEVER, "missing-cell"))
    long = widths > len(labels)
    if long.any():
        tally.add(len(checks), np.repeat(rows[long], widths[long] - len(labels)))
        checks.append(RowCheck("extra-cell", None, NEVER, "extra-cell"))
    return int(widths.max(initial=0))
