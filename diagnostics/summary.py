"""The facts behind the sentences an élu repeats; the words are chosen in drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from data.catalog import Catalog, Experiment, catalog
from diagnostics.availability import AssessedExperiment, Assessment
from diagnostics.missing import missing_data
from diagnostics.readiness import BLOCKED, DEGRADED, READY, STARTS

NATIONAL_FAMILIES = frozenset({"national_public", "parapublic"})


@dataclass(frozen=True)
class Summary:
    """Counts over the experiments listed; the four groups of verdicts add up to `n_experiments`."""

    counts: Mapping[str, int]  # datasets by status
    n_experiments: int
    n_ready: int  # data enough to start, in full or reduced form: established
    n_degraded: int  # among n_ready, those in a reduced form
    n_expected_ready: int  # not known yet, enough if the assumptions hold
    points_to_confirm: int  # distinct datasets those wait for
    n_blocked: int  # a datum is established as lacking
    n_unknown: int  # not known, and the assumptions would not do
    best_next: str | None  # dataset that would help most
    national_only: int  # not blocked here, their minimum is made of open national data
    checked: bool  # someone looked: the extracts shipped with the product do not count


def summary(assessment: Assessment) -> Summary:
    """Read the facts in an assessment."""
    made = assessment.experiments
    ready = [one for one in made if one.verdict in STARTS]
    expected = [one for one in made if _waits_for_words_only(one)]
    blocked = [one for one in made if one.verdict == BLOCKED]
    missing = missing_data(assessment)
    return Summary(
        counts=assessment.counts,
        n_experiments=len(made),
        n_ready=len(ready),
        n_degraded=sum(one.verdict == DEGRADED for one in ready),
        n_expected_ready=len(expected),
        points_to_confirm=len({dataset for one in expected for dataset in one.to_confirm}),
        n_blocked=len(blocked),
        n_unknown=len(made) - len(ready) - len(expected) - len(blocked),
        best_next=missing[0].dataset if missing else None,
        national_only=len(
            set(national_only(catalog())) & {one.id for one in made if not _held_up(one)}
        ),
        checked=any(
            evidence.established and not evidence.shipped
            for dataset, evidence in assessment.evidence.items()
            if catalog().needed_by(dataset)
        ),
    )


def national_only(reference: Catalog) -> list[str]:
    """Experiments whose minimum data are all open and held by the State or its agencies."""
    return [made.id for made in reference.experiments.values() if _is_national(made, reference)]


def _is_national(experiment: Experiment, reference: Catalog) -> bool:
    musts = [need.dataset for need in experiment.needs if need.criticality == "indispensable"]
    cards = [reference.datasets[dataset] for dataset in musts]
    return all(
        card.producer in NATIONAL_FAMILIES and card.likely_status == "open" for card in cards
    )


def _held_up(made: AssessedExperiment) -> bool:
    """A datum is established as lacking, or its national source leaves the territory out."""
    musts = [need for need in made.needs if need.criticality == "indispensable"]
    return made.verdict == BLOCKED or any(need.outside for need in musts)


def _waits_for_words_only(made: AssessedExperiment) -> bool:
    return made.verdict not in (READY, DEGRADED, BLOCKED) and made.expected in STARTS
