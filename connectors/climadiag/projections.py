"""Climate projections of every commune and EPCI: the archive Climadiag Commune of Météo-France.

The bucket lists one tar for each version; the newest CSV one is read once, as a stream: 35,000
small files of a hundred lines (`indicateurs_par_commune/46042.csv`). Nothing is extracted.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from connectors.climadiag.archive import files, parsed
from connectors.climadiag.figures import figures
from connectors.fetching import FetchError, Get, Got, NotCovered, card_source
from data.catalog import Dataset
from data.strict_xml import Malformed, TooBig, feed, parser
from data.territories import Territory

ENDPOINT = "CLIMADIAG"
NAME = re.compile(r"donnees_climadiag_commune(?:_csv)?_v(\d{1,6})_(20\d{6})\.tar")
KEY = re.compile(r"[\w./-]{1,200}")
MAX_PAGES = 5  # of the list of the bucket, a thousand keys each
CONNECTOR = "climadiag"


def fetch(dataset: Dataset, territory: Territory | None, get: Get) -> Got:
    """Rows of all communes and EPCI of metropolitan France; the file serves no one alone.

    Raises FetchError when the list shows no archive, when the archive is cut short or hollow, and
    when its columns or labels are not those that are known.
    """
    if territory is not None:
        raise NotCovered(
            "La source est un fichier national : elle se lit pour toutes les communes."
        )
    params = card_source(dataset, CONNECTOR).params
    before = get.requests
    key, version, day = _newest(get, params["bucket"], params["prefix"])
    path = f"/{params['bucket']}/{key}"
    url = get.address(ENDPOINT, path)
    archive = get.file(ENDPOINT, path, ("tar",))
    made = figures(parsed(files(archive, url), url), int(params["min_communes"]), url)
    vintage = f"v{version} du {day[6:]}/{day[4:6]}/{day[:4]}"
    return Got(made.rows, url, vintage, get.requests - before, made.detail)


def _newest(get: Get, bucket: str, prefix: str) -> tuple[str, str, str]:
    """Key, version and day (AAAAMMJJ) of the newest CSV archive of the bucket."""
    found = []
    keys, url = _keys(get, bucket, prefix)
    for key in keys:
        named = NAME.fullmatch(key.rpartition("/")[2])
        if named and KEY.fullmatch(key) and key.startswith(prefix) and ".." not in key:
            found.append((named[2], int(named[1]), key))
    if not found:
        raise FetchError(f"{url} : aucune archive Climadiag parmi les {len(keys)} fichiers listés")
    day, version, key = max(found)
    return key, str(version), day


def _keys(get: Get, bucket: str, prefix: str) -> tuple[list[str], str]:
    """Every key listed under a prefix, page after page, and the address asked."""
    keys: list[str] = []
    token: str | None = None
    for _ in range(MAX_PAGES):
        asked = {"list-type": 2, "prefix": prefix, "continuation-token": token}
        text, url = get.text(ENDPOINT, f"/{bucket}/", asked)
        page = _Listing(text, url)
        keys += page.keys
        if page.following is None:
            return keys, url
        if page.following == token:
            break
        token = page.following
    raise FetchError(f"{url} : liste du dépôt sans fin")


class _Listing:
    """One page of an S3 list: `ListBucketResult`, its keys, and the token of the next page."""

    def __init__(self, text: str, url: str) -> None:
        self.keys: list[str] = []
        self._said: dict[str, str] = {}
        self._path: list[str] = []
        made = parser()
        made.StartElementHandler = self._start
        made.EndElementHandler = self._end
        made.CharacterDataHandler = self._text
        try:
            feed(made, [text.encode()])
        except (Malformed, TooBig, expat.ExpatError) as error:
            raise FetchError(f"{url} : liste du dépôt illisible ou tronquée") from error
        if self._root != "ListBucketResult":
            raise FetchError(f"{url} : liste du dépôt attendue, {self._root[:40]} reçu")

    @property
    def following(self) -> str | None:
        truncated = self._said.get("IsTruncated", "").strip().lower() == "true"
        return (self._said.get("NextContinuationToken", "").strip() or None) if truncated else None

    _root = ""

    def _start(self, name: str, _: object) -> None:
        self._path.append(name.rpartition(":")[2])
        self._root = self._root or self._path[0]
        if self._path[1:] == ["Contents", "Key"]:
            self.keys.append("")

    def _end(self, _: str) -> None:
        self._path.pop()

    def _text(self, text: str) -> None:
        if self._path[1:] == ["Contents", "Key"]:
            self.keys[-1] += text
        elif len(self._path) == 2:
            self._said[self._path[1]] = self._said.get(self._path[1], "") + text
