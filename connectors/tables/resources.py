"""The file of a data.gouv.fr dataset, found at run time: identifiers of files change at each
publication, that of the dataset does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from connectors.fetching import FetchError, Get
from data.catalog import Source

ENDPOINT = "DATAGOUV"
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MAX_RESOURCES = 5000
MAX_TEXT = 500  # characters of a title or an address that are looked at
SHOWN = 8  # titles that an error lists
GONE = 410


@dataclass(frozen=True)
class Resource:
    """One file of a dataset, as the catalogue lists it."""

    id: str
    title: str
    url: str
    format: str  # lower case, as declared
    modified: str  # ISO date and hour
    note: str | None = None  # what a reader must know of its dataset: archived

    @property
    def path(self) -> str:
        """Where it is downloaded whatever its address of today (a redirect)."""
        return f"/api/1/datasets/r/{self.id}"

    @property
    def day(self) -> str:
        """Day of its last publication."""
        return self.modified[:10]


# By run: several tasks of one run ask for the files of the same dataset.
_LISTED: WeakKeyDictionary[Get, dict[str, tuple[str, list[Resource]]]] = WeakKeyDictionary()


def resolve(get: Get, dataset: str, pattern: str, form: str = "csv") -> Resource:
    """The newest main file of a dataset whose title or address matches `pattern`.

    Raises FetchError naming what was looked for and what was there.
    """
    url, listed = _listed(get, dataset)
    wanted = re.compile(pattern, re.IGNORECASE)
    found = [
        made
        for made in listed
        if _has_form(made, form) and (wanted.search(made.title) or wanted.search(made.url))
    ]
    if not found:
        titles = ", ".join(made.title[:60] for made in listed[:SHOWN]) or "aucun"
        more = f" et {len(listed) - SHOWN} autres" if len(listed) > SHOWN else ""
        raise FetchError(
            f"{url} : aucun fichier {form} ne répond à « {pattern} » ; présents : {titles}{more}"
        )
    return max(found, key=lambda made: (made.modified, made.id))


def resource_of(source: Source, get: Get) -> Resource:
    """The file that a source's params name: `dataset`, `resource`, and `format` when not CSV."""
    params = source.params
    return resolve(get, params["dataset"], params["resource"], params.get("format", "csv"))


def _listed(get: Get, dataset: str) -> tuple[str, list[Resource]]:
    """The main files of a dataset, asked once per run."""
    known = _LISTED.setdefault(get, {})
    if dataset not in known:
        known[dataset] = _asked(get, dataset)
    return known[dataset]


def _asked(get: Get, dataset: str) -> tuple[str, list[Resource]]:
    try:
        answer, url = get.json(ENDPOINT, f"/api/1/datasets/{dataset}/")
    except FetchError as error:
        if error.status == GONE:
            raise FetchError(f"{error} : jeu de données retiré par son producteur", GONE) from error
        raise
    if not isinstance(answer, dict) or answer.get("id") != dataset:
        raise FetchError(f"{url} : réponse qui n'est pas le jeu de données {dataset}")
    if answer.get("deleted"):
        raise FetchError(
            f"{url} : jeu de données retiré par son producteur{_on(answer, 'deleted')}"
        )
    given = answer.get("resources")
    if not isinstance(given, list) or len(given) > MAX_RESOURCES:
        raise FetchError(f"{url} : réponse sans la liste « resources »")
    archived = answer.get("archived")
    note = f"jeu archivé par son producteur{_on(answer, 'archived')}" if archived else None
    return url, [made for one in given if (made := _resource(one, note))]


def _resource(given: Any, note: str | None) -> Resource | None:
    """A main file that can be downloaded and dated; None for any other thing."""
    if not isinstance(given, dict) or given.get("type", "main") != "main":
        return None
    texts = [given.get(key) for key in ("id", "title", "url", "last_modified")]
    if not all(isinstance(made, str) for made in texts):
        return None
    identifier, title, url, modified = (str(made)[:MAX_TEXT] for made in texts)
    if not ID.fullmatch(identifier) or not DAY.match(modified):
        return None
    form = given.get("format")
    return Resource(
        identifier, title, url, form.lower() if isinstance(form, str) else "", modified, note
    )


def _has_form(made: Resource, form: str) -> bool:
    """By its declared format or, since few fill it well, by the end of its address."""
    endings: Sequence[str] = (f".{form}", f".{form}.gz", f".{form}.zip")
    return made.format in (form, f"{form}.gz", f"{form}.zip") or made.url.lower().endswith(
        tuple(endings)
    )


def _on(answer: dict[str, Any], key: str) -> str:
    found = DAY.match(str(answer.get(key)))
    return f" le {found[0]}" if found else ""
