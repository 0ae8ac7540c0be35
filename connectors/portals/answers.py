"""What the modules of the kinds of portals share: how to ask one, and what its list looks like.

A portal is asked by an address that a catalogue or a person gave: nothing it answers is trusted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from connectors.fetching import FetchError, Get, Offline, Unreachable

ENDPOINT = "PORTALS"
MAX_DATASETS = 20_000  # beyond, this is no town's portal
MAX_TAGS, MAX_FILES = 50, 50
TROUBLES = 2  # addresses of a portal that failed: the others are not tried
# Refusals that another path of the same host would meet again.
FINAL = ("adresse privée", "certificat refusé", "délai total", "nom d'hôte")


@dataclass(frozen=True)
class Listing:
    """The datasets of a portal, in the shape of data.gouv.fr's, and what a reader must know."""

    datasets: list[dict[str, Any]]
    notes: list[str] = field(default_factory=list)


@dataclass
class Asker:
    """The network for one portal: what is not an answer is None, a host in trouble is left."""

    get: Get
    troubles: int = 0

    def json(self, url: str, params: Mapping[str, Any] | None = None) -> Any:
        """A JSON document, or None where this address gives none; raises FetchError."""
        try:
            return self.get.json(ENDPOINT, url, params)[0]
        except FetchError as error:
            self._bear(error)
            return None

    def text(self, url: str, params: Mapping[str, Any] | None = None) -> str | None:
        """A text, or None where this address gives none; raises FetchError."""
        try:
            return self.get.text(ENDPOINT, url, params)[0]
        except FetchError as error:
            self._bear(error)
            return None

    def _bear(self, error: FetchError) -> None:
        """Raise what another address of the same host would meet again."""
        silent = isinstance(error, Unreachable) and error.status is None
        if isinstance(error, Offline) or silent or any(word in str(error) for word in FINAL):
            raise error
        self.troubles += isinstance(error, Unreachable)
        if self.troubles >= TROUBLES:
            raise error


def origin(url: str) -> str:
    """Scheme and host of an address."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, "", "", ""))


def root(url: str) -> str:
    """The address without its query, nor the slash at its end."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", "")).rstrip("/")


def roots(url: str) -> list[str]:
    """Where a program may stand: at the address given, then at its host."""
    return list(dict.fromkeys([root(url), origin(url)]))


def dataset(identifier: str, title: Any, page: str, **given: Any) -> dict[str, Any]:
    """A dataset in the shape of data.gouv.fr; keys left out are unknown."""
    made = {"id": identifier, "title": text(title) or identifier, "page": page, **given}
    made["tags"] = [tag[:100] for tag in map(text, sequence(given.get("tags"))) if tag][:MAX_TAGS]
    made["resources"] = list(given.get("resources") or ())[:MAX_FILES]
    return made


def file(url: Any, kind: str | None, title: Any = None, **given: Any) -> dict[str, Any]:
    """A file of a dataset, kept elsewhere than on data.gouv.fr."""
    made = {"url": text(url), "format": kind, "title": text(title) or kind, "type": "main"}
    return {**made, "filetype": "remote", "extras": {}, **given}


def checked(made: dict[str, Any], answers: bool, status: int | None = None) -> dict[str, Any]:
    """The same file, whose address was asked now."""
    extras = {"check:available": answers, **({"check:status": status} if status else {})}
    return {**made, "extras": extras}


def organisation(name: Any) -> dict[str, Any] | None:
    """A publisher known by its name alone."""
    said = text(name)
    return {"name": said, "id": None} if said else None


def required(given: Any, key: str, url: str) -> str:
    """A text that every record of a list must bear; raises FetchError."""
    found = given.get(key) if isinstance(given, dict) else None
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    if not isinstance(found, str) or not found.strip():
        raise FetchError(f"{url} : un jeu de la liste n'a pas de « {key} »")
    return found.strip()[:300]


def check_total(total: int | None, url: str) -> None:
    """Refuse a list that no town could have."""
    if total is not None and total > MAX_DATASETS:
        raise FetchError(
            f"{url} : {total} jeux annoncés, {MAX_DATASETS} au plus : ce n'est pas le portail "
            "d'une ville"
        )


def text(given: Any) -> str | None:
    """A text, of several languages the French or the first; None for anything else."""
    if isinstance(given, dict):
        given = given.get("fr") or next(iter(given.values()), None)
    if isinstance(given, list):
        given = given[0] if given else None
    return (given.strip()[:50_000] or None) if isinstance(given, str) else None


def sequence(given: Any) -> Iterable[Any]:
    """The items of a list; one text is a list of one."""
    if isinstance(given, str):
        return [given]
    return given if isinstance(given, list) else []


def dictionaries(given: Any) -> list[dict[str, Any]]:
    """The objects of a list."""
    return [made for made in sequence(given) if isinstance(made, dict)]


def mapping(given: Any) -> dict[str, Any]:
    """An object; an empty one for anything else."""
    return given if isinstance(given, dict) else {}
