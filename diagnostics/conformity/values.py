"""The texts that SQL cannot judge, one at a time: e-mail, UUID, JSON, points, rare forms of date.

Run on the distinct values of a column only.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pandas

LONGEST = 1_000_000  # characters of a JSON text
_LATIN = "\u00a0-\u00ff\u0100-\u017f\u0180-\u024f"
_ATOM = rf"[{_LATIN}0-9a-z!#$%&'*+/=?^_`{{}}|~\-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*\n?\Z", re.IGNORECASE)
_FIRST = re.compile(rf"[{_LATIN}]", re.IGNORECASE)
_QUOTED = re.compile(
    rf'"(?:[{_LATIN}\001-\010\013\014\016-\037!#-\[\]-\177]|\\[\011.])*"\n?\Z', re.IGNORECASE
)
_DOMAIN = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9][a-z0-9-]{0,61}[a-z]\n?\Z", re.IGNORECASE
)
_GEOMETRIES: Mapping[str, int] = {
    "Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2,
    "MultiPolygon": 3,
}  # fmt: skip


def is_email(text: str) -> bool:
    """Whether a text is an e-mail address, as the official tools see one."""
    local, _, domain = text.rpartition("@")
    if text.count("@") != 1 or len(local) > 64 or len(domain) > 253:
        return False
    told = _LOCAL.match(local) or _FIRST.match(local) or _QUOTED.match(local)
    return bool(told) and _is_domain(domain)


def _is_domain(text: str) -> bool:
    if not text or re.search(r"\s|__+", text):
        return False
    try:
        encoded = text.encode("idna").decode()
    except UnicodeError:
        return False
    return len(encoded.rstrip(".")) <= 253 and bool(_DOMAIN.match(encoded))


def is_uuid(text: str) -> bool:
    """Whether Python reads a UUID in a text."""
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def is_base64(text: str) -> bool:
    """Whether a text decodes from base 64, signs outside the alphabet left aside."""
    try:
        base64.b64decode(text)
    except (binascii.Error, ValueError):
        return False
    return True


def parsed(text: str) -> Any:
    """What a JSON text holds; None when it is none, too long or too deep."""
    if len(text) > LONGEST:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def is_list(text: str) -> bool:
    """Whether a text is a JSON list."""
    return isinstance(parsed(text), list)


def is_object(text: str) -> bool:
    """Whether a text is a JSON object."""
    return isinstance(parsed(text), dict)


def is_point(text: str, form: str) -> bool:
    """Whether a text is a longitude and a latitude, in one of the three forms."""
    try:
        longitude, latitude = (Decimal(one) for one in _pair(text, form))
        return abs(longitude) <= 180 and abs(latitude) <= 90
    except (ValueError, TypeError, ArithmeticError, KeyError):
        return False


def _pair(text: str, form: str) -> tuple[Any, Any]:
    if form == "default":
        longitude, latitude = text.split(",")
        return longitude.strip(), latitude.strip()
    made = parsed(text)
    if form == "object" and len(made) != 2:
        raise ValueError(text)
    if form == "object":
        return made["lon"], made["lat"]
    longitude, latitude = made
    return longitude, latitude


def is_geojson(text: str) -> bool:
    """Whether a text is a GeoJSON geometry, feature or collection."""
    return _is_geo(parsed(text), 0)


def _is_geo(made: Any, depth: int) -> bool:
    if not isinstance(made, dict) or depth > 20:
        return False
    kind = str(made.get("type"))
    if kind == "FeatureCollection":
        return _all(made.get("features"), depth)
    if kind == "GeometryCollection":
        return _all(made.get("geometries"), depth)
    if kind == "Feature":
        within = made.get("geometry")
        return "properties" in made and (within is None or _is_geo(within, depth + 1))
    return kind in _GEOMETRIES and _nested(made.get("coordinates"), _GEOMETRIES[kind])


def _all(found: Any, depth: int) -> bool:
    return isinstance(found, list) and all(_is_geo(one, depth + 1) for one in found)


def _nested(found: Any, depth: int) -> bool:
    if not isinstance(found, list):
        return False
    if depth:
        return all(_nested(one, depth - 1) for one in found)
    return len(found) >= 2 and all(type(one) in (int, float) for one in found)


def moment(text: str, form: str) -> str | None:
    """A date or a time in ISO form, read by its own form; None when it is not one."""
    try:
        made = _reader(form)(text)
    except (ValueError, OverflowError, TypeError):
        return None
    return made.replace(tzinfo=None).isoformat(sep=" ")


@lru_cache(maxsize=64)
def _reader(form: str) -> Callable[[str], datetime]:
    if form != "any":
        return lambda text: datetime.strptime(text, form)
    return lambda text: pandas.Timestamp(text).to_pydatetime()
