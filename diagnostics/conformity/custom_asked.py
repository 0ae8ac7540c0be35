"""A custom check as a schema asks for it: its name, its column and its parameters, all verified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from data.schemas import Schema
from diagnostics.conformity.cells import Cells

# What the official tools renamed; the former names still work there and here.
RENAMED = {
    "french-siret-value": "siret",
    "french-siren-value": "siren",
    "nomenclature-actes-value": "nomenclature-acte",
}
OF_TEXT = ("string", "any")  # types whose values reach a check as text
OF_NUMBER = ("number", "integer", "year")


class BadCheck(Exception):
    """A check that its schema describes badly: what is wrong, in French."""


@dataclass(frozen=True)
class Asked:
    """One custom check of a schema. `given` is the name as the schema spells it."""

    given: str
    params: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The name that is looked up: with hyphens (one schema writes underscores), as of today."""
        spelt = self.given.replace("_", "-").lower()
        return RENAMED.get(spelt, spelt)

    @property
    def column(self) -> str:
        """The column that bears the error. Raises BadCheck."""
        return self.text("column")

    def text(self, key: str, default: str | None = None) -> str:
        """A parameter that is a text. Raises BadCheck."""
        value = self.params.get(key, default)
        if not isinstance(value, str) or not value:
            raise BadCheck(f"le paramètre « {key} » manque ou n'est pas un texte")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A parameter that is a list of column names. Raises BadCheck."""
        value = self.params.get(key)
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise BadCheck(f"le paramètre « {key} » n'est pas une liste de colonnes")
        return tuple(value)


def asked(schema: Schema) -> Iterator[Asked]:
    """The checks of a schema: those of the table, then those that a field bears (`customCheck`)."""
    for one in schema.custom_checks:
        params = one.get("params")
        yield Asked(str(one.get("name", "")), params if isinstance(params, Mapping) else {})
    for field in schema.fields:
        borne = field.raw.get("customCheck")
        if isinstance(borne, str):
            yield Asked(borne, {"column": field.name})
        elif isinstance(borne, Mapping):
            rest = {key: value for key, value in borne.items() if key != "name"}
            yield Asked(str(borne.get("name", "")), {**rest, "column": field.name})


def kind(cells: Cells, name: str) -> str:
    """The type of a field in the schema, « any » for a column that it does not describe."""
    field = cells.schema.field(name)
    return field.type if field else "any"


def needs_text(cells: Cells, name: str) -> None:
    """Raises BadCheck when a check written for text is asked of another type."""
    if kind(cells, name) not in OF_TEXT:
        raise BadCheck(f"il est prévu pour du texte, or « {name} » est d'un autre type")


def typed(cells: Cells, name: str) -> str:
    """The typed column of a field, null when the file does not have it."""
    return cells.typed.get(name, "null")
