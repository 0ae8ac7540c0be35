"""Publier: the French of encodings, confidence, and of what may be undone."""

from __future__ import annotations

from data.entries import Publication
from ui.publish_room import STEPS, differing

_ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8, avec marque",
    "cp1252": "Windows occidental (cp1252)",
    "mac-roman": "Mac ancien",
    "mac_roman": "Mac ancien",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "latin-1": "latin 1",
}
_DELIMITERS = {";": "point-virgule", ",": "virgule", "\t": "tabulation", "|": "barre verticale"}
_CHOICES = {
    "withdrawn": "retrait du fichier",
    "file": "remplacement du fichier",
    "sheet": "choix de la feuille",
    "refused": "réparation refusée ou acceptée",
    "schema": "choix du standard",
    "dataset": "choix de la donnée",
    "mapping": "sens des colonnes",
    "transforms": "transformation de colonnes",
    "consents": "décisions",
    "metadata": "fiche",
    "producer": "service d'origine",
    "step": "étape",
}


def encoding(name: str | None) -> str:
    """The name of an encoding, for people."""
    return _ENCODINGS.get((name or "").lower(), name or "")


def delimiter(sign: str | None) -> str:
    """The name of a separator."""
    return _DELIMITERS.get(sign or "", f"«\u00a0{sign}\u00a0»" if sign else "")


def confidence(share: float) -> str:
    """How sure, in a word."""
    words = ((0.9, "sûr"), (0.7, "probable"), (0.4, "possible"))
    return next((word for least, word in words if share >= least), "incertain")


def done(before: Publication, now: Publication) -> str:
    """What the last choice was, for the button that undoes it."""
    names = differing(before, now)
    if now.step > before.step:
        return f"passage à «\u00a0{STEPS[now.step]}\u00a0»"
    return next((said for name, said in _CHOICES.items() if name in names), "dernier choix")
