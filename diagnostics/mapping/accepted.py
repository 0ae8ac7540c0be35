"""Which values the closed list or the pattern of a field takes, asked of Arrow columns.

Patterns come with a schema: they run in an engine that cannot be made to backtrack. One that it
does not know (a look-ahead) says nothing.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from data.schemas import Field

LONGEST_PATTERN = 20_000  # characters


def taken(values: pa.Array, field: Field) -> pa.BooleanArray | None:
    """Whether each value is one that the field takes; None when the field lists nothing.

    A null gives false. `values` are strings.
    """
    listed = _listed(values, field)
    shaped = _shaped(values, field)
    if listed is None or shaped is None:
        return shaped if listed is None else listed
    return pc.and_(listed, shaped)


def speaks(field: Field) -> bool:
    """Whether the field has a closed list or a pattern."""
    return taken(pa.array([], pa.string()), field) is not None


def takes(text: str, field: Field) -> bool:
    """Whether the field's own list or pattern takes a value; false when it has none."""
    found = taken(pa.array([text], pa.string()), field)
    return bool(found is not None and found[0].as_py())


def _listed(values: pa.Array, field: Field) -> pa.BooleanArray | None:
    allowed = field.constraints.get("enum")
    if not isinstance(allowed, list) or not allowed:
        return None
    return pc.is_in(values, value_set=pa.array([str(one) for one in allowed], pa.string()))


def _shaped(values: pa.Array, field: Field) -> pa.BooleanArray | None:
    pattern = field.constraints.get("pattern")
    if not isinstance(pattern, str) or not 0 < len(pattern) <= LONGEST_PATTERN:
        return None
    try:
        found = pc.match_substring_regex(values, pattern=f"^(?:{pattern})$")
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None
    return pc.fill_null(found, False)
