"""What one town has of what each experiment needs: statuses, evidence, verdicts, actions.

The shape of `as_dict` is the `availability` document of the interface; every name of a field here
is a key there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from data.catalog import Catalog, Experiment, catalog
from data.store import Store
from data.territories import Territory
from diagnostics import actions as plans
from diagnostics import scoring
from diagnostics.actions import Action
from diagnostics.evidence import Evidence, Found, weigh
from diagnostics.holdings import Known, known
from diagnostics.readiness import (
    Readiness,
    Required,
    fulfilment,
    readiness,
)
from diagnostics.scoring import Check, Interval
from diagnostics.usage import WrongUse

COUNTED = (
    "open", "candidate", "closed_unjustified", "closed_justified", "other",
    "not_evaluated", "not_concerned", "not_produced",
)  # fmt: skip


class UnknownExperiment(WrongUse):
    """An experiment id that the reference does not hold: one sentence for the reader."""


@dataclass(frozen=True)
class AssessedNeed:
    """One need of one experiment in one town."""

    dataset: str
    title: str
    criticality: str
    status: str
    existence: str
    provenance: str
    evidence_level: str
    reason: str
    legal_ground: str | None
    producer: str  # producer family
    holder: str
    as_of: str | None  # ISO day of what is known
    fulfilment: str  # met, partly, unmet, unknown, out
    expected_fulfilment: str
    usable: Interval | None
    openness: Interval | None
    adequacy: float
    aspects: Mapping[str, Check]
    outside: bool  # the known source leaves the territory out
    reason_code: str | None
    checks: Mapping[str, Check]
    sources: tuple[Found, ...]


@dataclass(frozen=True)
class AssessedExperiment:
    """Verdict, scores, needs and actions of one experiment in one town."""

    id: str
    title: str
    verdict: str
    expected: str
    to_confirm: tuple[str, ...]
    blocking: tuple[str, ...]
    expected_blocking: tuple[str, ...]
    usable: Interval | None
    openness: Interval | None
    evaluated_share: float
    needs: tuple[AssessedNeed, ...]
    actions: tuple[Action, ...]


@dataclass(frozen=True)
class Assessment:
    """The availability of one territory."""

    territory: Territory
    computed_at: str
    reference_version: str
    counts: dict[str, int]
    experiments: tuple[AssessedExperiment, ...]
    unlocks: Mapping[str, tuple[str, ...]]  # by dataset: experiments its action would let start
    evidence: Mapping[str, Evidence]  # of the common base too

    @property
    def needed(self) -> dict[str, Evidence]:
        """The evidence on what the listed experiments need, each dataset once: what counts."""
        asked = {need.dataset for made in self.experiments for need in made.needs}
        return {dataset: made for dataset, made in self.evidence.items() if dataset in asked}

    def as_dict(self) -> dict[str, Any]:
        """The JSON document of `availability`."""
        return {
            "territory": self.territory.header(),
            "computed_at": self.computed_at,
            "reference_version": self.reference_version,
            "counts": dict(self.counts),
            "experiments": [_experiment_dict(made) for made in self.experiments],
        }


def assess(
    store: Store,
    territory: Territory,
    today: date,
    experiments: Iterable[str] | None = None,
) -> Assessment:
    """Assess a territory at a date; `experiments` limits what is listed, not what is unlocked.

    Raises UnknownExperiment for an id the reference does not hold.
    """
    reference = catalog()
    listed = chosen(reference, experiments)
    return assessment(reference, territory, known(store, territory), today, listed)


def chosen(reference: Catalog, ids: Iterable[str] | None) -> list[Experiment]:
    """The experiments asked for, in catalogue order; all of them by default."""
    if ids is None:
        return list(reference.experiments.values())
    asked = set(ids)
    strange = sorted(asked - set(reference.experiments))
    if strange:
        allowed = ", ".join(reference.experiments)
        raise UnknownExperiment(f"Expérimentation « {strange[0]} » inconnue ; permis : {allowed}.")
    return [made for key, made in reference.experiments.items() if key in asked]


def assessment(
    reference: Catalog,
    territory: Territory,
    held: Known,
    today: date,
    listed: Sequence[Experiment],
) -> Assessment:
    """The same from what the store is known to hold: pure."""
    evidence = weigh_all(reference, territory, held, today)
    requirements = required(reference, evidence)
    found = {key: readiness(needs) for key, needs in requirements.items()}
    unlocks = {
        dataset: plans.unlocked_by(dataset, made, requirements, found)
        for dataset, made in evidence.items()
    }
    return Assessment(
        territory=territory,
        computed_at=today.isoformat(),
        reference_version=reference.version,
        counts=count(evidence, listed),
        experiments=tuple(
            _assessed(made, requirements[made.id], found[made.id], evidence, unlocks, territory)
            for made in listed
        ),
        unlocks=unlocks,
        evidence=evidence,
    )


def weigh_all(
    reference: Catalog, territory: Territory, held: Known, today: date
) -> dict[str, Evidence]:
    """The evidence on every dataset that an experiment needs or that the common base names.

    Those of the base alone enter no count, no score and no verdict.
    """
    day = today.date() if isinstance(today, datetime) else today
    asked = {need.dataset for made in reference.experiments.values() for need in made.needs}
    asked |= reference.base()
    return {
        dataset: weigh(card, territory, held, day)
        for dataset, card in reference.datasets.items()
        if dataset in asked
    }


def required(
    reference: Catalog, evidence: Mapping[str, Evidence]
) -> dict[str, tuple[Required, ...]]:
    """The needs of every experiment with their state."""
    return {
        made.id: tuple(
            Required(need.dataset, need.criticality, evidence[need.dataset].state)
            for need in made.needs
        )
        for made in reference.experiments.values()
    }


def count(evidence: Mapping[str, Evidence], listed: Sequence[Experiment]) -> dict[str, int]:
    """Each dataset needed by the listed experiments, once, under the status it counts for."""
    asked = {need.dataset for made in listed for need in made.needs}
    found = [scoring.standing(evidence[dataset].state) for dataset in asked]
    return {status: found.count(status) for status in COUNTED}


def _assessed(
    experiment: Experiment,
    needs: Sequence[Required],
    found: Readiness,
    evidence: Mapping[str, Evidence],
    unlocks: Mapping[str, tuple[str, ...]],
    territory: Territory,
) -> AssessedExperiment:
    pairs = [(need.criticality, need.state) for need in needs]
    return AssessedExperiment(
        id=experiment.id,
        title=experiment.title,
        verdict=found.verdict,
        expected=found.expected,
        to_confirm=found.to_confirm,
        blocking=found.blocking,
        expected_blocking=found.expected_blocking,
        usable=scoring.usable_score(pairs),
        openness=scoring.openness_score(pairs),
        evaluated_share=scoring.evaluated_share(pairs),
        needs=tuple(_need(need, evidence[need.dataset]) for need in needs),
        actions=plans.actions(needs, evidence, unlocks, territory),
    )


def _need(need: Required, evidence: Evidence) -> AssessedNeed:
    dataset = catalog().datasets[need.dataset]
    state = need.state
    return AssessedNeed(
        dataset=need.dataset,
        title=dataset.title,
        criticality=need.criticality,
        status=evidence.status,
        existence=evidence.existence,
        provenance=evidence.provenance,
        evidence_level=evidence.evidence_level,
        reason=evidence.reason,
        legal_ground=evidence.legal_ground,
        producer=dataset.producer,
        holder=plans.holder_of(dataset, evidence),
        as_of=evidence.as_of,
        fulfilment=fulfilment(state),
        expected_fulfilment=fulfilment(state, supposing=True),
        usable=scoring.usable(state),
        openness=scoring.openness(state),
        adequacy=evidence.adequacy,
        aspects=evidence.aspects,
        outside=evidence.outside,
        reason_code=evidence.reason_code,
        checks=evidence.checks,
        sources=evidence.sources,
    )


def _experiment_dict(made: AssessedExperiment) -> dict[str, Any]:
    return {
        **{
            key: list(value) if isinstance(value, tuple) else value
            for key, value in vars(made).items()
        },
        "usable": _points(made.usable),
        "openness": _points(made.openness),
        "evaluated_share": round(made.evaluated_share, 3),
        "needs": [_need_dict(need) for need in made.needs],
        "actions": [_action_dict(action) for action in made.actions],
    }


def _need_dict(need: AssessedNeed) -> dict[str, Any]:
    return {
        **vars(need),
        "usable": _points(need.usable),
        "openness": _points(need.openness),
        "checks": {name: _rounded(value) for name, value in need.checks.items()},
        "aspects": dict(need.aspects),
        "sources": [asdict(source) for source in need.sources],
    }


def _action_dict(action: Action) -> dict[str, Any]:
    return {**vars(action), "gain": action.gain.as_dict(), "unlocks": list(action.unlocks)}


def _points(interval: Interval | None) -> dict[str, float] | None:
    return interval.as_dict() if interval else None


def _rounded(check: Check) -> Check:
    return check if isinstance(check, str) else round(check, 3)
