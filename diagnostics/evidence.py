"""What is known of one dataset for one territory, the strongest word first.

Declared by someone, then observed (a fetch that succeeded, a catalogue that lists it), then assumed
by the reference. The five absences stay apart: a fetch that failed or never took place changes
nothing, a source that leaves the territory out says so, and only an exhaustive source that answers
« no row » is a true zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from data.catalog import Dataset, Source, catalog
from data.records import EXISTENCES, STATUSES, Declaration
from data.store import Fetch
from data.territories import Territory, members
from diagnostics import checks, presence, scoring
from diagnostics.holdings import NATIONAL, Known, items, points
from diagnostics.scoring import NOT_EVALUATED, NOT_TESTED, Check, State

ASSUMED, OBSERVED, DECLARED = "assumed", "observed", "declared"
SHIPPED = "embedded"  # connector of the real extracts that come with the product
BY_HAND = "local_file"  # connector of the files that a service handed over

_LEVELS = {"commune": 0, "epci": 1, "departement": 2, "region": 3, "national": 4}
_ADEQUACY = (1.0, 0.7, 0.4, 0.4, 0.4)  # by steps between the level of a source and the territory's
_PARTIAL_COVERAGE = 0.7  # part of the territory, as one level coarser
PARTIAL_DETAIL = "couverture partielle"  # how the detail of a fetch begins when it is partial
NOT_COVERED_REASON = (
    "La source ne couvre pas ce territoire : on ne sait pas s'il existe une donnée locale."
)
UNTRACED_REASON = (
    "Déclarée sans motif connu, mais sans trace (refus écrit, ou demande écrite restée un mois sans"
    " réponse) : elle compte comme non évaluée."
)


@dataclass(frozen=True)
class Found:
    """One source shown beside a status."""

    url: str | None
    title: str
    publisher: str | None
    level: str | None
    licence: str | None
    format: str | None
    updated_at: str | None
    schema: str | None


@dataclass(frozen=True)
class Evidence:
    """Status of a dataset in a territory, how it is known, and what was checked."""

    dataset: str
    status: str
    existence: str
    provenance: str
    evidence_level: str  # E0 said or assumed, E1 catalogue, E2 link tested, E3 rows read
    reason: str
    aspects: Mapping[str, Check] = field(default_factory=lambda: checks.NO_ASPECT_TESTED)
    checks: Mapping[str, Check] = field(default_factory=lambda: checks.NONE_TESTED)
    sources: tuple[Found, ...] = ()
    legal_ground: str | None = None
    proof: str | None = None  # what the declaration rests on
    substitute: str | None = None
    holder: str | None = None
    contact: str | None = None
    reason_code: str | None = None  # ownership, security, personal_data, paid...
    note: str | None = None
    as_of: str | None = None  # ISO day of the finding or of the declaration
    shipped: bool = False  # read in the extracts that come with the product: nobody looked here
    outside: bool = False  # the source leaves the territory out: a local dataset may still exist

    @property
    def adequacy(self) -> float:
        """1, 0.7, 0.4 or 0: the worst of the aspects looked at; those not looked at are said."""
        return checks.adequacy(self.aspects)

    @property
    def established(self) -> bool:
        """Observed or declared: the verdict may rest on it."""
        return self.provenance != ASSUMED

    @cached_property
    def state(self) -> State:
        """What the scores and the verdict read."""
        return State(
            status=self.status,
            established=self.established,
            existence=self.existence,
            quality=self._quality(),
            adequacy=self.adequacy,
            reachable=all(self.checks.get(name) != 0 for name in ("link", "readable")),
            substitute=bool(self.substitute),
            grounded=bool(self.legal_ground and self.proof and (self.reason_code or self.reason)),
            reasoned=bool(self.reason),
        )

    def _quality(self) -> scoring.Interval:
        if self.status != "candidate":
            return scoring.quality(self.checks)
        digital = {"exists": 1.0, "partial": 0.5}.get(self.existence, NOT_TESTED)
        named: Check = 1.0 if self.holder else NOT_TESTED
        return scoring.candidate_quality({"digital": digital, "holder_named": named})


def weigh(dataset: Dataset, territory: Territory, held: Known, today: date) -> Evidence:
    """The evidence that counts for a dataset: declared, else observed, else assumed."""
    observed = _observed(dataset, territory, held, today)
    declaration = held.declarations.get(dataset.id)
    if declaration and not declaration.silent:
        return _declared(dataset, declaration, observed)
    found = observed or _assumed(dataset, territory, held)
    return _with_holder(found, declaration) if declaration else found


def _with_holder(found: Evidence, said: Declaration) -> Evidence:
    """Someone said whom to ask, and nothing of the data: its status stays what it was."""
    return replace(found, holder=said.holder or found.holder, contact=said.contact, note=said.note)


# --- declared -------------------------------------------------------------------------------


def _declared(dataset: Dataset, said: Declaration, observed: Evidence | None) -> Evidence:
    untraced = said.status == "closed_unjustified" and not said.traced
    status = said.status if said.status in STATUSES and not untraced else NOT_EVALUATED
    base = Evidence(
        dataset=dataset.id,
        status=status,
        existence=said.existence if said.existence in EXISTENCES else "unknown",
        provenance=DECLARED,
        evidence_level="E0",
        reason=_sentences(_said_reason(said), UNTRACED_REASON if untraced else ""),
        legal_ground=said.legal_ground,
        proof=said.proof,
        substitute=said.substitute,
        holder=said.holder,
        contact=said.contact,
        reason_code=said.reason_code,
        note=said.note,
        as_of=said.recorded_at.date().isoformat(),
        sources=_declared_source(dataset, said, status),
    )
    return _confronted(base, observed) if observed else base


def _confronted(base: Evidence, observed: Evidence) -> Evidence:
    """A declaration keeps its status; what was observed adds its checks, or is said beside it."""
    sources = base.sources + observed.sources
    if base.status == observed.status and not observed.outside:
        return replace(
            base,
            evidence_level=observed.evidence_level,
            aspects=observed.aspects,
            checks=observed.checks,
            sources=sources,
        )
    if observed.status == "open" and _is_public(observed):
        beside = f"Constaté par ailleurs, à rapprocher : {observed.reason}"
        return replace(base, sources=sources, reason=_sentences(base.reason, beside))
    return replace(base, sources=sources)


def _said_reason(said: Declaration) -> str:
    """The reason chosen in the list, what was typed, and what a protection still lacks."""
    chosen = reason_label(said.status or "", said.reason_code)
    return _sentences(f"{chosen}." if chosen else "", said.reason or "", _ungrounded(said))


def _ungrounded(said: Declaration) -> str:
    if said.status != "closed_justified":
        return ""
    asked = {
        "de raison": said.reason_code or said.reason,
        "de texte": said.legal_ground,
        "de pièce": said.proof,
    }
    lacking = [name for name, given in asked.items() if not given]
    if not lacking:
        return ""
    return f"Pas encore {', ni '.join(lacking)} : le bas de l'intervalle la compte comme contestée."


def _is_public(observed: Evidence) -> bool:
    """Found at an address: a file handed over by a service is no publication."""
    return any(source.url for source in observed.sources)


def _declared_source(dataset: Dataset, said: Declaration, status: str) -> tuple[Found, ...]:
    """Where someone says the data are; the address of a paper is no source."""
    if not said.url or status not in ("open", "other"):
        return ()
    return (Found(said.url, dataset.title, said.holder, None, None, None, None, None),)


# --- observed -------------------------------------------------------------------------------


def _observed(dataset: Dataset, territory: Territory, held: Known, today: date) -> Evidence | None:
    """The best of what was fetched and of what catalogues list; None when nothing was."""
    found = _fetched(dataset, territory, held, today)
    rows = held.published.get(dataset.id, ())
    candidates = [found] if found else []
    candidates += [_listed(dataset, territory, row, today) for row in rows]
    if not candidates:
        return None
    best = max(candidates, key=_strength)
    others = tuple(source for made in candidates if made is not best for source in made.sources)
    return replace(best, sources=best.sources + others)


def _strength(made: Evidence) -> tuple[bool, bool, bool, float, str, str]:
    usable = made.state.reachable and not made.outside
    opened = made.status == "open"
    return usable and opened, usable, opened, made.adequacy, made.evidence_level, made.as_of or ""


def _fetched(dataset: Dataset, territory: Territory, held: Known, today: date) -> Evidence | None:
    """A fetch that succeeded, or one that learned that the source leaves the territory out."""
    seen = presence.presence(held.fetches, dataset, territory)
    if seen.state == presence.NOT_COVERED and seen.last:
        return _not_covered(dataset, territory, seen.last)
    if seen.good is None or not _speaks_of(dataset, territory, seen.good, held):
        return None
    return _from_fetch(dataset, territory, seen, seen.good, today)


def _from_fetch(
    dataset: Dataset,
    territory: Territory,
    seen: presence.Presence,
    good: Fetch,
    today: date,
) -> Evidence:
    level = _level_of(dataset, good)
    return Evidence(
        dataset=dataset.id,
        status=_status_of(good, territory.fictional),
        existence="partial" if _is_partial(good) else "exists",
        provenance=OBSERVED,
        evidence_level="E3" if good.rows else "E2",
        reason=_sentences(_fetch_reason(good), _late_failure(seen.failed_since)),
        aspects=_fetch_aspects(dataset, good, level, territory),
        checks=_fetch_checks(dataset, good, territory.fictional, today),
        sources=(_source_of(dataset, good, level),),
        holder=_producer(dataset, good),
        as_of=good.fetched_at.date().isoformat(),
        shipped=good.connector == SHIPPED,
    )


def _fetch_aspects(
    dataset: Dataset, good: Fetch, level: str, territory: Territory
) -> dict[str, Check]:
    """How far rows that came fit the need: level, part of the territory, years, coordinates."""
    names = {column.name for column in dataset.columns}
    located = {"longitude", "latitude"} <= names  # columns in WGS84, as their labels say
    return {
        "level": adequacy(level, territory.level),
        "coverage": _PARTIAL_COVERAGE if _is_partial(good) else 1.0,
        "depth": checks.depth(good.vintage, dataset.depth_years),
        "crs": 1.0 if good.rows and located else NOT_TESTED,
    }


def _is_partial(good: Fetch) -> bool:
    """The connector says so in its detail: a zone, a period or fields are lacking."""
    return (good.detail or "").lower().startswith(PARTIAL_DETAIL)


def _fetch_checks(dataset: Dataset, good: Fetch, fictional: bool, today: date) -> dict[str, Check]:
    """The rows came and fit the card's columns; a local file was checked against its standard."""
    return {
        **checks.NONE_TESTED,
        "schema": checks.conforming(good.detail) if good.connector == BY_HAND else NOT_TESTED,
        "licence": checks.licence(good.licence, fictional),
        "readable": 1.0,
        # The extract came with the product, the file by hand: no address was tried from here.
        "link": NOT_TESTED if good.connector in (SHIPPED, BY_HAND) else 1.0,
        "freshness": checks.freshness(good.vintage, dataset.max_age_days, today),
    }


