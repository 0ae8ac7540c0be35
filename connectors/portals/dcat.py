"""A DCAT feed in JSON: the US profile that many sites serve, or JSON-LD."""

from __future__ import annotations

import re
from typing import Any

from connectors.fetching import FetchError, Get
from connectors.portals.answers import (
    ENDPOINT,
    Asker,
    Listing,
    check_total,
    dataset,
    dictionaries,
    file,
    organisation,
    origin,
    root,
    sequence,
    text,
)

KIND = "dcat"
PATHS = ("/api/feed/dcat-us/1.1.json", "/data.json")
PREFIX = re.compile(r"^(?:.*[/#]|dcat:|dct:|dcterms:|foaf:|@)")


def base(ask: Asker, url: str) -> str | None:
    """The address of the feed where there is one: the one given, else the usual ones."""
    given = [url] if root(url) != origin(url) else []
    for address in [*given, *(f"{origin(url)}{path}" for path in PATHS)]:
        if _datasets(ask.json(address)) is not None:
            return address
    return None


def listing(get: Get, address: str) -> Listing:
    """Every dataset of the feed; raises FetchError where it is none."""
    answer, url = get.json(ENDPOINT, address)
    found = _datasets(answer)
    if found is None:
        raise FetchError(f"{url} : aucun jeu de données DCAT dans la réponse")
    check_total(len(found), url)
    nodes = _nodes(answer)
    return Listing([_dataset(address, made, nodes, url) for made in found])


def _is_person(publisher: dict[str, Any]) -> bool:
    """Whether who publishes is a person, whom nothing here names."""
    return "Person" in map(_short, sequence(publisher.get("type")))


def _datasets(answer: Any) -> list[dict[str, Any]] | None:
    """The datasets of a document; None where it is none, nor one that can be read."""
    try:
        return _listed(answer)
    except RecursionError:  # lists in lists in lists: no feed
        return None


def _listed(answer: Any) -> list[dict[str, Any]] | None:
    """The datasets of a document: under `dataset`, or among the nodes of a graph."""
    if not isinstance(answer, dict):
        return None
    if isinstance(answer.get("dataset"), list):
        return [_plain(made) for made in dictionaries(answer["dataset"])]
    nodes = [_plain(made) for made in dictionaries(answer.get("@graph"))]
    found = [made for made in nodes if "Dataset" in map(_short, sequence(made.get("type")))]
    return found or None


def _nodes(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The nodes of a graph by identifier: files and publishers stand apart from datasets."""
    made = [_plain(node) for node in dictionaries(answer.get("@graph"))]
    return {str(node["id"]): node for node in made if node.get("id")}


def _plain(node: dict[str, Any]) -> dict[str, Any]:
    """A node with its keys and its values without their marks."""
    return {_short(key): _value(made) for key, made in node.items()}


def _value(made: Any) -> Any:
    if isinstance(made, list):
        return [_value(one) for one in made]
    if isinstance(made, dict) and "@value" in made:
        return made["@value"]
    return _plain(made) if isinstance(made, dict) else made


def _short(name: Any) -> str:
    return PREFIX.sub("", str(name))


def _dataset(
    address: str, given: dict[str, Any], nodes: dict[str, dict[str, Any]], url: str
) -> dict[str, Any]:
    identifier = text(given.get("identifier")) or text(given.get("id"))
    title = text(given.get("title"))
    if not identifier or not title:
        raise FetchError(f"{url} : un jeu de la liste n'a pas d'identifiant ou de titre")
    publisher = _node(given.get("publisher"), nodes)
    files = [_node(made, nodes) for made in _several(given.get("distribution"))]
    page = _address(given.get("landingPage")) or address
    return dataset(
        identifier[:300],
        title,
        page,
        description=text(given.get("description")) or "",
        license=_address(given.get("license")) or _licence_of(files),
        frequency=_last(given.get("accrualPeriodicity")),
        last_update=text(given.get("modified")),
        organization=None if _is_person(publisher) else organisation(publisher.get("name")),
        tags=given.get("keyword"),
        resources=[_file(made, given) for made in files if made],
    )


def _file(given: dict[str, Any], parent: dict[str, Any]) -> dict[str, Any]:
    address = _address(given.get("downloadURL")) or _address(given.get("accessURL"))
    kind = _last(given.get("format")) or _last(given.get("mediaType"))
    schema = _address(given.get("conformsTo")) or _address(parent.get("conformsTo"))
    described = text(given.get("description"))
    said = {"description": described, "schema": {"name": None, "url": schema}}
    return file(address, kind.lower() if kind else None, given.get("title"), **said)


def _several(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [given] if given else []


def _node(given: Any, nodes: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """An object given whole, or by its identifier in the graph."""
    if isinstance(given, list):
        given = given[0] if given else None
    if isinstance(given, str):
        return nodes.get(given, {})
    found = given if isinstance(given, dict) else {}
    return found if len(found) > 1 else nodes.get(str(found.get("id")), found)


def _address(given: Any) -> str | None:
    """A text, or the identifier of an object."""
    if isinstance(given, list):
        given = given[0] if given else None
    return text(given.get("id")) if isinstance(given, dict) else text(given)


def _licence_of(files: list[dict[str, Any]]) -> str | None:
    return next((found for made in files if (found := _address(made.get("license")))), None)


def _last(given: Any) -> str | None:
    """The last word of an address of a vocabulary: « .../frequency/ANNUAL » is annual."""
    found = _address(given)
    return (found.rstrip("/").rpartition("/")[2] or None) if found else None
