"""A figure, or the absence that stands in its place, with everything needed to show it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from data.catalog import catalog
from data.store import Fetch
from data.territories import Territory
from diagnostics import presence as absences
from diagnostics.indicators.comparison import Comparison
from diagnostics.indicators.header import Indicator
from diagnostics.presence import Presence

VALUE, NOT_APPLICABLE = "value", "not_applicable"
_WORST_FIRST = (absences.NOT_COVERED, absences.SOURCE_FAILED, absences.OFFLINE)
_ADDRESS = re.compile(r"https?://\S+(\s*:)?\s*")
_LEVELS = {
    "commune": "de la commune",
    "epci": "de l'intercommunalité",
    "departement": "du département",
    "region": "de la région",
    "national": "de la France entière",
}


class Row(NamedTuple):
    """What the SQL of an indicator returns for one territory."""

    value: Any = None
    low: Any = None
    high: Any = None
    vintage: Any = None
    absence: str | None = None  # secret, not_covered, not_applicable


@dataclass(frozen=True)
class Value:
    """One indicator for one territory. Exactly one of « a value » and « an absence »."""

    id: str
    theme: str
    title: str
    value: Any  # number, ISO date text, or None
    unit: str
    status: str  # value, not_fetched, not_covered, secret, source_failed, not_applicable
    level: str  # level the figure is of, which may be wider than the territory's
    vintage: str | None
    source: str
    licence: str | None
    fetched_at: datetime | None  # oldest of the copies used
    higher_is: str
    datasets: tuple[str, ...]
    missing: tuple[str, ...]  # datasets without a good copy for this territory
    low: float | None
    high: float | None
    comparison: Comparison | None
    interval: str | None  # what low and high are
    precision: int
    reading: str
    caveats: tuple[str, ...]
    detail: str | None  # one sentence: why it is absent, or what to know of this very figure


def absent(
    indicator: Indicator,
    territory: Territory,
    status: str,
    detail: str,
    presences: dict[str, Presence] | None = None,
) -> Value:
    """The absence of a figure, with its sentence."""
    found = presences or {}
    goods = [made.good for made in found.values() if made.good]
    complete = bool(goods) and len(goods) == len(indicator.datasets)
    return _value(
        indicator,
        status=status,
        level=territory.level,
        detail=detail,
        goods=goods if complete else [],
        missing=tuple(key for key, made in found.items() if not made.good),
    )


def present(
    indicator: Indicator,
    level: str,
    row: Row,
    presences: dict[str, Presence],
    comparison: Comparison | None,
    detail: str | None,
) -> Value:
    """A figure with its source, its date and its place among others."""
    return _value(
        indicator,
        status=VALUE,
        level=level,
        detail=detail or None,
        goods=[made.good for made in presences.values() if made.good],
        row=row,
        comparison=comparison,
    )


def _value(
    indicator: Indicator,
    *,
    status: str,
    level: str,
    detail: str | None,
    goods: list[Fetch],
    missing: tuple[str, ...] = (),
    row: Row | None = None,
    comparison: Comparison | None = None,
) -> Value:
    row = row or Row()
    return Value(
        id=indicator.id,
        theme=indicator.theme,
        title=indicator.title,
        value=row.value,
        unit=indicator.unit,
        status=status,
        level=level,
        vintage=row.vintage or _distinct(made.vintage for made in goods),
        source=_distinct(made.source for made in goods) or indicator.source,
        licence=_distinct(made.licence for made in goods),
        fetched_at=min((made.fetched_at for made in goods), default=None),
        higher_is=indicator.higher_is,
        datasets=indicator.datasets,
        missing=missing,
        low=row.low,
        high=row.high,
        comparison=comparison,
        interval=indicator.interval,
        precision=indicator.precision,
        reading=indicator.reading,
        caveats=indicator.caveats,
        detail=detail,
    )


def _distinct(texts: Any) -> str | None:
    return " ; ".join(dict.fromkeys(str(text) for text in texts if text)) or None


def shown(indicator: Indicator, row: Row) -> Row:
    """The row at the precision the source supports; a date becomes ISO text."""
    value, low, high = (_rounded(figure, indicator.precision) for figure in row[:3])
    vintage = None if row.vintage is None else str(row.vintage)
    return Row(value, low, high, vintage, row.absence)


def _rounded(figure: Any, precision: int) -> Any:
    if figure is None or isinstance(figure, str):
        return figure
    if isinstance(figure, date):
        return figure.isoformat()[:10]
    if not math.isfinite(figure):
        return figure
    return round(float(figure), precision) if precision else round(figure)


def implausible(indicator: Indicator, row: Row) -> str | None:
    """The sentence of a figure out of bounds; None when it may be believed."""
    low, high = indicator.plausible
    for figure in (row.value, row.low, row.high):
        if figure is not None and not _between(low, figure, high):
            return (
                f"Valeur invraisemblable dans la source ({figure} {indicator.unit}, attendu de "
                f"{low} à {high}) : elle n'est pas affichée, vérifier la source."
            )
    return None


def _between(low: Any, figure: Any, high: Any) -> bool:
    """A figure of the wrong nature (text for a number) or NaN is not between anything."""
    return isinstance(figure, str) == isinstance(low, str) and bool(low <= figure <= high)


def worst(presences: dict[str, Presence]) -> tuple[str, str] | None:
    """Status and sentence of the gravest absence among the datasets; None when all are there."""
    states = {key: made for key, made in presences.items() if made.state != absences.FETCHED}
    if not states:
        return None
    for state in _WORST_FIRST:
        for key, made in states.items():
            if made.state == state:
                return _absence(key, made)
    titles = ", ".join(_title(key) for key in states)
    return absences.NOT_FETCHED, f"Jeu de données non récupéré : {titles}."


def _absence(dataset: str, made: Presence) -> tuple[str, str]:
    title, when = _title(dataset), _day(made.last.fetched_at) if made.last else None
    why = _said(made.last.detail) if made.last and not made.last.good else None
    if made.state == absences.NOT_COVERED:
        covered = _coverage(dataset, made)
        return made.state, why or f"Hors couverture de la source : {title} ({covered})."
    if made.state == absences.SOURCE_FAILED:
        return made.state, f"Source en panne le {when} : {title}" + (f" ({why})." if why else ".")
    return absences.NOT_FETCHED, f"Non récupéré, réseau interdit le {when} : {title}."


def _said(detail: str | None) -> str | None:
    """What a source said, without the address that was asked: the log keeps it."""
    return _ADDRESS.sub("", detail or "").strip() or None


def serving_old_copy(presences: dict[str, Presence]) -> str | None:
    """The sentence said beside a figure whose last refresh failed."""
    for key, made in presences.items():
        if made.failed_since and made.good:
            return (
                f"Dernière tentative sans succès le {_day(made.failed_since.fetched_at)} "
                f"({_title(key)}) : copie du {_day(made.good.fetched_at)}."
            )
    return None


def of_another_level(level: str, own: str) -> str:
    """The sentence said beside a figure that is not the territory's own."""
    return f"Chiffre {_LEVELS[level]}, pas {_LEVELS[own]}."


def gap_sentence(missing: int, asked: int) -> str:
    """The sentence of members that a source says nothing of."""
    if asked == 1:
        return "Hors couverture de la source : aucune ligne pour ce territoire."
    return f"La source ne dit rien de {missing} commune(s) sur {asked}."


def wrong_level(indicator: Indicator, level: str) -> str:
    """Why an indicator has no meaning at a level."""
    *others, last = (_LEVELS[known] for known in indicator.levels)
    allowed = f"{', '.join(others)} ou {last}" if others else last
    return f"Sans objet ici : ce chiffre se lit à l'échelle {allowed}, non {_LEVELS[level]}."


def _title(dataset: str) -> str:
    return f"« {catalog().datasets[dataset].title} »"


def _coverage(dataset: str, made: Presence) -> str:
    """What the source last asked says that it covers; never asked, the one that covers most."""
    card = catalog().datasets[dataset]
    asked = card.source(made.last.connector) if made.last else None
    widest = max(card.sources, key=lambda source: source.areas or 0, default=None)
    source = asked or widest
    return source.coverage if source else "couverture inconnue"


def _day(moment: datetime) -> str:
    return f"{moment:%d/%m/%Y}"
