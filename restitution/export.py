"""What a document is once made, and how its file is named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from data.entries import Draft
from data.territories import Territory
from restitution.account import Account
from restitution.drafts import Pictures


@dataclass(frozen=True)
class Made:
    """The bytes of a document, and the parts it leaves empty, each with its reason."""

    content: bytes
    skipped: tuple[tuple[str, str], ...] = ()


Make = Callable[[Account, Draft | None, Pictures], Made]


@dataclass(frozen=True)
class Export:
    """A kind of document: its command, its name for people, and one maker for each extension."""

    id: str
    title: str
    stem: str  # of its file
    makers: Mapping[str, Make]  # by extension; the first one is the default

    @property
    def extension(self) -> str:
        """The extension used when none is asked."""
        return next(iter(self.makers))


def file_name(stem: str, place: Territory, day: date, internal: bool, extension: str) -> str:
    """'rapport_46042_2026-11-21.pdf'; FICTIF and INTERNE are said in the name."""
    code = place.code.replace(":", "_")
    marks = ("_FICTIF" if place.fictional else "") + ("_INTERNE" if internal else "")
    return f"{stem}_{code}{marks}_{day:%Y-%m-%d}.{extension}"
