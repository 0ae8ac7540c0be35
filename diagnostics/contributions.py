"""Who brings the open data of a territory: the town, its EPCI, those above, the State, others.

Each needed dataset established as open counts once, under the body that publishes the source its
status rests on, or the one its card names when it was only declared; where the publisher cannot be
told, it is said. What the reference merely supposes to be open is counted apart, under the body the
card names. No total of another territory is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from data.catalog import Dataset, catalog
from data.territories import Territory, UnknownTerritory, fold, members, territory
from diagnostics import scoring
from diagnostics.availability import Assessment
from diagnostics.evidence import DECLARED, Evidence, Found

COMMUNE, EPCI, ABOVE, STATE, OTHERS, UNTOLD = (
    "commune", "epci", "above", "state", "others", "untold",
)  # fmt: skip
CONTRIBUTORS = (COMMUNE, EPCI, ABOVE, STATE, OTHERS, UNTOLD)
LOCAL_FAMILY = "local_public"

_FAMILIES = {"national_public": STATE, LOCAL_FAMILY: UNTOLD}  # the other families are OTHERS
_STATE_WORDS = re.compile(
    r"\b(?:prefecture|ministere|etat|ddtm?|dreal|draaf"
    r"|direction (?:inter)?(?:departementale|regionale))\b"
)
_SERVICE = re.compile(r"(?:services?|direction|regie|ccas)\b")
_ARTICLES = r"(?:de la |de l |des |du |de |d |la |le |les |l )?"
# Words that say the level of a local body, once accents and punctuation are gone.
_SAYS = {
    COMMUNE: r"ville|commune|mairie|municipalite|ccas",
    EPCI: r"communaute (?:d )?agglomeration|communaute (?:de )?communes|communaute urbaine"
    r"|metropole|agglomeration|intercommunalite|epci|ca|cc|cu",
    ABOVE: r"departement|conseil departemental|region|conseil regional",
}
_LABELS = {COMMUNE: r"commune|ccas", EPCI: r"epci", ABOVE: r"departement|region"}
_LEVELS = {"commune": COMMUNE, "epci": EPCI, "departement": ABOVE, "region": ABOVE}
_ELSEWHERE = re.compile(
    rf"(?:{'|'.join(_SAYS.values())}|syndicat)\b|.* (?:agglomeration|metropole)$"
)


@dataclass(frozen=True)
class Contribution:
    """What one kind of body brings: dataset ids, in the order of the reference."""

    contributor: str  # one of CONTRIBUTORS
    name: str | None  # the body, when it is one only
    open: tuple[str, ...]  # established as open
    supposed: tuple[str, ...]  # open as the reference supposes


@dataclass(frozen=True)
class Contributions:
    """Every contributor of a territory, even those that bring nothing yet."""

    territory: Territory
    lines: tuple[Contribution, ...]
    epci_could: tuple[str, ...]  # not open, of a kind that an EPCI often holds: a supposition

    @property
    def open(self) -> int:
        """Datasets established as open; the same as the status bar counts."""
        return sum(len(line.open) for line in self.lines)

    @property
    def supposed(self) -> int:
        """Datasets the reference supposes open, nobody having looked."""
        return sum(len(line.supposed) for line in self.lines)

    def of(self, contributor: str) -> Contribution:
        """The line of one contributor."""
        return next(line for line in self.lines if line.contributor == contributor)


@dataclass(frozen=True)
class _Around:
    """Names of the bodies of a territory, folded, without what says their level."""

    names: dict[str, frozenset[str]]  # by contributor
    any_inside: frozenset[str]  # contributors of which every body lies in the territory


def contributions(assessment: Assessment) -> Contributions:
    """Count each needed dataset once under who publishes it, or who is supposed to."""
    place, reference = assessment.territory, catalog()
    around = _around(place)
    held = {
        dataset: (reference.datasets[dataset], evidence)
        for dataset, evidence in assessment.needed.items()
    }
    brought = {
        dataset: contributor(card, evidence, around)
        for dataset, (card, evidence) in held.items()
        if scoring.standing(evidence.state) == "open"
    }
    supposed = {
        dataset: typical(card)
        for dataset, (card, evidence) in held.items()
        if is_supposed_open(evidence)
    }
    lines = tuple(
        Contribution(who, _name(who, place), _under(who, brought), _under(who, supposed))
        for who in CONTRIBUTORS
    )
    could = tuple(dataset for dataset, (card, evidence) in held.items() if _could(card, evidence))
    return Contributions(place, lines, could)


def is_supposed_open(evidence: Evidence) -> bool:
    """Open by the reference's word alone."""
    return not evidence.established and scoring.standing(evidence.state, True) == "open"


