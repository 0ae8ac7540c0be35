"""The verdict on a project in whole words, for documents: established, then expected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from data.catalog import catalog
from diagnostics.availability import AssessedExperiment
from diagnostics.readiness import STARTS
from drawing import certainty, french, projects, signs
from drawing.signs import Sign
from restitution.document import Block, Text

_EXPECTED = {
    "ready": "Données attendues suffisantes si les suppositions du référentiel sont justes.",
    "degraded": "Données attendues suffisantes pour une version réduite si les suppositions du "
    "référentiel sont justes.",
    "blocked": "Si les suppositions du référentiel sont justes, il manquera de quoi commencer.",
    "unknown": "Même si les suppositions du référentiel sont justes, on ne saura pas encore.",
}


GROUPS = ("ready", "degraded", "waiting", "blocked", "lacking", "unknown")
_UNKNOWN = {
    "waiting": "suffisantes si c'est confirmé",
    "lacking": "il manquerait une donnée",
    "unknown": "une donnée indispensable reste inconnue",
}


def group(made: AssessedExperiment) -> str:
    """One of GROUPS: the verdict; where nobody knows yet, why."""
    if made.verdict != "unknown":
        return made.verdict
    if made.expected in STARTS:
        return "waiting"
    return "lacking" if made.expected == "blocked" else "unknown"


def group_sign(code: str) -> Sign:
    """'? On ne sait pas encore : suffisantes si c'est confirmé': the title of a group."""
    if code not in _UNKNOWN:
        return certainty.verdict(code)
    sign = signs.VERDICT_SIGNS["unknown"]
    return replace(sign, word=f"{sign.word}\u00a0: {_UNKNOWN[code]}")


def verdict_words(made: AssessedExperiment) -> str:
    """'Il manque : l'inventaire des arbres', or the words of its group."""
    if made.verdict != "blocked":
        return group_sign(group(made)).word
    word = signs.VERDICTS[made.verdict]
    return f"{word} {french.listed(_titles(made.blocking))}" if made.blocking else word


def verdict_blocks(made: AssessedExperiment) -> Iterator[Block]:
    """The verdict; where nobody knows yet, what is expected and what is to be confirmed."""
    yield Text(
        "", "lead", strong=f"{signs.VERDICT_SIGNS[made.verdict].symbol} {verdict_words(made)}."
    )
    if made.verdict == "unknown":
        yield Text(_EXPECTED[made.expected])
    if made.to_confirm:
        yield Text(
            f"{french.listed(_titles(made.to_confirm))}.", strong="À confirmer d'abord\u00a0:"
        )
    weak = projects.weakly_proved(made) if made.verdict != "unknown" else ()
    if weak:
        yield Text(
            f"{french.listed(_titles(weak))}. On ne s'appuie que sur une parole ou un catalogue.",
            strong="Preuve légère\u00a0:",
        )


def _titles(datasets: tuple[str, ...]) -> list[str]:
    titles = (catalog().datasets[dataset].title for dataset in datasets)
    return [french.typeset(french.lower_first(title)) for title in titles]
