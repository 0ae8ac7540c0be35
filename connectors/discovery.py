"""What the command `discover` shows: the catalogue searched, the portals found, what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from connectors import catalogue_search
from connectors.fetching import FetchError, Get, NotCovered, Offline
from connectors.network.addresses import SECRET, shown
from connectors.portals import probe
from data.records import today_utc
from data.territories import Territory

UNKNOWN_KIND = "unknown"
NAMES = "Opendatasoft, CKAN, ArcGIS Hub, Data Fair, OGC API Features, WFS, fil DCAT en JSON"
# How data.gouv.fr names the program it harvests from.
BACKENDS = {
    "ods": probe.KINDS["opendatasoft"].KIND,
    "odspy": probe.KINDS["opendatasoft"].KIND,
    "ckan": probe.KINDS["ckan"].KIND,
    "ckan-dkan": probe.KINDS["ckan"].KIND,
    "dcat": probe.KINDS["dcat"].KIND,
}
LONGEST = 2000  # characters of an address

Found = tuple[list[dict[str, Any]], list[dict[str, str]], str | None]  # sources, portals, detail


def discovery(place: Territory, portal: str | None, get: Get) -> dict[str, Any]:
    """The document of interface `discover`; `portal` is an address to recognise.

    The portal given, when it is one, stands last among the portals; the others are the domains
    from which the town's and its agglomération's datasets are harvested.
    """
    url = get.address(catalogue_search.ENDPOINT, "/")
    steps = [("published_datasets", url, lambda: _searched(place, get))]
    if portal:
        asked = shown(portal)
        steps.append(("portal_datasets", asked, lambda: _probed(place, portal, get)))
    sources: list[dict[str, Any]] = []
    found: dict[str, dict[str, str]] = {}
    runs = []
    for dataset, address, step in steps:
        (made, seen, detail), status, sent = _tried(step, get)
        sources += made
        for one in seen:
            found.pop(one["url"], None)
            found[one["url"]] = one
        runs.append(_run(place, dataset, status, len(made), sent, address, detail))
    return {
        "territory": place.code,
        "sources": sources,
        "portals": list(found.values()),
        "runs": runs,
    }


def is_web_address(text: str) -> bool:
    """Whether a text is an address to ask: http(s), a host, no password and no key."""
    try:
        parts = urlsplit(text)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname)
        return whole and len(text) <= LONGEST and text.isprintable() and _is_open(text)
    except ValueError:  # « http://[bad »
        return False


def _is_open(url: str) -> bool:
    """Without a password nor a key, which would be written down with it."""
    parts = urlsplit(url)
    keys = [key for key, _ in parse_qsl(parts.query, keep_blank_values=True)]
    return "@" not in parts.netloc and " " not in url and not any(map(SECRET.search, keys))


def _searched(place: Territory, get: Get) -> Found:
    made = catalogue_search.discover(place, get)
    return made, list(_harvested(made)), None


def _harvested(sources: Iterable[dict[str, Any]]) -> Iterable[dict[str, str]]:
    """Domains that the nearest datasets come from, each once, with the kind that is said."""
    known: dict[str, str] = {}
    for made in sources:
        domain = made["harvested_from"]
        if domain and made["level"] in ("commune", "epci"):
            said = BACKENDS.get(str(made["harvest_backend"] or "").lower(), UNKNOWN_KIND)
            if known.get(domain, UNKNOWN_KIND) == UNKNOWN_KIND:
                known[domain] = said
    return [{"url": f"https://{domain}", "kind": kind} for domain, kind in sorted(known.items())]


def _probed(place: Territory, url: str, get: Get) -> Found:
    if place.fictional:
        raise NotCovered("Un territoire fictif n'a pas de portail.")
    portal, made, notes = probe.discover(place, url, get)
    if portal is None:
        raise NotCovered(f"{shown(url)} : aucun portail reconnu à cette adresse ({NAMES}).")
    return made, [{"url": portal.url, "kind": portal.kind}], " ; ".join(notes) or None


def _tried(step: Callable[[], Found], get: Get) -> tuple[Found, str, int]:
    """What a step gives, the status it deserves, and the requests it sent."""
    before = get.requests
    try:
        found, status = step(), "ok"
    except NotCovered as absence:
        found, status = ([], [], str(absence)), "not_covered"
    except Offline as refusal:
        found, status = ([], [], str(refusal)), "offline"
    except FetchError as failure:
        found, status = ([], [], str(failure)), "failed"
    return found, status, get.requests - before


def _run(
    place: Territory,
    dataset: str,
    status: str,
    rows: int,
    requests: int,
    url: str,
    detail: str | None,
) -> dict[str, Any]:
    """In the shape of a run of `refresh`."""
    return {
        "dataset": dataset,
        "territory": place.code,
        "level": place.level,
        "status": status,
        "rows": rows,
        "seconds": 0.0,
        "requests": requests,
        "url": url,
        "vintage": None,
        "fetched_at": today_utc().isoformat(timespec="seconds"),
        "detail": detail,
    }
