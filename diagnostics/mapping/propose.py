"""Which field of a standard each column of a file is: proposed, with its confidence and its reason.

Names and values give each pair a mark; the best one-to-one assignment is kept; a confidence, the
share of right answers among pairs that look like this one, decides: taken as it is (`auto`), shown
for a person to accept (`suggest`), or nothing. Columns about people go to no field by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

from data.reading.reading import ReadColumn
from data.schemas import Field, Schema
from diagnostics.mapping.choices import Choices
from diagnostics.mapping.contents import Profile, profile
from diagnostics.mapping.evidence import Evidence, weighed
from diagnostics.mapping.mapped import AUTO, NONE, SUGGEST, Candidate, Mapped
from diagnostics.mapping.names import plain, squashed
from diagnostics.mapping.personal import EMAIL, PERSON, PHONE, TEXT, PersonalFlag, flagged
from diagnostics.mapping.reasons import reason
from diagnostics.mapping.reshape import reshaped

AUTO_FROM = 0.9  # confidence
EXACT = 0.98  # least confidence in the very name of a field
SUGGEST_FROM = 0.36
__all__ = ["AUTO", "NONE", "SUGGEST", "Candidate", "Mapped", "Proposal", "propose", "proposed"]

WORTH = 0.2  # mark under which a pair is not even assigned
SHOWN = 3  # candidates
RIVAL = 0.7  # share of the mark from which another field is worth naming


@dataclass(frozen=True)
class Proposal:
    """The columns of a file and the fields proposed for them."""

    schema: Schema
    columns: tuple[Mapped, ...]
    missing_required: tuple[str, ...]

    @property
    def fields(self) -> dict[str, str | None]:
        """Header -> field taken as it is, None for any other column."""
        return {one.header: one.field if one.decision == AUTO else None for one in self.columns}

    @property
    def suggested(self) -> dict[str, str]:
        """Header -> field that a person should look at."""
        return {
            one.header: one.field
            for one in self.columns
            if one.decision == SUGGEST and one.field is not None
        }

    def choices(self, suggested: bool = True) -> Choices:
        """The proposal as decisions; without suggestions, only what is taken as it is."""
        fields = {**self.fields, **(self.suggested if suggested else {})}
        splits = tuple(one.split for one in self.columns if one.split is not None)
        merges = tuple(dict.fromkeys(one.merge for one in self.columns if one.merge is not None))
        return Choices(fields=fields, splits=splits, merges=merges)

    def document(self) -> dict[str, Any]:
        """The `map` document of the interface."""
        return {
            "schema": {"id": self.schema.id, "version": self.schema.version},
            "columns": [one.document() for one in self.columns],
            "missing_required": list(self.missing_required),
        }


def propose(
    columns: Sequence[ReadColumn],
    table: pa.Table,
    schema: Schema,
    corrections: Mapping[str, str | None] | None = None,
) -> Proposal:
    """The field of each column of `table`; `corrections` are those of the same producer."""
    profiles = [profile(table[one.name]) for one in columns]
    return proposed(columns, profiles, schema, corrections)


def proposed(
    columns: Sequence[ReadColumn],
    profiles: Sequence[Profile],
    schema: Schema,
    corrections: Mapping[str, str | None] | None = None,
) -> Proposal:
    """As `propose`, of columns whose values were looked at already."""
    headers = [one.name for one in columns]
    about = dict(zip(headers, profiles, strict=True))
    personal = {one.column: one for one in flagged(columns, about)}
    fixed = _fixed(columns, schema, corrections or {})
    evidence = weighed(headers, profiles, schema)
    marks = _allowed(evidence, personal, fixed, schema)
    chosen = _assigned(marks)
    chosen.update({row: _place(schema, name) for row, name in fixed.items()})
    made = [
        _mapped(row, evidence, marks, chosen, personal.get(headers[row]), row in fixed, schema)
        for row in range(len(headers))
    ]
    whole = reshaped(made, profiles, evidence.kinds, schema)
    return Proposal(schema, tuple(whole), _missing(whole, schema))


def _fixed(
    columns: Sequence[ReadColumn], schema: Schema, corrections: Mapping[str, str | None]
) -> dict[int, str | None]:
    """Rows that somebody corrected before; each field once."""
    made: dict[int, str | None] = {}
    for row, one in enumerate(columns):
        header = one.name if one.name in corrections else one.original
        if header not in corrections:
            continue
        name = corrections[header]
        if name is None or (schema.field(name) and name not in made.values()):
            made[row] = name
    return made


def _place(schema: Schema, name: str | None) -> int:
    return -1 if name is None else schema.names.index(name)


def _allowed(
    evidence: Evidence,
    personal: Mapping[str, PersonalFlag],
    fixed: Mapping[int, str | None],
    schema: Schema,
) -> np.ndarray:
    """The marks, without the pairs that a correction or the protection of people rules out."""
    marks = evidence.marks.copy()
    for row, header in enumerate(evidence.headers):
        flag = personal.get(header)
        if flag is not None:
            for column, field in enumerate(schema.fields):
                if not _made_for(flag, field, evidence, row, column):
                    marks[row, column] = 0
    for row, name in fixed.items():
        marks[row, :] = 0
        if name is not None:
            marks[:, _place(schema, name)] = 0
    return marks


def _made_for(flag: PersonalFlag, field: Field, evidence: Evidence, row: int, column: int) -> bool:
    """Whether the standard's own field is what the flagged column holds."""
    name = plain(field.name.replace("_", " "))
    if flag.kind == TEXT:
        return True
    if flag.kind == EMAIL:
        return evidence.kinds[column] == "email" or "contact" in name or "mail" in name
    if flag.kind == PHONE:
        return evidence.kinds[column] == "phone"
    if flag.kind == PERSON:
        named = bool(evidence.names[row, column] >= 0.9)
        return named and (not flag.sure or "personne" in name or "contact" in name)
    return False


