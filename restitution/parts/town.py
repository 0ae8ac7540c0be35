"""The town in one page: who, the three sentences, where the data stand, what to do first."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.indicators import Value
from drawing import charts, figures, french, sentences, signs
from restitution.account import Account
from restitution.document import (
    Block,
    Chart,
    Column,
    Facts,
    KeyFigure,
    KeyFigures,
    Part,
    Table,
    Text,
)
from restitution.holders import attribution, holder

ID, TITLE = "territoire", "Le territoire en une page"
MOST = 6  # key figures in view
_LAW = "population légale, Insee, via Etalab (découpage 2026)"
_LIST = "liste publique des communes du programme, ANCT"
COUNTED = "Un statut seulement supposé par le référentiel compte comme non évalué."


def part(account: Account) -> Part:
    """The part that one reads when one reads a single page."""
    said, _ = sentences.fact(account.place, account.values)
    best = account.missing[0].title if account.missing else None
    return Part(
        ID,
        TITLE,
        (
            Facts(tuple(_facts(account))),
            Text(said, "lead", id="fait"),
            Text(sentences.readiness(account.place, account.summary), "lead", id="projets"),
            Text(sentences.most_useful(best), "lead", id="utile"),
            key_figures(account),
            statuses(account),
            next_action(account),
        ),
    )


def _facts(account: Account) -> Iterator[tuple[str, str]]:
    place = account.place
    if place.departement_name and place.level != "departement":
        yield "Département", place.departement_name
    elif place.region_name and place.level != "region":
        yield "Région", place.region_name
    if place.epci_name:
        yield "Intercommunalité", place.epci_name
    yield "Population", _people(account)
    if programme := sentences.programme(place):
        yield "Programme", f"{french.upper_first(programme)} ({_LIST})"


def _people(account: Account) -> str:
    """The census figure with its source, else the legal population, else that it is not known."""
    known = next((value for value in account.values if value.id == "population"), None)
    if known and known.value is not None:
        return f"{figures.amount(known)} ({short_source(account, known)})"
    if account.place.population:
        return f"{french.number(account.place.population)}\u00a0habitants ({_LAW})"
    return "non connue de l'outil"


def short_source(account: Account, value: Value) -> str:
    """'Insee…, 2021, commune': producer, year, level; by whose hand it came is said in Méthode."""
    level = signs.LEVELS.get(value.level, value.level)
    who = attribution(account, value.source, value.licence, value.datasets).split(", via")[0]
    said = (who, figures.year_beside(value, who), level)
    return ", ".join(part for part in said if part)


def key_figures(account: Account) -> KeyFigures:
    """One figure a theme; one that is not there says which absence it is."""
    found = (figures.headline(account.values, theme) for theme in signs.THEMES)
    return KeyFigures(tuple(_key(account, value) for value in found if value)[:MOST])


def _key(account: Account, value: Value) -> KeyFigure:
    if value.value is None:
        words = french.upper_first(signs.absence(value.status).words)
        return KeyFigure(value.title, words, figures.why_absent(value))
    bounds = " ".join(part for part in (figures.interval(value), value.interval) if part)
    beside = bounds if figures.interval(value) else figures.place(value)
    return KeyFigure(value.title, figures.spoken(value), beside, short_source(account, value))


def statuses(account: Account) -> Chart:
    """The needed data by status, each counted once."""
    counts = charts.counted(account.assessment.counts)
    total = french.plural(sum(account.assessment.counts.values()), "donnée")
    title = f"Où en sont les {total} que demande au moins un projet"
    said = french.listed(signs.counted(sign.code, count) for sign, count in counts)
    return Chart(
        title=title,
        spec=charts.share_chart(counts),
        alt=f"{title}\u00a0: {said}.",
        table=Table(
            "Données par statut",
            (
                Column("Statut", 1.2),
                *(Column(f"{sign.symbol}\u00a0{sign.word}", numeric=True) for sign, _ in counts),
            ),
            (("Données", *(french.number(count) for _, count in counts)),),
        ),
        source=f"Évaluation de l'outil au {french.day(account.day)}. {COUNTED}",
    )


def next_action(account: Account) -> Block:
    """The one thing to do first."""
    if not account.missing:
        return Text(sentences.most_useful(None), strong="À faire d'abord\u00a0:", id="action")
    line = account.missing[0]
    words = (
        f"{line.title}. {french.typeset(line.next_step)} Qui la détient\u00a0: "
        f"{french.lower_first(holder(account, line.dataset))}. Effort supposé\u00a0: "
        f"{signs.EFFORTS[line.effort].lower()}."
    )
    return Text(words, "caution", "À faire d'abord\u00a0:", id="action")
