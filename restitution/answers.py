"""What the « ? » of the projector answers: on sait, on ne sait pas, à qui demander.

Every figure of the place, every dataset its projects need, every project, and the towns of the
programme. Of another town only what is embedded is said: nothing is computed for it, no rank.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from data.catalog import catalog
from data.keywords import Keywords, keywords
from data.territories import Territory, acv_towns
from diagnostics import scoring
from diagnostics.availability import AssessedExperiment
from diagnostics.evidence import Evidence
from diagnostics.indicators import Value
from drawing import figures, french, projects, sentences, signs
from restitution.account import Account
from restitution.deck.absent import absent
from restitution.holders import attribution, holder

PLACE, FIGURE, DATASET, PROJECT, TOWN = "place", "figure", "dataset", "project", "town"
NOT_ZERO = "Une absence n'est pas un zéro."
NAMED = 3  # data or holders named in a line
_LIMIT = re.compile(r"\b(?:ne|n'|ni|pas|peu|incertain|fragiles?|seule?)\b")  # what it does not say
LONGEST = 260  # characters of a line: it is read aloud


@dataclass(frozen=True)
class Answer:
    """One thing that may be searched, and the three lines that answer it."""

    kind: str
    title: str
    known: str
    unknown: str
    ask: str
    also: str = ""  # other words it is found by

    def as_dict(self) -> dict[str, Any]:
        """What the script of the projector reads."""
        lines = [french.typeset(_short(line)) for line in (self.known, self.unknown, self.ask)]
        made = {"kind": self.kind, "title": french.typeset(self.title), "lines": lines}
        return {**made, "also": self.also} if self.also else made


def index(account: Account) -> list[dict[str, Any]]:
    """Every answer, the place first, the other towns last."""
    return [made.as_dict() for made in answers(account)]


def answers(account: Account) -> Iterator[Answer]:
    """The same before their JSON."""
    yield _place(account)
    yield from (_figure(account, value) for value in account.values)
    for dataset, found in sorted(account.assessment.needed.items()):
        yield _dataset(account, dataset, found)
    yield from (_project(account, made) for made in account.assessment.experiments)
    yield from (_town(town) for town in acv_towns() if town.code != account.place.code)


def _short(line: str) -> str:
    """A line that runs on is cut between two words, and says so."""
    if len(line) <= LONGEST:
        return line
    return f"{line[:LONGEST].rsplit(' ', 1)[0].rstrip(' ,;:')}…"


# --- the place ------------------------------------------------------------------------------------


def _place(account: Account) -> Answer:
    place = account.place
    said, _ = sentences.fact(place, account.values)
    absent = sum(value.status not in ("value", "not_applicable") for value in account.values)
    waiting = account.assessment.counts["not_evaluated"]
    lacks = [
        french.plural(absent, "chiffre n'est pas connu", "chiffres ne sont pas connus"),
        french.plural(waiting, "donnée n'est pas évaluée", "données ne sont pas évaluées"),
    ]
    kept = [lack for lack, count in zip(lacks, (absent, waiting), strict=True) if count]
    return Answer(
        PLACE,
        french.upper_first(place.name),
        said,
        f"{french.listed(kept)}." if kept else "Tout ce que l'outil suit ici est évalué.",
        "Le référent du diagnostic, dans la collectivité.",
        " ".join((place.departement_name or "", *place.postal_codes)),
    )


# --- figures --------------------------------------------------------------------------------------


def _figure(account: Account, value: Value) -> Answer:
    theme = signs.THEMES[value.theme]
    if value.value is not None:
        return Answer(FIGURE, value.title, *_known(value), f"{_publisher(account, value)}.", theme)
    gap = absent(account, value, value.title)
    ask = f"{_holders(account, value)}. {gap.step}".strip()
    return Answer(FIGURE, value.title, *_absence(value, gap.reason), ask, theme)


def _known(value: Value) -> tuple[str, str]:
    bounds = ""
    if value.low is not None and value.high is not None:
        low, high = sorted((value.low, value.high))
        kind = f", {value.interval}" if value.interval else ""
        bounds = f" (entre {figures.number(low, value)} et {figures.number(high, value)}{kind})"
    whence = ", ".join(part for part in figures.source_parts(value)[1:3] if part)
    limits = " ".join([line for line in value.caveats if _LIMIT.search(line)][:2]) or value.detail
    finer = f"Le détail, plus fin que le niveau {signs.LEVELS.get(value.level, value.level)}."
    return f"{figures.spoken(value)}{bounds}\u00a0; {whence}.", limits or finer


def _absence(value: Value, said: str) -> tuple[str, str]:
    if value.status == "not_applicable":
        return said, "Rien de plus\u00a0: ce chiffre n'a pas d'objet ici."
    return f"Aucun chiffre\u00a0: {french.lower_first(said)}", f"{value.title}. {NOT_ZERO}"


def _holders(account: Account, value: Value) -> str:
    """Who holds what an absent figure waits for; else whoever publishes it."""
    needed = [name for name in value.datasets if name in account.assessment.needed]
    return _bodies(account, needed) or _publisher(account, value)


def _publisher(account: Account, value: Value) -> str:
    named = attribution(account, value.source, value.licence, value.datasets)
    return named.split(", via ")[0]


# --- data -----------------------------------------------------------------------------------------


def _dataset(account: Account, dataset: str, found: Evidence) -> Answer:
    say = _established if found.established else _supposed
    known, unknown = say(found)
    card = catalog().datasets[dataset]
    also = " ".join((*card.themes, *_other_names(dataset)))
    return Answer(DATASET, card.title, known, unknown, f"{holder(account, dataset)}.", also)


def _other_names(dataset: str) -> tuple[str, ...]:
    """What publishers call it: « canopée » for « couverture arborée »."""
    found = keywords().get(dataset, Keywords())
    return (*found.strong, *found.alone)


def _established(found: Evidence) -> tuple[str, str]:
    sign = signs.status(scoring.standing(found.state))
    when = f" le {french.readable_day(found.as_of)}" if found.as_of else ""
    proof = signs.proof_words(found.evidence_level, found.provenance, found.proof)
    known = f"{sign.word} ({signs.PROVENANCES[found.provenance]}{when}, {proof}). {found.reason}"
    open_checks = [
        signs.CHECKS[name].lower() for name, made in found.checks.items() if isinstance(made, str)
    ]
    if found.existence == "unknown":
        return known, signs.EXISTENCE["unknown"]
    if not open_checks:
        return known, "Aucun des points que l'outil vérifie n'est resté sans réponse."
    return known, f"Non vérifié\u00a0: {french.listed(open_checks)}."


def _supposed(found: Evidence) -> tuple[str, str]:
    """Nobody looked here: it counts as not evaluated, the supposition is said to be one."""
    word = signs.need_sign(found.status, found.existence).word.lower()
    sign = signs.STATUSES["not_evaluated"]
    if found.outside:
        return f"{sign.word}. {found.reason}", "Si une donnée locale existe, et sous quelle forme."
    known = (
        f"{sign.word}\u00a0: rien n'est établi ici\u00a0; l'outil la suppose «\u00a0{word}\u00a0»."
    )
    return known, "Si elle existe ici, sous quelle forme, et si elle peut être publiée."


# --- projects -------------------------------------------------------------------------------------


def _project(account: Account, made: AssessedExperiment) -> Answer:
    unknown = [need.title for need in made.needs if need.fulfilment == "unknown"]
    asked = dict.fromkeys((*made.blocking, *made.expected_blocking, *made.to_confirm))
    first = asked or dict.fromkeys(need.dataset for need in made.needs)
    return Answer(
        PROJECT,
        made.title,
        projects.sentence(made, account.assessment),
        _not_evaluated(unknown),
        f"{_bodies(account, first)}.",
    )


def _not_evaluated(titles: list[str]) -> str:
    if not titles:
        return "Aucune de ses données n'est restée sans réponse."
    count = french.plural(len(titles), "donnée n'est pas évaluée", "données ne sont pas évaluées")
    return f"{count}\u00a0: {_several(french.lower_first(title) for title in titles)}."


def _several(names: Iterable[str], between: str = ", ") -> str:
    """The first names, each once, and how many others."""
    kept = list(dict.fromkeys(names))
    others = len(kept) - NAMED
    said = between.join(kept[:NAMED])
    return f"{said} et {french.plural(others, 'autre')}" if others > 0 else said


def _bodies(account: Account, datasets: Iterable[str]) -> str:
    """Who holds these data; a comma stands inside a name."""
    return _several((holder(account, name) for name in datasets), "\u00a0; ")


# --- other towns ----------------------------------------------------------------------------------


def _town(town: Territory) -> Answer:
    people = (
        f"{french.number(town.population)}\u00a0habitants"
        if town.population
        else "population non connue de l'outil"
    )
    where = f" ({town.departement_name})" if town.departement_name else ""
    return Answer(
        TOWN,
        f"{french.upper_first(town.name)}{where}",
        f"{french.upper_first(people)}\u00a0; {sentences.programme(town)}.",
        "Ses données n'ont pas été regardées pour cette présentation\u00a0: son diagnostic s'ouvre "
        "dans l'outil.",
        f"La commune {french.of_place(town.name, town.level)}.",
    )
