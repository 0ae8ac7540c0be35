"""Sentences an élu can repeat: built from known facts, never from a zero that means « unknown »."""

from __future__ import annotations

from collections.abc import Sequence

from data.territories import Territory
from diagnostics.indicators import Value
from diagnostics.summary import Summary
from drawing import french


def fact(place: Territory, values: Sequence[Value]) -> tuple[str, list[Value]]:
    """A known fact about the territory, and the figures it rests on."""
    by_id = {value.id: value for value in values if value.value is not None}
    for build in (_heat, _people, _inhabitants):
        found = build(place, by_id)
        if found:
            return found
    return _bare(place), []


def _heat(place: Territory, by_id: dict[str, Value]) -> tuple[str, list[Value]] | None:
    past, future = by_id.get("d35_reference"), by_id.get("d35_2050")
    if past is None or future is None or future.low is None or future.high is None:
        return None
    where = french.upper_first(french.inside(place.name, place.level))
    before = (
        "on ne comptait presque aucun jour à 35\u00a0°C ou plus"
        if past.value < 1
        else f"on comptait environ {french.plural(round(past.value), 'jour')} par an "
        "à 35\u00a0°C ou plus"
    )
    return (
        f"{where}, {before} (référence 1976-2005)\u00a0; vers 2050 ce serait "
        f"{french.number(future.value)}, {french.between(future.low, future.high)} selon les "
        "modèles, dans une France à +2,7\u00a0°C.",
        [past, future],
    )


def _people(place: Territory, by_id: dict[str, Value]) -> tuple[str, list[Value]] | None:
    people, old = by_id.get("population"), by_id.get("seniors_share")
    if people is None or old is None:
        return None
    where = french.upper_first(french.inside(place.name, place.level))
    return (
        f"{where} vivent {french.number(people.value)}\u00a0habitants\u00a0; "
        f"{_share(old, people)} ont 65\u00a0ans ou plus (recensement de {old.vintage}).",
        [people, old],
    )


def _share(part: Value, people: Value) -> str:
    """No decimal where a percent is less than twenty people."""
    return french.percent(part.value, part.precision if people.value >= 2000 else 0)


def _inhabitants(place: Territory, by_id: dict[str, Value]) -> tuple[str, list[Value]] | None:
    people = by_id.get("population")
    if people is None:
        return None
    return _bare(place, people.value), [people]


def _bare(place: Territory, population: float | None = None) -> str:
    where = french.upper_first(french.inside(place.name, place.level))
    count = population or place.population
    if count:
        return f"{where} vivent {french.number(count)}\u00a0habitants."
    above = place.departement_name or place.region_name
    named = f" ({above})" if above and above != place.name else ""
    return f"{french.upper_first(place.name)}{named}\u00a0: population non connue de l'outil."


def readiness(place: Territory, facts: Summary) -> str:
    """Where the projects stand; never « 0 projet »."""
    if not facts.checked:
        return _nothing_checked(place, facts)
    said = [part for part in (_started(facts), _waiting(facts), _blocked(facts)) if part]
    unknown = (
        f"pour {french.number(facts.n_unknown)}, on ne sait pas encore" if facts.n_unknown else ""
    )
    body = "\u00a0; ".join(part for part in (", ".join(said), unknown) if part)
    return f"Sur {french.plural(facts.n_experiments, 'projet')}, {body}."


def _started(facts: Summary) -> str:
    if not facts.n_ready:
        return ""
    whole, reduced = facts.n_ready - facts.n_degraded, facts.n_degraded
    have = french.agree(whole or reduced, "a", "ont")
    parts = [f"{french.number(whole)} {have} les données pour commencer" if whole else ""]
    if reduced:
        verb = "pour" if whole else f"{have} les données pour"
        parts.append(f"{french.number(reduced)} {verb} une version réduite")
    return ", ".join(part for part in parts if part)


def _waiting(facts: Summary) -> str:
    if not facts.n_expected_ready:
        return ""
    would = french.agree(facts.n_expected_ready, "aurait", "auraient")
    what = f"les {would}" if facts.n_ready else f"{would} les données pour commencer"
    data = french.plural(facts.points_to_confirm, "donnée")
    return f"{french.number(facts.n_expected_ready)} {what} si les services confirment {data}"


def _blocked(facts: Summary) -> str:
    if not facts.n_blocked:
        return ""
    wait = french.agree(facts.n_blocked, "attend", "attendent")
    return f"{french.number(facts.n_blocked)} {wait} une donnée"


def _nothing_checked(place: Territory, facts: Summary) -> str:
    where = french.upper_first(french.inside(place.name, place.level))
    ask = french.agree(facts.national_only, "ne demande", "ne demandent")
    return (
        f"{where}, rien n'a encore été vérifié sur place\u00a0; "
        f"{french.plural(facts.national_only, 'projet')} sur {facts.n_experiments} {ask}, pour "
        "commencer, que des données nationales."
    )


def most_useful(title: str | None) -> str:
    """The dataset that would help most: first of the ordered list of what is missing."""
    if title is None:
        return "Aucune donnée ne manque parmi celles qui ont été vérifiées."
    return f"La donnée qui aiderait le plus\u00a0: {french.lower_first(title)}."


def programme(place: Territory) -> str:
    """Since when a commune is in the programme, or that it is not; nothing for other places."""
    if place.fictional or place.level != "commune":
        return ""
    if place.acv is None:
        return "hors du programme Action Cœur de Ville"
    if place.acv.signed is None:
        return "Action Cœur de Ville"
    return f"Action Cœur de Ville depuis le {french.day(place.acv.signed)}"
