"""A figure or an absence for each indicator of a territory, set against the towns of the programme.

The order of the questions is that of the absences: does the indicator make sense at this level, is
each dataset there, does its source speak of every member, does the SQL give a believable figure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from data.store import Store
from data.territories import NATIONAL, Territory, acv_towns, members
from data.territories import territory as territory_of
from diagnostics.indicators.comparison import Comparison, compare
from diagnostics.indicators.fetch_log import FetchLog, carrier_level, exhaustive
from diagnostics.indicators.header import Indicator, indicators
from diagnostics.indicators.panel import Panel
from diagnostics.indicators.value import (
    NOT_APPLICABLE,
    Row,
    Value,
    absent,
    gap_sentence,
    implausible,
    of_another_level,
    present,
    serving_old_copy,
    shown,
    worst,
    wrong_level,
)
from diagnostics.presence import NOT_COVERED, SOURCE_FAILED, Presence

SENTENCES = {
    "secret": "Secret statistique : la source ne diffuse pas ce chiffre.",
    NOT_COVERED: "Hors couverture de la source pour tout ou partie de ce territoire.",
    NOT_APPLICABLE: "Sans objet ici : les conditions de lecture de ce chiffre ne sont pas réunies.",
}
Gap = tuple[int, int]  # members the source says nothing of, members in all
Refusal = tuple[str, str]  # status, sentence


@dataclass(frozen=True)
class _Scene:
    """A territory, the towns it is set against, their fetch log and their rows."""

    territory: Territory
    towns: tuple[Territory, ...]
    log: FetchLog
    panel: Panel
    peers: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)


def compute(store: Store, territory: Territory, theme: str | None = None) -> list[Value]:
    """Every indicator (of a theme) for a territory, a real commune set against the ACV towns."""
    chosen = [made for made in indicators().values() if theme in (None, made.theme)]
    compared = territory.level == "commune" and not territory.fictional
    return measure(store, territory, chosen, acv_towns() if compared else ())


def measure(
    store: Store,
    territory: Territory,
    chosen: Iterable[Indicator],
    towns: tuple[Territory, ...] = (),
) -> list[Value]:
    """The given indicators, set against `towns` (real communes) where there are enough."""
    own = () if territory.level == "commune" else (territory.code,)
    groups = {town.code: (town.code,) for town in towns}
    groups[territory.code] = (*members(territory), *own)
    with store.cursor() as cursor:
        log = FetchLog(store, [territory, *towns])
        scene = _Scene(territory, towns, log, Panel(cursor, groups))
        return [_measure(scene, indicator) for indicator in chosen]


def _measure(scene: _Scene, indicator: Indicator) -> Value:
    place = scene.territory
    if place.level not in indicator.levels:
        return absent(indicator, place, NOT_APPLICABLE, wrong_level(indicator, place.level))
    presences = {dataset: scene.log.of(dataset, place) for dataset in indicator.datasets}
    if problem := worst(presences):
        return absent(indicator, place, *problem, presences)
    level = carrier_level(presences, place)
    code = _carrier(scene, level)
    rows = scene.panel.rows(indicator)
    raw, gap = rows.get(code, Row()), _gap(scene, presences, code)
    row = shown(indicator, raw)
    if problem := _uncovered(indicator, gap) or _refusal(indicator, row):
        return absent(indicator, place, *problem, presences)
    comparison = _compare(scene, indicator, rows, raw) if level == place.level else None
    said = _said(scene, indicator, level, gap, presences)
    return present(indicator, level, row, presences, comparison, said)


def _said(
    scene: _Scene,
    indicator: Indicator,
    level: str,
    gap: Gap | None,
    presences: dict[str, Presence],
) -> str | None:
    """What to know of this very figure, beside the caveats of the indicator."""
    place = scene.territory
    sentences = [
        of_another_level(level, place.level) if level != place.level else None,
        gap_sentence(*gap) if gap else None,
        indicator.notes.get(place.code),
        serving_old_copy(presences),
    ]
    return " ".join(filter(None, sentences)) or None


def _carrier(scene: _Scene, level: str) -> str:
    """The code whose rows give the figure, put into `members` when it is not the territory's."""
    place = scene.territory
    codes = {
        place.level: place.code,
        "departement": f"dep:{place.departement}",
        "region": f"reg:{place.region}",
        "national": NATIONAL,
    }
    code = place.epci if level == "epci" and place.epci else codes[level]
    if code != place.code:
        inside = members(territory_of(code)) if code != NATIONAL else ()
        scene.panel.add({code: (*inside, code)})
    return code


def _gap(scene: _Scene, presences: dict[str, Presence], code: str) -> Gap | None:
    """The first source that says nothing of some members, so that a sum would be false."""
    for dataset, found in presences.items():
        if not exhaustive(dataset, found):
            missing, asked = scene.panel.gap(dataset, code)
            if missing:
                return missing, asked
    return None


def _uncovered(indicator: Indicator, gap: Gap | None) -> Refusal | None:
    """A gap of the source, unless the indicator may be read on a part of the members."""
    if gap is None or (indicator.partial and gap[0] < gap[1]):
        return None
    return NOT_COVERED, gap_sentence(*gap)


def _refusal(indicator: Indicator, row: Row) -> Refusal | None:
    """Why the SQL gave no figure that can be shown."""
    if row.absence or row.value is None:
        absence = row.absence or NOT_COVERED
        return absence, SENTENCES[absence]
    doubt = implausible(indicator, row)
    return (SOURCE_FAILED, doubt) if doubt else None


def _compare(
    scene: _Scene, indicator: Indicator, rows: dict[str, Row], mine: Row
) -> Comparison | None:
    """Real communes alone: the scene has no town for any other territory."""
    if not (indicator.compared and indicator.numeric and scene.towns):
        return None
    found = (rows.get(code, Row()) for code in _peers(scene, indicator.datasets))
    peers = [float(row.value) for row in found if not _refusal(indicator, row)]
    return compare(float(mine.value), peers, indicator.precision)


def _peers(scene: _Scene, datasets: tuple[str, ...]) -> tuple[str, ...]:
    """The towns that have these datasets themselves, so that their rows may be believed."""
    if datasets not in scene.peers:
        scene.peers[datasets] = tuple(
            town.code for town in scene.towns if _has_own(scene, datasets, town)
        )
    return scene.peers[datasets]


def _has_own(scene: _Scene, datasets: tuple[str, ...], town: Territory) -> bool:
    presences = {dataset: scene.log.of(dataset, town) for dataset in datasets}
    return (
        all(made.good for made in presences.values())
        and carrier_level(presences, town) == town.level
        and _gap(scene, presences, town.code) is None
    )
