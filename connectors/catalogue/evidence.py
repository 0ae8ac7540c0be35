"""What data.gouv.fr says of a dataset, kept as it says it: an absent key is « unknown »."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from connectors.catalogue import quality as recomputed
from connectors.catalogue.matching import matches, schema_id
from data.records import today_utc

QUALITY = recomputed.POINTS
UNKNOWN = recomputed.UNKNOWN
MAX_TEXT = 500  # characters of a title or a name
MAX_RESOURCES = 200  # per dataset


def evidence(
    given: dict[str, Any], level: str, routes: Iterable[str], places: Iterable[str], site: str
) -> dict[str, Any]:
    """One found dataset in the shape `sources` of the command `discover`.

    `quality` is what the platform says (true, false or « unknown »), `quality_ours` the same points
    computed here, `quality_differs` those on which the two do not agree. `resources` is empty when
    they could not be listed.
    """
    resources = [_resource(found) for found in listed(given.get("resources"))[:MAX_RESOURCES]]
    said = quality(given.get("quality"))
    ours = recomputed.quality(given, given.get("resources"), today_utc().date())
    schemas = [found["schema"] for found in resources if found["schema"]]
    publisher = publisher_of(given) or _dict(given.get("owner"))
    tags = [str(tag) for tag in listed(given.get("tags"), str)]
    title = _text(given.get("title")) or "(sans titre)"
    return {
        "id": str(given["id"]),
        "title": title,
        "url": _page(given, site),
        "publisher": _text(publisher.get("name")) or _person(publisher),
        "publisher_id": _text(publisher.get("id")),
        "level": level,
        "routes": list(routes),
        "licence": _text(_dict(given.get("license")).get("id") or given.get("license")),
        "formats": sorted({found["format"] for found in resources if found["format"]}),
        "updated_at": _text(given.get("last_update") or given.get("last_modified")),
        "frequency": _text(_dict(given.get("frequency")).get("id") or given.get("frequency")),
        "schema": schemas[0] if schemas else None,
        "matched": matches(title, tags, schemas, places),
        "quality": said,
        "quality_ours": ours,
        "quality_differs": recomputed.differences(said, ours),
        "quality_score": _score(_dict(given.get("quality")).get("score")),
        "resources": resources,
        "harvested_from": _text(_dict(given.get("harvest")).get("domain")),
        "harvest_backend": _text(_dict(given.get("harvest")).get("backend")),
    }


def quality(given: Any) -> dict[str, bool | str]:
    """Each point as given; an empty dataset has only six of them."""
    points = _dict(given)
    return {key: points[key] if isinstance(points.get(key), bool) else UNKNOWN for key in QUALITY}


def is_source(given: dict[str, Any]) -> bool:
    """Archived, private and deleted datasets are no sources."""
    return not any(given.get(state) for state in ("archived", "deleted", "private"))


def zones(given: dict[str, Any]) -> set[str]:
    """Identifiers of the zones covered, without the date that old ones carry."""
    found = _dict(given.get("spatial")).get("zones")
    names = [_dict(zone).get("id") or zone for zone in (found if isinstance(found, list) else [])]
    return {str(name).partition("@")[0] for name in names}


def publisher_of(given: dict[str, Any]) -> dict[str, Any]:
    """The organisation that publishes, empty when there is none."""
    return _dict(given.get("organization"))


def title_and_publisher(given: dict[str, Any]) -> str:
    """What a dataset says of itself first."""
    publisher = publisher_of(given).get("name")
    return f"{given.get('title') or ''} — {publisher or ''}"


def everything_said(given: dict[str, Any]) -> str:
    """Every text of a dataset, to look for a clue."""
    tags = listed(given.get("tags"), str)
    files = [str(found.get("title") or "") for found in listed(given.get("resources"))]
    said = [title_and_publisher(given), str(given.get("description") or ""), *tags, *files]
    return " \n".join(said)[:100_000]


def listed(given: Any, kind: type = dict) -> list[Any]:
    """The items of the expected kind when it is a list (API v2 gives a link instead)."""
    return [found for found in given if isinstance(found, kind)] if isinstance(given, list) else []


def _resource(given: dict[str, Any]) -> dict[str, Any]:
    schema = _dict(given.get("schema"))
    return {
        "title": _text(given.get("title")),
        "type": _text(given.get("type")),
        "url": _web(given.get("url")),
        "format": (_text(given.get("format")) or "").lower().strip(". ") or None,
        "available": recomputed.link_of(given),
        "state_since": recomputed.state_since(given),
        "http_status": recomputed.http_status(given),
        "schema": schema_id(_text(schema.get("name")), _text(schema.get("url"))),
    }


def _page(given: dict[str, Any], site: str) -> str:
    return _web(given.get("page")) or f"{site.rstrip('/')}/datasets/{given['id']}/"


def _web(given: Any) -> str | None:
    """An address one can click on; anything else (javascript:, ftp:) is dropped."""
    text = _text(given, 2000)
    try:
        whole = bool(text and re.match(r"https?://[^\s]+$", text) and urlsplit(text).hostname)
    except ValueError:  # « http://[bad »
        return None
    return text if whole else None


def _person(publisher: dict[str, Any]) -> str | None:
    """A person who publishes in their own name is not named: the fact is enough."""
    return "compte individuel" if publisher else None


def _score(given: Any) -> float | None:
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given <= 1:
        return None
    return float(given)


def _text(given: Any, limit: int = MAX_TEXT) -> str | None:
    if not isinstance(given, str):
        return None
    return " ".join(given.split())[:limit] or None


def _dict(given: Any) -> dict[str, Any]:
    return given if isinstance(given, dict) else {}
