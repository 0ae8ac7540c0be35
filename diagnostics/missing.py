"""The ordered list of what is missing in a town, across its experiments.

First the data that are the last thing an experiment waits for, then those that block most, then
the most critical: the order answers « what should we ask for first? ».
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data.catalog import Catalog, Dataset, catalog
from diagnostics import actions as plans
from diagnostics.availability import AssessedExperiment, AssessedNeed, Assessment
from diagnostics.readiness import MET, OUT, UNKNOWN
from diagnostics.scoring import CRITICALITY_WEIGHTS, NOTHING, Interval

# How the lack is known: someone said so or a machine saw it, the reference supposes it, or nobody
# knows. Never merged.
ESTABLISHED, SUPPOSED, TO_ASK = "established", "supposed", "to_ask"


@dataclass(frozen=True)
class Use:
    """An experiment that needs the dataset."""

    experiment: str
    title: str
    criticality: str


@dataclass(frozen=True)
class MissingData:
    """One line of the list: what is missing, who holds it, why it matters, what to do."""

    dataset: str
    title: str
    certainty: str  # established, supposed, to_ask
    status: str
    existence: str
    provenance: str
    as_of: str | None
    reason: str
    producer: str  # producer family
    producer_label: str
    holder: str
    where_to_look: str | None  # the service, register or plan where it usually lies
    criticality: str  # the highest among its uses
    uses: tuple[Use, ...]
    blocks: tuple[str, ...]  # experiments it holds back, as established or as supposed
    unlocks: tuple[str, ...]  # experiments where it is the last thing waited for
    effort: str
    next_step: str
    standard: str | None
    standard_title: str | None
    legal: str | None
    gain: Interval  # points, in the project where the next step brings most
    gain_in: str | None  # that project; None when it brings no point anywhere


@dataclass(frozen=True)
class Gain:
    """What the next step on a dataset brings, in the experiment where it brings most."""

    points: Interval
    experiment: str


def gains(assessment: Assessment) -> dict[str, Gain]:
    """The greatest gain of each dataset that has a next step: never a sum over experiments.

    Points of two experiments do not add up: each is out of 100 of its own.
    """
    best: dict[str, Gain] = {}
    for experiment in assessment.experiments:
        for action in experiment.actions:
            held = best.get(action.dataset)
            if held is None or _worth(action.gain) > _worth(held.points):
                best[action.dataset] = Gain(action.gain, experiment.id)
    return best


def _worth(points: Interval) -> tuple[float, float]:
    return points.high, points.low


def missing_data(assessment: Assessment) -> tuple[MissingData, ...]:
    """What is missing, is supposed to be, or has to be asked for; most useful first.

    Data assumed to be open are not there: they wait for a confirmation, see `to_confirm`.
    """
    reference, brought = catalog(), gains(assessment)
    lines = [
        _line(dataset, uses, assessment, reference, brought.get(dataset, _NO_GAIN))
        for dataset, uses in _by_dataset(assessment).items()
        if uses[0][1].expected_fulfilment not in (MET, OUT)
    ]
    return tuple(sorted((line for line in lines if line), key=_order))


def to_confirm(assessment: Assessment) -> tuple[str, ...]:
    """Datasets assumed to be enough, whose confirmation a verdict waits for; most awaited first."""
    awaited: dict[str, int] = {}
    for experiment in assessment.experiments:
        for dataset in experiment.to_confirm:
            awaited[dataset] = awaited.get(dataset, 0) + 1
    enough = {
        dataset
        for dataset, uses in _by_dataset(assessment).items()
        if uses[0][1].expected_fulfilment == MET
    }
    kept = [(times, dataset) for dataset, times in awaited.items() if dataset in enough]
    return tuple(dataset for times, dataset in sorted(kept, key=lambda pair: (-pair[0], pair[1])))


_Pair = tuple[AssessedExperiment, AssessedNeed]
_NO_GAIN = Gain(NOTHING, "")


def _by_dataset(assessment: Assessment) -> dict[str, list[_Pair]]:
    found: dict[str, list[_Pair]] = {}
    for experiment in assessment.experiments:
        for need in experiment.needs:
            found.setdefault(need.dataset, []).append((experiment, need))
    return found


def _line(
    dataset: str,
    pairs: Sequence[_Pair],
    assessment: Assessment,
    reference: Catalog,
    brought: Gain,
) -> MissingData | None:
    card, evidence = reference.datasets[dataset], assessment.evidence[dataset]
    planned = plans.step(evidence)
    if planned is None:
        return None
    need = pairs[0][1]
    return MissingData(
        dataset=dataset,
        title=card.title,
        certainty=_certainty(need),
        status=need.status,
        existence=need.existence,
        provenance=need.provenance,
        as_of=need.as_of,
        reason=need.reason,
        producer=card.producer,
        producer_label=card.producer_label,
        holder=need.holder,
        where_to_look=card.local_source,
        criticality=max((made.criticality for _, made in pairs), key=_weight),
        uses=tuple(Use(made.id, made.title, asked.criticality) for made, asked in pairs),
        blocks=_blocks(dataset, pairs),
        unlocks=assessment.unlocks[dataset],
        effort=planned.effort,
        next_step=planned.text,
        standard=card.standard,
        standard_title=_standard_title(card, reference),
        legal=plans.legal_basis(card, evidence, assessment.territory),
        gain=brought.points,
        gain_in=brought.experiment if brought.points.high > 0 else None,
    )


def _certainty(need: AssessedNeed) -> str:
    if need.fulfilment != UNKNOWN:
        return ESTABLISHED
    return TO_ASK if need.expected_fulfilment == UNKNOWN else SUPPOSED


def _blocks(dataset: str, pairs: Sequence[_Pair]) -> tuple[str, ...]:
    return tuple(
        experiment.id for experiment, _ in pairs if dataset in experiment.expected_blocking
    )


def _order(line: MissingData) -> tuple[int, int, int, int, str]:
    return (
        -len(line.unlocks),
        -len(line.blocks),
        -sum(_weight(use.criticality) for use in line.uses),
        plans.EFFORTS.index(line.effort),
        line.dataset,
    )


def _weight(criticality: str) -> int:
    return CRITICALITY_WEIGHTS[criticality]


def _standard_title(card: Dataset, reference: Catalog) -> str | None:
    found = reference.standards.get(card.standard or "")
    return str(found["title"]) if found else None
