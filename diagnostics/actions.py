"""The best next action on each need: what to do, what it would bring, at which cost, with whom.

Effort: S is a confirmation (a click, a call, a reference to cite); M brings out data that exist
(publish, repair, negotiate); L produces data that do not. The gain is exact: the experiment is
scored again with the need in the best state the action can reach.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from data.catalog import Dataset, catalog
from data.territories import Territory
from diagnostics import scoring
from diagnostics.evidence import Evidence
from diagnostics.readiness import FULL_ADEQUACY, STARTS, Readiness, Required, readiness
from diagnostics.scoring import NOT_CONCERNED, NOT_EVALUATED, NOT_PRODUCED, Interval, State

EFFORTS = ("S", "M", "L")
BEST = State("open", quality=Interval(1.0, 1.0))
OWN_STAFF_THRESHOLD = 3500  # inhabitants: CRPA, L. 312-1-1 (and at least 50 agents, not known here)

CRPA = "CRPA, L. 312-1-1 (3 500 habitants et plus, au moins 50 agents : nombre d'agents à vérifier)"
CONCESSION = (
    "Code de la commande publique, L. 3131-2, si une concession de service public est en cause"
    " (date et clauses du contrat à vérifier)"
)


@dataclass(frozen=True)
class Step:
    """What can be done in a given situation, and the state it may reach."""

    text: str
    effort: str
    reach: Callable[[State], State]


@dataclass(frozen=True)
class Action:
    """The best action on one need of one experiment."""

    dataset: str
    action: str
    gain: Interval  # points of the experiment on the axis « usable today »
    unlocks: tuple[str, ...]  # experiments that could then start, all experiments considered
    effort: str
    holder: str
    legal_basis: str | None
    standard: str | None = None


def _next(status: str) -> str:
    """The French next step that the reference gives for a status."""
    rows = catalog().statuses["access_statuses"]
    return str(next(row["next_action"] for row in rows if row["code"] == status))


def _opened(state: State) -> State:
    return BEST


def _tested(state: State) -> State:
    """Every check done and passed, the level of the source unchanged."""
    return replace(state, established=True, quality=Interval(1.0, 1.0), reachable=True)


def _substituted(state: State) -> State:
    return replace(_tested(state), status="closed_justified", substitute=True, grounded=True)


def _grounded(state: State) -> State:
    """The text and the paper are given; the substitute itself is not looked at any closer."""
    return replace(state, grounded=True)


def situation(evidence: Evidence) -> str:
    """The name of the situation a need is in, key of the table of steps."""
    found = scoring.standing(evidence.state)
    if evidence.outside and found == NOT_EVALUATED:
        return "not_covered"
    if not evidence.established:
        return _assumed_situation(evidence)
    if found == "open":
        return _open_situation(evidence)
    if found == "closed_justified" and evidence.substitute:
        return "protected_settled" if evidence.state.grounded else "protected_ungrounded"
    if found == NOT_CONCERNED:
        return "not_concerned" if evidence.state.reasoned else NOT_EVALUATED
    return found


def _assumed_situation(evidence: Evidence) -> str:
    if evidence.status == "open":
        return "assumed_open"
    return f"assumed_{evidence.status}" if evidence.status != NOT_EVALUATED else NOT_EVALUATED


def _open_situation(evidence: Evidence) -> str:
    if not evidence.state.reachable:
        return "unreachable"
    if evidence.adequacy < FULL_ADEQUACY or evidence.existence == "partial":
        return "open_partial"
    return "open_to_check" if evidence.state.quality.low < 1 else "open_settled"


def step(evidence: Evidence) -> Step | None:
    """What to do about a need; None when there is nothing left to do."""
    made = _STEPS.get(situation(evidence))
    return made() if made else None


_CONFIRM = "Demander d'abord au détenteur si elle existe. Ensuite : "
_STEPS: dict[str, Callable[[], Step]] = {
    "assumed_open": lambda: Step(
        "Récupérer la donnée, ou vérifier en un appel qu'elle est bien publiée.", "S", _tested
    ),
    "assumed_candidate": lambda: Step(_CONFIRM + _lower(_next("candidate")), "M", _opened),
    "assumed_other": lambda: Step(_CONFIRM + _lower(_next("other")), "M", _tested),
    "assumed_closed_justified": lambda: Step(
        _CONFIRM + _lower(_next("closed_justified")), "M", _substituted
    ),
    "open_to_check": lambda: Step(_next("open"), "S", _tested),
    "open_partial": lambda: Step(
        "Compléter la donnée, ou en trouver une version au niveau de la commune.", "L", _opened
    ),
    "not_covered": lambda: Step(
        "La source nationale laisse ce territoire de côté : chercher une donnée locale,"
        " sinon la produire.", "L", _opened
    ),
    "unreachable": lambda: Step(
        "Signaler le lien ou le fichier défaillant au producteur, puis le faire republier.",
        "M", _opened,
    ),
    "candidate": lambda: Step(_next("candidate"), "M", _opened),
    "closed_unjustified": lambda: Step(_next("closed_unjustified"), "M", _opened),
    "closed_justified": lambda: Step(_next("closed_justified"), "M", _substituted),
    "protected_ungrounded": lambda: Step(
        "Citer le texte qui protège la donnée et la pièce qui l'établit.", "S", _grounded
    ),
    "other": lambda: Step(_next("other"), "M", _tested),
    NOT_PRODUCED: lambda: Step(
        "Décider s'il faut la produire : par qui, sous quel format, à quel coût par an ;"
        " sinon chercher un substitut.", "L", _opened
    ),
    NOT_EVALUATED: lambda: Step(
        "Demander au détenteur si la donnée existe, sous quelle forme, et si elle peut être"
        " publiée.", "S", _opened
    ),
}  # fmt: skip


def actions(
    needs: Sequence[Required],
    evidence: Mapping[str, Evidence],
    unlocks: Mapping[str, tuple[str, ...]],
    territory: Territory,
) -> tuple[Action, ...]:
    """The actions of one experiment: greatest gain, then experiments unlocked, then effort."""
    made = [_action(needs, need, evidence[need.dataset], unlocks, territory) for need in needs]
    return tuple(sorted((action for action in made if action), key=_order))


def unlocked_by(
    dataset: str,
    evidence: Evidence,
    requirements: Mapping[str, Sequence[Required]],
    before: Mapping[str, Readiness],
) -> tuple[str, ...]:
    """Experiments whose verdict, or expected verdict, turns to a start if the action succeeds."""
    planned = step(evidence)
    if planned is None:
        return ()
    reached = planned.reach(evidence.state)
    return tuple(
        experiment
        for experiment, needs in requirements.items()
        if any(need.dataset == dataset for need in needs)
        and starts_more(before[experiment], readiness(_with(needs, dataset, reached)))
    )


def starts_more(before: Readiness, after: Readiness) -> bool:
    """Whether an experiment that could not start now could, for sure or as expected."""
    pairs = ((before.verdict, after.verdict), (before.expected, after.expected))
    return any(was not in STARTS and now in STARTS for was, now in pairs)


def holder_of(dataset: Dataset, evidence: Evidence) -> str:
    """Who holds the data: as declared or found, else the kind of body the reference names."""
    return evidence.holder or dataset.producer_label


def legal_basis(dataset: Dataset, evidence: Evidence, territory: Territory) -> str | None:
    """The text to cite, always to be confirmed; None where none is known."""
    if evidence.legal_ground:
        return evidence.legal_ground
    if dataset.legal:
        return dataset.legal
    if dataset.producer == "company":
        return CONCESSION
    return CRPA if dataset.producer == "local_public" and _may_be_bound(territory) else None


def _action(
    needs: Sequence[Required],
    need: Required,
    evidence: Evidence,
    unlocks: Mapping[str, tuple[str, ...]],
    territory: Territory,
) -> Action | None:
    planned = step(evidence)
    if planned is None:
        return None
    dataset = catalog().datasets[need.dataset]
    after = _with(needs, need.dataset, planned.reach(evidence.state))
    return Action(
        dataset=need.dataset,
        action=planned.text,
        gain=scoring.gain(_score(needs), _score(after)),
        unlocks=unlocks[need.dataset],
        effort=planned.effort,
        holder=holder_of(dataset, evidence),
        legal_basis=legal_basis(dataset, evidence, territory),
        standard=dataset.standard,
    )


def _order(action: Action) -> tuple[float, float, int, int, str]:
    effort = EFFORTS.index(action.effort)
    return -action.gain.high, -action.gain.low, -len(action.unlocks), effort, action.dataset


def _score(needs: Sequence[Required]) -> Interval | None:
    return scoring.usable_score((need.criticality, need.state) for need in needs)


def _with(needs: Sequence[Required], dataset: str, state: State) -> list[Required]:
    return [replace(need, state=state) if need.dataset == dataset else need for need in needs]


def _may_be_bound(territory: Territory) -> bool:
    """Over the threshold of inhabitants; an EPCI follows the number of agents alone."""
    population = territory.population
    return territory.level != "commune" or (population or 0) >= OWN_STAFF_THRESHOLD


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
