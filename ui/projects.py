"""Disponibilité: counts first, one card per project, then the needs with their filters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

import streamlit as st

from data.catalog import Experiment, catalog
from diagnostics.availability import AssessedExperiment, AssessedNeed, Assessment
from drawing import blocks, french, signs
from drawing.blocks import Cell, Share, prose
from ui import choosing, frame, menu

STARTS = ("ready", "degraded")
EVERY = "Tous les projets"
FIRST = 15  # needs shown before « afficher »


def counts(assessment: Assessment) -> None:
    """The status bar of the territory: each needed dataset once, in words and in colours."""
    shares = _shares(assessment.counts)
    total = sum(assessment.counts.values())
    st.write(
        f"**{french.plural(total, 'donnée')}** servent au moins un projet\u00a0; voici où en est "
        "chacune. Un statut seulement supposé compte comme non évalué."
    )
    frame.html(
        blocks.bar(shares, frame.theme(), "Données par statut")
        + blocks.legend(shares, frame.theme())
    )


def _shares(numbers: dict[str, int]) -> list[Share]:
    return [
        Share(sign, numbers[code], signs.counted(code, numbers[code]))
        for code, sign in signs.STATUSES.items()
        if numbers.get(code)
    ]


def chosen_project(assessment: Assessment) -> list[AssessedExperiment]:
    """The project the address names, or all of them; changing it changes the address."""
    titles = {made.id: made.title for made in assessment.experiments}
    named = frame.experience()
    options = ["", *titles]
    picked = st.selectbox(
        "Projet",
        options,
        index=options.index(named.id) if named and named.id in titles else 0,
        format_func=lambda key: titles.get(key, EVERY),
    )
    if picked != st.query_params.get(choosing.EXPERIMENT, ""):
        choosing.pick_experiment(picked)
    return [made for made in assessment.experiments if picked in ("", made.id)]


def cards(made: Sequence[AssessedExperiment]) -> None:
    """One card per project: verdict, bar of its needs, what blocks, what to do."""
    st.header("Projets")
    if len(made) == 1:
        _card(made[0], catalog().experiments[made[0].id], alone=True)
        return
    for pair in batched(made, 2):
        for column, one in zip(st.columns(2), pair, strict=False):
            with column, st.container(border=True, height="stretch"):
                _card(one, catalog().experiments[one.id], alone=False)


def _card(made: AssessedExperiment, sheet: Experiment, *, alone: bool) -> None:
    st.subheader(made.title)
    frame.html(_verdict(made))
    shares = _shares(_standings(made.needs))
    frame.html(
        blocks.bar(shares, frame.theme(), f"Données du projet {made.title}", height=".9rem")
        + f'<p style="font-size:.88rem;margin:0;color:{signs.MUTED[frame.theme()]}">'
        f"{prose(_in_words(shares, len(made.needs)))} · {prose(_effort(sheet))}</p>"
    )
    frame.html(_best_action(made))
    if alone:
        _sheet(sheet)
        frame.html(needs_table(made.needs, {}))
    else:
        choosing.go(
            "disponibilite",
            f"Le projet et ses {french.plural(len(made.needs), 'donnée')}",
            experience=made.id,
        )


def _verdict(made: AssessedExperiment) -> str:
    sign = signs.VERDICT_SIGNS[made.verdict]
    said = sign.word
    if made.verdict == "blocked":
        said += f" {_titles(made.blocking)}"
    extra = _expected(made) if made.verdict == "unknown" else ""
    theme = frame.theme()
    return (
        f'<p style="margin:.1rem 0;font-weight:650;color:{sign.colour(theme)}">'
        f'<span aria-hidden="true">{sign.symbol}</span> {prose(said)}</p>'
        + (blocks.text(extra, theme) if extra else "")
    )


def _expected(made: AssessedExperiment) -> str:
    if made.expected in STARTS:
        reduced = " pour une version réduite" if made.expected == "degraded" else ""
        return (
            f"Données attendues suffisantes{reduced} si "
            f"{french.plural(len(made.to_confirm), 'point est confirmé', 'points sont confirmés')}"
            f"\u00a0: {_titles(made.to_confirm)}."
        )
    if made.expected == "blocked":
        lacking = _titles(made.expected_blocking)
        return f"Si les suppositions sont justes, il manquera\u00a0: {lacking}."
    return ""


def _titles(datasets: Iterable[str]) -> str:
    cards_of = catalog().datasets
    return french.listed(french.lower_first(cards_of[dataset].title) for dataset in datasets)


def _standings(needs: Iterable[AssessedNeed]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for need in needs:
        code = standing(need)
        numbers[code] = numbers.get(code, 0) + 1
    return numbers


def standing(need: AssessedNeed) -> str:
    """The sign a need counts under: a merely assumed status is not evaluated."""
    if need.provenance == "assumed":
        return "not_evaluated"
    return "not_produced" if need.existence == "not_produced" else need.status


def _in_words(shares: Sequence[Share], total: int) -> str:
    return f"{french.plural(total, 'donnée')}\u00a0: " + ", ".join(s.label for s in shares)


def _effort(sheet: Experiment) -> str:
    days = sheet.effort.get("person_days_estimate")
    if not days:
        return "effort non estimé"
    return f"effort supposé\u00a0: de {days[0]} à {days[1]} jours-personne"


def _best_action(made: AssessedExperiment) -> str:
    if not made.actions:
        return ""
    best = made.actions[0]
    title = catalog().datasets[best.dataset].title
    points = _points(best.gain.low, best.gain.high)
    return blocks.text(
        f"Meilleure action\u00a0: {french.lower_first(title)}. {best.action}{points}",
        frame.theme(),
        small=True,
    )


def _points(low: float, high: float) -> str:
    if high < 0.5:
        return ""
    if french.number(low) == french.number(high):
        return f" Gain\u00a0: {french.plural(round(high), 'point')} sur 100."
    return f" Gain\u00a0: de {french.number(low)} à {french.number(high)} points sur 100."


def _sheet(sheet: Experiment) -> None:
    """The project in words; its problem is a frequent one, to check here."""
    st.write(f"**{catalog().programme['problem_label']}**")
    st.text(sheet.problem)
    st.write("**Service imaginé**")
    st.text(sheet.service)
    st.text(f"Pour\u00a0: {french.listed(french.lower_first(who) for who in sheet.users)}.")


def needs_table(needs: Iterable[AssessedNeed], uses: dict[str, list[str]]) -> str:
    """Rows of needs: title (opens its screen), criticality, status and how it is known."""
    theme = frame.theme()
    rows = [
        [
            Cell(_opens(need), 4, "11rem", labelled=False),
            Cell(prose(_criticality(need, uses)), 2, "7rem"),
            Cell(_status(need), 3, "11rem"),
            Cell(prose(need.holder), 3, "8rem"),
        ]
        for need in needs
    ]
    headers = ("Donnée", "Importance", "Statut", "Détenteur")
    return blocks.table("Données demandées et leur statut", headers, rows, theme)


def _opens(need: AssessedNeed) -> str:
    page = menu.address("donnee")
    return blocks.page_link(need.title, page, choosing.parameters(jeu=need.dataset))


def _criticality(need: AssessedNeed, uses: dict[str, list[str]]) -> str:
    asked = uses.get(need.dataset, [])
    if not asked:
        return signs.CRITICALITY[need.criticality]
    return f"{french.plural(len(asked), 'projet')}\u00a0: {signs.weights(asked)}"


def _status(need: AssessedNeed) -> str:
    when = french.readable_day(need.as_of) if need.as_of else None
    sign = signs.need_sign(need.status, need.existence)
    return blocks.mark(sign, frame.theme(), need.provenance, when)


def matrix(assessment: Assessment, shown: Sequence[AssessedExperiment]) -> None:
    """Every need of every project, once, with filters; a single project has its own table."""
    if len(shown) == 1:
        return
    st.header("Toutes les données demandées")
    needs, uses = _distinct(assessment)
    families = {made["code"]: made["label"] for made in catalog().producers}
    columns = st.columns(3)
    with columns[0]:
        family = _filter("Producteur", families, {need.producer for need in needs})
    with columns[1]:
        words = {code: f"{sign.symbol} {sign.word}" for code, sign in signs.STATUSES.items()}
        status = _filter("Statut", words, {_counted_status(need) for need in needs})
    with columns[2]:
        weight = _filter("Importance", signs.CRITICALITY, {need.criticality for need in needs})
    kept = [
        need
        for need in needs
        if (not family or need.producer in family)
        and (not status or _counted_status(need) in status)
        and (not weight or need.criticality in weight)
    ]
    st.text(f"{french.plural(len(kept), 'donnée')} sur {len(needs)}")
    everything = len(kept) <= FIRST or st.toggle(f"Afficher les {len(kept)} lignes")
    frame.html(needs_table(kept if everything else kept[:FIRST], uses))


def _counted_status(need: AssessedNeed) -> str:
    """The status a need is counted under in the bar above: what is supposed is not evaluated."""
    if need.provenance == "assumed":
        return "not_evaluated"
    return signs.need_sign(need.status, need.existence).code


def _filter(label: str, words: dict[str, str], present: set[str]) -> list[str]:
    options = [code for code in words if code in present]
    return st.multiselect(label, options, format_func=words.__getitem__, placeholder="Sans filtre")


def _distinct(assessment: Assessment) -> tuple[list[AssessedNeed], dict[str, list[str]]]:
    """Each dataset once under its highest criticality, and how much it weighs in each project."""
    ranks = list(signs.CRITICALITY)
    needs: dict[str, AssessedNeed] = {}
    uses: dict[str, list[str]] = {}
    for made in assessment.experiments:
        for need in made.needs:
            uses.setdefault(need.dataset, []).append(need.criticality)
            held = needs.get(need.dataset)
            if held is None or ranks.index(need.criticality) < ranks.index(held.criticality):
                needs[need.dataset] = need
    return sorted(needs.values(), key=lambda need: -len(uses[need.dataset])), uses


def batched(made: Sequence[AssessedExperiment], size: int) -> Iterable[list[AssessedExperiment]]:
    """Cards by lines of two."""
    left = iter(made)
    while line := list(islice(left, size)):
        yield line
