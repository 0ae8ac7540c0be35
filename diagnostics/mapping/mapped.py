"""What is proposed for one column of a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from diagnostics.mapping.choices import Merge, Split
from diagnostics.mapping.personal import PersonalFlag

AUTO, SUGGEST, NONE = "auto", "suggest", "none"


@dataclass(frozen=True)
class Candidate:
    """A field that a column may be, and how sure that is, 0 to 1."""

    field: str
    confidence: float


@dataclass(frozen=True)
class Mapped:
    """What is proposed for one column."""

    header: str
    field: str | None
    confidence: float
    decision: str
    candidates: tuple[Candidate, ...]
    personal: PersonalFlag | None
    why: str
    split: Split | None = None  # this column is to become several fields
    merge: Merge | None = None  # this column is to become one field with others

    def document(self) -> dict[str, Any]:
        """As the interface gives it."""
        made: dict[str, Any] = {
            "header": self.header,
            "field": self.field,
            "confidence": round(self.confidence, 3),
            "decision": self.decision,
            "candidates": [
                {"field": one.field, "confidence": round(one.confidence, 3)}
                for one in self.candidates
            ],
            "personal_data": self.personal is not None,
            "why": self.why,
        }
        if self.split is not None:
            made["split"] = {"fields": list(self.split.fields), "by": self.split.by}
        if self.merge is not None:
            made["merge"] = {"headers": list(self.merge.headers), "field": self.merge.field}
        return made
