"""The home screen: a search field and the map, or the portrait of the chosen town."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data import territories
from data.catalog import catalog
from data.territories import Territory
from diagnostics.indicators import Value
from diagnostics.missing import MissingData
from diagnostics.summary import Summary
from drawing import blocks, figures, french, sentences, signs
from drawing.blocks import prose
from ui import choosing, frame, mapping

LEGEND = (
    "Losange\u00a0: ici. Trait\u00a0: médiane des villes Action Cœur de Ville qui ont ce chiffre. "
    "Bande\u00a0: leur moitié centrale."
)
DOORS = ("climat", "risques", "biodiversite", "centre_ville")


def without_town() -> None:
    """One field in the middle, the map under it, the doors, and the fictional town to try."""
    st.title("Que disent les données de votre ville\u00a0?")
    choosing.search_field()
    fictional = territories.territory(choosing.FICTIONAL)
    choosing.suggestion(fictional, f"{fictional.name} (ville fictive), pour essayer", "fictive")
    left, right = st.columns([3, 2], gap="large")
    with left:
        mapping.france()
    with right:
        _doors()


def _doors() -> None:
    st.header("Quatre entrées")
    for door in DOORS:
        choosing.go("tableau_de_bord", signs.THEMES[door], theme=door)
    st.header("Deux usages")
    choosing.go("donnees_manquantes", "Je prépare le dossier")
    choosing.go("restitution", "Je présente")


def portrait(place: Territory) -> None:
    """Name, département, intercommunalité, population, programme since."""
    st.title(french.upper_first(place.name))
    st.text(french.upper_first(" · ".join(part for part in _facts(place) if part)))


def _facts(place: Territory) -> list[str]:
    above = place.departement_name if place.level in ("commune", "epci") else place.region_name
    people = f"{french.number(place.population)}\u00a0habitants" if place.population else ""
    communes = len(territories.members(place)) if place.level != "commune" else 0
    return [
        signs.LEVELS[place.level].capitalize() if place.level != "commune" else "",
        above or "",
        place.epci_name or "",
        people,
        french.plural(communes, "commune") if communes else "",
        sentences.programme(place),
    ]


def three_sentences(
    place: Territory, values: Sequence[Value], facts: Summary, missing: Sequence[MissingData]
) -> None:
    """What can be repeated in council; one touch says where each sentence comes from."""
    theme = frame.theme()
    first, used = sentences.fact(place, values)
    best = missing[0].title if missing else None
    counted = sentences.readiness(place, facts)
    frame.html(
        blocks.quote(first, theme, "D'où vient cette phrase ?", figures.sources(used, theme))
        + blocks.quote(counted, theme, "D'où vient ce compte ?", _why_counts())
        + blocks.quote(sentences.most_useful(best), theme, "Pourquoi celle-ci ?", _why_first())
        + blocks.text(catalog().programme["notice"], theme, small=True, muted=True)
    )


def _why_counts() -> str:
    words = (
        "Chaque projet demande des données indispensables et des données utiles. Un projet est "
        "prêt quand ses données indispensables ont été constatées ou déclarées disponibles\u00a0; "
        "un statut seulement supposé par le référentiel ne suffit jamais. Détail\u00a0: écran "
        "Disponibilité."
    )
    return blocks.text(words, frame.theme(), small=True)


def _why_first() -> str:
    words = (
        "En tête, la donnée qui suffirait, à elle seule, à débloquer le plus de projets\u00a0; "
        "puis celles qui en retiennent avec d'autres. Liste complète\u00a0: écran Plan d'action."
    )
    return blocks.text(words, frame.theme(), small=True)


def four_themes(values: Sequence[Value]) -> None:
    """One figure per theme, set against the median and the middle half of the programme's towns."""
    st.header("Quatre thèmes, un chiffre chacun")
    shown = {theme: figures.headline(values, theme) for theme in DOORS}
    if any(value and value.comparison for value in shown.values()):
        frame.aside(LEGEND)
    for pair in (DOORS[:2], DOORS[2:]):
        for column, theme in zip(st.columns(2, gap="medium"), pair, strict=True):
            with column, st.container(border=True, height="stretch"):
                _theme(theme, shown[theme])


def _theme(theme: str, value: Value | None) -> None:
    st.subheader(signs.THEMES[theme])
    if value is None:
        st.write("Aucun chiffre de ce thème n'est encore calculé par l'outil.")
    else:
        size = "1.7rem" if value.value is not None else "1.05rem"
        frame.html(
            blocks.text(value.title, frame.theme())
            + f'<p style="font-size:{size};font-weight:650;margin:0">'
            f"{prose(figures.spoken(value))}</p>"
            + blocks.text(_bounds(value), frame.theme(), small=True)
        )
        _beside(value)
    choosing.go("tableau_de_bord", f"Voir {french.lower_first(signs.THEMES[theme])}", theme=theme)


def _bounds(value: Value) -> str:
    if value.value is None:
        return value.detail or ""
    if value.low is None or value.high is None:
        return ""
    bounds = french.between(value.low, value.high)
    return f"{bounds}, {value.interval}" if value.interval else bounds


def _beside(value: Value) -> None:
    """Place among the towns in a drawing and in words, then the source."""
    if value.value is None:
        return
    theme, found, words = frame.theme(), value.comparison, figures.place(value)
    drawn = (
        blocks.place(value.value, found.median, found.p25, found.p75, words, theme)
        + blocks.text(words, theme, small=True)
        if found
        else ""
    )
    source = blocks.source_line(figures.source_parts(value), theme)
    frame.html(drawn + blocks.folded("Source", source, theme))


def next_action(missing: Sequence[MissingData]) -> None:
    """One primary action, never two."""
    st.header("Que puis-je faire maintenant\u00a0?")
    if missing:
        first = missing[0]
        st.write(f"**{blocks.plain(first.title)}**")
        st.text(f"{first.next_step} Détenteur\u00a0: {first.holder}.")
    choosing.go("donnees_manquantes", "Voir le plan d'action")