def _assigned(marks: np.ndarray) -> dict[int, int]:
    """The one-to-one assignment of greatest total mark, without pairs that are worth nothing."""
    if not marks.size:
        return {}
    worth = np.where(marks >= WORTH, marks, 0.0)
    # Cubes: one sure pair is worth more than two doubtful ones.
    rows, columns = linear_sum_assignment(worth**3, maximize=True)
    return {
        int(row): int(column)
        for row, column in zip(rows, columns, strict=True)
        if worth[row, column] > 0
    }


def _mapped(
    row: int,
    evidence: Evidence,
    marks: np.ndarray,
    chosen: Mapping[int, int],
    flag: PersonalFlag | None,
    corrected: bool,
    schema: Schema,
) -> Mapped:
    header, place = evidence.headers[row], chosen.get(row, -1)
    if corrected:
        field = None if place < 0 else schema.names[place]
        decision = NONE if field is None else AUTO
        shown = () if field is None else (Candidate(field, 1.0),)
        why = reason(header, None if place < 0 else schema.fields[place], corrected=True, flag=flag)
        return Mapped(header, field, 1.0, decision, shown, flag, why)
    sure = evidence.confidence(row, marks)
    candidates = _candidates(marks[row], sure, place, schema)
    same = place >= 0 and squashed(header) == squashed(schema.names[place])
    if same:  # the very name: the validator will say what its values are worth
        sure[place] = max(sure[place], EXACT)
    confidence = float(sure[place]) if place >= 0 else 0.0
    tied = _tied(marks[row], place, chosen)
    decision = _decided(confidence, row, place, evidence, flag, tied)
    if decision == AUTO and _a_count_for_words(header, schema.fields[place]):
        decision = SUGGEST
    if same and flag is None:
        decision = AUTO
    kept = schema.fields[place] if decision != NONE else None
    why = reason(
        header,
        kept,
        flag=flag,
        name=float(evidence.names[row, place]) if kept else 0.0,
        fit=float(evidence.fits[row, place]) if kept else 0.0,
        sure=decision == AUTO,
        rival=_rival(marks[row], place, schema) if kept else None,
    )
    return Mapped(header, kept.name if kept else None, confidence, decision, candidates, flag, why)


def _a_count_for_words(header: str, field: Field) -> bool:
    """« Nombre de places » for the name of a place: the words are alike, the things are not."""
    wordy = field.type == "string" and not _COUNT.search(plain(field.name))
    return wordy and bool(_COUNT.match(plain(header)))


_COUNT = re.compile(r"\b(nombre|nb|nbre|nbr|qte|quantite|effectif|total|count)\b")


def _tied(marks: np.ndarray, place: int, chosen: Mapping[int, int]) -> bool:
    """Whether a field that no column took would do about as well."""
    free = set(range(len(marks))) - set(chosen.values())
    return place >= 0 and any(marks[other] > marks[place] - 0.05 for other in free)


def _rival(marks: np.ndarray, place: int, schema: Schema) -> str | None:
    """The field that the column may just as well be; none when no other comes near."""
    others = np.delete(marks, place)
    if not others.size or others.max() < RIVAL * marks[place]:
        return None
    names = [name for row, name in enumerate(schema.names) if row != place]
    return names[int(others.argmax())]


def _candidates(
    marks: np.ndarray, sure: np.ndarray, place: int, schema: Schema
) -> tuple[Candidate, ...]:
    """The three likeliest fields, the assigned one first."""
    order = sorted(range(len(marks)), key=lambda one: (one != place, -marks[one], one))
    kept = [one for one in order if marks[one] >= 0.12][:SHOWN]
    return tuple(Candidate(schema.names[one], float(sure[one])) for one in kept)


def _decided(
    confidence: float,
    row: int,
    place: int,
    evidence: Evidence,
    flag: PersonalFlag | None,
    tied: bool,
) -> str:
    """Taken as it is only when the name says it, nobody is designated and no field rivals."""
    if place < 0 or confidence < SUGGEST_FROM:
        return NONE
    plainly = evidence.names[row, place] >= 0.7 and evidence.fits[row, place] > -0.3
    if confidence >= AUTO_FROM and plainly and flag is None and not tied:
        return AUTO
    return SUGGEST


def _missing(made: Sequence[Mapped], schema: Schema) -> tuple[str, ...]:
    filled = {one.field for one in made}
    filled |= {name for one in made if one.split for name in one.split.fields}
    filled |= {one.merge.field for one in made if one.merge}
    return tuple(one.name for one in schema.fields if one.required and one.name not in filled)
