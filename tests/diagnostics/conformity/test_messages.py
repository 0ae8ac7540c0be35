"""What is said of errors: French only, no pattern shown, plurals right, nearest value."""

from __future__ import annotations

import re

import pytest

from data.schemas import TYPES, Field, schema_of
from diagnostics.conformity import messages, suggestions
from diagnostics.conformity.cells import Cells, Issue, RowCheck
from diagnostics.conformity.custom_columns import OPERATORS
from diagnostics.conformity.messages_custom import VALUES
from diagnostics.conformity.messages_structure import FILES, LINES
from diagnostics.conformity.patterns import UNKNOWN, described
from tests.diagnostics.conformity.small_cells import workspace

INSEE = r"^([013-9]\d|2[AB1-9])\d{3}$"
CONSTRAINTS = {
    "required": True, "unique": True, "minLength": 3, "maxLength": 5, "minimum": 1, "maximum": 9,
    "exclusiveMinimum": 0, "exclusiveMaximum": 9.5, "pattern": INSEE, "enum": ["a", "b"],
}  # fmt: skip
ENGLISH = re.compile(
    r"\b(the|is|not|must|value|values|field|row|error|column|required|missing|invalid|string|"
    r"integer|boolean|pattern|constraint|none|true value|array|any)\b",
    re.IGNORECASE,
)
REGEX = re.compile(r"\\[dwsb]|\[\^|\(\?|\{\d|\$|[a-z]-z\]")


def speaks_french(issue: Issue) -> None:
    assert issue.title and issue.message, issue.code
    text = f"{issue.title} {issue.message}"
    assert not ENGLISH.search(text), text
    assert not REGEX.search(text), text
    assert not issue.message[0].islower() and issue.message[-1] in ".?", text
    assert not re.search(r"(?<!\u00a0)[:;?!](?=\s|$)|« (?!\u00a0)", text.replace("«\u00a0", "")), (
        text
    )
    assert "  " not in text and ".." not in text.replace("…", ""), text


def said(fields, check, count, rows=(3,), example=None):
    return messages.worded(check, described_only(fields), count, rows, example)


def described_only(fields):
    """No table: a message needs the schema and a workspace to try patterns in."""
    if isinstance(fields, dict):
        fields = [{"name": name, "type": kind} for name, kind in fields.items()]
    return Cells(workspace(), schema_of({"fields": fields}, "essai"), 1, {}, {})


@pytest.mark.parametrize("count", [1, 2, 12_345])
@pytest.mark.parametrize("kind", TYPES)
def test_each_type_has_its_sentence(kind, count):
    check = RowCheck("type-error", "NOM", "true", "type")
    issue = said({"NOM": kind}, check, count, example="x;y")
    speaks_french(issue)
    assert "NOM" in issue.message and "x;y" in issue.message
    assert issue.count == count and issue.rows == (3,)
    assert ("valeurs" in issue.message) == (count > 1)


@pytest.mark.parametrize("rule", CONSTRAINTS)
@pytest.mark.parametrize("count", [1, 3])
def test_each_constraint_has_its_sentence(rule, count):
    fields = [{"name": "code", "type": "string", "constraints": {rule: CONSTRAINTS[rule]}}]
    check = RowCheck("constraint-error", "code", "true", rule)
    example = None if rule == "required" else "4604"
    issue = said(fields, check, count, example=example)
    speaks_french(issue)
    assert issue.title != "Erreur"


@pytest.mark.parametrize("rule", ["enum", "pattern", "minLength"])
def test_items_of_a_list_are_spoken_of_too(rule):
    item = {"constraints": {rule: CONSTRAINTS[rule]}}
    fields = [{"name": "code", "type": "array", "arrayItem": item}]
    check = RowCheck("constraint-error", "code", "true", f"arrayItem.{rule}")
    speaks_french(said(fields, check, 2, example='["z"]'))


