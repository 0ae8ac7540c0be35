"""The dashboard: per theme a sentence, a chart, a table of figures, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import streamlit as st

from data.catalog import catalog
from data.store import Store
from data.territories import Territory
from diagnostics.indicators import Value
from drawing import blocks, charts, figures, french, signs
from drawing.blocks import prose
from ui import choosing, fetching, frame, menu

THEME = "theme"
STEP = "Prochain pas\u00a0: "


def theme_links(values: Sequence[Value]) -> None:
    """The themes as anchors, in the side list."""
    with st.sidebar:
        lines = [f"- [{signs.THEMES[theme]}](#{theme})" for theme in _themes(values)]
        st.markdown("**Thèmes**\n" + "\n".join(lines))


def _themes(values: Sequence[Value]) -> list[str]:
    """Themes that have indicators; the one the address names comes first."""
    asked = st.query_params.get(THEME)
    found = [theme for theme in signs.THEMES if any(value.theme == theme for value in values)]
    return sorted(found, key=lambda theme: theme != asked)


def themes(place: Territory, values: Sequence[Value], door: Any, store: Store) -> None:
    """Every theme that has indicators, in the order of the menu of themes."""
    for theme in _themes(values):
        st.header(signs.THEMES[theme], anchor=theme)
        own = [value for value in values if value.theme == theme]
        st.write(figures.summary(own))
        _projections(own)
        _table(theme, own)
        _absent(theme, own, place, door, store)


def _projections(own: Sequence[Value]) -> None:
    """One projection at a time, the others a touch away."""
    found = {
        key: by_horizon
        for key, by_horizon in figures.variants(own).items()
        if len(figures.points(by_horizon)) > 1
    }
    if not found:
        return
    titles = {key: figures.common_title(made.values()) for key, made in found.items()}
    chosen = st.selectbox("Projection montrée", list(found), format_func=titles.__getitem__)
    shown = found[chosen]
    last = list(shown.values())[-1]
    frame.chart(
        charts.interval_chart(tuple(figures.points(shown)), last.unit, frame.theme()),
        alt=f"{titles[chosen]} : " + ", ".join(_said(value) for value in shown.values()),
    )
    kind = last.interval or "intervalle de la source"
    frame.aside(f"Point\u00a0: médiane des modèles. Trait large\u00a0: {kind}.")


def _said(value: Value) -> str:
    return f"{value.title.split(', ')[-1]}, {figures.amount(value)} {figures.interval(value)}"


def _table(theme: str, own: Sequence[Value]) -> None:
    known = [value for value in own if value.value is not None]
    horizons = {value.id for made in figures.variants(known).values() for value in made.values()}
    shown, more = figures.folded([v for v in known if v.id not in horizons])
    _rows(f"Chiffres : {signs.THEMES[theme]}", shown)
    if more:
        with st.expander(french.plural(len(more), "autre chiffre", "autres chiffres")):
            _rows(f"Autres chiffres : {signs.THEMES[theme]}", more)
    if horizons:
        with st.expander("Toutes les projections, en chiffres"):
            _rows("Projections", [value for value in known if value.id in horizons])


def _rows(name: str, values: Sequence[Value]) -> None:
    frame.html(figures.table(name, values, frame.theme()))
    frame.html(figures.sources(values, frame.theme()))


def _absent(theme: str, own: Sequence[Value], place: Territory, door: Any, store: Store) -> None:
    """Why figures are not there, and the button that fetches what a source can bring."""
    lacking = [dataset for value in own if value.value is None for dataset in value.missing]
    possible = fetching.possible(door, place, lacking)
    for (status, detail), values in figures.absences(own).items():
        step = INVENTED if place.fictional else _step(status, values, possible)
        frame.html(figures.absence_block(status, detail, values, step, frame.theme()))
    if possible:
        fetching.button(door, store, place, possible, where=theme)


INVENTED = prose(f"{STEP}aucun, territoire fictif\u00a0: cette donnée n'a pas été inventée.")


def _step(status: str, values: Sequence[Value], possible: Sequence[str]) -> str:
    """What to do about an absence: fetch, or see who holds the data."""
    absence = signs.absence(status)
    datasets = dict.fromkeys(dataset for value in values for dataset in value.missing)
    fetchable = absence.fetchable and set(datasets) & set(possible)
    known = fetchable or not absence.fetchable
    said = absence.next_step if known else _unlinked(datasets)
    links = [_holder(dataset) for dataset in datasets] if not fetchable else []
    return f"{prose(STEP + said)} {', '.join(links)}"


def _unlinked(datasets: Iterable[str]) -> str:
    """Whether an extract speaks of other towns, or nothing at all is linked; then who holds it."""
    sources = [source for dataset in datasets for source in catalog().datasets[dataset].sources]
    areas = next((source.areas for source in sources if source.params.get("per_territory")), None)
    if areas:
        return f"L'extrait livré ne porte que sur {areas}\u00a0villes. Détenteur\u00a0:"
    return "Aucune source en ligne n'est reliée. Détenteur\u00a0:"


def _holder(dataset: str) -> str:
    card = catalog().datasets[dataset]
    page = menu.address("donnee")
    return blocks.page_link(card.producer_label, page, choosing.parameters(jeu=dataset))