def _not_covered(dataset: Dataset, territory: Territory, last: Fetch) -> Evidence:
    level = _level_of(dataset, last)
    return Evidence(
        dataset=dataset.id,
        status=NOT_EVALUATED,
        existence="unknown",
        provenance=OBSERVED,
        evidence_level="E1" if last.connector == SHIPPED else "E2",
        reason=NOT_COVERED_REASON,
        aspects={**checks.NO_ASPECT_TESTED, "coverage": 0.0},
        outside=True,
        checks={**checks.NONE_TESTED, "licence": checks.licence(last.licence, territory.fictional)},
        sources=(_source_of(dataset, last, level),),
        as_of=last.fetched_at.date().isoformat(),
        shipped=last.connector == SHIPPED,
    )


def _listed(
    dataset: Dataset, territory: Territory, row: Mapping[str, Any], today: date
) -> Evidence:
    """A dataset that a catalogue lists and that was matched to this card."""
    resources = [made for made in items(row.get("resources")) if isinstance(made, dict)]
    formats = items(row.get("formats"))
    made = {
        **checks.NONE_TESTED,
        "licence": checks.licence(row.get("licence"), territory.fictional),
        "readable": checks.readable(formats),
        "link": checks.link(resources),
        "freshness": checks.freshness(
            row.get("updated_at"),
            checks.period_of(row.get("frequency")) or dataset.max_age_days,
            today,
        ),
        "documentation": checks.documentation(points(row.get("quality"))),
    }
    answered = isinstance(made["link"], float) and made["link"] > 0
    return Evidence(
        dataset=dataset.id,
        status=_status_under(row.get("licence"), territory.fictional),
        existence="exists",
        provenance=OBSERVED,
        evidence_level="E2" if answered else "E1",
        reason=_listed_reason(row, made["licence"]),
        aspects={
            **checks.NO_ASPECT_TESTED,
            "level": adequacy(row.get("level"), territory.level),
        },
        checks=made,
        sources=(_source_listed(row, formats),),
        holder=row.get("publisher"),
        as_of=_day(row.get("updated_at")),
    )


