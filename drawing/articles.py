"""The article of a dataset's title, so that it can stand inside a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from drawing import french

_FEMININE = frozenset(
    """
    base composition consommation couverture délinquance gestion performance population qualité
    radiance sinistralité température trame zone
    """.split()  # noqa: SIM905 - words read better as a text than as quoted strings
)
_MASCULINE = frozenset(
    """
    budget catalogue dicrim foncier niveau patrimoine plan potentiel registre relevé relief ressenti
    retrait référentiel réseau zonage
    """.split()  # noqa: SIM905
)
_SINGULAR = frozenset({"atlas"})  # ends like a plural
FIRST = 3  # names said before « et n autres »


def the(title: str) -> str:
    """'Inventaire des arbres (public)' -> 'l'inventaire des arbres'; never a guessed gender."""
    short = re.sub(r" *\([^)]*\)", "", title).strip()
    said, head = french.lower_first(short), _head(short)
    if is_plural(short):
        return f"les {said}"
    if french.elides(short):
        return f"l'{said}"
    if head in _FEMININE:
        return f"la {said}"
    if head in _MASCULINE:
        return f"le {said}"
    return f"la donnée «\u00a0{short}\u00a0»"


def is_plural(title: str) -> bool:
    """Whether the first word of a title is a plural: 'Fontaines à eau potable' -> True."""
    head = _head(title)
    return head.endswith(("s", "x")) and head not in _SINGULAR


def the_first(titles: Sequence[str], kept: int = FIRST) -> str:
    """'l'inventaire des arbres, les friches et 2 autres': long lists are cut."""
    left = len(titles) - kept
    if left <= 0:
        return french.listed(the(title) for title in titles)
    others = "une autre" if left == 1 else f"{left}\u00a0autres"
    return f"{', '.join(the(title) for title in titles[:kept])} et {others}"


def _head(title: str) -> str:
    return re.split(r"[ '’-]", title.strip().lower(), maxsplit=1)[0]
