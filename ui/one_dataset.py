"""One dataset on a screen of its own: status and why, what would raise it, checks, duty, holder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from data import attachments, entries
from data.catalog import Dataset, catalog
from data.entries import Kept, Request
from data.store import Fetch, Store
from data.territories import NATIONAL, Territory
from diagnostics.actions import Action
from diagnostics.availability import AssessedExperiment, Assessment
from diagnostics.duties import Badge
from diagnostics.evidence import Evidence, Found
from drawing import blocks, check_words, duties, french, letters, signs
from drawing.blocks import Cell, prose
from drawing.check_words import Said
from ui import choosing, fetching, frame, menu, who

PARAMETER = "jeu"
LONGEST = 60  # characters shown of an unknown id


def chosen() -> Dataset:
    """The dataset the address names; else a sentence and the way back."""
    asked = st.query_params.get(PARAMETER, "")
    card = catalog().datasets.get(asked)
    if card is None:
        st.title("Donnée inconnue")
        said = (
            f"Aucune donnée du référentiel ne porte l'identifiant «\u00a0{asked[:LONGEST]}\u00a0»."
        )
        st.text(said if asked else "L'adresse ne dit pas de quelle donnée il s'agit.")
        choosing.go("disponibilite", "Toutes les données demandées")
        st.stop()
    return card


# --- status and why ---------------------------------------------------------------------------


def status(card: Dataset, assessment: Assessment, store: Store, place: Territory) -> None:
    """Status and why, as sentences."""
    st.title(card.title)
    evidence = assessment.evidence.get(card.id)
    if evidence is None:
        st.write("Aucun projet ne demande cette donnée\u00a0: elle porte une source de contexte.")
        return
    sign = signs.need_sign(evidence.status, evidence.existence)
    when = french.readable_day(evidence.as_of) if evidence.as_of else None
    frame.html(
        f'<p style="font-size:1.2rem;margin:.2rem 0">'
        f"{blocks.mark(sign, frame.theme(), evidence.provenance, when)}"
        + (f" · {prose('hors couverture ici')}" if evidence.outside else "")
        + "</p>"
    )
    said = _sentences(evidence, sign, place)
    frame.html(blocks.texts([*said, *_team_only(card, store, place, evidence)], frame.theme()))


def _sentences(evidence: Evidence, sign: signs.Sign, place: Territory) -> list[str]:
    where = french.inside(place.name, place.level)
    said = [
        {
            "assumed": f"Le référentiel suppose\u00a0: {sign.meaning}. Personne ne l'a encore "
            f"vérifié {where}.",
            "observed": f"Constaté {where}\u00a0: {_observed(evidence, sign)}.",
            "declared": f"Déclaré {where}\u00a0: {sign.meaning}.",
        }[evidence.provenance]
    ]
    if evidence.existence == "partial" or (
        evidence.existence == "not_produced" and sign.code != "not_produced"
    ):
        said.append(signs.EXISTENCE[evidence.existence])
    if evidence.reason and (evidence.provenance != "assumed" or evidence.outside):
        said.append(f"Pourquoi\u00a0: {evidence.reason}")
    if evidence.holder:
        said.append(f"Détenteur\u00a0: {evidence.holder}.")
    if evidence.legal_ground:
        said.append(f"Texte cité, à confirmer\u00a0: {_ended(evidence.legal_ground)}")
    if evidence.proof:
        said.append(
            f"Pièce\u00a0: {_ended(attachments.shown_name(evidence.proof) or evidence.proof)}"
        )
    if evidence.substitute:
        said.append(f"À la place\u00a0: {_ended(substitute_words(evidence.substitute))}")
    strength = signs.proof_words(evidence.evidence_level, evidence.provenance, evidence.proof)
    said.append(f"Force de la preuve\u00a0: {strength}.")
    return said


def _team_only(card: Dataset, store: Store, place: Territory, evidence: Evidence) -> list[str]:
    """Trace, contact and note of the declaration in force: what the team typed for itself."""
    held = store.declarations(place.code).get(card.id) if who.internal() else None
    if held is None:
        return []
    traces = {row["code"]: row["label"] for row in catalog().statuses["traces"]}
    asked = f", demande du {french.day(held.asked_on)}" if held.asked_on else ""
    pairs = {
        "Trace": f"{traces.get(held.trace, held.trace)}{asked}." if held.trace else None,
        "Contact": evidence.contact,
        "Note": evidence.note,
    }
    return [f"{label}\u00a0: {words}" for label, words in pairs.items() if words]


def substitute_words(code: str) -> str:
    """'aggregate' -> 'Version agrégée'; words of before the list are unchanged."""
    rows = catalog().statuses["substitutes"]
    return next((str(row["label"]) for row in rows if row["code"] == code), code)


def _ended(words: str) -> str:
    """With its full stop."""
    return words if words.rstrip().endswith((".", "!", "?")) else f"{words}."


def _observed(evidence: Evidence, sign: signs.Sign) -> str:
    if not evidence.outside:
        return sign.meaning
    return "la source est publiée, mais rien n'y porte sur ce territoire"


# --- what would raise it ----------------------------------------------------------------------


def raise_it(card: Dataset, assessment: Assessment) -> None:
    """The next step, what it takes, and its gain in each project."""
    if assessment.evidence.get(card.id) is None:
        return
    st.header("Ce qui la ferait avancer")
    planned = _planned(card, assessment)
    if not planned:
        st.write("Rien à faire pour l'instant\u00a0: aucun pas de plus n'est attendu.")
        return
    frame.html(blocks.texts(_step(card, planned[0][1], assessment), frame.theme()))
    rows = [_gain_row(made, action) for made, action in sorted(planned, key=_greatest)]
    headers = ("Projet servi", "Gain si le pas réussit")
    frame.html(blocks.table("Projets servis et gain", headers, rows, frame.theme()))


def _planned(card: Dataset, assessment: Assessment) -> list[tuple[AssessedExperiment, Action]]:
    """The next step on this dataset in each project that asks for it: all of them, or none."""
    return [
        (made, action)
        for made in assessment.experiments
        for action in made.actions
        if action.dataset == card.id
    ]


def _step(card: Dataset, action: Action, assessment: Assessment) -> list[str]:
    said = [action.action, f"Effort\u00a0: {signs.EFFORTS[action.effort].lower()}."]
    said.append(f"Auprès de\u00a0: {_ended(action.holder)}")
    if action.standard:
        said.append(f"Standard à suivre\u00a0: {_standard(card)}.")
    if action.unlocks:
        said.append(_unlocked(action, assessment))
    return said


def _unlocked(action: Action, assessment: Assessment) -> str:
    titles = [catalog().experiments[one].title for one in action.unlocks]
    waiting = [made for made in assessment.experiments if made.id in action.unlocks]
    rest = ", une fois le reste confirmé" if any(_others(made, action) for made in waiting) else ""
    return f"Ferait démarrer{rest}\u00a0: {french.listed(titles)}."


def _others(made: AssessedExperiment, action: Action) -> bool:
    """Whether the project waits for other confirmations too."""
    return bool(set(made.to_confirm) - {action.dataset})


def _greatest(pair: tuple[AssessedExperiment, Action]) -> tuple[float, float]:
    return -pair[1].gain.high, -pair[1].gain.low


def _gain_row(made: AssessedExperiment, action: Action) -> list[Cell]:
    need = next(need for need in made.needs if need.dataset == action.dataset)
    page = blocks.page_link(
        made.title, menu.address("disponibilite"), choosing.parameters(experience=made.id)
    )
    weight = signs.CRITICALITY[need.criticality].lower()
    return [
        Cell(f"{page} ({prose(weight)})", 3, "13rem", labelled=False),
        Cell(prose(f"{points(action.gain.low, action.gain.high)}, {_effect(made, action)}"), 3),
    ]


def _effect(made: AssessedExperiment, action: Action) -> str:
    if made.id in action.unlocks:
        rest = ", une fois le reste confirmé" if _others(made, action) else ""
        return f"ferait démarrer ce projet{rest}"
    if made.verdict in ("ready", "degraded"):
        return "le projet peut déjà commencer"
    return "ne suffit pas seul"


def points(low: float, high: float) -> str:
    """(3.2, 11.8) -> 'de 3 à 12 points'; under half a point, 'moins d'un point'."""
    if high < 0.5:
        return "moins d'un point"
    if french.number(low) == french.number(high):
        return french.plural(round(high), "point")
    return f"de {french.number(low)} à {french.number(high)} points"


