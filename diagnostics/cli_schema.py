"""The schema that a command is asked for: kept here, in a file, or at an address.

`map`, `validate`, `publish` and `consolidate` look it up here, with the same sentences and the same
exit code (2: a schema that cannot be had is wrong use).
"""

from __future__ import annotations

from collections.abc import Callable

from data.schemas import Schema
from data.standards import UnknownSchema, opened
from diagnostics.usage import WrongUse

METAVAR = "ID|PATH|URL"
ADDRESSES = ("http://", "https://")
Fetch = Callable[[str], Schema]  # the schema at an address; raises UnknownSchema


def is_address(asked: str) -> bool:
    """Whether a schema is asked for by its address, in capitals or not."""
    return asked.lower().startswith(ADDRESSES)


def schema_asked(asked: str, fetch: Fetch | None, *, columns: bool = True) -> Schema:
    """The schema asked for; `columns=False` for a use that a standard without fields has too.

    `fetch` is what opens an address; without it an address is refused. An address is asked once,
    here. Raises WrongUse, in one sentence.
    """
    try:
        found = _at(asked, fetch) if is_address(asked) else opened(asked)
    except UnknownSchema as unknown:
        raise WrongUse(str(unknown)) from unknown
    if columns and not (found.fields and found.loaded):
        why = found.problem or "il ne décrit pas de colonnes."
        raise WrongUse(f"Schéma «\u00a0{found.id[:120]}\u00a0»\u00a0: {why}")
    return found


def _at(address: str, fetch: Fetch | None) -> Schema:
    if fetch is None:
        raise WrongUse("Une adresse ne peut être ouverte ici\u00a0; donnez le fichier du schéma.")
    scheme, _, rest = address.partition(":")
    return fetch(f"{scheme.lower()}:{rest}")  # what it is called in what is written
