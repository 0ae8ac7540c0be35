"""The nine quality points of data.gouv.fr, computed again here from what a dataset says.

Same points, same weights (a ninth each), with three answers: true, false, and « unknown » where
nothing says so. The platform counts as true what it has not looked at: a link that was never
checked, a frequency without a period, a file it hosts itself. Here the first two are unknown.
Source of the rules: udata, `Dataset.compute_quality`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from data.territories import fold

UNKNOWN = "unknown"
Point = bool | str  # true, false, « unknown »

# The nine points of the score; the platform also tells `has_resources`, which weighs nothing.
SCORED = (
    "license",
    "temporal_coverage",
    "spatial",
    "update_frequency",
    "update_fulfilled_in_time",
    "dataset_description_quality",
    "has_open_format",
    "all_resources_available",
    "resources_documentation",
)
POINTS = (*SCORED[:6], "has_resources", *SCORED[6:])
OF_FILES = ("has_open_format", "all_resources_available", "resources_documentation")
CLOSED_FORMATS = frozenset({"pdf", "doc", "docx", "word", "xls", "excel", "xlsx"})
LONG_ENOUGH = 100  # characters: a description must have more
TOLERANCE = timedelta(days=1)
NOT_SAID = frozenset({"", "unknown", "notspecified", "not specified", "license not specified"})

# Days after which the next update is due, by frequency (vocabularies of 2026 and of before).
PERIODS: dict[str, float] = {
    "continuous": 1, "realtime": 1, "updatecont": 1, "oneminute": 1, "fiveminutes": 1,
    "tenminutes": 1, "fifteenminutes": 1, "thirtyminutes": 1, "hourly": 1, "bihourly": 1,
    "trihourly": 1, "twelvehours": 1, "fourtimesaday": 1, "threetimesaday": 1, "semidaily": 1,
    "daily": 1, "fivetimesaweek": 7 / 5, "fourtimesaweek": 7 / 4, "threetimesaweek": 7 / 3,
    "semiweekly": 3.5, "weekly": 7, "biweekly": 14, "fortnightly": 14, "fortnighly": 14,
    "threetimesamonth": 10, "semimonthly": 15, "monthly": 31, "bimonthly": 62, "quarterly": 92,
    "threetimesayear": 122, "semiannual": 183, "biannual": 183, "annual": 366, "biennial": 731,
    "triennial": 1096, "quadrennial": 1461, "quinquennial": 1827, "decennial": 3653,
    "bidecennial": 7305, "tridecennial": 10958,
}  # fmt: skip


def quality(given: Mapping[str, Any], resources: Any, today: date) -> dict[str, Point]:
    """The points of a dataset as this product reads them, in the order of the platform.

    `given` is a dataset in the shape of the API; `resources` its files, None where they could not
    be listed: what depends on them is then unknown. An absent key is unknown, an empty one false.
    """
    files = [made for made in resources if isinstance(made, dict)] if _is_list(resources) else None
    points: dict[str, Point] = {
        "license": _licence(given),
        "temporal_coverage": _filled(given, "temporal_coverage"),
        "spatial": _filled(given, "spatial"),
        "update_frequency": _frequency(given),
        "update_fulfilled_in_time": _in_time(given, today),
        "dataset_description_quality": _described(given),
        "has_resources": UNKNOWN if files is None else bool(files),
    }
    return {**points, **_of_files(files)}


def score(points: Mapping[str, Any]) -> tuple[float, float]:
    """Lowest and highest score that the points allow, 0 to 1: an unknown may be either."""
    sure = sum(points.get(name) is True for name in SCORED)
    unsure = sum(not isinstance(points.get(name), bool) for name in SCORED)
    return sure / len(SCORED), (sure + unsure) / len(SCORED)


def differences(said: Mapping[str, Any], ours: Mapping[str, Any]) -> list[str]:
    """The points on which the platform and this product do not answer the same.

    A point that the platform does not tell is no difference.
    """
    both = [name for name in POINTS if isinstance(said.get(name), bool)]
    return [name for name in both if said[name] != ours.get(name, UNKNOWN)]


def link_of(resource: Mapping[str, Any]) -> Point:
    """Whether a file's address answers, as its last check found; unknown without one.

    The platform's crawler writes `check:*` only when the result changes: an old date says that the
    state has lasted, not that nobody looked since. A check of another address says nothing.
    """
    extras = _dict(resource.get("extras"))
    found = extras.get("check:available")
    checked = extras.get("check:url")
    if checked and resource.get("url") and checked != resource["url"]:
        return UNKNOWN
    return found if isinstance(found, bool) else UNKNOWN


def state_since(resource: Mapping[str, Any]) -> str | None:
    """The day since which the last check's result has not changed; None where none is known."""
    return _day(_dict(resource.get("extras")).get("check:date")) if known(resource) else None


