"""How a computed figure reads: its value, its interval, its place among towns, its source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from diagnostics.indicators import POSITIONS, Comparison, Value
from drawing import blocks, french, signs
from drawing.blocks import Cell, prose
from drawing.charts import Point

# One figure per theme on the home screen: the first of these that has a value.
HEADLINES = {
    "climat": ("d35_2050", "n20_2050", "d30_2050"),
    "risques": ("catnat_events", "catnat_recognitions"),
    "biodiversite": ("green_space_per_inhabitant", "trees_per_100", "protected_share"),
    # A share first: a number of dwellings says the size of the town before its vacancy.
    "centre_ville": ("housing_vacancy_share", "secondary_homes_share"),
    "portrait": ("population",),
}
# What an élu reads first, in this order: each is one figure, or the first known of several that say
# the same thing. The others follow, folded where they are many.
ESSENTIAL: dict[str, tuple[tuple[str, ...], ...]] = {
    "portrait": (
        ("population",), ("seniors_share",), ("under_20_share",), ("median_income",),
        ("housing",), ("housing_vacancy_share",), ("debt_per_inhabitant",), ("gross_savings_rate",),
    ),
    "climat": (),
    "risques": (
        ("catnat_events", "catnat_recognitions"), ("catnat_last_event", "catnat_latest"),
        ("risk_families", "ddrm_families"),
        ("prevention_plans_approved", "listed_plans_approved"),
        ("radon_class",), ("water_compliance",), ("nitrates_peak",),
    ),
    "biodiversite": (
        ("trees_per_100",), ("green_space_per_inhabitant",), ("protected_share",), ("warm_share",),
        ("species_known", "gbif_species"),
    ),
    "centre_ville": (
        ("long_vacancy_share", "secondary_homes_share"), ("ground_floor_vacancy",),
        ("shops_per_1000",), ("median_price_flat",), ("median_price_house",),
        ("poor_ratings_share",), ("land_taken",), ("brownfield_area",),
    ),
}  # fmt: skip
MANY = 8  # figures of a theme from which the others are folded
HORIZONS = {
    "reference": "1976-2005 (référence)",
    "2030": "Vers 2030 (+2\u00a0°C)",
    "2050": "Vers 2050 (+2,7\u00a0°C)",
    "2100": "Vers 2100 (+4\u00a0°C)",
}
BRIEF = {"below": "au-dessous", "within": "dedans", "above": "au-dessus"}  # of the middle half
FEW = 30  # towns: under it, a place among them is said with their number
FIRST = ("d35", "n20", "hw", "fire", "dry", "d30")  # order of the projections


def number(figure: float, value: Value) -> str:
    """A number at the precision the source supports."""
    return french.number(figure, value.precision)


def amount(value: Value) -> str:
    """'25 036 habitants', '12,5 %', '20 juin 2023'; the words of the absence else."""
    if value.value is None:
        return signs.absence(value.status).words
    if isinstance(value.value, str):
        return french.readable_day(value.value)
    if value.unit.startswith("classe"):
        return f"classe\u00a0{number(value.value, value)}"
    return f"{number(value.value, value)}\u00a0{french.unit_for(value.value, value.unit)}"


def spoken(value: Value) -> str:
    """The same as said in council: '12 jours par an'."""
    if value.value is None or isinstance(value.value, str) or value.unit.startswith("classe"):
        return amount(value)
    return f"{number(value.value, value)}\u00a0{french.spoken_unit(value.value, value.unit)}"


def interval(value: Value) -> str:
    """'[7–15]' with what it is, or nothing."""
    if value.low is None or value.high is None or value.value is None:
        return ""
    low, high = min(value.low, value.high), max(value.low, value.high)
    return f"[{number(low, value)}–{number(high, value)}]"


def place(value: Value) -> str:
    """Where the figure stands among towns, in words; never a rank."""
    found = value.comparison
    if found is None:
        return ""
    return f"{french.upper_first(POSITIONS[found.position])} ({spread(value, found)})"


def spread(value: Value, found: Comparison) -> str:
    """'médiane 11,5, moitié centrale de 8 à 13, 16 villes ACV'."""
    median, p25, p75 = _middle(value, found)
    return (
        f"médiane {median}, moitié centrale de {p25} à {p75}, "
        f"{french.number(found.n)}\u00a0villes ACV{_only(found)}"
    )


def brief_place(value: Value) -> str:
    """'au-dessus\u00a0; 11,5 [8–13]': place, median and middle half, for the cell of a table.

    Few towns are said to be few.
    """
    found = value.comparison
    if found is None:
        return ""
    median, p25, p75 = _middle(value, found)
    return f"{BRIEF[found.position]}\u00a0; {median}\u00a0[{p25}–{p75}]{few(found)}"


def few(found: Comparison) -> str:
    """', 16 villes seulement' after a place among few towns; nothing after one among many."""
    return f", {french.number(found.n)}\u00a0villes{_only(found)}" if found.n < FEW else ""


def _only(found: Comparison) -> str:
    return " seulement" if found.n < FEW else ""


def _middle(value: Value, found: Comparison) -> tuple[str, str, str]:
    decimals = value.precision or int(abs(found.median) < 100)
    figures = (found.median, found.p25, found.p75)
    median, p25, p75 = (french.number(figure, decimals) for figure in figures)
    return median, p25, p75


def why_absent(value: Value) -> str:
    """The sentence of an absence, without its words when they stand before it already."""
    words, detail = signs.absence(value.status).words, french.typeset(value.detail or "")
    return french.upper_first(re.sub(rf"^{re.escape(words)}\s*:\s*", "", detail, flags=re.I))


def year_beside(value: Value, source: str) -> str | None:
    """The year to write after a source: nothing when the source says the same day itself.

    A bare year is always written: the one that a source holds may be that of something else.
    """
    if not value.vintage:
        return "année non dite"
    said = value.vintage in source and not value.vintage.isdigit()
    return None if said else french.readable_day(value.vintage)


def source_parts(value: Value) -> list[str | None]:
    """Producer, year, level, fetched on, licence."""
    fetched = f"récupéré le {french.day(value.fetched_at)}" if value.fetched_at else None
    vintage = f"millésime {french.readable_day(value.vintage)}" if value.vintage else None
    level = f"niveau {signs.LEVELS.get(value.level, value.level)}"
    return [value.source, vintage, level, fetched, value.licence]


def sources(values: Iterable[Value], theme: str) -> str:
    """The distinct source lines under a group of figures."""
    lines = dict.fromkeys(tuple(source_parts(value)) for value in values if value.value is not None)
    return "".join(blocks.source_line(parts, theme) for parts in lines)


def summary(own: Sequence[Value]) -> str:
    """How many figures of a theme are known, and how many leave the middle half of the towns."""
    known = [value for value in own if value.value is not None]
    if not known:
        return "Aucun chiffre de ce thème n'est connu pour ce territoire."
    above = [v for v in known if v.comparison and v.comparison.position != "within"]
    said = f"{french.plural(len(known), 'chiffre connu', 'chiffres connus')} sur {len(own)}"
    if any(value.comparison for value in known):
        said += (
            f"\u00a0; {_out(len(above))} de la moitié centrale des villes Action Cœur de Ville "
            "qui ont ce chiffre"
        )
    return said + "."


def _out(count: int) -> str:
    return french.plural(count, "sort", "sortent") if count else "aucun ne sort"


def ordered(values: Sequence[Value]) -> list[Value]:
    """The figures of a theme that are read first, in their order, then the others as they come."""
    first = essential(values)
    return [*first, *(value for value in values if value not in first)]


def essential(values: Sequence[Value]) -> list[Value]:
    """Those of a theme that an élu reads first; of several that say the same, the first."""
    known = {value.id: value for value in values}
    groups = ESSENTIAL.get(values[0].theme, ()) if values else ()
    found = (next((known[name] for name in group if name in known), None) for group in groups)
    return [value for value in found if value is not None]


def folded(values: Sequence[Value]) -> tuple[list[Value], list[Value]]:
    """What is shown of a theme, and what waits behind a touch where there are many."""
    shown = essential(values)
    if len(values) <= MANY or not shown:
        return ordered(values), []
    return shown, [value for value in values if value not in shown]


def table(name: str, values: Sequence[Value], theme: str) -> str:
    """Known figures: what, how much, where among towns, whence (HTML).

    The place among towns is a column only where one figure at least has it.
    """
    compared = any(value.comparison for value in values)
    headers = ("Chiffre", "Valeur", *(("Parmi les villes ACV",) if compared else ()), "Source")
    rows = [_row(value, compared, theme) for value in ordered(values)]
    return blocks.table(name, headers, rows, theme)


def _row(value: Value, compared: bool, theme: str) -> list[Cell]:
    place = [Cell(_where(value, theme), 3, "10rem")] if compared else []
    return [
        Cell(_what(value, theme), 4, "12rem", labelled=False),
        Cell(_how_much(value), 2, "9rem"),
        *place,
        Cell(_whence(value, theme), 1, "5rem", labelled=False),
    ]


def _small(words: str, theme: str) -> str:
    return f'<span style="font-size:.84rem;color:{signs.MUTED[theme]}">{prose(words)}</span>'


def _what(value: Value, theme: str) -> str:
    said = f"<strong>{prose(value.title)}</strong><br>{_small(value.reading, theme)}"
    return f"{said}<br>{_small(value.detail, theme)}" if value.detail else said


def _how_much(value: Value) -> str:
    said = f'<span style="font-size:1.1rem;font-weight:650">{prose(amount(value))}</span>'
    if not interval(value):
        return said
    kind = f" {value.interval}" if value.interval else ""
    return f'{said}<br><span style="font-size:.84rem">{prose(interval(value) + kind)}</span>'


def _where(value: Value, theme: str) -> str:
    found = value.comparison
    if found is None:
        return _small("pas de comparaison", theme)
    position = french.upper_first(POSITIONS[found.position])
    return f"{prose(position)}<br>{_small(spread(value, found), theme)}"


def _whence(value: Value, theme: str) -> str:
    notes = [part for part in (*source_parts(value), *value.caveats) if part]
    return blocks.folded("Source", "<br>".join(prose(str(note)) for note in notes), theme)


def absences(values: Iterable[Value]) -> dict[tuple[str, str], list[Value]]:
    """Figures that are not there, by their absence and its sentence; the five kinds never merge."""
    found: dict[tuple[str, str], list[Value]] = {}
    for value in values:
        if value.value is None:
            found.setdefault((value.status, value.detail or ""), []).append(value)
    return found


def absence_block(status: str, detail: str, values: Sequence[Value], step: str, theme: str) -> str:
    """One absence: its words, its sentence, the figures it touches, its next step (HTML)."""
    words = signs.absence(status).words
    said = french.upper_first(detail if words.lower() in detail.lower() else f"{words}. {detail}")
    titles = blocks.text(" ; ".join(value.title for value in values), theme, small=True)
    count = french.plural(len(values), "chiffre concerné", "chiffres concernés")
    shown = titles if len(values) == 1 else blocks.folded(count, titles, theme)
    return (
        f'<div style="border-left:3px dashed {signs.MUTED[theme]};padding:.1rem 0 .1rem .9rem;'
        f'margin:.5rem 0;overflow-wrap:anywhere"><strong>{prose(said)}</strong>{shown}'
        f'<span style="font-size:.9rem">{step}</span></div>'
    )


def variants(values: Iterable[Value]) -> dict[str, dict[str, Value]]:
    """Figures that exist at several horizons, by key then horizon, in the order of the horizons."""
    found: dict[str, dict[str, Value]] = {}
    for value in values:
        key, _, horizon = value.id.rpartition("_")
        if horizon in HORIZONS:
            found.setdefault(key, {})[horizon] = value
    order = sorted(found, key=lambda key: FIRST.index(key) if key in FIRST else len(FIRST))
    return {key: {h: found[key][h] for h in HORIZONS if h in found[key]} for key in order}


def common_title(values: Iterable[Value]) -> str:
    """'Jours à 35 °C ou plus, horizon 2050' -> 'Jours à 35 °C ou plus'."""
    return next(iter(values)).title.split(", ")[0]


def points(by_horizon: dict[str, Value]) -> list[Point]:
    """The points of an interval chart; horizons without a figure are left out."""
    return [
        Point(HORIZONS[horizon], float(value.value), value.low, value.high)
        for horizon, value in by_horizon.items()
        if value.value is not None
    ]


def headline(values: Sequence[Value], theme: str) -> Value | None:
    """The figure that stands for a theme: a known one first, then one that could be had."""
    wanted = {name: rank for rank, name in enumerate(HEADLINES.get(theme, ()))}
    own = [value for value in values if value.theme == theme or value.id in wanted]
    ranks = {"value": 0, "not_applicable": 2}
    own.sort(key=lambda v: (ranks.get(v.status, 1), wanted.get(v.id, len(wanted))))
    return next(iter(own), None)