def adequacy(source_level: str | None, territory_level: str) -> float:
    """1 at the level of the territory or finer, 0.7 one level coarser, 0.4 beyond."""
    steps = _LEVELS.get(source_level or "", 0) - _LEVELS.get(territory_level, 0)
    return _ADEQUACY[max(0, steps)]


def _speaks_of(dataset: Dataset, territory: Territory, good: Fetch, held: Known) -> bool:
    """Whether a successful fetch says something of this territory.

    « No row » is a finding where the source is exhaustive alone; elsewhere it says nothing.
    """
    source = dataset.source(good.connector)
    if source is None or source.exhaustive:
        return True
    if not good.rows or good.territory != NATIONAL:
        return good.rows > 0
    spoken = held.named.get(dataset.id, frozenset())
    return not spoken.isdisjoint((territory.code, *members(territory)))


def _status_under(licence: str | None, fictional: bool) -> str:
    """Open needs an open licence; obtained without one, the terms of reuse are to be specified."""
    return "open" if checks.is_open_licence(licence, fictional) else "other"


def _status_of(good: Fetch, fictional: bool) -> str:
    """A file handed over whose licence is decided is open once it stands at a public address."""
    status = _status_under(good.licence, fictional)
    unpublished = good.connector == BY_HAND and not good.url
    return "candidate" if status == "open" and unpublished else status


