"""What the control of a file says: will it be accepted, and every kind of error with its rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from data.schemas import Schema
from diagnostics.conformity.cells import Issue
from diagnostics.conformity.messages import verdict_sentence
from diagnostics.conformity.sense import Sense


@dataclass(frozen=True)
class Verdict:
    """The verdict on one file. `rows_with_errors`: rows with at least one error."""

    schema: Schema
    file: str
    rows: int = 0
    rows_with_errors: int = 0
    errors: tuple[Issue, ...] = ()
    warnings: tuple[Issue, ...] = ()
    sense: tuple[Sense, ...] = field(default=())
    seconds: float = 0.0

    @property
    def valid(self) -> bool:
        """Whether the file would be accepted; never with a schema that could not be read."""
        return self.schema.loaded and not self.errors

    @property
    def share_valid_rows(self) -> float:
        """Share of rows without any error, 0 to 1; 1 for a file without rows."""
        return 1 - self.rows_with_errors / self.rows if self.rows else 1.0

    @property
    def sentence(self) -> str:
        """« Sera-t-il accepté ? » answered in French."""
        return verdict_sentence(
            self.valid,
            self.rows,
            self.rows_with_errors,
            self.errors,
            self.warnings,
            self.schema.loaded,
        )

    def document(self) -> dict[str, Any]:
        """The `validate` document of the interface."""
        return {
            "schema": self.schema.header(),
            "file": self.file,
            "rows": self.rows,
            "rows_checked": self.rows,
            "valid": self.valid,
            "rows_with_errors": self.rows_with_errors,
            "share_valid_rows": round(self.share_valid_rows, 6),
            "errors": [issue.document() for issue in self.errors],
            "warnings": [issue.document() for issue in self.warnings],
            "sense": [made.document() for made in self.sense],
            "seconds": round(self.seconds, 3),
        }