@pytest.mark.parametrize("code", [*LINES, *FILES, "duplicate-labels", "jamais-vu"])
def test_each_fault_of_structure_has_its_sentence(code):
    for count in (1, 4):
        speaks_french(messages.of_file(code, "NOM", count=count, rows=(2,), example="x"))
    speaks_french(messages.of_file(code))


@pytest.mark.parametrize("rule", VALUES)
def test_each_custom_check_has_its_sentence(rule):
    for count in (1, 5):
        check = RowCheck("custom-check-error", "a", "true", rule, {"alone": count > 1})
        speaks_french(said({"a": "string"}, check, count, example="x"))


@pytest.mark.parametrize("op", OPERATORS)
def test_comparisons_say_both_columns(op):
    for count in (1, 2):
        details = {"columns": ("VOTE_REEL", "VOTE_POUR"), "op": op}
        check = RowCheck("compare-columns-value", "VOTE_REEL", "true", "compare", details)
        issue = said({"VOTE_REEL": "integer"}, check, count, example="1")
        speaks_french(issue)
        assert "VOTE_REEL" in issue.message and "VOTE_POUR" in issue.message


@pytest.mark.parametrize("code", ["cohesive-columns-value", "one-of-required", "sum-columns-value"])
def test_columns_together_are_all_named(code):
    for count in (1, 2):
        check = RowCheck(code, None, "true", "x", {"columns": ("A1", "B2", "C3")})
        issue = said({"A1": "integer"}, check, count)
        speaks_french(issue)
        assert all(name in issue.message for name in ("A1", "B2", "C3"))
    speaks_french(messages.of_columns(code, ("A1", "B2"), ("B2",)))
    speaks_french(messages.skipped("code-fantoir"))


def test_a_missing_column_may_be_there_under_another_name():
    given = ("PRENOM_ENFANT", "ANNEE")
    issue = messages.of_file("missing-label", "ENFANT_PRENOM", given=given)
    assert issue.suggestion == "PRENOM_ENFANT"
    assert "« PRENOM_ENFANT » ressemble à « ENFANT_PRENOM »" in issue.message.replace("\u00a0", " ")
    near = messages.of_file("missing-label", "NOMBRE_OCCURRENCES", given=("NOMBRE_OCCURENCES",))
    assert near.suggestion == "NOMBRE_OCCURENCES"
    assert messages.of_file("missing-label", "ENFANT_SEXE", given=given).suggestion is None


@pytest.mark.parametrize(
    ("kind", "text", "right"),
    [
        ("date", "15/03/2024", "2024-03-15"),
        ("date", "2020/10/22", "2020-10-22"),
        ("date", "le 15 mars 2024", "2024-03-15"),
        ("date", "vendredi 15 mars 2024", "2024-03-15"),
        ("date", "1er août 2024", "2024-08-01"),
        ("date", "31/02/2024", None),
        ("datetime", "15/03/2024 08:30", "2024-03-15T08:30:00Z"),
        ("time", "8h30", "08:30:00"),
        ("year", "15/03/2024", "2024"),
        ("yearmonth", "03/2024", "2024-03"),
        ("number", "47 800,20", "47800.20"),
        ("number", "1.234,56", "1234.56"),
        ("number", "12 €", "12"),
        ("number", "douze", None),
        ("integer", "40,0", "40"),
        ("integer", "40,5", None),
        ("boolean", "Oui", "true"),
        ("boolean", "peut-être", None),
        ("geopoint", "1,44 ; 44,4", "1.44, 44.4"),
    ],
)
def test_the_nearest_value_of_a_type(kind, text, right):
    check = RowCheck("type-error", "a", "true", "type")
    assert said({"a": kind}, check, 1, example=text).suggestion == right