def known(resource: Mapping[str, Any]) -> bool:
    """Whether a check speaks of this file."""
    return isinstance(link_of(resource), bool)


def http_status(resource: Mapping[str, Any]) -> int | None:
    """The HTTP status that the last check met; None where none was kept."""
    found = _dict(resource.get("extras")).get("check:status")
    return found if type(found) is int and 100 <= found < 600 and known(resource) else None


def _licence(given: Mapping[str, Any]) -> Point:
    """Any licence counts, open or not; « not specified » is none."""
    return _said(given, "license", "id")


def _frequency(given: Mapping[str, Any]) -> Point:
    return _said(given, "frequency", "id")


def _said(given: Mapping[str, Any], key: str, inner: str) -> Point:
    if key not in given:
        return UNKNOWN
    found = given[key]
    text = str((found.get(inner) if isinstance(found, dict) else found) or "")
    return text.strip().lower() not in NOT_SAID


def _filled(given: Mapping[str, Any], key: str) -> Point:
    """Whether a coverage says something: an object whose every value is empty says nothing."""
    if key not in given:
        return UNKNOWN
    found = given[key]
    return any(found.values()) if isinstance(found, dict) else bool(found)


def _in_time(given: Mapping[str, Any], today: date) -> Point:
    """True until a day after the next update was due; unknown without a period or a date."""
    frequency = given.get("frequency")
    period = period_of(frequency.get("id") if isinstance(frequency, dict) else frequency)
    last = moment(given.get("last_update"))
    if period is None or last is None:
        return UNKNOWN
    return today <= (last + timedelta(days=period) + TOLERANCE).date()


def _described(given: Mapping[str, Any]) -> Point:
    if "description" not in given:
        return UNKNOWN
    return len(str(given["description"] or "")) > LONG_ENOUGH


def _of_files(files: list[dict[str, Any]] | None) -> dict[str, Point]:
    """What depends on the files: unknown where they were not listed, false where there are none."""
    if not files:
        return dict.fromkeys(OF_FILES, UNKNOWN if files is None else False)
    return {
        "has_open_format": any(_format(made) not in {"", *CLOSED_FORMATS} for made in files),
        "all_resources_available": _available(files),
        "resources_documentation": any(_documents(made) for made in files),
    }


def _available(files: Iterable[Mapping[str, Any]]) -> Point:
    """Only files kept elsewhere are looked at; one dead link decides, one unchecked leaves open."""
    found = [link_of(made) for made in files if made.get("filetype") != "file"]
    if False in found:
        return False
    return UNKNOWN if UNKNOWN in found else True


def _documents(resource: Mapping[str, Any]) -> bool:
    description = resource.get("description")
    described = isinstance(description, str) and bool(description.strip())
    return described or resource.get("type") == "documentation"


def _format(resource: Mapping[str, Any]) -> str:
    found = resource.get("format")
    return found.strip(". ").lower() if isinstance(found, str) else ""


def period_of(frequency: Any) -> float | None:
    """Days between two updates; None for « punctual », « irregular », « not planned » and so on."""
    if not isinstance(frequency, str):
        return None
    return PERIODS.get(re.sub("[^a-z]", "", fold(frequency[:60])))


def moment(given: Any) -> datetime | None:
    """A moment written in ISO 8601, in UTC; None for anything else."""
    if not isinstance(given, str):
        return None
    try:
        found = datetime.fromisoformat(given.strip()[:40])
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _day(given: Any) -> str | None:
    found = moment(given)
    return found.date().isoformat() if found else None


def _is_list(given: Any) -> bool:
    return isinstance(given, list)


def _dict(given: Any) -> dict[str, Any]:
    return given if isinstance(given, dict) else {}
