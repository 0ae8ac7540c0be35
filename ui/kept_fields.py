"""Several declarations at once: what stays of those already made where a field is left blank.

Under the same status nothing that was declared goes unless something is typed in its place. Under
another one, whom to ask stays; what stood for the former status (reason, text, paper) goes with
it, and it is said beforehand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.catalog import catalog
from data.records import Declaration
from drawing import french

_ALWAYS = ("holder", "contact", "note")  # true whatever the status
_OF_STATUS = {
    "reason_code": "la raison",
    "reason": "l'explication",
    "legal_ground": "le texte cité",
    "evidence": "la pièce en mots",
    "url": "le lien",
    "file": "le fichier joint",
    "trace": "la trace",
    "asked_on": "la date de la demande",
    "substitute": "ce qui est donné à la place",
}
_EXISTING = ("exists", "partial")


def choice_of(made: Declaration) -> str:
    """The word a declaration is shown under: what nobody produces has its own."""
    if made.existence == "not_produced":
        return "not_produced"
    return made.status or "not_evaluated"


def over(before: Declaration | None, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The fields to declare: what is typed, and what stays of `before` under it.

    `typed` is keyed as in Declaration; « usual » is the existence where nobody said it.
    """
    fields = {name: value for name, value in typed.items() if name not in ("usual", "paper")}
    kept = _kept(before, typed) if before else {}
    asked = fields["existence"] if "usual" in typed or fields["existence"] != "unknown" else None
    existence = asked or kept.get("existence") or typed.get("usual") or "unknown"
    stays = {name: value for name, value in kept.items() if not fields.get(name)}
    return {**fields, **stays, "existence": existence}


def _kept(before: Declaration, typed: Mapping[str, Any]) -> dict[str, Any]:
    same = _same_status(before, typed)
    names = (*_ALWAYS, *(_OF_STATUS if same else ()))
    kept = {name: value for name in names if (value := getattr(before, name))}
    if same or before.existence in _EXISTING:
        kept["existence"] = before.existence
    return kept


def _same_status(before: Declaration, typed: Mapping[str, Any]) -> bool:
    asked = "not_produced" if typed["existence"] == "not_produced" else typed["status"]
    return choice_of(before) == asked


def told(before: Mapping[str, Declaration], typed: Mapping[str, Any]) -> list[str]:
    """What is already declared among those chosen, what stays of it and what goes; [] if nothing.

    `before` holds the declarations in force, by dataset.
    """
    if not before:
        return []
    has = "a déjà une déclaration" if len(before) == 1 else "ont déjà une déclaration"
    titles = french.listed(_title(key) for key in before)
    count = "Une" if len(before) == 1 else str(len(before))
    said = [
        f"{count} d'entre elles {has}\u00a0: {titles}. Ce que vous remplissez y remplace ce qui "
        "était dit\u00a0; ce que vous laissez vide y reste."
    ]
    return said + [_gone(key, made, typed) for key, made in before.items() if _lost(made, typed)]


def _gone(dataset: str, made: Declaration, typed: Mapping[str, Any]) -> str:
    names = french.listed(_OF_STATUS[name] for name in _lost(made, typed))
    return (
        f"{_title(dataset)} change de statut\u00a0; ne reste que dans l'historique\u00a0: {names}."
    )


def _lost(made: Declaration, typed: Mapping[str, Any]) -> list[str]:
    """The fields of the former status that hold something and are not typed again."""
    if _same_status(made, typed):
        return []
    paper = {"file": typed.get("paper")}
    return [
        name
        for name in _OF_STATUS
        if getattr(made, name) and not (typed.get(name) or paper.get(name))
    ]


def _title(dataset: str) -> str:
    card = catalog().datasets.get(dataset)
    return card.title if card else dataset
