"""Values that must not come twice: unique fields and the primary key."""

from __future__ import annotations

from collections.abc import Sequence

from diagnostics.conformity.cells import VIEW, Cells, RowCheck
from diagnostics.conformity.passes import Ints, Tally

NEVER = "false"


def empty_key(cells: Cells) -> RowCheck | None:
    """The rule that a row has a primary key, when the file has its columns."""
    names = cells.schema.primary_key
    if not names or not cells.has(*names):
        return None
    fails = " and ".join(f"{cells.typed[name]} is null" for name in names)
    return RowCheck("primary-key", _borne(names), f"({fails})", "empty")


def repeats(cells: Cells, checks: list[RowCheck], tally: Tally) -> None:
    """Rows that repeat a value already seen; their rules are added to `checks`."""
    for field in cells.schema.fields:
        if field.constraints.get("unique") is True and cells.has(field.name):
            found = _repeated(cells, [cells.typed[field.name]])
            _add(RowCheck("unique-error", field.name, NEVER, "unique"), found, checks, tally)
    names = cells.schema.primary_key
    if names and cells.has(*names):
        found = _repeated(cells, [cells.typed[name] for name in names])
        _add(RowCheck("primary-key", _borne(names), NEVER, "primary-key"), found, checks, tally)


def _add(check: RowCheck, rows: Ints, checks: list[RowCheck], tally: Tally) -> None:
    tally.add(len(checks), rows)
    if len(rows):
        tally.wrong.append(rows)
    checks.append(check)


def _repeated(cells: Cells, columns: Sequence[str]) -> Ints:
    """Every row but the first of those that share a value; rows without any are left out."""
    listed = ", ".join(columns)
    some = f"coalesce({', '.join(f'{column}::varchar' for column in columns)}) is not null"
    twice = (
        f"select h from (select hash({listed}) as h from {cells.view} where {some})"
        " group by h having count(*) > 1"
    )
    if not cells.scratch.rows(f"{twice} limit 1"):
        return cells.scratch.arrow("select 0::bigint as n where false").column(0).to_numpy()
    ranked = (
        f"select n, row_number() over (partition by {listed} order by n) as place"
        f" from {VIEW} where {some} and hash({listed}) in ({twice})"
    )
    found = cells.scratch.arrow(f"select n from ({ranked}) where place > 1 order by n")
    return found.column(0).to_numpy()


def _borne(names: Sequence[str]) -> str | None:
    return names[0] if len(names) == 1 else None