def contributor(dataset: Dataset, evidence: Evidence, around: _Around) -> str:
    """Who publishes a dataset: the first observed source that tells, else what the card says.

    What a declaration names is somebody's words, kept inside: reading them would give the team and
    the readers two different counts.
    """
    said = [found.publisher or "" for found in evidence.sources if not _typed(found, dataset)]
    if evidence.provenance == DECLARED and not any(said):
        return typical(dataset)
    for publisher in filter(None, said):
        told = _told(fold(publisher.replace("FICTIF", "")), dataset, around)
        if told != UNTOLD:
            return told
    return _FAMILIES.get(dataset.producer, OTHERS) if not any(said) else UNTOLD


def _typed(found: Found, dataset: Dataset) -> bool:
    """The address of a declaration: the card's own title, and nothing that a source tells."""
    told = (found.level, found.licence, found.format, found.schema)
    return found.title == dataset.title and not any(told)


def typical(dataset: Dataset) -> str:
    """Who is expected to publish a dataset by its card; UNTOLD where the card names several."""
    family = _FAMILIES.get(dataset.producer, OTHERS)
    if family != UNTOLD:
        return family
    label = fold(dataset.producer_label)
    named = [who for who, words in _LABELS.items() if re.search(rf"\b(?:{words})\b", label)]
    return named[0] if len(named) == 1 else UNTOLD


def _told(text: str, dataset: Dataset, around: _Around) -> str:
    """The contributor that a folded publisher names."""
    for who in (EPCI, ABOVE, COMMUNE):
        if _is_body(text, who, around):
            return who
    if dataset.producer == LOCAL_FAMILY and (service := _service(text, around)):
        return service
    if _STATE_WORDS.search(text):
        return STATE
    if _ELSEWHERE.match(text):
        return UNTOLD  # a local body, not one of this territory's
    return _FAMILIES.get(dataset.producer, OTHERS)


def _is_body(text: str, who: str, around: _Around) -> bool:
    """« Ville de Cahors », « Mairie de Cahors », « Cahors »; of an EPCI, never its town's name."""
    prefixed = re.match(rf"(?:{_SAYS[who]}) ", text) is not None
    if who in around.any_inside and prefixed:
        return True
    if not prefixed and who != COMMUNE and text in around.names[COMMUNE]:
        return False
    return core(text, who) in around.names[who]


def _service(text: str, around: _Around) -> str | None:
    """« Service espaces verts de Cahors »: a service that names its authority after its own."""
    if not _SERVICE.match(text) or _STATE_WORDS.search(text):
        return None
    for who, names in (
        (EPCI, around.names[EPCI] - around.names[COMMUNE]),  # shared, a name is the town's
        (COMMUNE, around.names[COMMUNE]),
    ):
        if any(f" {name} " in f"{text} " for name in names):
            return who
    return None


def core(text: str, who: str) -> str:
    """A folded name without what says its level: « ca du grand cahors » is grand cahors."""
    return re.sub(rf"^(?:(?:{_SAYS[who]}) )?{_ARTICLES}", "", text, count=1)


def _around(place: Territory) -> _Around:
    """The bodies a publisher may be, seen from a territory."""
    names: dict[str, set[str]] = {who: set() for who in (COMMUNE, EPCI, ABOVE)}
    for one in _bodies(place):
        who = _LEVELS[one.level]
        names[who] |= {fold(one.name), core(fold(one.name), who)}
    wide = place.level in ("departement", "region")
    return _Around(
        {who: frozenset(found - {""}) for who, found in names.items()},
        frozenset({COMMUNE, EPCI}) if wide else frozenset(),
    )


def _bodies(place: Territory) -> Iterable[Territory]:
    """The territory, those above it and, for an EPCI, its communes."""
    inside = members(place) if place.level == "epci" else ()
    for code in dict.fromkeys((*place.scopes, *inside)):
        try:
            yield territory(code)
        except UnknownTerritory:
            continue  # the national scope, or an authority that no longer exists


def _under(who: str, found: dict[str, str]) -> tuple[str, ...]:
    return tuple(dataset for dataset, brought_by in found.items() if brought_by == who)


def _name(who: str, place: Territory) -> str | None:
    if _LEVELS[place.level] == who:
        return place.name
    return place.epci_name if who == EPCI and place.level == "commune" else None


def _could(card: Dataset, evidence: Evidence) -> bool:
    """Not open, not protected, and of a kind whose card names the EPCI among its holders."""
    found = scoring.standing(evidence.state, True)
    kept_out = found in ("open", "closed_justified", scoring.NOT_CONCERNED)
    local = card.producer == LOCAL_FAMILY and "epci" in fold(card.producer_label).split()
    return local and not kept_out
