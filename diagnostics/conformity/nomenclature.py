"""The nomenclature ACTES: what may stand before the slash in the subject of a deliberation."""

from __future__ import annotations

import unicodedata

SUBJECTS = (
    "Commande publique",
    "Urbanisme",
    "Domaine et patrimoine",
    "Fonction publique",
    "Institutions et vie politique",
    "Libertés publiques et pouvoirs de police",
    "Finances locales",
    "Domaines de compétences par thèmes",
    "Autres domaines de compétences",
)
VOWELS = "aeiou"


def known(text: str) -> bool:
    """Whether a text begins with a subject and a slash, no space on either side of it.

    The official tool drops the last character of a text without slash before it compares: this
    does the same, so that both give the same verdict.
    """
    subject = text[: text.find("/")]
    return "/ " not in text and _folded(subject) in _SUBJECTS


def _folded(text: str) -> str:
    """In lower case, composed vowels without their accents."""
    return "".join(_bare(letter) for letter in text.lower())


def _bare(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[:1]
    return base if base in VOWELS else letter


_SUBJECTS = frozenset(_folded(subject) for subject in SUBJECTS)
