"""What a person decided of a file's columns: kept as JSON, to be undone and replayed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

LATLON, SEPARATOR = "latlon", "separator"


@dataclass(frozen=True)
class Split:
    """One column that becomes several: « lat,lon », or the parts between a separator."""

    header: str
    fields: tuple[str, ...]
    by: str = SEPARATOR  # latlon: latitude then longitude, whatever the order in `fields`
    separator: str = ","


@dataclass(frozen=True)
class Merge:
    """Several columns that become one; empty cells are left out."""

    headers: tuple[str, ...]
    field: str
    separator: str = " "


@dataclass(frozen=True)
class Choices:
    """Everything decided; `fields` gives each header its field, or None to leave it aside."""

    fields: Mapping[str, str | None] = field(default_factory=dict)
    splits: tuple[Split, ...] = ()
    merges: tuple[Merge, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)  # field -> value on every line
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # field -> {given: kept}
    units: Mapping[str, str] = field(default_factory=dict)  # header -> unit its cells said

    def transforms(self) -> dict[str, Any]:
        """What `data.entries.Publication.transforms` keeps: everything but `fields`."""
        made = asdict(self)
        made.pop("fields")
        return made


def choices_of(fields: Mapping[str, str | None], transforms: Mapping[str, Any]) -> Choices:
    """Choices from what was kept."""
    return Choices(
        fields=dict(fields),
        splits=tuple(
            Split(**{**one, "fields": tuple(one["fields"])}) for one in transforms.get("splits", ())
        ),
        merges=tuple(
            Merge(**{**one, "headers": tuple(one["headers"])})
            for one in transforms.get("merges", ())
        ),
        constants=dict(transforms.get("constants", {})),
        values={name: dict(made) for name, made in transforms.get("values", {}).items()},
        units=dict(transforms.get("units", {})),
    )
