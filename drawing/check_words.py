"""Checks and fit of a dataset as sentences: what was found, and why something was not tested."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from data.catalog import Dataset
from diagnostics.evidence import Evidence, Found
from drawing import french, signs

ASPECTS = {
    "level": "Niveau",
    "coverage": "Couverture du territoire",
    "depth": "Profondeur dans le temps",
    "crs": "Coordonnées",
}
_PASSED, _PARTLY, _FAILED, _UNTESTED = "●", "◐", "✕", "?"


@dataclass(frozen=True)
class Said:
    """One sentence and the sign of its outcome: ● passed, ◐ partly, ✕ failed, ? not tested."""

    symbol: str
    text: str


def nothing_tested(evidence: Evidence) -> bool:
    """No check was done: one sentence says it better than six."""
    return all(isinstance(result, str) for result in evidence.checks.values())


def nothing_looked_at(evidence: Evidence) -> bool:
    """No aspect of the fit is known."""
    return all(isinstance(result, str) for result in evidence.aspects.values())


def checks(card: Dataset, evidence: Evidence) -> list[Said]:
    """One sentence per check, in the order of the method."""
    return [
        _said(name, evidence.checks.get(code), _CHECKS[code], card, evidence)
        for code, name in signs.CHECKS.items()
    ]


def aspects(card: Dataset, evidence: Evidence) -> list[Said]:
    """One sentence per aspect of the fit to the need."""
    return [
        _said(name, evidence.aspects.get(code), _ASPECTS[code], card, evidence)
        for code, name in ASPECTS.items()
    ]


_Words = Callable[[float | None, Dataset, Evidence], str]


def _said(name: str, result: object, words: _Words, card: Dataset, evidence: Evidence) -> Said:
    share = float(result) if isinstance(result, int | float) else None
    return Said(_symbol(share), f"{name}\u00a0: {words(share, card, evidence)}.")


def _symbol(share: float | None) -> str:
    if share is None:
        return _UNTESTED
    return _PASSED if share >= 1 else _PARTLY if share > 0 else _FAILED


def _first(evidence: Evidence, name: str) -> str | None:
    """What the first source that says it says."""
    return next((made for one in evidence.sources if (made := _of(one, name))), None)


def _of(source: Found, name: str) -> str | None:
    return getattr(source, name) or None


# --- checks ---------------------------------------------------------------------------------


def _licence(share: float | None, card: Dataset, evidence: Evidence) -> str:
    said = _first(evidence, "licence")
    if share is None:
        return "non testé, la source n'en dit aucune"
    return ("oui" if share >= 1 else "non") + (f" ({said})" if said else "")


def _readable(share: float | None, card: Dataset, evidence: Evidence) -> str:
    if share is None:
        return "non testé, la source ne dit pas ses formats"
    formats = _first(evidence, "format")
    told = f" ({formats})" if formats else ""
    return f"oui{told}" if share > 0 else f"non, fait pour l'œil seulement{told}"


def _link(share: float | None, card: Dataset, evidence: Evidence) -> str:
    if share is None:
        why = (
            "l'extrait est livré avec l'outil" if evidence.shipped else "aucun lien n'a été essayé"
        )
        return f"non testé, {why}"
    if share <= 0:
        return "non, aucun lien essayé n'a répondu"
    return "oui, il a répondu" if share >= 1 else f"{french.percent(100 * share, 0)} ont répondu"


def _freshness(share: float | None, card: Dataset, evidence: Evidence) -> str:
    updated = _first(evidence, "updated_at")
    dated = f" ({french.readable_day(updated)})" if updated else ""
    if share is None:
        return f"non testé, {_undated(updated, card)}{dated}"
    if share >= 1:
        return f"oui, dans sa période de mise à jour{dated}"
    if share > 0:
        return f"en partie, sa période de mise à jour est dépassée{dated}"
    return f"non, plus de trois périodes de mise à jour sont passées{dated}"


def _undated(updated: str | None, card: Dataset) -> str:
    """Which of the two things that freshness needs is lacking: a date, or a period."""
    if not updated:
        return "la source ne dit pas sa date"
    if not card.max_age_days:
        return "la source ne dit pas sa période"
    return "la source ne donne pas une date qui se compare"


def _schema(share: float | None, card: Dataset, evidence: Evidence) -> str:
    if share is None:
        return "non testé, " + (
            "aucun fichier n'a été validé" if card.standard else "aucun standard n'est repéré"
        )
    return "oui" if share >= 1 else f"{french.percent(100 * share, 0)} des lignes sont valides"


def _documentation(share: float | None, card: Dataset, evidence: Evidence) -> str:
    if share is None:
        return "non testé, aucun catalogue ne la décrit"
    return {1.0: "oui", 0.0: "non"}.get(share, f"{french.percent(100 * share, 0)} des points")


_CHECKS: dict[str, _Words] = {
    "licence": _licence,
    "readable": _readable,
    "link": _link,
    "freshness": _freshness,
    "schema": _schema,
    "documentation": _documentation,
}


# --- fit to the need ------------------------------------------------------------------------


def _level(share: float | None, card: Dataset, evidence: Evidence) -> str:
    if share is None:
        return "non testé, aucune source ne le dit"
    found = signs.LEVELS.get(_first(evidence, "level") or "")
    told = f" ({found})" if found else ""
    expected = "" if evidence.established else ", d'après la fiche de la source"
    if share >= 1:
        return f"au moins aussi fin que le territoire{told}{expected}"
    coarser = "un échelon au-dessus du" if share >= 0.7 else "bien plus large que le"
    return f"{coarser} territoire{told}{expected}"


def _coverage(share: float | None, card: Dataset, evidence: Evidence) -> str:
    if evidence.outside:
        return "hors couverture, la source laisse ce territoire de côté"
    if share is None:
        return "non testé"
    return "tout le territoire" if share >= 1 else "une partie (zone, période ou champs)"


def _depth(share: float | None, card: Dataset, evidence: Evidence) -> str:
    if share is None:
        return "non testé, " + (
            f"la source ne dit pas ses années ({card.depth_years} attendues)"
            if card.depth_years
            else "le besoin ne demande pas de nombre d'années"
        )
    asked = f"{card.depth_years} années attendues"
    if share >= 1:
        return f"oui, {asked}"
    return ("au moins la moitié des " if share >= 0.7 else "moins de la moitié des ") + asked


def _crs(share: float | None, card: Dataset, evidence: Evidence) -> str:
    if share is None:
        return "non testé" + (", la donnée n'a pas de lieu" if card.geometry == "aucune" else "")
    return "longitude et latitude, en WGS84" if share >= 1 else "à convertir"


_ASPECTS: dict[str, _Words] = {
    "level": _level,
    "coverage": _coverage,
    "depth": _depth,
    "crs": _crs,
}
