"""One project in words: the sentence an élu repeats, the score of a project lead, what to confirm.

A sentence never says « 0 donnée ouverte » where nobody looked, never mixes what is established with
what the reference supposes, and fits in 220 characters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from data.catalog import Experiment, catalog
from diagnostics.availability import AssessedExperiment, AssessedNeed, Assessment
from drawing import articles, french

LONGEST = 220  # characters of a sentence
EVALUATED = 0.7  # share of the weight under which a score is an interval only
WEAK = ("E0", "E1")  # said, or listed by a catalogue: no link was tried
STARTS = ("ready", "degraded")
_SAID = "\u00a0; "
_ONWARD = "ferait avancer ce projet"


@dataclass(frozen=True)
class Tally:
    """What is known of the needs of a project, those without object apart."""

    concerned: int
    open: int  # established
    supposed: int  # open by the reference's word alone
    known: int  # established under any status
    looked_at: int  # established, or a source was found to leave the territory out


@dataclass(frozen=True)
class Reduced:
    """What a reduced form does without, and what it already allows."""

    lacking: tuple[str, ...]  # dataset ids: useful, or met in part only
    possible: tuple[str, ...]  # names of indicators whose data are all there
    waiting: tuple[str, ...]  # names of the others


def sentence(made: AssessedExperiment, assessment: Assessment) -> str:
    """« 4 données sur 9 sont ouvertes ; il manque l'inventaire des arbres ; l'ouvrir … »"""
    counted = tally(made.needs)
    if not counted.concerned:
        return "Ici, ce projet est sans objet\u00a0: aucune de ses données n'est à réunir."
    forms = _forms(made, assessment, french.upper_first(_facts(counted)))
    return next((said for said in forms if len(said) <= LONGEST), f"{_facts(counted)}.")


def _forms(made: AssessedExperiment, assessment: Assessment, facts: str) -> Iterator[str]:
    """The same sentence, shorter and shorter."""
    for kept in range(articles.FIRST, 0, -1):
        yield _SAID.join([facts, *_rest(made, assessment, kept)]) + "."
    yield _SAID.join([facts, *_rest(made, assessment, 1)[:1]]) + "."


def tally(needs: Sequence[AssessedNeed]) -> Tally:
    """Count the needs of a project once each."""
    kept = [need for need in needs if need.fulfilment != "out"]
    return Tally(
        concerned=len(kept),
        open=sum(_is_open(need) for need in kept),
        supposed=sum(is_supposed_open(need) for need in kept),
        known=sum(_is_known(need) for need in kept),
        looked_at=sum(_established(need) or need.outside for need in kept),
    )


def _is_open(need: AssessedNeed) -> bool:
    exists = need.existence != "not_produced"
    return _established(need) and need.status == "open" and exists


def is_supposed_open(need: AssessedNeed) -> bool:
    """Open as the reference supposes, nobody having looked."""
    return not _established(need) and need.status == "open" and need.existence != "not_produced"


def _established(need: AssessedNeed) -> bool:
    return need.provenance != "assumed"


def _is_known(need: AssessedNeed) -> bool:
    return _established(need) and (
        need.status != "not_evaluated" or need.existence == "not_produced"
    )


# --- what is open ---------------------------------------------------------------------------


def _facts(counted: Tally) -> str:
    if counted.open == counted.concerned:
        whole = counted.open >= 2
        return f"les {counted.open} données sont ouvertes" if whole else "sa donnée est ouverte"
    if counted.open:
        are = french.agree(counted.open, "est ouverte", "sont ouvertes")
        what = french.plural(counted.open, "donnée")
        return f"{what} sur {counted.concerned} {are}{_supposed_too(counted)}"
    if counted.known:
        return _none_open(counted) + _supposed_too(counted)
    nothing = "rien n'est encore établi" if counted.looked_at else "rien n'a encore été vérifié"
    if not counted.supposed:
        return nothing
    are = french.agree(counted.supposed, "est supposée ouverte", "sont supposées ouvertes")
    what = french.plural(counted.supposed, "donnée")
    return f"{nothing}{_SAID}{what} sur {counted.concerned} {are}"


def _none_open(counted: Tally) -> str:
    if counted.known == 1:
        return f"la seule donnée connue sur {counted.concerned} n'est pas ouverte"
    if counted.known == counted.concerned:
        return f"aucune des {counted.concerned} données n'est ouverte"
    return f"aucune des {counted.known} données connues sur {counted.concerned} n'est ouverte"


def _supposed_too(counted: Tally) -> str:
    if not counted.supposed:
        return ""
    others = french.plural(counted.supposed, "autre")
    return f", {others} {french.agree(counted.supposed, 'est supposée', 'sont supposées')} l'être"


# --- what is lacking, what is not known -----------------------------------------------------


def _rest(made: AssessedExperiment, assessment: Assessment, kept: int) -> list[str]:
    """What follows the counts: the lack and what it would bring, or what is still to learn."""
    if made.verdict == "ready":
        return ["c'est assez pour commencer"]
    if made.verdict == "degraded":
        return _reduced(made, kept)
    if made.verdict == "blocked":
        return [_lack(made, kept), *_gain(made, made.blocking, assessment)]
    return _not_known(made, assessment, kept)


def _reduced(made: AssessedExperiment, kept: int) -> list[str]:
    named = articles.the_first(_titles(lacking(made)), kept)
    return ["assez pour une version réduite", f"pour la version complète, il faudrait {named}"]


def _lack(made: AssessedExperiment, kept: int) -> str:
    named = articles.the_first(_titles(made.blocking), kept)
    opened = {need.dataset for need in made.needs if need.status == "open"}
    if opened.issuperset(made.blocking):
        return f"inutilisable en l'état\u00a0: {named}"
    return f"il manque {named}"


def _not_known(made: AssessedExperiment, assessment: Assessment, kept: int) -> list[str]:
    if made.expected == "blocked":
        named = articles.the_first(_titles(made.expected_blocking), kept)
        gain = _gain(made, made.expected_blocking, assessment)
        return [f"il manquerait {named}, à vérifier", *gain]
    if made.expected in STARTS:
        named = articles.the_first(_titles(made.to_confirm), kept)
        what = "commencer" if made.expected == "ready" else "une version réduite"
        return [f"reste à confirmer, pour {what}, {named}"]
    asked = [need for need in made.needs if _is_open_question(need)]
    named = articles.the_first([need.title for need in asked], kept)
    outside = all(need.outside for need in asked)
    where = ", hors couverture de la source nationale" if outside else ""
    return [f"on ne sait pas encore pour {named}{where}"]


def _is_open_question(need: AssessedNeed) -> bool:
    return need.criticality == "indispensable" and need.expected_fulfilment == "unknown"


def _gain(made: AssessedExperiment, waited: Sequence[str], assessment: Assessment) -> list[str]:
    """What the one lacking dataset would bring; several at once promise nothing."""
    if len(waited) != 1:
        return []
    (dataset,) = waited
    verb = _verb(dataset, made)
    helped = helps(dataset, assessment)
    if helped >= 2:
        return [f"{verb} ferait avancer {french.plural(helped, 'projet')}"]
    return [f"{verb} {'suffirait pour commencer' if _alone(dataset, made) else _ONWARD}"]


def _alone(dataset: str, made: AssessedExperiment) -> bool:
    """Whether nothing else that the project cannot do without is lacking or unknown."""
    return all(
        need.dataset == dataset or need.fulfilment in ("met", "partly", "out")
        for need in made.needs
        if need.criticality == "indispensable"
    )


def _verb(dataset: str, made: AssessedExperiment) -> str:
    """« l'ouvrir » what exists and may be published, « l'obtenir » else."""
    need = next(need for need in made.needs if need.dataset == dataset)
    publishable = need.status in ("candidate", "closed_unjustified")
    verb = "ouvrir" if publishable and need.existence != "not_produced" else "obtenir"
    return f"les {verb}" if articles.is_plural(need.title) else f"l'{verb}"


def helps(dataset: str, assessment: Assessment) -> int:
    """How many projects wait for a dataset, to start or to leave their reduced form."""
    return sum(
        any(
            need.dataset == dataset
            and need.criticality != "comfort"
            and need.expected_fulfilment in ("partly", "unmet")
            for need in made.needs
        )
        for made in assessment.experiments
    )


def _titles(datasets: Sequence[str]) -> list[str]:
    return [catalog().datasets[dataset].title for dataset in datasets]


# --- for the project lead -------------------------------------------------------------------


def score(made: AssessedExperiment) -> str:
    """« 62 [48–79] sur 100, 81 % évalué »; under 70 % evaluated the interval only."""
    if made.usable is None:
        return ""
    share = french.percent(int(made.evaluated_share * 100), 0)
    bounds = f"[{round(made.usable.low)}–{round(made.usable.high)}]"
    if made.evaluated_share < EVALUATED:
        return f"{bounds} sur 100, {share} évalué"
    middle = round((made.usable.low + made.usable.high) / 2)
    return f"{middle} {bounds} sur 100, {share} évalué"


def weakly_proved(made: AssessedExperiment) -> tuple[str, ...]:
    """Indispensable data established on a word or on a catalogue alone: « à confirmer »."""
    return tuple(
        need.dataset
        for need in made.needs
        if need.criticality == "indispensable"
        and _is_known(need)
        and need.evidence_level in WEAK
        and need.fulfilment != "out"
    )


def lacking(made: AssessedExperiment, *, supposing: bool = False) -> tuple[str, ...]:
    """Data that keep a project to a reduced form: useful ones lacking, any met in part."""
    return tuple(
        need.dataset
        for need in made.needs
        if need.criticality != "comfort" and _fulfilled(need, supposing) in ("partly", "unmet")
    )


def reduced(made: AssessedExperiment, sheet: Experiment, *, supposing: bool = False) -> Reduced:
    """What a reduced form leaves aside and the indicators it can already compute."""
    there = {
        need.dataset for need in made.needs if _fulfilled(need, supposing) in ("met", "partly")
    }
    asked = [made for made in sheet.indicators if made.get("sources")]
    possible = tuple(str(made["name"]) for made in asked if there.issuperset(made["sources"]))
    names = tuple(str(made["name"]) for made in asked)
    waiting = tuple(name for name in names if name not in possible)
    return Reduced(lacking(made, supposing=supposing), possible, waiting)


def _fulfilled(need: AssessedNeed, supposing: bool) -> str:
    return need.expected_fulfilment if supposing else need.fulfilment
