"""The nine points of data.gouv.fr computed again: true, false and unknown are three answers."""

from __future__ import annotations

from datetime import date

import pytest

from connectors.catalogue.evidence import evidence
from connectors.catalogue.quality import (
    POINTS,
    SCORED,
    UNKNOWN,
    differences,
    http_status,
    link_of,
    quality,
    score,
    state_since,
)

TODAY = date(2026, 11, 22)
WHOLE = {
    "license": "lov2",
    "temporal_coverage": {"start": "2020-01-01", "end": "2025-12-31"},
    "spatial": {"zones": ["fr:commune:46042"], "granularity": None, "geom": None},
    "frequency": "annual",
    "last_update": "2026-03-01T10:00:00+00:00",
    "description": "x" * 101,
}
FILE = {
    "url": "https://exemple.invalid/a.csv",
    "format": "csv",
    "filetype": "remote",
    "type": "main",
    "description": "FICTIF",
    "extras": {"check:available": True, "check:status": 200, "check:date": "2024-01-02T03:04:05"},
}


def points(files=(FILE,), **changes):
    return quality({**WHOLE, **changes}, list(files) if files is not None else None, TODAY)


def test_a_dataset_with_everything_has_every_point():
    assert points() == dict.fromkeys(POINTS, True)
    assert score(points()) == (1, 1)


def test_an_absent_key_is_unknown_and_an_empty_one_false():
    assert set(quality({}, None, TODAY).values()) == {UNKNOWN}
    assert score(quality({}, None, TODAY)) == (0, 1)
    empty = quality(dict.fromkeys(WHOLE), [], TODAY)
    assert empty.pop("update_fulfilled_in_time") == UNKNOWN
    assert set(empty.values()) == {False}


@pytest.mark.parametrize(
    ("changes", "point", "expected"),
    [
        ({"license": "notspecified"}, "license", False),
        ({"license": {"id": "odc-odbl"}}, "license", True),
        ({"license": "cc-by-nc"}, "license", True),  # any licence counts, open or not
        ({"frequency": "unknown"}, "update_frequency", False),
        ({"frequency": {"id": "annual"}}, "update_frequency", True),
        ({"temporal_coverage": {"start": "", "end": None}}, "temporal_coverage", False),
        ({"spatial": {"zones": [], "granularity": None, "geom": None}}, "spatial", False),
        ({"spatial": {"zones": [], "granularity": "poi"}}, "spatial", True),
        ({"description": "x" * 100}, "dataset_description_quality", False),
    ],
)
def test_each_point_of_the_sheet(changes, point, expected):
    assert points(**changes)[point] is expected


@pytest.mark.parametrize(
    ("frequency", "updated", "expected"),
    [
        ("annual", "2025-11-20T00:00:00+00:00", True),  # a year and a day later, to the day
        ("annual", "2025-11-19T00:00:00+00:00", False),
        ("weekly", "2026-11-14", True),
        ("weekly", "2026-11-13", False),
        ("threeTimesAYear", "2026-08-01", True),
        ("fortnighly", "2026-01-01", False),  # as it was spelt
        # Without a period, or without a date, the platform says true; here nobody knows.
        ("punctual", "2010-01-01", UNKNOWN),
        ("irregular", "2010-01-01", UNKNOWN),
        ("notPlanned", "2010-01-01", UNKNOWN),
        ("unknown", "2026-11-01", UNKNOWN),
        (None, "2026-11-01", UNKNOWN),
        ("annual", None, UNKNOWN),
        ("annual", "hier", UNKNOWN),
        ("annual", "9999-12-31T23:59:59-14:00", UNKNOWN),
        (["annual"], 3, UNKNOWN),
    ],
)
def test_on_time_is_judged_where_a_period_and_a_date_are_known(frequency, updated, expected):
    assert points(frequency=frequency, last_update=updated)["update_fulfilled_in_time"] == expected


@pytest.mark.parametrize(
    ("formats", "expected"),
    [
        (["pdf"], False), (["XLSX", ".xls", "docx"], False), ([None, ""], False),
        (["pdf", "ods"], True), ([{"a": 1}], False),
    ],
)  # fmt: skip
def test_a_closed_format_alone_is_not_open(formats, expected):
    assert points([{**FILE, "format": made} for made in formats])["has_open_format"] is expected


def check(found, **changes):
    return {**FILE, "extras": {} if found is None else {"check:available": found}, **changes}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ([check(True), check(None)], UNKNOWN),  # the platform says true
        ([check(True), check(False), check(None)], False),
        ([check("true")], UNKNOWN),
        ([check(None, filetype="file")], True),  # kept by the platform itself
        ([check(False, filetype="file"), check(True)], True),
        ([check(True, extras=None)], UNKNOWN),
    ],
)
def test_an_unchecked_link_is_unknown_and_one_dead_link_decides(files, expected):
    assert points(files)["all_resources_available"] == expected


def test_files_that_could_not_be_listed_leave_their_points_unknown():
    found = points(None)
    unknown = {name for name, made in found.items() if made == UNKNOWN}
    assert unknown == {
        "has_resources", "has_open_format", "all_resources_available", "resources_documentation"
    }  # fmt: skip


def test_documentation_is_a_file_of_that_type_or_a_description():
    bare = {**FILE, "description": " "}
    assert points([bare])["resources_documentation"] is False
    assert points([bare, {**bare, "type": "documentation"}])["resources_documentation"] is True


def test_a_check_tells_since_when_its_result_has_not_changed():
    assert (state_since(FILE), http_status(FILE), link_of(FILE)) == ("2024-01-02", 200, True)
    moved = {**FILE, "extras": {**FILE["extras"], "check:url": "https://exemple.invalid/old.csv"}}
    assert (state_since(moved), http_status(moved), link_of(moved)) == (None, None, UNKNOWN)
    odd = {"extras": {"check:available": False, "check:status": True, "check:date": {"a": 1}}}
    assert (state_since(odd), http_status(odd), link_of(odd)) == (None, None, False)


def test_the_platform_and_ours_are_both_kept_and_their_differences_named():
    said = {name: True for name in POINTS}
    given = {
        "id": "0" * 24, "title": "Arbres", "quality": {**said, "score": 1.0}, "license": "lov2",
        "frequency": "punctual", "resources": [check(None)],
    }  # fmt: skip
    made = evidence(given, "commune", ["text"], [], "https://exemple.invalid")
    assert made["quality"]["all_resources_available"] is True
    assert made["quality_ours"]["all_resources_available"] == UNKNOWN
    assert made["quality_score"] == 1.0
    assert "all_resources_available" in made["quality_differs"]
    assert "license" not in made["quality_differs"]
    (file,) = made["resources"]
    assert (file["available"], file["state_since"], file["http_status"]) == (UNKNOWN, None, None)


def test_a_point_that_the_platform_does_not_tell_is_no_difference():
    assert differences({"license": "unknown"}, {"license": True}) == []
    assert differences({"license": True}, {"license": False}) == ["license"]
    assert len(SCORED) == 9 and "has_resources" not in SCORED
