"""What changed, what somebody wrote, what falls due: one line of words each, for screen and page.

Texts come as they are, typed or fetched: whoever draws a line escapes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from data.catalog import catalog
from data.entries import PlannedAction, Request
from diagnostics.changes import (
    APPEARED,
    DISAPPEARED,
    DUE,
    STALE,
    STATUS,
    VERDICT,
    Change,
)
from diagnostics.week import ACTION, DECLARATION, DUTY, REQUEST, Awaited, Deadline, Move
from drawing import duties, french, letters, signs

KINDS = {
    "appeared": "Apparue",
    "disappeared": "Disparue",
    "stale": "Vieillie",
    "due": "Échéance",
    "verdict": "Verdict",
    "status": "Statut",
}
MOVES = {
    "declaration": "Déclaration",
    "request": "Demande",
    "action": "Action",
    "observation": "Observation",
    "validation": "Validation",
}
DEADLINES = {ACTION: "Action du plan", REQUEST: "Réponse attendue", DUTY: "Échéance légale"}
ACTIONS = {"planned": "prévue", "started": "commencée", "done": "faite", "dropped": "abandonnée"}
_OTHERS = {
    "contests": "conteste le statut",
    "completes": "complète le statut",
    "settled": "réglée",
    "valid": "diagnostic validé",
    "working": "revenu à l'état de document de travail",
}
_VERDICTS = {
    "ready": "données suffisantes pour commencer",
    "degraded": "données suffisantes pour une version réduite",
    "blocked": "il manque des données",
    "unknown": "on ne sait pas encore",
}
SEEN = (VERDICT, STALE, DISAPPEARED)  # known by comparing, on a day that is not theirs
PASSED = "Échéance passée\u00a0; situation non vérifiée par l'outil."
LONGEST = 80  # characters shown of an id the reference does not hold
LEFT = "Date passée, et rien n'est noté comme fait."
NOBODY = "auteur non nommé"


@dataclass(frozen=True)
class Line:
    """A kind, a subject that a screen may link, what is said of it, and when."""

    kind: str
    subject: str
    detail: str
    when: str
    dataset: str = ""
    experiment: str = ""

    @property
    def text(self) -> str:
        """The whole as one sentence."""
        return f"{self.kind}\u00a0: {self.subject}\u00a0– {self.detail}"


def dataset_title(dataset: str) -> str:
    """The French title of a dataset; an unknown id as it is, shortened."""
    card = catalog().datasets.get(dataset)
    return card.title if card else dataset[:LONGEST]


def change(made: Change, today: date) -> Line:
    """What differs since the last visit."""
    when = french.readable_day(made.day) if made.day else ""
    if made.kind == DUE:
        subject = made.deadline or dataset_title(made.dataset)
        return Line(KINDS[DUE], subject, _due(made, today), when, made.dataset)
    if made.kind in SEEN:
        when = f"vu le {when}" if when else ""
    if made.experiment:
        sheet = catalog().experiments.get(made.experiment)
        title = sheet.title if sheet else made.experiment[:LONGEST]
        return Line(KINDS[made.kind], title, _verdict(made), when, experiment=made.experiment)
    return Line(KINDS[made.kind], dataset_title(made.dataset), _data(made), when, made.dataset)


def _due(made: Change, today: date) -> str:
    what = DEADLINES.get(made.due, KINDS[DUE])
    if not made.day or made.day >= today.isoformat():
        return f"{what}, dans les trente jours."
    return PASSED if made.due == DUTY else f"{what}, date passée."


def _verdict(made: Change) -> str:
    before, after = (_VERDICTS.get(code, code[:LONGEST]) for code in (made.before, made.after))
    return f"De «\u00a0{before}\u00a0» à «\u00a0{after}\u00a0»."


def _data(made: Change) -> str:
    if made.source and made.kind == APPEARED:
        return f"Nouvelle source, «\u00a0{made.source}\u00a0»."
    if made.source and made.kind == DISAPPEARED:
        return f"Une source n'y est plus, «\u00a0{made.source}\u00a0»."
    return {
        APPEARED: f"Trouvée ou déclarée, {_word(made.after)}.",
        DISAPPEARED: "Plus constatée, ni déclarée existante.",
        STALE: "Sa période de mise à jour est dépassée.",
        STATUS: f"{_word(made.before)} avant, {_word(made.after)} maintenant.",
    }[made.kind]


def _word(status: str) -> str:
    return f"«\u00a0{signs.status(status).word}\u00a0»"


def move(made: Move) -> Line:
    """What somebody wrote, signed."""
    subject = made.title or (dataset_title(made.dataset) if made.dataset else "Diagnostic")
    when = f"{french.day(made.at)}, {made.author or NOBODY}"
    return Line(MOVES[made.kind], subject, _moved(made), when, made.dataset)


def _moved(made: Move) -> str:
    if made.kind == DECLARATION and not made.after:
        return "Déclaration retirée."
    word = french.upper_first(_state(made, made.after))
    if made.before is None or made.before in ("", made.after):
        return f"{word}." if made.before is None else f"{word}, ligne complétée."
    return f"{word}\u00a0; avant\u00a0: {_state(made, made.before)}."


def _state(made: Move, state: str) -> str:
    if made.kind == DECLARATION:
        held = made.existence if state == made.after else ""
        return f"«\u00a0{signs.need_sign(state, held).word}\u00a0»"
    words = {
        Request.kind: {code: word.lower() for code, (_, word) in letters.STATES.items()},
        PlannedAction.kind: ACTIONS,
    }.get(made.kind, _OTHERS)
    return words.get(state, state[:LONGEST])


def deadline(made: Deadline, today: date) -> Line:
    """What is expected, of whom, on which day."""
    subject = french.upper_first(made.title) if made.title else dataset_title(made.dataset)
    when, kind = french.day(made.day), DEADLINES[made.kind]
    if made.badge:
        said = [duties.passed(made.badge) or f"{duties.WORDS[made.badge.kind][1]}."]
        said += [duties.bound(made.badge), duties.EXAMPLE if made.badge.example else ""]
        return Line(kind, subject, " ".join(filter(None, said)), when, made.dataset)
    who = french.upper_first(made.who or "personne n'est nommé")
    passed = f" {LEFT}" if made.day < today else ""
    return Line(kind, subject, f"{who}.{passed}", when, made.dataset)


def hours(value: float) -> str:
    """6.75 -> '6,75 h'."""
    return f"{french.number(value, 2 if round(value * 100) % 10 else 1)}\u00a0h"


def awaited(made: Awaited, today: date) -> Line:
    """A request without an answer: to whom, since when."""
    one = made.kept.entry
    sent = f"envoyée le {french.day(one.sent_on)}" if one.sent_on else "sans date d'envoi"
    said = f"{one.holder or 'Destinataire non dit'}, {sent}"
    if one.reminded_on:
        said += f", relancée le {french.day(one.reminded_on)}"
    ready = " Relance possible." if made.remind else ""
    since = french.plural((today - made.day).days, "jour")
    when = f"attendue depuis {since}"
    return Line("Demande", dataset_title(one.dataset), f"{said}.{ready}", when, one.dataset)