# --- checks, fit, sources ---------------------------------------------------------------------


def checks(card: Dataset, assessment: Assessment) -> None:
    """Each check and each aspect of the fit as a sentence; never tested by silence."""
    evidence = assessment.evidence.get(card.id)
    if evidence is None:
        return
    st.header("Contrôles")
    if check_words.nothing_tested(evidence):
        names = french.listed(french.lower_first(words) for words in signs.CHECKS.values())
        st.write(f"Aucun contrôle n'a encore été fait\u00a0: {names}.")
    else:
        frame.html(_listed(check_words.checks(card, evidence)))
    st.header("Adéquation au besoin")
    if check_words.nothing_looked_at(evidence):
        names = french.listed(french.lower_first(words) for words in check_words.ASPECTS.values())
        st.write(f"Rien n'a encore été regardé\u00a0: {names}.")
    else:
        frame.html(_listed(check_words.aspects(card, evidence)))


def _listed(said: Sequence[Said]) -> str:
    items = "".join(
        f'<li style="display:flex;gap:.5rem;margin:.15rem 0">'
        f'<span aria-hidden="true" style="flex:0 0 1rem;color:{signs.MUTED[frame.theme()]}">'
        f"{one.symbol}</span><span>{prose(one.text)}</span></li>"
        for one in said
    )
    return f'<ul style="list-style:none;padding:0;margin:.2rem 0 .6rem">{items}</ul>'


