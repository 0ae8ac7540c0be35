"""A filled inventory that comes back: what is new, what clashes, what cannot be kept. Pure.

Three versions of each dataset: the declaration shown when the row was exported (base), what the
row says (theirs), the declaration that counts now (ours). A cell changes something when it differs
from base; an empty cell never does. Where someone declared in between and the row still asks for
something else, it is a conflict: both are shown and a person chooses. So is a row that lost its
mark in a file that also names another territory: nothing says which of them it speaks of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from data import inventory_words as words
from data import records
from data.inventory_file import Row
from data.records import Declaration, latest, new_id, today_utc
from data.territories import UnknownTerritory, territory

UNCHANGED, NEW, CONFLICT, REFUSED, UNKNOWN = "unchanged", "new", "conflict", "refused", "unknown"
KINDS = (UNCHANGED, NEW, CONFLICT, REFUSED, UNKNOWN)

Value = str | date | None
_NAMES = tuple(column.name for column in words.filled())
_LISTS = {column.name: column for column in words.filled() if column.words}


@dataclass(frozen=True)
class Difference:
    """One field: what is declared now, and what the file asks for."""

    name: str  # field of Declaration
    ours: Value
    theirs: Value


@dataclass(frozen=True)
class Outcome:
    """What becomes of one row. `made` is what would be declared if the file is followed."""

    row: Row
    kind: str  # one of KINDS
    sentence: str = ""  # why it is refused or unknown, or how a double was read
    differences: tuple[Difference, ...] = ()
    ours: Declaration | None = None
    made: Declaration | None = None
    asks: tuple[tuple[str, Value], ...] = ()  # what its cells change, already kept or not
    doubtful: bool = False  # a conflict because it may speak of another territory


@dataclass(frozen=True)
class Merged:
    """The outcome of each row, in the order of the file; and the needs it does not speak of."""

    outcomes: tuple[Outcome, ...]
    absent: int
    others: tuple[str, ...] = ()  # other territories that the file names, « Rodez, 12202 »

    def of(self, kind: str) -> tuple[Outcome, ...]:
        """The outcomes of one kind."""
        return tuple(made for made in self.outcomes if made.kind == kind)


def merge(
    rows: Sequence[Row], code: str, needs: Collection[str], history: Iterable[Declaration]
) -> Merged:
    """Compare the rows of a file with what a territory declared (oldest first)."""
    lines = list(history)
    ours, known = latest(lines), {made.id: made for made in lines}
    others = _others(rows, code)
    found = [_outcome(row, code, needs, ours, known) for row in rows]
    if others:
        found = [_doubted(made) for made in found]
    spoken = {made.row.dataset for made in found if made.kind != UNKNOWN}
    return Merged(tuple(_without_doubles(found)), len(set(needs) - spoken), others)


def _others(rows: Iterable[Row], code: str) -> tuple[str, ...]:
    """The other territories named by the marks of the rows or by the title of a sheet."""
    marked = {row.mark.territory for row in rows if row.mark}
    titled = {row.named for row in rows if row.named}
    return tuple(_place(one) for one in sorted((marked | titled) - {code}))


def _doubted(made: Outcome) -> Outcome:
    """A row without a mark, in such a file, changes nothing before a person says so."""
    if made.row.mark is not None or made.kind not in (NEW, CONFLICT):
        return made
    return replace(made, kind=CONFLICT, doubtful=True)


def declarations(merged: Merged, taken: Collection[str]) -> list[Declaration]:
    """What to declare: every new row, and the conflicts (by dataset) settled for the file."""
    return [
        replace(made.made, id=new_id(), recorded_at=today_utc())
        for made in merged.outcomes
        if made.made and (made.kind == NEW or (made.kind == CONFLICT and made.row.dataset in taken))
    ]


def _outcome(
    row: Row,
    code: str,
    needs: Collection[str],
    ours: Mapping[str, Declaration],
    known: Mapping[str, Declaration],
) -> Outcome:
    if row.mark and row.mark.territory != code:
        return Outcome(row, REFUSED, f"Ligne d'un autre territoire ({_place(row.mark.territory)}).")
    if row.dataset is None or row.dataset not in needs:
        return Outcome(row, UNKNOWN, _unknown(row))
    now = ours.get(row.dataset)
    base = _base(row, now, known)
    changes = _changes(row, base[1]) if base[0] else dict(row.said)
    asks = tuple(sorted((name, _plain(name, value)) for name, value in changes.items()))
    if row.problems:
        said = " ".join(row.problems)
        return Outcome(row, REFUSED, said, asks=(*asks, ("", said)))
    return replace(_compared(row, code, now, base), asks=asks)


def _place(code: str) -> str:
    try:
        return f"{territory(code).name}, {code}"
    except UnknownTerritory:
        return code[:40]


def _unknown(row: Row) -> str:
    if not row.asked:
        return "Ligne sans identifiant ni titre\u00a0: on ne sait pas de quelle donnée elle parle."
    return f"«\u00a0{row.asked}\u00a0» n'est pas une donnée du référentiel."


_Base = tuple[bool, Declaration | None]  # (whether it is known, what it said)


def _base(row: Row, now: Declaration | None, known: Mapping[str, Declaration]) -> _Base:
    """What was declared when the row was exported; not known without a mark of this store."""
    if row.mark is None:
        return False, None
    if row.mark.declaration is None:
        return True, None
    found = known.get(row.mark.declaration)
    same = found is not None and found.dataset == row.dataset
    return (True, found) if same else (False, None)


def _compared(row: Row, code: str, now: Declaration | None, base: _Base) -> Outcome:
    is_known, before = base
    changes = _changes(row, before if is_known else now)
    made = _followed(changes, now or _blank(row, code))
    differences = _differences(now, made)
    if not differences:
        return Outcome(row, UNCHANGED, ours=now)
    if refused := _refusal(changes, made):
        return Outcome(row, REFUSED, refused, differences, now)
    clashes = _moved(before, now) if is_known else _overwrites(differences)
    return Outcome(row, CONFLICT if clashes else NEW, "", differences, now, made)


def _changes(row: Row, before: Declaration | None) -> dict[str, Value]:
    return {
        name: value
        for name, value in row.said.items()
        if not _same(name, value, _value(before, name))
    }


def _value(made: Declaration | None, name: str) -> Value:
    return getattr(made, name) if made else None


def _same(name: str, one: Value, other: Value) -> bool:
    return _plain(name, one) == _plain(name, other)


def _plain(name: str, value: Value) -> Value:
    """As the file can hold it: a word of a list and its code are the same thing."""
    text = words.canonical(value) if isinstance(value, str) else value
    return words.code(_LISTS[name], text) if name in _LISTS and isinstance(text, str) else text


def _blank(row: Row, code: str) -> Declaration:
    """A first declaration. What is open, or could be, exists, unless the row erases the word."""
    exists = row.said.get("status") in ("open", "candidate") and "existence" not in row.said
    return Declaration(code, str(row.dataset), None, "exists" if exists else "unknown")


def _followed(changes: Mapping[str, Value], start: Declaration) -> Declaration:
    """A declaration with what the row changes; a motive that the new status has not is dropped."""
    asked: dict[str, Any] = dict(changes)
    if "existence" in asked:
        asked["existence"] = asked["existence"] or "unknown"
    made = replace(start, **asked)
    stale = "status" in changes and "reason_code" not in changes and made.reason_code
    if stale and not words.reason_fits(made.status, str(made.reason_code)):
        made = replace(made, reason_code=None)
    return made


def _differences(now: Declaration | None, made: Declaration) -> tuple[Difference, ...]:
    """What would change; a first declaration that says nothing changes nothing."""
    found = (
        Difference(name, _value(now, name), _value(made, name))
        for name in _NAMES
        if not _same(name, _value(now, name), _value(made, name))
    )
    # An existence that nobody knows was not known before either.
    return tuple(
        one
        for one in found
        if now is not None or (one.name, one.theirs) != ("existence", "unknown")
    )


def _moved(before: Declaration | None, now: Declaration | None) -> bool:
    """Whether someone declared something else since the export."""
    return any(not _same(name, _value(before, name), _value(now, name)) for name in _NAMES)


def _overwrites(differences: Iterable[Difference]) -> bool:
    return any(one.ours not in (None, "") for one in differences)


# --- what cannot be kept ---------------------------------------------------------------------


def _refusal(changes: Mapping[str, Value], made: Declaration) -> str | None:
    """One sentence when the declaration cannot be kept as the row asks for it."""
    for name, column in _LISTS.items():
        value = changes.get(name)
        if value and value not in column.words:
            allowed = ", ".join(column.words.values())
            typed = f"{column.header}\u00a0: «\u00a0{str(value)[:60]}\u00a0»"
            return f"{typed} n'est pas dans la liste\u00a0; permis\u00a0: {allowed}."
    reason = str(made.reason_code or "")
    if changes.get("reason_code") and not words.reason_fits(made.status, reason):
        return f"La raison «\u00a0{words.reasons()[reason]}\u00a0» ne va pas avec ce statut."
    try:
        records.check(replace(made, recorded_at=today_utc()))
    except records.Refused as refused:
        return str(refused)
    return None


# --- the same dataset twice ------------------------------------------------------------------


def _without_doubles(found: Sequence[Outcome]) -> list[Outcome]:
    """Rows on one dataset: those that ask for nothing stay; two that disagree are both refused."""
    asking: dict[str, list[Outcome]] = defaultdict(list)
    for made in found:
        if made.asks:
            asking[str(made.row.dataset)].append(made)
    return [_alone(made, asking[str(made.row.dataset)]) if made.asks else made for made in found]


def _alone(made: Outcome, asking: Sequence[Outcome]) -> Outcome:
    if len(asking) < 2:
        return made
    if any(other.asks != made.asks for other in asking):
        places = " et ".join(other.row.place for other in asking)
        return replace(
            made,
            kind=REFUSED,
            sentence=f"La même donnée a des réponses différentes ({places})\u00a0: gardez-en une.",
            made=None,
        )
    # The same answer twice: counted once, and as a conflict if one of them is.
    kept = next((one for one in asking if one.kind == CONFLICT), asking[0])
    if made is kept or made.kind not in (NEW, CONFLICT):
        return made
    said = f"Même réponse que {kept.row.place}\u00a0: comptée une fois."
    return replace(made, kind=UNCHANGED, sentence=said, made=None)
