"""The common base: which datasets the SCDL names, and which ones the law wants published."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from data.checking import CardError, load


@dataclass(frozen=True)
class BaseSet:
    """A dataset of the common base and the standards it follows."""

    dataset: str  # id of its card
    standards: tuple[str, ...]  # ids of standards/catalogue.yml, the one to follow first
    scdl: bool  # these standards bear the SCDL label


@dataclass(frozen=True)
class CommonBase:
    """The sets in the order they are shown, and how many the SCDL had at its beginnings."""

    announced: int  # « ten », in 2017
    announced_year: int
    documented: int  # « seven », in 2018
    documented_year: int
    sets: tuple[BaseSet, ...]

    @property
    def labelled(self) -> int:
        """How many schemas bear the label today."""
        return sum(len(made.standards) for made in self.sets if made.scdl)


def load_common_base(
    path: Path, datasets: Collection[str], standards: Collection[str]
) -> CommonBase:
    """Read and check the file; raises CardError naming file, field, given, allowed."""
    document = load(path, "common_base")
    rows = document.pop("sets")
    for row in rows:
        _known(path, "dataset", row["dataset"], datasets, "datasets/")
        for standard in row["standards"]:
            _known(path, "standards", standard, standards, "standards/catalogue.yml")
    sets = [BaseSet(row["dataset"], tuple(row["standards"]), row["scdl"]) for row in rows]
    return CommonBase(**document, sets=tuple(sets))


def _known(path: Path, field: str, given: str, allowed: Collection[str], where: str) -> None:
    if given not in allowed:
        raise CardError(
            f"{path.name} : {field} : {given!r} donné ; permis : un identifiant de {where}"
        )