# --- assumed --------------------------------------------------------------------------------


def _assumed(dataset: Dataset, territory: Territory, held: Known) -> Evidence:
    """The reference's word, never more; a source known to leave the territory out is said."""
    seen = presence.presence(held.fetches, dataset, territory)
    outside = seen.state == presence.NOT_COVERED
    return Evidence(
        dataset=dataset.id,
        status=NOT_EVALUATED if outside else dataset.likely_status,
        existence="unknown",
        provenance=ASSUMED,
        evidence_level="E0",
        reason=_sentences(
            "" if outside else _assumed_reason(dataset),
            "D'après sa fiche, la source ne couvre pas ce département." if outside else "",
            _attempt(seen),
        ),
        aspects={
            **checks.NO_ASPECT_TESTED,
            **({"coverage": 0.0} if outside else _expected_level(dataset.sources, territory)),
        },
        outside=outside,
    )


def _expected_level(sources: Sequence[Source], territory: Territory) -> dict[str, Check]:
    levels = [adequacy(source.level, territory.level) for source in sources]
    return {"level": max(levels)} if levels else {}


# --- words ----------------------------------------------------------------------------------


def _assumed_reason(dataset: Dataset) -> str:
    detail = reason_label(dataset.likely_status, dataset.status_reason)
    return f"Supposé d'après le référentiel{f' : {detail}' if detail else ''}."


