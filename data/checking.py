"""Reading a YAML or JSON reference file and refusing a wrong one in one clear sentence."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

# libyaml's loader is the same safe loader, ten times faster; some builds of PyYAML lack it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SCHEMAS = Path(__file__).parent / "reference" / "schemas"


class CardError(Exception):
    """A reference file that cannot be trusted: « fichier : champ : donné ; permis »."""


def read_yaml(text: str, file: str) -> Any:
    """Parse YAML text; `file` names it in the sentence of a refusal."""
    try:
        return yaml.load(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"ligne {mark.line + 1}" if mark else "contenu"
        raise CardError(f"{file} : {place} : YAML illisible ; corriger la syntaxe") from error


def check(document: Any, schema: dict[str, Any], file: str) -> None:
    """Refuse `document` where it departs from the JSON Schema: file, field, given, allowed."""
    errors = sorted(Draft202012Validator(schema).iter_errors(document), key=_depth)
    if errors:
        raise CardError(f"{file} : {_sentence(errors[0])}")


def load(path: Path, schema_name: str) -> Any:
    """Read a reference file and check it against `schemas/<schema_name>.schema.json`."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CardError(f"{path.name} : encodage : octets non UTF-8 ; permis : UTF-8") from error
    document = read_yaml(text, path.name)
    check(document, schema(schema_name), path.name)
    return document


@cache
def schema(name: str) -> dict[str, Any]:
    """The JSON Schema kept under data/reference/schemas."""
    found = read_yaml((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"), name)
    return dict(found)


def _depth(error: ValidationError) -> tuple[int, str]:
    return len(error.absolute_path), "/".join(str(step) for step in error.absolute_path)


def _sentence(error: ValidationError) -> str:
    """What was given and what is allowed; the validator's own word says which rule failed."""
    field = "/".join(str(step) for step in error.absolute_path) or "document"
    instance = cast(Any, error.instance)
    given = _short(instance)
    rule = cast(Any, error.validator_value)  # its type allows for a value never set
    match error.validator:
        case "required":
            missing = [key for key in rule if key not in instance]
            return (
                f"{'/'.join([*map(str, error.absolute_path), missing[0]])} : absent ; obligatoire"
            )
        case "additionalProperties":
            known = cast(dict[str, Any], error.schema).get("properties", {})
            extra = next(key for key in instance if key not in known)
            return f"{extra} : champ inconnu ; permis : {', '.join(known)}"
        case "enum":
            allowed = ", ".join(str(value) for value in rule)
            return f"{field} : {given} donné ; permis : {allowed}"
        case "type":
            return f"{field} : {given} donné ; type permis : {rule}"
        case "pattern":
            return f"{field} : {given} donné ; forme permise : {rule}"
        case name:
            return f"{field} : {given} donné ; règle {name} : {_short(rule)}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