def sources(card: Dataset, assessment: Assessment) -> None:
    """What was found, with its address when it has one; a source of context is no evidence."""
    evidence = assessment.evidence.get(card.id)
    if evidence is None:
        return
    st.header("Sources trouvées")
    found = evidence.sources
    if not found:
        st.write("Aucune source n'a encore été trouvée pour ce territoire.")
    rows = [_source(source) for source in found]
    headers = ("Source", "Producteur", "Niveau", "Licence", "Mise à jour")
    frame.html(blocks.table("Sources trouvées", headers, rows, frame.theme()))


def _source(found: Found) -> list[Cell]:
    title = blocks.link(found.title, found.url) if found.url else prose(found.title)
    updated = french.readable_day(found.updated_at) if found.updated_at else "non dite"
    level = signs.LEVELS.get(found.level or "", found.level or "non dit")
    return [
        Cell(title, 3, "14rem", labelled=False),
        Cell(prose(found.publisher or "non dit"), 2, "10rem"),
        Cell(prose(level), 1, "7rem"),
        Cell(prose(found.licence or "non dite"), 1, "8rem"),
        Cell(prose(updated), 1, "8rem"),
    ]


def fetched(card: Dataset, place: Territory, store: Store, door: Any) -> None:
    """What was tried for this territory, and the button that tries again."""
    lines = _own(store.latest(place.scopes).get(card.id, []), place)
    if card.sources or lines:
        st.header("Récupération")
        said = [_attempt(line) for line in lines[:3]] or ["Jamais récupérée pour ce territoire."]
        frame.html(blocks.texts(said, frame.theme()))
        if fetching.possible(door, place, [card.id]):
            fetching.button(door, store, place, [card.id], where="donnee")


def _own(lines: Sequence[Fetch], place: Territory) -> list[Fetch]:
    """The attempts that speak of the territory; without any, those for what holds it."""
    return [one for one in lines if one.territory in (place.code, NATIONAL)] or list(lines)


