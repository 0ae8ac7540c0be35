"""OGC WFS: one dataset per type of features, some of which are asked to see that they answer.

Many of these services are still in catalogues years after they stopped: that one answers its
capabilities does not say that its features come.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from connectors.fetching import FetchError, Get
from connectors.portals.answers import (
    ENDPOINT,
    Asker,
    Listing,
    check_total,
    checked,
    dataset,
    file,
    organisation,
)
from data import strict_xml

KIND = "wfs"
MAX_CAPABILITIES = 5_000_000  # characters
MAX_CHECKED = 5  # types of features that are asked
OWN = {"service", "version", "request", "typenames", "typename", "count", "resulttype"}
TEXTS = {"Name", "Title", "Abstract", "Keyword", "Fees", "ProviderName", "AccessConstraints"}


@dataclass
class _Document:
    """What is read of an OGC document: its root, texts of the service, and types of features."""

    root: str = ""
    matched: str | None = None
    service: dict[str, str] = field(default_factory=dict)
    types: list[dict[str, Any]] = field(default_factory=list)


def base(ask: Asker, url: str) -> str | None:
    """The address of the service where there is one; one request."""
    site = _address(url)
    answer = ask.text(site, _asked("GetCapabilities"))
    return site if answer and _read(answer, site, strict=False).root == "WFS_Capabilities" else None


def listing(get: Get, site: str) -> Listing:
    """Every type of features; raises FetchError where the answer is no capabilities."""
    answer, url = get.text(ENDPOINT, site, _asked("GetCapabilities"))
    found = _read(answer, url)
    if found.root != "WFS_Capabilities":
        raise FetchError(f"{url} : réponse « {found.root[:40]} », capacités WFS attendues")
    check_total(len(found.types), url)
    ask = Asker(get)
    made = [
        _dataset(site, given, found, url, ask if at < MAX_CHECKED else None)
        for at, given in enumerate(found.types)
    ]
    aside = len(made) - MAX_CHECKED
    return Listing(made, [f"{site} : {aside} couches non essayées"] if aside > 0 else [])


def answers(get: Get, url: str) -> bool:
    """Whether a WFS still answers its capabilities; raises FetchError offline."""
    return base(Asker(get), url) is not None


def _dataset(
    site: str, given: dict[str, Any], found: _Document, url: str, ask: Asker | None
) -> dict[str, Any]:
    name = given.get("Name")
    if not name:
        raise FetchError(f"{url} : une couche n'a pas de nom")
    made = file(f"{site}{'&' if '?' in site else '?'}{urlencode(_feature(name))}", "wfs", name)
    if ask is not None:
        made = checked(made, _comes(ask, site, name))
    return dataset(
        name[:300],
        given.get("Title"),
        site,
        description=given.get("Abstract", ""),
        license=_terms(found.service),
        organization=organisation(found.service.get("ProviderName")),
        tags=given.get("Keyword", []),
        resources=[made],
    )


def _comes(ask: Asker, site: str, name: str) -> bool:
    """Whether features of a type are counted: an error comes as a document with status 200."""
    answer = ask.text(site, {**_feature(name), "resultType": "hits"})
    if not answer:
        return False
    found = _read(answer, site, strict=False)
    return found.root == "FeatureCollection" and found.matched is not None


def _terms(service: dict[str, str]) -> str | None:
    """The licence where the service says one: « none » is a limit of access, not a licence."""
    for key in ("AccessConstraints", "Fees"):
        said = service.get(key, "").strip()
        if said and said.lower() not in (
            "none",
            "aucun",
            "aucune",
            "no conditions apply",
            "unknown",
        ):
            return said
    return None


def _asked(request: str) -> dict[str, str]:
    return {"service": "WFS", "version": "2.0.0", "request": request}


def _feature(name: str) -> dict[str, str]:
    return {**_asked("GetFeature"), "typenames": name}


def _address(url: str) -> str:
    """The service without what is asked of it; other parameters (map=...) are its own."""
    parts = urlsplit(url)
    kept = [(key, made) for key, made in parse_qsl(parts.query) if key.lower() not in OWN]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(kept), ""))


def _read(body: str, url: str, strict: bool = True) -> _Document:
    """What an XML document says; raises FetchError (an empty document where not `strict`)."""
    if len(body) > MAX_CAPABILITIES:
        raise FetchError(f"{url} : document de plus de {MAX_CAPABILITIES} caractères")
    reader = _Reader()
    parser = strict_xml.parser()
    parser.StartElementHandler = reader.start
    parser.CharacterDataHandler = reader.text
    parser.EndElementHandler = reader.end
    try:
        strict_xml.feed(parser, [body.encode()])
    except (strict_xml.Malformed, strict_xml.TooBig) as error:
        if strict:
            raise FetchError(f"{url} : XML illisible ou tronqué") from error
        return _Document()
    return reader.made


class _Reader:
    """Events of the parser, names without their prefix."""

    def __init__(self) -> None:
        self.made = _Document()
        self._path: list[str] = []
        self._text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        short = name.rpartition(":")[2]
        if not self._path:
            self.made.root = short
            self.made.matched = attributes.get("numberMatched", attributes.get("numberOfFeatures"))
        if short == "FeatureType":
            self.made.types.append({"Keyword": []})
        self._path.append(short)
        self._text = []

    def text(self, text: str) -> None:
        self._text.append(text)

    def end(self, name: str) -> None:
        short, said = self._path.pop(), "".join(self._text).strip()[:50_000]
        self._text = []
        if short not in TEXTS or not said:
            return
        if "FeatureType" in self._path:
            if short == "Keyword":
                self.made.types[-1]["Keyword"].append(said)
            else:
                self.made.types[-1].setdefault(short, said)
        elif "ServiceIdentification" in self._path or "ServiceProvider" in self._path:
            self.made.service.setdefault(short, said)
