"""Which duties a dataset carries here: kind, text, whom it binds, deadline, what was not checked.

A badge says what a text provides for; it never says that someone is late, and a publication is
never asked of a dataset that is unknown, not produced, protected or not concerned.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from data import entries
from data.catalog import Dataset
from data.duties import ADOPT, KEEP_AVAILABLE, PUBLISH, TRANSMIT, VOLUNTARY, Duty
from data.entries import Profile, Shelf
from data.territories import Territory
from diagnostics import scoring
from diagnostics.evidence import Evidence
from diagnostics.scoring import NOT_CONCERNED, NOT_EVALUATED, NOT_PRODUCED

TO_VERIFY = "to_verify"  # a publication whose conditions are not all known
ORDER = (PUBLISH, TO_VERIFY, TRANSMIT, ADOPT, KEEP_AVAILABLE, VOLUNTARY)

# Whom a duty binds, seen from a territory.
HERE, ITS_EPCI, ITS_COMMUNES, BY_ROLE, ELSEWHERE = "here", "epci", "communes", "role", "elsewhere"

# Why no publication is asked.
UNKNOWN, PROTECTED, BELOW, OTHER_LEVEL, NO_TEXT = (
    "unknown", "protected", "below", "other_level", "no_text",
)  # fmt: skip

INHABITANTS, AGENTS = 3500, 50  # CRPA, L. 312-1-1
CRPA = (
    "CRPA, L. 312-1-1, pour ce qui existe sous forme électronique : 3 500 habitants et plus, au"
    " moins 50 agents (équivalent temps plein) ; un EPCI suit le seul nombre d'agents, à confirmer"
)
CRPA_NOT_CHECKED = (
    "qui détient le jeu, les secrets (L. 311-5 et L. 311-6), les données personnelles à anonymiser"
    " (décret 2018-1117)"
)
GENERAL = Duty(
    PUBLISH, CRPA, ("commune", "epci", "departement", "region"), CRPA_NOT_CHECKED,
    agents_min=AGENTS, inhabitants_min=INHABITANTS,
)  # fmt: skip


@dataclass(frozen=True)
class Badge:
    """One duty as it stands in a territory; the words are chosen in drawing."""

    kind: str  # publish, to_verify, transmit, adopt, keep_available, voluntary
    text: str  # the text cited
    binds: tuple[str, ...]  # levels
    bound: str  # here, epci, communes, role
    not_checked: str
    what: str | None = None  # what it bears on, when not the whole dataset
    holder: str | None = None  # whom it binds, when a role decides
    deadline: date | None = None
    passed: bool = False  # the deadline is behind us; the situation was not checked
    example: bool = False  # fictional territory: shown as an example
    why: str | None = None  # to find out: inhabitants, agents, rights; or below (the threshold)


@dataclass(frozen=True)
class Threshold:
    """Whether the general duty to publish binds a territory, by two readings; None: not known.

    `both` is used: inhabitants and agents (the State's guide). `either` is the other reading:
    inhabitants or agents (OpenDataFrance, 2025). An EPCI follows its agents alone in both.
    """

    both: bool | None
    either: bool | None
    by_agents_alone: bool
    agents: int | None


def badges(
    dataset: Dataset, territory: Territory, evidence: Evidence, today: date, agents: int | None
) -> tuple[Badge, ...]:
    """The duties of a dataset in a territory at a day, publications first; pure.

    `agents`: full-time equivalents that the territory declared, None when nobody did.
    """
    if scoring.standing(evidence.state) == NOT_CONCERNED:
        return ()
    duties = [*dataset.duties, *_general(dataset, evidence)]
    found = [_badge(duty, territory, evidence, today, agents) for duty in duties]
    kept = [badge for badge in found if badge]
    return tuple(sorted(kept, key=lambda badge: ORDER.index(badge.kind)))


def threshold(territory: Territory, agents: int | None) -> Threshold:
    """Both readings of the threshold of the general duty to publish."""
    staff = _reaches(agents, AGENTS)
    people = _reaches(territory.population, INHABITANTS)
    alone = territory.level == "epci"
    return Threshold(
        both=staff if alone else _all((people, staff)),
        either=staff if alone else _any((people, staff)),
        by_agents_alone=alone,
        agents=agents,
    )


def why_none(dataset: Dataset, territory: Territory, evidence: Evidence) -> str:
    """Why a dataset shows no publication duty: a code, for the words to say so.

    not_concerned, no_text, other_level, below (threshold), unknown, not_produced, protected.
    """
    if scoring.standing(evidence.state) == NOT_CONCERNED:
        return NOT_CONCERNED
    duties = [duty for duty in dataset.duties if duty.kind == PUBLISH]
    if not duties:
        return NO_TEXT
    near = [duty for duty in duties if _bound(duty, territory) != ELSEWHERE]
    if not near:
        return OTHER_LEVEL
    if all(_applies(duty, territory, None) is False for duty in near):
        return BELOW
    return _silence(evidence) or NO_TEXT


def agents_of(store: Shelf, territory: Territory) -> int | None:
    """The number of agents that the territory declared of itself (full-time equivalents)."""
    profile = entries.only(store, Profile, territory.code)
    return profile.agents if profile else None


def _badge(
    duty: Duty, territory: Territory, evidence: Evidence, today: date, agents: int | None
) -> Badge | None:
    bound = _bound(duty, territory)
    kind = _kind(duty, evidence, _applies(duty, territory, agents))
    if bound == ELSEWHERE or kind is None:
        return None
    return Badge(
        kind=kind,
        text=duty.text,
        binds=duty.binds,
        bound=bound,
        not_checked=duty.not_checked,
        what=duty.what,
        holder=duty.holder,
        deadline=duty.deadline,
        passed=duty.deadline is not None and today > duty.deadline,
        example=territory.fictional,
        why=_why(duty, kind, territory, agents),
    )


def _kind(duty: Duty, evidence: Evidence, applies: bool | None) -> str | None:
    """The kind of the badge; None when the text asks nothing here."""
    if duty.kind != PUBLISH:
        return duty.kind if applies is not False else None
    if _silence(evidence):
        return None
    if applies is False:
        return VOLUNTARY if duty is GENERAL else None
    limited = duty is GENERAL and evidence.status == "other"  # the rights of a third party, maybe
    return PUBLISH if applies and not limited else TO_VERIFY


def _silence(evidence: Evidence) -> str | None:
    """Why no publication can be asked of the dataset as it is known; None when one can."""
    standing = scoring.standing(evidence.state)
    if standing == NOT_PRODUCED:
        return NOT_PRODUCED
    if standing == NOT_EVALUATED or evidence.existence == "unknown":
        return UNKNOWN
    return PROTECTED if standing == "closed_justified" else None


def _general(dataset: Dataset, evidence: Evidence) -> tuple[Duty, ...]:
    """The general duty on a local public dataset that exists and that no other text names."""
    named = any(duty.kind == PUBLISH for duty in dataset.duties)
    return (GENERAL,) if dataset.producer == "local_public" and not named else ()


def _bound(duty: Duty, territory: Territory) -> str:
    if territory.level in duty.binds:
        return BY_ROLE if duty.holder else HERE
    if territory.level == "commune" and "epci" in duty.binds:
        return ITS_EPCI
    if territory.level == "epci" and "commune" in duty.binds:
        return ITS_COMMUNES
    return ELSEWHERE


def _applies(duty: Duty, territory: Territory, agents: int | None) -> bool | None:
    """Whether the thresholds of a duty are reached; None when a number is not known."""
    if duty is GENERAL:
        return threshold(territory, agents).both
    people, staff = duty.inhabitants_min, duty.agents_min
    return _all(
        (
            _reaches(territory.population, people) if people else True,
            _reaches(agents, staff) if staff else True,
        )
    )


def _why(duty: Duty, kind: str, territory: Territory, agents: int | None) -> str | None:
    """What is to be found out, or what keeps the general duty from binding."""
    if kind == VOLUNTARY and duty is GENERAL:
        return BELOW
    if kind != TO_VERIFY:
        return None
    if duty.inhabitants_min and territory.population is None and territory.level != "epci":
        return "inhabitants"
    return "agents" if duty.agents_min and agents is None else "rights"


def _reaches(number: int | None, least: int) -> bool | None:
    return None if number is None else number >= least


def _all(answers: Iterable[bool | None]) -> bool | None:
    """« And » where one does not always know: one no is enough."""
    given = tuple(answers)
    if False in given:
        return False
    return None if None in given else True


def _any(answers: Iterable[bool | None]) -> bool | None:
    """« Or » where one does not always know: one yes is enough."""
    given = tuple(answers)
    if True in given:
        return True
    return None if None in given else False
