"""The table `members(territory, member)` that every indicator reads, and what the SQL answers.

The datasets are staged: temporary tables of the same names hold the rows of the members alone and
hide the full ones, so that sixty queries over national files stay instant.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagnostics.indicators.header import Indicator
from diagnostics.indicators.value import Row

MEMBERS = "create or replace temp table members (territory varchar, member varchar)"
Groups = Mapping[str, tuple[str, ...]]  # code of a territory -> codes whose rows it adds up


class Panel:
    """Runs the SQL of the indicators for a group of territories, on one cursor of the store."""

    def __init__(self, cursor: Any, groups: Groups) -> None:
        self._cursor = cursor
        self._members: dict[str, tuple[str, ...]] = {}
        self._covered: dict[str, dict[str, tuple[int, bool]]] = {}
        self._database = cursor.execute("select current_database()").fetchone()[0]
        cursor.execute(MEMBERS)
        self.add(groups)

    def add(self, groups: Groups) -> None:
        """Add territories; one already there is left as it is."""
        new = {code: made for code, made in groups.items() if code not in self._members}
        if not new:
            return
        self._members.update(new)
        pairs = [(code, member) for code, made in new.items() for member in made]
        self._cursor.execute(
            "insert into members select unnest($codes::varchar[]), unnest($members::varchar[])",
            {"codes": [pair[0] for pair in pairs], "members": [pair[1] for pair in pairs]},
        )
        self._covered.clear()

    def rows(self, indicator: Indicator) -> dict[str, Row]:
        """The row of each territory, as the SQL gives it."""
        for dataset in indicator.datasets:
            self._stage(dataset)
        self._cursor.execute(indicator.sql, indicator.params)
        names = [column[0] for column in self._cursor.description]
        code = names.index("territory")
        order = [names.index(name) if name in names else None for name in Row._fields]
        return {
            made[code]: Row._make(None if at is None else made[at] for at in order)
            for made in self._cursor.fetchall()
        }

    def gap(self, dataset: str, code: str) -> tuple[int, int]:
        """Members of a territory without any row, and members in all.

        A territory that has rows of its own (a file at the level of an EPCI) has no gap.
        """
        self._stage(dataset)
        asked = [member for member in self._members[code] if member != code] or [code]
        count, own = self._covered[dataset].get(code, (0, False))
        return (0 if own else len(asked) - count), len(asked)

    def _stage(self, dataset: str) -> None:
        if dataset in self._covered:
            return
        self._cursor.execute(
            f'create or replace temp table "{dataset}" as '
            f'select * from "{self._database}".main."{dataset}" '
            "where territory in (select member from members)"
        )
        # A file at the level of an EPCI already holds its communes: adding both counts them twice.
        self._cursor.execute(
            f'delete from "{dataset}" where territory in (select member from members '
            f'where member <> territory and territory in (select territory from "{dataset}"))'
        )
        self._cursor.execute(
            "select m.territory, count(distinct m.member), bool_or(m.member = m.territory) "
            f'from members m where m.member in (select territory from "{dataset}") '
            "group by m.territory"
        )
        found = self._cursor.fetchall()
        self._covered[dataset] = {code: (count, own) for code, count, own in found}
