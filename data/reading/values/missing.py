"""Words that stand for a missing value: certain everywhere, or only beside typed values."""

from __future__ import annotations

import re

import numpy as np

from data.reading.values.column import Column
from data.reading.values.names import fold, has, listed

# Certain whatever the column holds (folded, final point and inner spaces aside).
CERTAIN = frozenset(
    """n/a|#n/a|#n/d|n.a|n/c|n.c|n/r|n.r|n/d|n.d|s/o|s.o|null|<null>|(null)|[null]|\\n|<na>
    |non renseigne|non renseignee|non renseignes|non renseignees|non-renseigne|non_renseigne
    |pas renseigne|non communique|non communiquee|non communiques|non disponible|non disponibles
    |non precise|non precisee|non specifie|non specifiee|non applicable|non connu|non connue
    |sans objet|neant|pas de donnee|pas de donnees|donnee manquante|valeur manquante|manquant
    |ne sait pas|ne se prononce pas|a completer|a renseigner|(vide)|(blank)|#ref!|#valeur!|#value!
    |#div/0!|#nom?|#name?|#num!|#nombre!|#nul!|#null!|#getting_data|undefined""".replace(
        "\n    ", ""
    ).split("|")
)
# Initials and signs that may be codes: missing beside typed values or long texts, else a flag.
INITIALS = listed("na nc nr nd nsp so ns np nan none nil nul vide xxx")
SIGNS = re.compile(r"[-–—−_?.…/*]{1,5}|\[?\?\]?")
# Plain words that are answers in a text column, and nothing in a typed one.
ANSWERS = frozenset(
    """inconnu|inconnue|inconnus|indetermine|indeterminee|non determine|non determinee|non defini
    |non definie|en attente|a definir|en cours|non concerne|non concernee|unknown|aucune donnee
    |absent|manquante|a venir|non evalue|non mesure|non mesuree|illisible""".replace(
        "\n    ", ""
    ).split("|")
)
SHORT_CODE = re.compile(r"[A-Z0-9+*.\-]{1,3}|[a-z]{1,2}")
LONGEST = 32  # characters of the longest of these words, generously
CANDIDATE = r"^([^0-9]{1,32}|#DIV/0!)$"  # no other of these words holds a figure


def settle_certain(column: Column) -> None:
    """Empty the cells that say they are; mark those that may be saying so."""
    candidates = np.flatnonzero(column.matching(CANDIDATE)).tolist()
    emptied: dict[int, str | None] = {}
    for at in candidates:
        word = spoken(column.values[at])
        if word in CERTAIN:
            emptied[at] = None
        elif word in INITIALS or word in ANSWERS or SIGNS.fullmatch(column.values[at]):
            column.doubtful[at] = True
    column.apply("missing_value", emptied)


def settle_doubtful(column: Column, typed: bool) -> None:
    """Beside typed values the doubtful words are missing; beside texts, only when no code."""
    places = np.flatnonzero(column.doubtful & column.filled).tolist()
    if not typed:
        places = _but_answers(column, places)
        if _may_be_codes(column, places):
            if places:
                column.flag(f"possible_missing:{column.name}")
            return
    column.apply("missing_value", {at: None for at in places})


def means_nothing(value: str) -> bool:
    """Whether a text may stand for a missing value, somewhere."""
    word = spoken(value.strip())
    return word in CERTAIN | INITIALS | ANSWERS | {""} or bool(SIGNS.fullmatch(value.strip()))


def spoken(value: str) -> str:
    """A word as it is compared: no case, no accent, one space, no final point."""
    return " ".join(fold(value).split()).rstrip(".")


def _but_answers(column: Column, places: list[int]) -> list[int]:
    return [at for at in places if spoken(column.values[at]) not in ANSWERS]


def _may_be_codes(column: Column, places: list[int]) -> bool:
    """Short codes stand beside them, or nothing does: « NA » may be Namibia, « - » a mark."""
    others = [value for value in column.sample().values if spoken(value) not in ANSWERS]
    words = [column.values[at] for at in places if not SIGNS.fullmatch(column.values[at])]
    if not others:
        return bool(words)
    if words and has(column.name, "prenom", "prenoms", "pays", "iso", "country", "code", "sigle"):
        return True
    short = sum(1 for value in others if SHORT_CODE.fullmatch(value))
    return short >= 0.2 * len(others)
