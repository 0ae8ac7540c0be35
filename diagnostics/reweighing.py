"""The scores under other weights, for whoever wants to try: verdicts rest on no weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from diagnostics import scoring
from diagnostics.availability import AssessedExperiment, Assessment
from diagnostics.evidence import Evidence
from diagnostics.scoring import CHECK_WEIGHTS, CRITICALITY_WEIGHTS, Interval, State, Weights


@dataclass(frozen=True)
class Reweighed:
    """Usable score of one experiment under the weights of the reference and under others."""

    id: str
    title: str
    before: Interval | None
    after: Interval | None


def reweighed(assessment: Assessment, checks: Weights, criticality: Weights) -> list[Reweighed]:
    """Every experiment under these weights, in the order of the assessment.

    `checks` gives each of CHECK_WEIGHTS a weight of 0 or more, not all 0; `criticality` each of
    CRITICALITY_WEIGHTS a weight above 0. Raises ValueError otherwise.
    """
    _verify(checks, criticality)
    return [
        Reweighed(made.id, made.title, made.usable, _score(made, assessment, checks, criticality))
        for made in assessment.experiments
    ]


def _verify(checks: Weights, criticality: Weights) -> None:
    if set(checks) != set(CHECK_WEIGHTS) or set(criticality) != set(CRITICALITY_WEIGHTS):
        raise ValueError("un poids par vérification et un par importance")
    if min(checks.values()) < 0 or not sum(checks.values()) > 0 or min(criticality.values()) <= 0:
        raise ValueError("un poids ne peut être négatif, ni tous nuls")


def _score(
    made: AssessedExperiment, assessment: Assessment, checks: Weights, criticality: Weights
) -> Interval | None:
    needs: Sequence[tuple[str, State]] = [
        (need.criticality, _state(assessment.evidence[need.dataset], checks)) for need in made.needs
    ]
    return scoring.usable_score(needs, criticality)


def _state(evidence: Evidence, checks: Weights) -> State:
    """A candidate is placed by how near its publication is, which these weights leave alone."""
    if evidence.status == "candidate":
        return evidence.state
    return replace(evidence.state, quality=scoring.quality(evidence.checks, checks))
