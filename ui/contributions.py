"""« Qui apporte quoi »: what each level brings, the town and its EPCI apart, never one total."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data.catalog import catalog
from diagnostics.availability import AssessedExperiment, Assessment
from diagnostics.contributions import (
    COMMUNE,
    EPCI,
    STATE,
    Contribution,
    Contributions,
)
from drawing import blocks, french, signs
from drawing.blocks import Cell, prose
from drawing.bodies import NEAR, NOTHING, WHO
from ui import choosing, frame, menu


def contributions(
    found: Contributions, epci: Assessment | None, shown: Sequence[AssessedExperiment]
) -> None:
    """The table of contributors, then the EPCI's own page and what it could bring.

    Nothing beside a project shown alone: it speaks of that project only.
    """
    if len(shown) == 1:
        return
    st.header("Qui apporte quoi")
    st.text(_summary(found))
    lines = [line for line in found.lines if line.open or line.supposed or line.contributor in NEAR]
    headers = ("Qui", "Données ouvertes", "Supposées ouvertes, à vérifier")
    rows = [
        [
            Cell(_who(line, found), 3, "12rem", labelled=False),
            Cell(_titles(line.open, "établie"), 3, "10rem", labelled=False),
            Cell(_titles(line.supposed, "supposée"), 3, "10rem", labelled=False),
        ]
        for line in lines
    ]
    frame.html(blocks.table("Qui apporte quoi", headers, rows, frame.theme()))
    _epci(found, epci)


def _summary(found: Contributions) -> str:
    if not found.open:
        return (
            "Aucune donnée n'est encore établie comme ouverte\u00a0: on ne peut pas encore dire "
            "qui apporte quoi."
        )
    come = french.agree(found.open, "vient", "viennent")
    here = len(found.of(COMMUNE).open) + len(found.of(EPCI).open)
    what = french.plural(found.open, "donnée ouverte établie", "données ouvertes établies")
    town = "de la commune" if found.territory.level == "commune" else "des communes"
    if not here:
        return f"{what}\u00a0; rien d'établi encore du côté {town} ni de l'intercommunalité."
    if here == found.open:
        return f"{what}, qui {come} {town} ou de l'intercommunalité."
    theirs = french.agree(here, "vient", "viennent")
    return f"{what}, dont {here} {theirs} {town} ou de l'intercommunalité."


def _who(line: Contribution, found: Contributions) -> str:
    said = WHO[line.contributor]
    if line.contributor == COMMUNE and found.territory.level != "commune":
        said = "Les communes"
    if line.contributor == STATE:
        said += ", pour toutes les villes"
    named = f" ({line.name})" if line.name else ""
    return f"<strong>{prose(said)}</strong>{prose(named)}"


def _titles(datasets: Sequence[str], known: str) -> str:
    """« 3 établies »: a number that opens on the data it counts, each a link to its screen."""
    theme = frame.theme()
    if not datasets:
        return f'<span style="color:{signs.MUTED[theme]}">{prose(NOTHING[known])}</span>'
    return (
        f'<details style="color:{signs.INK[theme]}"><summary style="cursor:pointer">'
        f"{prose(french.plural(len(datasets), known))}</summary>{listed(datasets)}</details>"
    )


def listed(datasets: Sequence[str]) -> str:
    """Links to the screens of some data, as a list (HTML)."""
    cards, page = catalog().datasets, menu.address("donnee")
    links = (
        blocks.page_link(cards[one].title, page, choosing.parameters(jeu=one)) for one in datasets
    )
    items = "".join(f'<li style="font-size:.9rem">{link}</li>' for link in links)
    return f'<ul style="margin:.2rem 0 .4rem;padding-left:1.1rem">{items}</ul>'


def _epci(found: Contributions, epci: Assessment | None) -> None:
    """The EPCI is assessed for itself, on its own page; what it could publish is supposed."""
    if epci is not None:
        frame.html(blocks.text(_own(epci), frame.theme()))
    if found.epci_could:
        count = french.plural(len(found.epci_could), "donnée")
        frame.html(
            blocks.folded(
                f"Si l'intercommunalité publiait\u00a0: {count} de plus, que le référentiel "
                "suppose souvent tenues à ce niveau",
                listed(found.epci_could),
                frame.theme(),
            )
        )
    if epci is not None:
        place = epci.territory
        choosing.go("disponibilite", f"Ses données\u00a0: {place.name}", territoire=place.code)


def _own(epci: Assessment) -> str:
    total, opened = sum(epci.counts.values()), epci.counts["open"]
    head = "L'intercommunalité est évaluée à part, pour tout son territoire"
    if total == epci.counts["not_evaluated"]:
        return f"{head}\u00a0: rien n'y est encore établi."
    if not opened:
        return f"{head}\u00a0: aucune donnée n'y est encore établie comme ouverte."
    return (
        f"{head} et toutes origines confondues\u00a0: "
        f"{french.plural(opened, 'donnée ouverte établie', _MANY)} sur {total}."
    )


_MANY = "données ouvertes établies"
