"""The schema of a standard at an address: asked once, read as any other schema."""

from __future__ import annotations

from connectors.fetching import FetchError
from connectors.network.http import Http, Limits
from data.schemas import Schema, schema_of
from data.standards import LARGEST, UnknownSchema

_LIMITS = Limits(deadline=30, json_bytes=LARGEST)


def is_address(asked: str) -> bool:
    """Whether a schema is asked for by its address rather than by its id or its path."""
    return asked.lower().startswith(("http://", "https://"))


def schema(url: str) -> Schema:
    """The schema at an address. Raises UnknownSchema with the reason in one sentence."""
    try:
        with Http(_LIMITS) as client:
            document = client.document(url)
    except FetchError as failure:
        raise UnknownSchema(f"Schéma non récupéré : {failure}.") from failure
    if not isinstance(document, dict):
        raise UnknownSchema(f"« {url[:120]} » : ce n'est pas un schéma en JSON.")
    return schema_of(document, url)
