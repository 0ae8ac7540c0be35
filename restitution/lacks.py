"""What is established as lacking, apart from what nobody checked, and the steps said once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from data.catalog import catalog
from diagnostics.missing import ESTABLISHED, MissingData
from drawing import french

LACKING = "Ce qui manque le plus"
TO_CHECK = "À vérifier d'abord"
BOTH = "Ce qui manque, et ce qui est à vérifier"
_PUBLISH = "la publier"
PUBLISHING = (
    "Publier une donnée, c'est corriger le fichier, lui donner la forme du standard, le faire "
    "relire, dire dans une fiche ce qu'il contient, puis le mettre en ligne."
)


@dataclass(frozen=True)
class Steps:
    """The next step of each line, and what is said once for all of them."""

    own: tuple[str, ...]  # empty words where the note says the whole step
    note: str


def established(lines: Sequence[MissingData]) -> tuple[MissingData, ...]:
    """Those that are known to be lacking."""
    return tuple(line for line in lines if line.certainty == ESTABLISHED)


def unchecked(lines: Sequence[MissingData]) -> tuple[MissingData, ...]:
    """Those that nobody checked here: neither there nor lacking."""
    return tuple(line for line in lines if line.certainty != ESTABLISHED)


def title(lines: Sequence[MissingData]) -> str:
    """The heading of a list: « Ce qui manque » only for what is established."""
    sure, unsure = established(lines), unchecked(lines)
    if sure and unsure:
        return BOTH
    return TO_CHECK if unsure else LACKING


def known(line: MissingData) -> str:
    """'manque établi' or 'à vérifier (non évaluée)'."""
    return "manque établi" if line.certainty == ESTABLISHED else "à vérifier (non évaluée)"


def counted(lines: Sequence[MissingData]) -> str:
    """'23 manques établis et 7 données à vérifier (non évaluées)', never merged."""
    sure, unsure = len(established(lines)), len(unchecked(lines))
    aside = french.agree(unsure, "(non évaluée)", "(non évaluées)")
    said = [french.plural(sure, "manque établi", "manques établis")] if sure else []
    said += [f"{french.plural(unsure, 'donnée')} à vérifier {aside}"] if unsure else []
    return french.listed(said)


def steps(lines: Sequence[MissingData], *, brief: bool = False) -> Steps:
    """What each line has of its own, the words shared by all said once; the first step if brief."""
    whole = [_shortened(line.next_step) for line in lines]
    said = [words.split(". ")[0].rstrip(".") + "." for words in whole] if brief else whole
    note = PUBLISHING if any(_PUBLISH in words.lower() for words in whole) else ""
    if len(said) < 2 or len(set(whole)) > 1:
        return Steps(tuple(map(french.typeset, said)), note)
    same = f"Pour chacune\u00a0: {french.lower_first(whole[0])}"
    return Steps(("",) * len(said), french.typeset(f"{same} {note}".strip()))


def _shortened(step: str) -> str:
    """The long way to publish in two words, wherever the step holds it."""
    rows = catalog().statuses["access_statuses"]
    action = next(str(row["next_action"]) for row in rows if row["code"] == "candidate")
    found = re.sub(re.escape(action.rstrip(".")), _PUBLISH, step, flags=re.IGNORECASE)
    return french.upper_first(found)
