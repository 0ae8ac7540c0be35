"""What the team noted about a territory, as tables: for the internal workbook and bundle alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from data import attachments, entries
from data.entries import (
    Draft,
    Hours,
    Interview,
    Observation,
    PlannedAction,
    Profile,
    Remark,
    Request,
    Validation,
)
from data.records import Declaration
from diagnostics.evidence import reason_label
from diagnostics.missing import gains
from drawing import letters, signs, tidings
from restitution import action_plan
from restitution.account import Account
from restitution.sheets import Cell

_YES = {True: "oui", False: "non"}
_TEXT, _LONG = 24.0, 44.0  # widths, in characters
_LONG_ONES = {"text", "note", "reason", "answers", "texts", "comments", "comment", "detail"}


@dataclass(frozen=True)
class TeamTable:
    """Lines of one kind, every version of them, oldest first."""

    id: str
    name: str
    columns: Sequence[tuple[str, float]]  # header, width in characters
    rows: Sequence[Sequence[Cell]]
    empty: str


def plan(account: Account) -> TeamTable:
    """The plan of actions as it stands."""
    rows = action_plan.rows(account.plan, gains(account.assessment))
    return TeamTable("plan", "Plan", action_plan.COLUMNS, rows, "Aucune action prévue.")


def requests(account: Account) -> TeamTable:
    """The requests to holders as they stand."""
    columns = (
        *(("Donnée", 40), ("Détenteur", 32), ("État", 18), ("Envoyée le", 12)),
        *(("Réponse espérée le", 12), ("Relancée le", 12), ("Réponse le", 12)),
        *(("Contact", 28), ("Note", 44), ("Texte", 60), ("Saisie par", 20)),
    )
    rows = [
        [
            tidings.dataset_title(made.entry.dataset),
            made.entry.holder,
            letters.STATES[made.entry.state][1],
            made.entry.sent_on,
            made.entry.due_on,
            made.entry.reminded_on,
            made.entry.answered_on,
            made.entry.contact,
            made.entry.note,
            made.entry.text,
            made.author,
        ]
        for made in account.requests
    ]
    return TeamTable("demandes", "Demandes", columns, rows, "Aucune demande notée.")


def history(account: Account) -> TeamTable:
    """Every declaration, oldest first, withdrawn ones too."""
    columns = (
        *(("Saisie le (UTC)", 17), ("Saisie par", 20), ("Identifiant", 22), ("Donnée", 40)),
        *(
            ("Statut", 18),
            ("Existence", 40),
            ("Motif", 30),
            ("Raison", 44),
            ("Texte cité", 30),
            ("Pièce", 30),
        ),
        *(("Fichier", 28), ("Lien", 40), ("Substitut", 18), ("Détenteur", 30), ("Contact", 28)),
        *(("Note", 44), ("Trace", 20), ("Demandée le", 12), ("Retirée", 9)),
    )
    made = account.store.declaration_history(account.place.code)
    rows = [_declared(line) for line in made]
    return TeamTable("historique", "Historique", columns, rows, "Aucune déclaration.")


def _declared(line: Declaration) -> list[Cell]:
    return [
        line.recorded_at,
        line.author,
        line.dataset,
        tidings.dataset_title(line.dataset),
        signs.need_sign(line.status or "", line.existence).word if line.status else None,
        signs.EXISTENCE[line.existence],
        reason_label(line.status or "", line.reason_code),
        line.reason,
        line.legal_ground,
        line.evidence,
        attachments.shown_name(line.file),
        line.url,
        line.substitute,
        line.holder,
        line.contact,
        line.note,
        line.trace,
        line.asked_on,
        _YES[line.withdrawn],
    ]


def session(account: Account) -> TeamTable:
    """Questions and decisions noted in session; a name where the person agreed."""
    columns = (
        *(("Jour", 12), ("Nature", 12), ("Question ou décision", 70), ("Qui (avec accord)", 24)),
        *(("Vue à l'écran", 40), ("Retirée", 9), ("Saisie par", 20)),
    )
    rows = [
        [
            made.entry.day,
            {entries.QUESTION: "question", entries.DECISION: "décision"}[made.entry.nature],
            made.entry.text,
            made.entry.who if made.entry.agreed else "",
            made.entry.view,
            _YES[made.entry.withdrawn],
            made.author,
        ]
        for made in account.remarks
    ]
    return TeamTable("seance", "Séance", columns, rows, "Aucune question ni décision notée.")


# Kinds kept line by line: (kind, file, name of the table). Their fields are the columns.
_KINDS: tuple[tuple[Any, str, str], ...] = (
    (Request, "demandes_historique", "Demandes, toutes versions"),
    (PlannedAction, "plan_historique", "Plan, toutes versions"),
    (Observation, "observations", "Observations"),
    (Validation, "validations", "Validations"),
    (Hours, "heures", "Heures"),
    (Interview, "entretiens", "Entretiens"),
    (Remark, "seance_historique", "Séance, toutes versions"),
    (Profile, "profil", "Profil"),
    (Draft, "brouillons", "Brouillons"),
)


def everything(account: Account) -> Iterator[TeamTable]:
    """All that was typed, one table a kind; nothing outside the team."""
    if not account.internal:
        return
    yield from (plan(account), requests(account), history(account), session(account))
    for kind, identifier, name in _KINDS:
        yield _versions(account, kind, identifier, name)


def _versions(account: Account, kind: Any, identifier: str, name: str) -> TeamTable:
    """Every line of a kind, its fields as columns."""
    names = [made.name for made in fields(kind)]
    columns = [("recorded_at", 17.0), ("author", 20.0)]
    columns += [(made, _LONG if made in _LONG_ONES else _TEXT) for made in names]
    rows = [
        [line.recorded_at, line.author, *(_cell(getattr(line.entry, made)) for made in names)]
        for line in entries.history(account.store, kind, account.place.code)
    ]
    return TeamTable(identifier, name, columns, rows, "Aucune ligne.")


def _cell(value: Any) -> Cell:
    if isinstance(value, bool):
        return _YES[value]
    if value is None or isinstance(value, str | int | float | date | datetime):
        return value
    if isinstance(value, Mapping):
        return "\n".join(f"{key}\u00a0: {made}" for key, made in value.items())
    return ", ".join(map(str, value))
