"""Disponibilité: counts first, then one card per project: verdict, sentence, what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

import streamlit as st

from data.catalog import Experiment, catalog
from diagnostics.actions import Action
from diagnostics.availability import AssessedExperiment, AssessedNeed, Assessment
from drawing import blocks, french, projects, signs
from drawing.blocks import Share, prose
from ui import choosing, contributions, frame, matrix

EVERY = "Tous les projets"


def counts(assessment: Assessment) -> None:
    """The status bar of the territory: each needed dataset once, in words and in colours."""
    shares = _shares(assessment.counts)
    total = sum(assessment.counts.values())
    st.write(
        f"**{french.plural(total, 'donnée')}** servent au moins un projet\u00a0; voici où en est "
        "chacune."
    )
    frame.html(
        blocks.bar(shares, frame.theme(), "Données par statut")
        + blocks.legend(shares, frame.theme())
        + blocks.text(_unknown(assessment), frame.theme())
    )


def _unknown(assessment: Assessment) -> str:
    """What « non évaluée » hides: supposed open by the reference, or simply to be asked."""
    needs, _ = matrix.distinct(assessment)
    unknown = [need for need in needs if matrix.standing(need) == "not_evaluated"]
    supposed = sum(projects.is_supposed_open(need) for need in unknown)
    ask = len(unknown) - supposed
    if not unknown:
        return "Toutes ont été évaluées."
    head = f"Sur {french.plural(len(unknown), 'donnée non évaluée', 'données non évaluées')}"
    opened = french.agree(supposed, "est supposée ouverte", "sont supposées ouvertes")
    asked = f"{ask} {french.agree(ask, 'est', 'sont')} à demander à qui les détient"
    parts = [f"{supposed} {opened} et {_CHECK[supposed >= 2]}" if supposed else ""]
    parts.append(asked if ask else "")
    return f"{head}, {' ; '.join(part for part in parts if part)}."


_CHECK = {False: "reste à vérifier", True: "restent à vérifier"}


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


def cards(assessment: Assessment, shown: Sequence[AssessedExperiment]) -> None:
    """One card per project: verdict, sentence, bar of its needs, next step, the rest folded."""
    if len(shown) == 1:
        _alone(shown[0], assessment)
        return
    for pair in batched(shown, 2):
        for column, one in zip(st.columns(2), pair, strict=False):
            with column, st.container(border=True, height="stretch"):
                _card(one, assessment)


def _card(made: AssessedExperiment, assessment: Assessment) -> None:
    sheet, theme = catalog().experiments[made.id], frame.theme()
    st.subheader(made.title)
    frame.html(_said(made, assessment) + _next_step(made))
    details = _expected(made) + _weak(made) + _reduced(made, sheet) + _lead(made, sheet)
    frame.html(blocks.folded("Pour le chef de projet", details, theme))
    choosing.go(
        "disponibilite",
        f"Le projet et ses {french.plural(len(made.needs), 'donnée')}",
        experience=made.id,
    )


def _alone(made: AssessedExperiment, assessment: Assessment) -> None:
    """The same, opened, with the sheet of the project and the table of its needs."""
    sheet = catalog().experiments[made.id]
    st.subheader(made.title)
    frame.html(_said(made, assessment) + _next_step(made))
    frame.html(_expected(made) + _weak(made) + _reduced(made, sheet))
    frame.html(blocks.folded("Pour le chef de projet", _lead(made, sheet), frame.theme()))
    _sheet(sheet)
    frame.html(matrix.needs_table(made.needs, {}))


def _said(made: AssessedExperiment, assessment: Assessment) -> str:
    """Verdict, the sentence of an élu, and the bar of the needs."""
    name = f"Données du projet {made.title}"
    return (
        _verdict(made)
        + blocks.text(projects.sentence(made, assessment), frame.theme())
        + blocks.bar(_shares(_standings(made.needs)), frame.theme(), name, height=".9rem")
    )


def _verdict(made: AssessedExperiment) -> str:
    sign, theme = signs.VERDICT_SIGNS[made.verdict], frame.theme()
    word = sign.word.removesuffix("\u00a0:") + (" une donnée" if len(made.blocking) == 1 else "")
    if len(made.blocking) > 1:
        word += f" {french.plural(len(made.blocking), 'donnée')}"
    doubtful = made.verdict != "unknown" and projects.weakly_proved(made)
    mark = (
        f' <span style="font-size:.82rem;color:{signs.MUTED[theme]};border:1px dotted '
        f'{signs.MUTED[theme]};border-radius:3px;padding:0 .3rem;white-space:nowrap">'
        "preuve à confirmer</span>"
        if doubtful
        else ""
    )
    return (
        f'<p style="margin:.1rem 0"><span style="font-weight:650;color:{sign.colour(theme)}">'
        f'<span aria-hidden="true">{sign.symbol}</span> {prose(word)}</span>{mark}</p>'
    )


def _standings(needs: Iterable[AssessedNeed]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for need in needs:
        code = matrix.standing(need)
        numbers[code] = numbers.get(code, 0) + 1
    return numbers


# --- what to do, what to confirm ------------------------------------------------------------


def _next_step(made: AssessedExperiment) -> str:
    """The best action: on which data, what, at which cost."""
    if not made.actions:
        return ""
    best = made.actions[0]
    title = catalog().datasets[best.dataset].title
    effort = french.lower_first(signs.EFFORTS[best.effort])
    return (
        f'<p style="margin:.15rem 0;font-size:.92rem;color:{signs.INK[frame.theme()]}">'
        f"{prose('Meilleure action : ')}{matrix.opens(best.dataset, french.lower_first(title))}"
        f"{prose(f' ({effort}). {best.action}')}</p>"
    )


def _expected(made: AssessedExperiment) -> str:
    """What the verdict would be if the suppositions hold, and the calls that would tell."""
    if made.verdict != "unknown" or not made.to_confirm:
        return ""
    points = french.plural(len(made.to_confirm), "point")
    awaited = {
        "ready": "Données attendues suffisantes si ces suppositions sont justes.",
        "degraded": "Données attendues suffisantes pour une version réduite si ces suppositions "
        "sont justes.",
        "blocked": "Si ces suppositions sont justes, il manquera de quoi commencer.",
    }.get(made.expected, "Même confirmées, ces suppositions ne suffiront pas à trancher.")
    return _titled(
        f"À confirmer, un clic ou un appel chacun ({points})",
        blocks.text(awaited, frame.theme(), small=True) + contributions.listed(made.to_confirm),
    )


def _weak(made: AssessedExperiment) -> str:
    """Indispensable data known by a word or a catalogue alone."""
    doubtful = projects.weakly_proved(made)
    if not doubtful:
        return ""
    why = (
        "Indispensables, et connues par une parole ou un catalogue seulement\u00a0: lien à tester."
    )
    return _titled(
        "À confirmer\u00a0: preuve légère",
        blocks.text(why, frame.theme(), small=True) + contributions.listed(doubtful),
    )


def _reduced(made: AssessedExperiment, sheet: Experiment) -> str:
    """The reduced form explained: what it does without, what it already computes."""
    supposing = made.verdict == "unknown"
    if (made.expected if supposing else made.verdict) != "degraded":
        return ""
    form, theme = projects.reduced(made, sheet, supposing=supposing), frame.theme()
    able = "on pourrait calculer" if supposing else "on peut déjà calculer"
    said = [
        f"Avec les données indispensables, {able}\u00a0: {_names(form.possible)}."
        if form.possible
        else "",
        f"Ce qui attendrait\u00a0: {_names(form.waiting)}." if form.waiting else "",
        "Données qui manquent pour la version complète\u00a0:",
    ]
    return _titled(
        "Version réduite" + (", si les suppositions sont justes" if supposing else ""),
        "".join(blocks.text(line, theme, small=True) for line in said if line)
        + contributions.listed(form.lacking),
    )


def _names(names: Sequence[str]) -> str:
    return french.listed(french.lower_first(name) for name in names)


def _titled(heading: str, body: str) -> str:
    return (
        f'<div style="margin:.4rem 0;font-size:.9rem;color:{signs.INK[frame.theme()]}">'
        f"<strong>{prose(heading)}</strong>{body}</div>"
    )


# --- for the project lead -------------------------------------------------------------------


def _lead(made: AssessedExperiment, sheet: Experiment) -> str:
    """Score with its interval, counts, gain of the best action, days of work."""
    shares = _shares(_standings(made.needs))
    scored = projects.score(made)
    counted = ", ".join(share.label for share in shares)
    said = [
        f"Utilisable aujourd'hui\u00a0: {scored}." if scored else "",
        f"{french.plural(len(made.needs), 'donnée')}\u00a0: {counted}.",
        _gain(made.actions),
        f"{french.upper_first(_effort(sheet))}.",
    ]
    return _titled(
        "Score", "".join(blocks.text(line, frame.theme(), small=True) for line in said if line)
    )


def _gain(actions: Sequence[Action]) -> str:
    if not actions or actions[0].gain.high < 0.5:
        return ""
    gain = actions[0].gain
    if french.number(gain.low) == french.number(gain.high):
        return f"La meilleure action apporte {french.plural(round(gain.high), 'point')} sur 100."
    low, high = french.number(gain.low), french.number(gain.high)
    return f"La meilleure action apporte de {low} à {high} points sur 100."


def _effort(sheet: Experiment) -> str:
    days = sheet.effort.get("person_days_estimate")
    if not days:
        return "effort du projet non estimé"
    return f"effort supposé du projet\u00a0: de {days[0]} à {days[1]} jours-personne"


def _sheet(sheet: Experiment) -> None:
    """The project in words; its problem is a frequent one, to check here."""
    st.write(f"**{catalog().programme['problem_label']}**")
    st.text(sheet.problem)
    st.write("**Service imaginé**")
    st.text(sheet.service)
    st.text(f"Pour\u00a0: {french.listed(french.lower_first(who) for who in sheet.users)}.")


def batched(made: Sequence[AssessedExperiment], size: int) -> Iterable[list[AssessedExperiment]]:
    """Cards by lines of two."""
    left = iter(made)
    while line := list(islice(left, size)):
        yield line
