"""How far a verdict holds, in words, and the sign of a verdict that stands alone."""

from __future__ import annotations

from dataclasses import replace

from diagnostics.draws import DRAWS
from diagnostics.robustness import Robust
from drawing import french, signs
from drawing.signs import Sign

OUTCOMES = {
    "ready": "données suffisantes",
    "degraded": "version réduite",
    "blocked": "il manque une donnée",
    "unknown": "on ne sait pas",
}
LACKS = "Il manque une donnée"


def verdict(code: str) -> Sign:
    """The sign of a verdict outside a sentence: no colon left hanging."""
    sign = signs.VERDICT_SIGNS[code]
    return replace(sign, word=LACKS) if code == "blocked" else sign


def times(share: float) -> str:
    """0.876 -> '876 fois'."""
    return f"{french.number(round(DRAWS * share))}\u00a0fois"


def held(made: Robust) -> str:
    """How often the same verdict came out; what is awaited where there is none to try."""
    if made.verdict != "unknown":
        return f"Le même verdict {times(made.stability)}"
    waiting = french.plural(sum(doubt.decisive for doubt in made.doubts), "donnée")
    return f"Pas encore de verdict à éprouver\u00a0: {waiting} à confirmer d'abord"


def others(made: Robust, but: str = "") -> str:
    """Outcomes of the draws, the most frequent first."""
    ranked = sorted(made.shares.items(), key=lambda pair: -pair[1])
    return ", ".join(
        f"{OUTCOMES[name]} {times(share)}" for name, share in ranked if share and name != but
    )
