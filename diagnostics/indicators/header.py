"""What an indicator is: the header of its `.sql` file, read and checked.

One file is one indicator, or one per variant. The theme is the folder, the id the file name (plus
`_<variant>`), and the header a YAML block comment that `header.schema.json` describes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from data.catalog import CardError, catalog, check, read_yaml

ROOT = Path(__file__).parent
THEMES = ("portrait", "climat", "risques", "biodiversite", "centre_ville")
_FILE = re.compile(r"\A\s*/\*(?P<header>.*?)\*/(?P<sql>.*)\Z", re.DOTALL)
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Indicator:
    """One figure the product can compute, and how to read it."""

    id: str
    key: str  # file name without its extension: shared by the variants of a file
    theme: str
    title: str
    unit: str  # « date » for an ISO date
    datasets: tuple[str, ...]  # all are needed
    reading: str
    source: str
    higher_is: str  # mieux, pire, neutre
    plausible: tuple[Any, Any]  # bounds, same nature as the value
    precision: int  # decimals the source supports
    caveats: tuple[str, ...]
    levels: tuple[str, ...]
    sql: str
    interval: str | None = None  # what low and high are
    compared: bool = True  # False where a place among towns would mislead
    partial: bool = False  # True: computed even where the source misses a member
    notes: dict[str, str] = field(default_factory=dict)  # caution proper to one territory
    params: dict[str, Any] = field(default_factory=dict)  # SQL parameters
    variant: str | None = None
    examples: tuple[dict[str, Any], ...] = ()

    @property
    def numeric(self) -> bool:
        """False for a date."""
        return self.unit != "date"


@cache
def indicators() -> dict[str, Indicator]:
    """The indicators of the product by id, in the order of the themes then of the file names."""
    return load_indicators(ROOT)


def load_indicators(root: Path) -> dict[str, Indicator]:
    """Read a folder of themes; raises CardError naming file, field, given, allowed."""
    found: dict[str, Indicator] = {}
    for path in _files(root):
        for made in _read(path):
            if made.id in found:
                raise CardError(f"{path.name} : id : {made.id!r} donné deux fois ; en changer un")
            found[made.id] = made
    return found


def _files(root: Path) -> list[Path]:
    return [path for theme in THEMES for path in sorted((root / theme).glob("*.sql"))]


def _read(path: Path) -> list[Indicator]:
    header, sql = _split(path)
    document = read_yaml(header, path.name)
    check(document, _schema(), path.name)
    _check_meaning(path.name, document, sql)
    variants = document.pop("variants", None)
    if variants is None:
        return [_indicator(path, document, sql, None, {})]
    return [_indicator(path, document, sql, str(key), made) for key, made in variants.items()]


def _split(path: Path) -> tuple[str, str]:
    if not _NAME.fullmatch(path.stem):
        raise CardError(f"{path.name} : nom : {path.stem!r} donné ; permis : a-z, 0-9 et _")
    found = _FILE.match(path.read_text(encoding="utf-8"))
    if not found:
        raise CardError(f"{path.name} : en-tête : absent ; attendu en tête : /* titre, unité… */")
    if not found["sql"].strip():
        raise CardError(f"{path.name} : SQL : absent ; attendu sous l'en-tête : une requête")
    return found["header"], found["sql"].strip()


@cache
def _schema() -> dict[str, Any]:
    return dict(json.loads((ROOT / "header.schema.json").read_text(encoding="utf-8")))


def _check_meaning(file: str, document: dict[str, Any], sql: str) -> None:
    """What a JSON Schema cannot say: known datasets, read by the SQL; ordered bounds."""
    for dataset in document["datasets"]:
        if dataset not in catalog().datasets:
            raise CardError(
                f"{file} : datasets : {dataset!r} donné ; permis : un identifiant de "
                "data/reference/datasets"
            )
        if not re.search(rf"\b{dataset}\b", sql):
            raise CardError(f"{file} : datasets : {dataset!r} donné ; la requête ne le lit pas")
    bounds = document["plausible"]
    if not _ordered(bounds, document["unit"]):
        raise CardError(f"{file} : plausible : {bounds} donné ; permis : [minimum, maximum]")
    if not re.search(r"\bmembers\b", sql):
        raise CardError(f"{file} : SQL : table members non lue ; attendu : from members")


def _ordered(bounds: list[Any], unit: str) -> bool:
    """Two texts for a date, two numbers otherwise, the lesser first."""
    wanted = str if unit == "date" else (int, float)
    return all(isinstance(bound, wanted) for bound in bounds) and bounds == sorted(bounds)


def _indicator(
    path: Path, document: dict[str, Any], sql: str, variant: str | None, words: dict[str, Any]
) -> Indicator:
    made = {key: _frozen(value) for key, value in document.items()}
    for key in ("title", "reading", "unit"):
        made[key] = _fill(made[key], words)
    return Indicator(
        id=path.stem if variant is None else f"{path.stem}_{variant}",
        key=path.stem,
        theme=path.parent.name,
        sql=sql,
        params={name: value for name, value in words.items() if re.search(rf"\${name}\b", sql)},
        variant=variant,
        **made,
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _fill(text: str, words: dict[str, Any]) -> str:
    for name, value in words.items():
        text = text.replace("{" + name + "}", str(value))
    return text
