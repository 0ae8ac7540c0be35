"""What is said of each kind of error: a title and one sentence that an agent can act on.

Every text is French: what is wrong, where, how many times, an example, what to do.
"""

from __future__ import annotations

from collections.abc import Sequence

from diagnostics.conformity import messages_custom, messages_structure, messages_values
from diagnostics.conformity.cells import Cells, Issue, RowCheck
from diagnostics.conformity.suggestions import name as nearest_name
from diagnostics.conformity.suggestions import nearest
from diagnostics.conformity.wording import NBSP, cited, counted, ended, number

# Codes that never make a file invalid.
MISSING_OPTIONAL = "missing-optional-label"  # a column of the standard that is not required
WARNINGS = frozenset({MISSING_OPTIONAL, "extra-label", "incorrect-label", "check-skipped"})
UNKNOWN = "Erreur"


def worded(
    check: RowCheck, cells: Cells, count: int, rows: tuple[int, ...], example: str | None
) -> Issue:
    """The issue that a check found: `count` cells or rows, the first of them, a value."""
    at = messages_values.Found(check, cells, count, rows, example, nearest(check, cells, example))
    made = messages_values.said(at) or messages_custom.said(at)
    if made is None:
        return of_file(check.code, check.field, count=count, rows=rows, example=example)
    title, sentence = made
    return Issue(
        check.code, title, ended(sentence), check.field, count, rows, example, at.suggestion
    )


def of_file(
    code: str,
    field: str | None = None,
    *,
    count: int = 1,
    rows: tuple[int, ...] = (),
    given: Sequence[str] = (),
    example: str | None = None,
) -> Issue:
    """An issue of the structure: columns, cells or lines missing or in excess.

    `given` names the columns of the file that the schema does not describe: one of them may be the
    missing one under another name.
    """
    title, sentence = messages_structure.said(code, field, count, rows, example)
    like = None
    if code in ("missing-label", MISSING_OPTIONAL) and field:
        like = nearest_name(field, given)
        if like:
            sentence = (
                f"Colonne manquante{NBSP}: {cited(like)} ressemble à {cited(field)}."
                " Renommez-la si c'est bien elle"
            )
    return Issue(code, title, ended(sentence), field, count, rows, example, like)


def of_columns(code: str, names: Sequence[str], absent: Sequence[str]) -> Issue:
    """Columns that go together, some of which the file does not have."""
    title, sentence = messages_custom.absent(code, tuple(names), tuple(absent))
    return Issue(code, title, ended(sentence), None, 1)


def check_error(name: str, reason: str) -> Issue:
    """A check that the schema asks for and that cannot be run."""
    told = {"pattern": "motif"}.get(name, name) or "sans nom"
    sentence = (
        f"Le schéma demande le contrôle {cited(told)}, qui n'a pas pu être fait"
        f"{NBSP}: {reason}. C'est le schéma qui est à corriger, pas vos données"
    )
    return Issue("check-error", "Contrôle impossible", ended(sentence), None, 1)


def skipped(name: str) -> Issue:
    """A check whose official list is not kept here: said, never counted as an error."""
    sentence = (
        f"Le contrôle {cited(name)} n'est pas fait ici, faute de la liste officielle"
        f"{NBSP}: vérifiez ces valeurs vous-même"
    )
    return Issue("check-skipped", "Contrôle non fait", ended(sentence), None, 1)


def verdict_sentence(
    valid: bool,
    rows: int,
    rows_with_errors: int,
    errors: Sequence[Issue],
    warnings: Sequence[Issue] = (),
    loaded: bool = True,
) -> str:
    """« Sera-t-il accepté ? » answered in one sentence."""
    if not loaded:
        return (
            "Impossible à dire\u00a0: le schéma lui-même est mal formé, vos données n'y sont pour"
            " rien."
        )
    if valid:
        if not warnings:
            return "Oui\u00a0: le fichier est conforme au standard, il sera accepté."
        remarks = counted(len(warnings), "remarque")
        return f"Oui, il sera accepté\u00a0; {remarks} à lire, sans obligation."
    return f"Non, pas en l'état\u00a0: {_left(rows, rows_with_errors, errors)}."


def _left(rows: int, wrong: int, errors: Sequence[Issue]) -> str:
    """What stands in the way: columns first, then lines, and the most frequent fault."""
    absent = [issue.field for issue in errors if issue.code == "missing-label"]
    parts = []
    if absent:
        parts.append(
            f"il manque {counted(len(absent), 'colonne obligatoire', 'colonnes obligatoires')}"
        )
    if wrong:
        have = "lignes sur" if wrong > 1 else "ligne sur"
        verb = "sont à corriger" if wrong > 1 else "est à corriger"
        parts.append(f"{number(wrong)}{NBSP}{have} {number(rows)} {verb}")
    lines = [issue for issue in errors if issue.rows]
    if lines and len(lines) > 1:
        most = max(lines, key=lambda issue: issue.count)
        column = f", colonne {cited(most.field)}" if most.field else ""
        parts.append(f"surtout «{NBSP}{most.title}{NBSP}»{column}")
    if not parts:
        parts.append(errors[0].title.lower() if errors else "le fichier n'a pas pu être lu")
    return ", ".join(parts)