@pytest.mark.parametrize(
    ("constraints", "text", "right"),
    [
        ({"enum": ["Publique", "Privée"]}, "privee", "Privée"),
        ({"enum": ["Publique", "Privée"]}, "PUBLIC", "Publique"),
        ({"enum": ["Publique", "Privée"]}, "xyz", None),
        ({"pattern": INSEE}, "1001", "01001"),
        ({"pattern": INSEE}, " 46042 ", "46042"),
        ({"pattern": r"^\d{14}$"}, "214 600 421 00017", "21460042100017"),
        ({"pattern": r"^\d{4}-\d{2}-\d{2}$"}, "15/03/2024", "2024-03-15"),
        ({"pattern": r"^(\d{4})(/\d{4})?$"}, "2024-2025", "2024/2025"),
        ({"pattern": r"^(?=x)"}, "abc", None),
        ({"maxLength": 5}, "46042  ", "46042"),
    ],
)
def test_the_nearest_value_of_a_constraint(constraints, text, right):
    (rule,) = constraints
    check = RowCheck("constraint-error", "a", "true", rule)
    fields = [{"name": "a", "type": "string", "constraints": constraints}]
    assert said(fields, check, 1, example=text).suggestion == right


@pytest.mark.parametrize(
    ("rule", "text", "right"),
    [
        ("siret", "214 600 421 00017 x", "21460042100017"),
        ("siret", "21460042100018", None),
        ("siren", "21460042100017", "214600421"),
        ("opening-hours-value", "lundi au vendredi 9h-12h", "Mo-Fr 09:00-12:00"),
        ("year-interval-value", "2025/2024", "2024/2025"),
        ("nomenclature-acte", "finances locale / Subventions", "Finances locales/Subventions"),
        ("gps-reversed", "44.44, 1.44", "1.44, 44.44"),
        ("phone-number-value", "05.65.20.87.40 (accueil)", "0565208740"),
    ],
)
def test_the_nearest_value_of_a_custom_check(rule, text, right):
    check = RowCheck("custom", "a", "true", rule)
    made = described_only({"a": "string"})
    assert suggestions.nearest(check, made, text) == right


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (INSEE, "INSEE"),
        (r"^\d{14}$", "SIRET"),
        (r"^\d{9}$", "SIREN"),
        (r"^[0-9]{5}$", "postal"),
        (r"^\d{4}-\d{2}-\d{2}$", "année-mois-jour"),
        (r"^[0-9]{4}(\/[0-9]{4})?$", "période"),
        (r"^https?://.*$", "https://"),
        (r"^\d{7}$", "7 chiffres"),
        (r"^\[-?\d+\.\d+, ?-?\d+\.\d+\]$", "longitude"),
    ],
)
def test_known_patterns_are_described(pattern, words):
    told, example = described(workspace(), pattern)
    assert words in told and example


@pytest.mark.parametrize("pattern", ["(", "(?=a)b", "a" * 5_000, "(a|b|c)+z{1,3}q"])
def test_an_unknown_pattern_is_never_shown(pattern):
    assert described(workspace(), pattern)[0] == UNKNOWN


def test_hostile_values_are_cut_and_stay_on_one_line():
    check = RowCheck("type-error", "a\nb", "true", "type")
    hostile = "\x1b[31m" + "x" * 10_000 + "\n\r\t\u202e"
    issue = said({"a\nb": "integer"}, check, 1, example=hostile)
    assert len(issue.message) < 400 and "\n" not in issue.message and "\x1b" not in issue.message


def test_will_it_be_accepted_is_answered():
    missing = messages.of_file("missing-label", "A")
    lines = Issue("type-error", "Format de date incorrect", "x", "d", 12, (1,))
    other = Issue("constraint-error", "Valeur manquante", "x", "e", 2, (1,))
    said_ = messages.verdict_sentence
    assert said_(True, 10, 0, ()).startswith("Oui")
    assert "1\u00a0remarque" in said_(True, 10, 0, (), (missing,))
    refused = said_(False, 340, 12, (missing, lines, other))
    assert refused.startswith("Non") and "1\u00a0colonne obligatoire" in refused
    assert "12\u00a0lignes sur 340" in refused and "Format de date" in refused
    assert "schéma" in said_(False, 0, 0, (), loaded=False)


def test_names_are_not_taken_for_each_other():
    assert suggestions.name("latitude", ("longitude", "altitude_m")) is None
    assert suggestions.typed(Field("a", "any", "default", {}, {}), "x") is None
