"""The common base of a territory: each set with its state, standard, last update and duties."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from data.catalog import Catalog, Dataset, catalog
from data.common_base import BaseSet
from data.duties import PUBLISH, VOLUNTARY
from diagnostics import actions, duties, scoring
from diagnostics.availability import Assessment
from diagnostics.duties import Badge
from diagnostics.evidence import Evidence

BY_LAW, FREELY = "by_law", "freely"
NOTHING_LEFT = "Rien à faire aujourd'hui."
ASK = "Demander au détenteur si elle existe et sous quelle forme."
NOT_AIMED_AT = "Rien à demander : le texte ne vise pas ce territoire."


@dataclass(frozen=True)
class Standard:
    """A standard to follow, with the address of its description when known."""

    id: str
    title: str
    url: str | None


@dataclass(frozen=True)
class BaseLine:
    """One set of the common base in a territory."""

    dataset: str
    title: str
    group: str  # by_law: a text provides for its publication or its sending; freely: none does
    evidence: Evidence
    standards: tuple[Standard, ...]
    last_update: str | None  # as its source says it; None: nobody says
    badges: tuple[Badge, ...]
    no_badge: str  # why no publication is asked, when none is (diagnostics.duties.why_none)
    texts: tuple[str, ...]  # the texts that provide for a publication, asked here or not
    next_step: str
    experiments: tuple[str, ...]  # titles of the projects that need it

    @property
    def checked(self) -> bool:
        """Observed or declared."""
        return self.evidence.established


@dataclass(frozen=True)
class BaseCounts:
    """How many sets, how many looked at, and how many of those are open."""

    sets: int
    checked: int
    published: int


def lines(assessment: Assessment, today: date, agents: int | None) -> tuple[BaseLine, ...]:
    """The common base of the assessed territory at a day, in the order of the reference.

    `agents`: full-time equivalents that the territory declared, None when nobody did.
    """
    reference = catalog()
    return tuple(
        _line(made, reference, assessment, today, agents) for made in reference.common_base.sets
    )


def counts(made: tuple[BaseLine, ...]) -> BaseCounts:
    """What the first sentence says; `published` means nothing while `checked` is 0."""
    found = [scoring.standing(line.evidence.state) for line in made]
    return BaseCounts(len(made), sum(line.checked for line in made), found.count("open"))


def _line(
    made: BaseSet, reference: Catalog, assessment: Assessment, today: date, agents: int | None
) -> BaseLine:
    card = reference.datasets[made.dataset]
    evidence, place = assessment.evidence[card.id], assessment.territory
    no_badge = duties.why_none(card, place, evidence)
    return BaseLine(
        dataset=card.id,
        title=card.title,
        group=_group(card),
        evidence=evidence,
        standards=tuple(_standard(one, reference) for one in made.standards),
        last_update=next((one.updated_at for one in evidence.sources if one.updated_at), None),
        badges=duties.badges(card, place, evidence, today, agents),
        no_badge=no_badge,
        texts=tuple(duty.text for duty in card.duties if duty.kind == PUBLISH),
        next_step=_next_step(evidence, no_badge),
        experiments=tuple(one.title for one in reference.needed_by(card.id)),
    )


def _next_step(evidence: Evidence, no_badge: str) -> str:
    """What to do; nobody is sent to ask for what the law does not ask of the territory."""
    if no_badge in (duties.BELOW, duties.OTHER_LEVEL) and not evidence.established:
        return NOT_AIMED_AT
    if not evidence.established and evidence.status != "open":
        return ASK
    step = actions.step(evidence)
    return step.text if step else NOTHING_LEFT


def _group(card: Dataset) -> str:
    return BY_LAW if any(duty.kind != VOLUNTARY for duty in card.duties) else FREELY


def _standard(identifier: str, reference: Catalog) -> Standard:
    row = reference.standards[identifier]
    return Standard(identifier, row["title"], row.get("schema_url") or row.get("repository"))
