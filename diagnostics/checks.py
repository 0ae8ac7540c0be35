"""Six checks of an accessible dataset, each 0-1 or `not_tested`: what was not looked at is said.

Nothing here asks the network: a check reads what a fetch or a catalogue already brought back.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from diagnostics.scoring import CHECK_WEIGHTS, NOT_TESTED, Check

NAMES = tuple(CHECK_WEIGHTS)
NONE_TESTED: dict[str, Check] = dict.fromkeys(NAMES, NOT_TESTED)

# What makes a dataset fit the need: 1 fits, 0.7 one step coarser, 0.4 a proxy, 0 unusable.
ASPECTS = ("level", "coverage", "depth", "crs")
NO_ASPECT_TESTED: dict[str, Check] = dict.fromkeys(ASPECTS, NOT_TESTED)

_OPEN_LICENCES = (
    r"licence ouverte", r"open licence", r"\betalab\b", r"\blov? ?[12]\b", r"\bfr lo\b",
    r"\bodbl\b", r"open database licen", r"\bodc (by|pddl)\b", r"\bpddl\b",
    r"\bcc ?(0|zero)\b", r"\bcc by\b", r"creative commons (zero|attribution)",
    r"\bother (open|pd|at)\b", r"domaine public", r"public domain",
)  # fmt: skip
# A negation or a reserve beside the name of an open licence closes it.
_RESTRICTED = (
    r"\b(nc|nd|non ?commerciale?|no ?deriv\w*|pas d utilisation commerciale|sans licence"
    r"|pas de licence"
    r"|aucune licence|sauf|hors usage commercial|not open|non ouverte)\b"
)
_UNSAID = {"", "notspecified", "not specified", "unknown", "other", "non renseignee", "none"}
FICTIONAL_LICENCE = "fictif"

_STRUCTURED = {
    "csv", "tsv", "txt", "json", "geojson", "xlsx", "xls", "ods", "parquet", "xml", "gml", "kml",
    "shp", "gpkg", "sqlite", "zip", "gtfs", "wfs", "api", "rdf", "ttl", "jsonl", "tiff", "geotiff",
    "dxf", "kmz", "shapefile", "csv.gz", "netcdf", "grib", "las", "laz", "fgb", "mbtiles", "wms",
}  # fmt: skip
_FOR_THE_EYE = {"pdf", "doc", "docx", "odt", "jpg", "jpeg", "png", "ppt", "pptx", "htm", "html"}

# Refresh periods as catalogues word them (data.gouv.fr keys and European vocabulary), in days.
_PERIODS = {
    "continuous": 1, "hourly": 1, "daily": 1, "cont": 1, "weekly": 7, "fortnightly": 14,
    "biweekly": 14, "semiweekly": 4, "monthly": 31, "bimonthly": 62, "quarterly": 92,
    "threetimesayear": 122, "semiannual": 183, "biannual": 183, "annual": 366, "biennial": 731,
    "triennial": 1096, "quinquennial": 1827,
}  # fmt: skip
_STALE_AFTER = 3  # periods: the score of freshness reaches 0 there


def is_open_licence(licence: str | None, fictional: bool = False) -> bool | None:
    """True or False for a licence one can read, None when none is said.

    « FICTIF » opens the data of the fictional territory alone.
    """
    words = _fold(licence)
    if words in _UNSAID:
        return None
    if words.startswith(FICTIONAL_LICENCE):
        return fictional
    if re.search(_RESTRICTED, words):
        return False
    return any(re.search(pattern, words) for pattern in _OPEN_LICENCES)


def licence(text: str | None, fictional: bool = False) -> Check:
    """1 under an open licence, 0 under another, not tested when none is said."""
    found = is_open_licence(text, fictional)
    return NOT_TESTED if found is None else float(found)


def readable(formats: Iterable[str]) -> Check:
    """Whether a declared format can be read by a machine (a PDF alone cannot)."""
    declared = {str(name).strip().lower().lstrip(".") for name in formats if name}
    if declared & _STRUCTURED:
        return 1.0
    return 0.0 if declared and declared <= _FOR_THE_EYE else NOT_TESTED


def link(resources: Iterable[Mapping[str, Any]]) -> Check:
    """Share of the tested links that answer; 0 only when every link was tried and failed."""
    answers = [resource.get("available", "unknown") for resource in resources]
    tested = [answer for answer in answers if isinstance(answer, bool)]
    if any(tested):
        return sum(tested) / len(tested)
    return 0.0 if tested and len(tested) == len(answers) else NOT_TESTED


def freshness(dated: str | date | None, period_days: int | None, today: date) -> Check:
    """1 within the declared period, linear to 0 at three periods; unknown is not tested."""
    day = end_of(dated)
    if day is None or not period_days:
        return NOT_TESTED
    late = (today - day).days / period_days - 1
    return min(1.0, max(0.0, 1 - late / (_STALE_AFTER - 1)))


def adequacy(aspects: Mapping[str, Check]) -> float:
    """The worst of the aspects that were looked at; 1 when none was."""
    return min((value for value in aspects.values() if isinstance(value, float)), default=1.0)


def depth(vintage: str | None, years: int | None) -> Check:
    """Whether « 1976-2005 » spans the years a card asks for: 1, 0.7 from half, 0.4 under."""
    found = re.findall(r"\d{4}", vintage or "")
    if not years or not found:
        return NOT_TESTED
    span = int(found[-1]) - int(found[0]) + 1
    if span >= years:
        return 1.0
    return 0.7 if 2 * span >= years else 0.4


def documentation(points: Mapping[str, Any]) -> Check:
    """Share of the documentation points a catalogue gives (true or false, unknown left aside)."""
    names = ("dataset_description_quality", "resources_documentation")
    known = [points[name] for name in names if isinstance(points.get(name), bool)]
    return sum(known) / len(known) if known else NOT_TESTED


def conforming(detail: str | None) -> Check:
    """Share of the lines that keep the rules of the standard, as a local file's log line says."""
    found = re.search(r"lignes conformes au standard : (\d{1,3}(?:,\d)?) %", detail or "")
    return min(1.0, float(found[1].replace(",", ".")) / 100) if found else NOT_TESTED


def period_of(frequency: str | None) -> int | None:
    """Days of a declared refresh period; None for « irregular », « punctual » or none."""
    return _PERIODS.get(re.sub(r"[^a-z]", "", _fold(frequency)))


def end_of(dated: str | date | None) -> date | None:
    """Last day of a year, a month or a day written at the start of a text; None otherwise."""
    if isinstance(dated, date):
        return date(dated.year, dated.month, dated.day)
    found = re.match(r"\s*(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?!\d)", dated or "")
    if not found:
        return None
    year, month = int(found[1]), int(found[2] or 12)
    try:
        return date(year, month, int(found[3] or calendar.monthrange(year, month)[1]))
    except ValueError:  # a thirteenth month, a 31 of February: no date at all
        return None


def _fold(text: str | None) -> str:
    decomposed = unicodedata.normalize("NFKD", text or "")
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter)).lower()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", plain).split())
