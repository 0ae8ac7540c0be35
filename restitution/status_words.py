"""The sign of a status in a document: one merely assumed is never drawn as an established one."""

from __future__ import annotations

from drawing import signs
from drawing.signs import Sign

OUTSIDE = "hors couverture de la source nationale"
SUPPOSED = {
    "open": "supposée ouverte",
    "candidate": "supposée à publier",
    "closed_unjustified": "supposée fermée, motif à préciser",
    "closed_justified": "supposée protégée",
    "other": "supposée payante ou limitée",
    "not_produced": "supposée inexistante",
    "not_concerned": "supposée sans objet",
}


def shown(status: str, existence: str, provenance: str) -> Sign:
    """« ● Ouverte » when established; « ? Non évaluée » when the reference merely assumes it."""
    if provenance == "assumed":
        return signs.status("not_evaluated")
    return signs.need_sign(status, existence)


def known_by(status: str, existence: str, provenance: str, *, outside: bool = False) -> str:
    """'constaté', 'déclaré'; beside the sign of what is assumed, 'supposée ouverte'."""
    word = signs.PROVENANCES[provenance]
    if provenance != "assumed":
        return word
    if outside:
        return f"{word}, {OUTSIDE}"
    return SUPPOSED.get(signs.need_sign(status, existence).code, word)