def _attempt(line: Fetch) -> str:
    what = fetching.OUTCOMES.get(line.status, line.status)
    whole = " pour tout le pays" if line.territory == NATIONAL else ""
    rows = f", {french.plural(line.rows, 'ligne')}{whole}" if line.status == "ok" else ""
    why = f" ({fetching.why(line).rstrip('.')})" if line.detail else ""
    return f"{french.day(line.fetched_at)}\u00a0: {what}{rows}{why}. {line.source}, {line.licence}."


# --- duty, reference, requests, projects ------------------------------------------------------


def duty(badges: Sequence[Badge]) -> None:
    """What texts provide for, with what was not checked."""
    st.header("Obligations légales")
    frame.html(duties.html(badges, frame.theme()))


def reference(card: Dataset) -> None:
    """Standard, holder, producer: what the reference says of the dataset."""
    st.header("Ce qu'en dit le référentiel")
    families = {made["code"]: made for made in catalog().producers}
    pairs = {
        "Standard": _standard(card),
        "Détenteur habituel": card.local_source or card.producer_label,
        "Producteur": f"{card.producer_label} ({families[card.producer]['label'].lower()})",
        "Comment l'obtenir": families[card.producer].get("how_to_obtain"),
        "Source nationale": card.national_source,
        "Mise à jour attendue": card.refresh,
        "À savoir": card.note,
    }
    rows = [
        [
            Cell(f"<strong>{prose(label)}</strong>", 1, "11rem", labelled=False),
            Cell(prose(str(said)), 3, "18rem", labelled=False),
        ]
        for label, said in pairs.items()
        if said
    ]
    frame.html(blocks.table("Référentiel", ("Rubrique", "Contenu"), rows, frame.theme()))


def _standard(card: Dataset) -> str:
    found = catalog().standards.get(card.standard or "", {})
    return str(found.get("title") or card.standard or "aucun standard national repéré")


def requests(card: Dataset, store: Store, place: Territory) -> None:
    """The requests about this dataset, for the team only, and the way to their screen."""
    if not who.internal():
        return
    st.header("Demandes au détenteur")
    made = [one for one in entries.of(store, Request, place.code) if one.entry.dataset == card.id]
    if not made:
        st.write("Aucune demande sur cette donnée.")
    headers = ("Détenteur", "État", "Dates")
    frame.html(blocks.table("Demandes", headers, map(_request, made), frame.theme()))
    choosing.go("demandes", "Écrire au détenteur, suivre sa réponse", jeu=card.id)
    choosing.go("publier", "Déposer le fichier reçu", jeu=card.id)


def _request(made: Kept[Request]) -> list[Cell]:
    one = made.entry
    days = {
        "envoyée": one.sent_on,
        "relancée": one.reminded_on,
        "réponse espérée": one.due_on,
        "réponse": one.answered_on,
    }
    said = [f"{label} le {french.day(day)}" for label, day in days.items() if day]
    started = f"écrite le {french.day(made.first_at)}"
    return [
        Cell(prose(one.holder or "détenteur non dit"), 3, "12rem", labelled=False),
        Cell(prose(letters.STATES[one.state][1]), 2, "8rem"),
        Cell(prose(", ".join(said) or started), 3, "12rem"),
    ]


def projects(card: Dataset, assessment: Assessment) -> None:
    """The projects it serves, where the table of gains has not named them all already."""
    if _planned(card, assessment):
        frame.notice()
        return
    st.header("Projets servis")
    weights = {
        made.id: need.criticality
        for made in catalog().needed_by(card.id)
        for need in made.needs
        if need.dataset == card.id
    }
    for made in catalog().needed_by(card.id):
        weight = signs.CRITICALITY[weights[made.id]].lower()
        choosing.go("disponibilite", f"{made.title} ({weight})", experience=made.id)
    if not weights:
        st.write("Aucun projet du référentiel ne la demande.")
    frame.notice()
