"""One dataset on a screen of its own: status and why, checks, sources, standard, duty, holder."""

from __future__ import annotations

from typing import Any

import streamlit as st

from data.catalog import Dataset, catalog
from data.store import Fetch, Store
from data.territories import NATIONAL, Territory
from diagnostics.availability import Assessment
from diagnostics.evidence import Evidence, Found
from drawing import blocks, french, signs
from drawing.blocks import Cell, prose
from ui import choosing, fetching, frame

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
        _way_back()
        st.stop()
    return card


def _way_back() -> None:
    choosing.go("disponibilite", "Toutes les données demandées")


def status(card: Dataset, assessment: Assessment, place: Territory) -> None:
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
    frame.html(blocks.texts(_sentences(evidence, sign, place), frame.theme()))


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
    if evidence.existence in ("partial", "not_produced"):
        said.append(signs.EXISTENCE[evidence.existence])
    if evidence.reason and evidence.provenance != "assumed":
        said.append(f"Pourquoi\u00a0: {evidence.reason}")
    if evidence.holder:
        said.append(f"Détenteur\u00a0: {evidence.holder}.")
    if evidence.legal_ground:
        said.append(f"Texte cité\u00a0: {evidence.legal_ground}")
    if evidence.proof:
        said.append(f"Pièce\u00a0: {evidence.proof}")
    if evidence.substitute:
        said.append(f"À la place\u00a0: {evidence.substitute}")
    said.append(f"Force de la preuve\u00a0: {signs.EVIDENCE[evidence.evidence_level]}.")
    return [sentence for sentence in said if sentence]


def _observed(evidence: Evidence, sign: signs.Sign) -> str:
    if not evidence.outside:
        return sign.meaning
    return "la source est publiée, mais rien n'y porte sur ce territoire"


def checks(card: Dataset, assessment: Assessment) -> None:
    """Each check: passed, failed, partly, or not tested; never tested by silence."""
    evidence = assessment.evidence.get(card.id)
    if evidence is None:
        return
    st.header("Contrôles")
    if all(isinstance(result, str) for result in evidence.checks.values()):
        names = french.listed(french.lower_first(words) for words in signs.CHECKS.values())
        st.write(f"Aucun contrôle n'a encore été fait\u00a0: {names}.")
        return
    rows = [
        [
            Cell(prose(words), 2, "14rem", labelled=False),
            Cell(
                prose(_check(evidence.checks.get(code, "not_tested"))), 3, "10rem", labelled=False
            ),
        ]
        for code, words in signs.CHECKS.items()
    ]
    frame.html(blocks.table("Contrôles", ("Contrôle", "Résultat"), rows, frame.theme()))


def _check(result: Any) -> str:
    if isinstance(result, str):
        return "? non testé"
    if result >= 1:
        return "● oui"
    return "✕ non" if result <= 0 else f"◐ {french.percent(result * 100, 0)}"


def sources(card: Dataset, assessment: Assessment) -> None:
    """What was found, with its address when it has one."""
    st.header("Sources trouvées")
    evidence = assessment.evidence.get(card.id)
    found = evidence.sources if evidence else ()
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
    lines = store.latest(place.scopes).get(card.id, [])
    if card.sources or lines:
        st.header("Récupération")
        said = [_attempt(line) for line in lines[:3]] or ["Jamais récupérée pour ce territoire."]
        frame.html(blocks.texts(said, frame.theme()))
        if fetching.possible(door, place, [card.id]):
            fetching.button(door, store, place, [card.id], where="donnee")


def _attempt(line: Fetch) -> str:
    what = fetching.OUTCOMES.get(line.status, line.status)
    whole = " pour tout le pays" if line.territory == NATIONAL else ""
    rows = f", {french.plural(line.rows, 'ligne')}{whole}" if line.status == "ok" else ""
    why = f" ({line.detail})" if line.detail else ""
    return f"{french.day(line.fetched_at)}\u00a0: {what}{rows}{why}. {line.source}, {line.licence}."


def reference(card: Dataset) -> None:
    """Standard, legal duty, holder, producer: what the reference says of the dataset."""
    st.header("Ce qu'en dit le référentiel")
    families = {made["code"]: made for made in catalog().producers}
    standard = catalog().standards.get(card.standard or "", {})
    pairs = {
        "Détenteur habituel": card.local_source or card.producer_label,
        "Producteur": f"{card.producer_label} ({families[card.producer]['label'].lower()})",
        "Comment l'obtenir": families[card.producer].get("how_to_obtain"),
        "Source nationale": card.national_source,
        "Standard": standard.get("title") or card.standard or "aucun standard national repéré",
        "Obligation légale": card.legal or "aucune repérée",
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


def projects(card: Dataset) -> None:
    """The projects it serves."""
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