def reason_label(status: str, code: str | None) -> str | None:
    """The French label of a reason code (« paid », « security »...), None when unknown."""
    for made in catalog().statuses["access_statuses"]:
        for reason in made.get("reasons", ()) if made["code"] == status else ():
            if reason["code"] == code:
                return str(reason["label"])
    return None


def _attempt(seen: presence.Presence) -> str:
    if seen.last is None or seen.state == presence.NOT_COVERED:
        return ""
    day = _french(seen.last.fetched_at)
    if seen.state == presence.OFFLINE:
        return f"Récupération tentée le {day} : réseau interdit, rien n'a été demandé."
    if seen.state == presence.SOURCE_FAILED:
        return f"Récupération tentée le {day} : la source n'a pas répondu."
    return f"Source consultée le {day} : elle ne dit rien de ce territoire, ce n'est pas un zéro."


def _fetch_reason(good: Fetch) -> str:
    day = _french(good.fetched_at)
    if good.rows and _is_partial(good):
        return f"Récupérée le {day} auprès de : {good.source} ; {good.detail}."
    if good.rows:
        return f"Récupérée le {day} auprès de : {good.source}."
    return f"Récupérée le {day} auprès de : {good.source} ; aucune ligne pour ce territoire."


def _late_failure(failed: Fetch | None) -> str:
    if failed is None:
        return ""
    day = _french(failed.fetched_at)
    return f"Dernière tentative, le {day}, sans succès : la copie précédente sert."


def _listed_reason(row: Mapping[str, Any], licence: Check) -> str:
    publisher = row.get("publisher") or "un producteur non nommé"
    terms = {
        1.0: "",
        0.0: "Licence non ouverte : conditions de réutilisation à préciser.",
        NOT_TESTED: "Aucune licence indiquée : conditions de réutilisation à préciser.",
    }
    where = "sur un portail" if row.get("portal") else "au catalogue"
    return _sentences(f"Trouvée {where}, publiée par {publisher}.", terms[licence])


def _source_of(dataset: Dataset, made: Fetch, level: str) -> Found:
    standard = dataset.standard
    publisher = _producer(dataset, made)
    url = made.url or None
    return Found(url, dataset.title, publisher, level, made.licence, None, made.vintage, standard)


def _source_listed(row: Mapping[str, Any], formats: Sequence[Any]) -> Found:
    return Found(
        url=row.get("url"),
        title=str(row.get("title") or ""),
        publisher=row.get("publisher"),
        level=row.get("level"),
        licence=row.get("licence"),
        format=", ".join(str(name) for name in formats) or None,
        updated_at=_day(row.get("updated_at")),
        schema=row.get("schema"),
    )


def _producer(dataset: Dataset, made: Fetch) -> str:
    source = dataset.source(made.connector)
    return source.producer if source else made.source


def _level_of(dataset: Dataset, made: Fetch) -> str:
    """The level of the data, which the card knows better than the scope of the request."""
    source = dataset.source(made.connector)
    return source.level if source else made.level


def _day(value: Any) -> str | None:
    if isinstance(value, date):  # a datetime too
        return value.strftime("%Y-%m-%d")
    return str(value) if value else None


def _french(moment: datetime) -> str:
    return f"{moment:%d/%m/%Y}"


def _sentences(*parts: str) -> str:
    return " ".join(part for part in parts if part)
