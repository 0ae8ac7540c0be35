"""The method in plain words, the signs, what is assumed, the sources with dates and licences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from data.catalog import catalog
from data.store import Fetch
from data.territories import NATIONAL, Territory
from drawing import french, signs
from restitution.account import Account
from restitution.document import Block, Column, Items, Part, Section, Table, Text
from restitution.holders import attribution

ID, TITLE = "methode", "Méthode et sources"
_PLAIN = (
    "L'outil compare ce que chaque projet demande à ce que le territoire a. Il compte d'abord, "
    "puis dit, projet par projet, si les données suffisent pour commencer. Aucune note globale "
    "n'est donnée et aucune ville n'est classée."
)
_VERDICTS = (
    "Une donnée indispensable manque pour de bon\u00a0: «\u00a0Il manque une donnée\u00a0».",
    "Sinon, une donnée indispensable n'est pas établie\u00a0: «\u00a0On ne sait pas encore\u00a0».",
    "Sinon, une donnée indispensable ou utile n'est là qu'en partie\u00a0: «\u00a0Données "
    "suffisantes pour une version réduite\u00a0».",
    "Sinon\u00a0: «\u00a0Données suffisantes pour commencer\u00a0».",
)
_ASSUMED = (
    "Le statut d'une donnée que personne n'a vérifiée\u00a0: il vient du référentiel et compte "
    "comme non évalué.",
    "L'effort, en jours d'agent\u00a0: une demi-journée pour confirmer ou demander, 3\u00a0jours "
    "pour publier, réparer ou négocier, 15\u00a0jours pour produire.",
    "La part de statuts établis qui seraient faux, de 1 à 20\u00a0% selon la preuve\u00a0: elle "
    "n'a jamais été mesurée.",
    "L'importance des données et les bornes des scores\u00a0: raisonnées, publiées, non mesurées.",
)
_ABSENT = (
    "L'outil distingue cinq absences, et n'en fait jamais un zéro\u00a0: non récupéré, hors "
    "couverture de la source, secret statistique, source en panne, sans objet ici."
)
SEPARATOR = "\u00a0; "
TOGETHER = 4  # producers in a row: a taller one would leave a hole at the foot of a page
OUTCOMES = {"failed": "en panne", "offline": "réseau interdit", "not_covered": "hors couverture"}


def part(account: Account) -> Part:
    """Method, legend, assumptions, then the sources that served this document."""
    said = (Text(_PLAIN, id="methode"), Text(_ABSENT), Items(_VERDICTS, ordered=True))
    sections = (
        Section("Ce que fait l'outil, et sa règle des verdicts", said),
        Section("Lire les signes", (_statuses(), Text(_evidence()))),
        Section("Ce qui est supposé", (Items(_ASSUMED),)),
        Section("Sources", tuple(_sources(account))),
    )
    return Part(ID, TITLE, sections)


def _statuses() -> Table:
    rows = tuple((sign, sign.meaning) for sign in signs.STATUSES.values())
    return Table(
        "Statuts d'une donnée", (Column("Signe"), Column("Ce que cela veut dire", 2)), rows
    )


def _evidence() -> str:
    """The four levels of proof as one sentence."""
    listed = "\u00a0; ".join(f"{words} ({level})" for level, words in signs.EVIDENCE.items())
    return f"Force de la preuve, de la plus faible à la plus forte\u00a0: {listed}."


# --- sources --------------------------------------------------------------------------------------


def _sources(account: Account) -> Iterable[Block]:
    """What was fetched, by producer; what failed; what was never asked."""
    latest = account.store.latest(account.place.scopes)
    used = {
        dataset: _nearest(account.place, latest[dataset])
        for dataset in _asked(account)
        if latest.get(dataset)
    }
    good = {dataset: _good(lines) for dataset, lines in used.items()}
    columns = (
        Column("Licence, niveau", 2.4),
        Column("Données (millésime), par producteur", 6),
        Column("Récupérées le", 1.5),
    )
    nothing = "Aucune source n'a encore été récupérée pour ce territoire."
    rows = _grouped(account, {dataset: line for dataset, line in good.items() if line})
    yield Table("Sources récupérées", columns, rows, empty=nothing)
    yield Text(_never(account, used), "quiet", id="jamais")
    failed = [line for dataset, lines in used.items() if (line := _failed(lines))]
    if failed:
        yield _failures(failed)


def _asked(account: Account) -> dict[str, None]:
    """Every dataset that a figure or a project of this document rests on."""
    figures = (dataset for value in account.values for dataset in value.datasets)
    return dict.fromkeys((*figures, *account.assessment.needed))


def _nearest(place: Territory, lines: Sequence[Fetch]) -> Sequence[Fetch]:
    """The attempts that speak of the territory itself; without any, those for what holds it."""
    return [one for one in lines if one.territory in (place.code, NATIONAL)] or lines


def _good(lines: Sequence[Fetch]) -> Fetch | None:
    """The last copy that serves."""
    return max((line for line in lines if line.good), key=_when, default=None)


def _failed(lines: Sequence[Fetch]) -> Fetch | None:
    """The last attempt, when nothing good came of it."""
    last = max(lines, key=_when)
    return None if last.good else last


def _when(line: Fetch) -> str:
    return line.fetched_at.isoformat()


def _grouped(account: Account, found: Mapping[str, Fetch]) -> tuple[tuple[str, str, str], ...]:
    """One row for the data of a licence, a level and a day, a few producers at a time."""
    groups: dict[tuple[str, str], dict[str, list[str]]] = {}
    for dataset, line in found.items():
        who = attribution(account, line.source, line.licence, (dataset,))
        held = groups.setdefault(_terms(dataset, line), {})
        held.setdefault(french.typeset(who), []).append(_dated(dataset, line))
    return tuple(
        (terms, said, day)
        for (terms, day), held in groups.items()
        for said in _by_producer(list(held.items()))
    )


def _by_producer(held: Sequence[tuple[str, list[str]]]) -> list[str]:
    """'Insee\u00a0: population (2021). IGN\u00a0: bâtiments (2025).', a few producers a text."""
    told = [f"{who}\u00a0: {SEPARATOR.join(titles)}." for who, titles in held]
    return [" ".join(told[at : at + TOGETHER]) for at in range(0, len(told), TOGETHER)]


def _terms(dataset: str, line: Fetch) -> tuple[str, str]:
    source = catalog().datasets[dataset].source(line.connector)
    level = source.level if source else line.level
    words = f"{line.licence}, niveau {signs.LEVELS.get(level, level)}"
    return french.typeset(words), french.day(line.fetched_at)


def _dated(dataset: str, line: Fetch) -> str:
    """'Friches (2025)': a title and the vintage of what was fetched."""
    card = catalog().datasets[dataset]
    source = card.source(line.connector)
    vintage = line.vintage or (source.vintage if source else None)
    return f"{card.title} ({french.readable_day(vintage) if vintage else 'millésime non dit'})"


def _failures(lines: Sequence[Fetch]) -> Table:
    rows = tuple(
        (
            catalog().datasets[line.dataset].title,
            OUTCOMES.get(line.status, signs.absence(line.status).words),
            french.day(line.fetched_at),
        )
        for line in lines
    )
    columns = (Column("Donnée", 3), Column("Ce qui s'est passé", 2), Column("Le", 1.4))
    return Table("Récupérations sans succès", columns, rows)


def _never(account: Account, used: Mapping[str, object]) -> str:
    """How many data were never asked, those that have a source apart from those that have none."""
    left = [dataset for dataset in _asked(account) if dataset not in used]
    linked = sum(bool(catalog().datasets[dataset].sources) for dataset in left)
    alone = len(left) - linked
    said = []
    if linked:
        asked = french.agree(linked, "n'a pas encore été récupérée", _NEVER)
        said.append(
            f"{french.plural(linked, 'donnée')} {asked} ici, bien qu'une source soit reliée"
        )
    if alone:
        have = french.agree(alone, "n'a aucune source reliée", "n'ont aucune source reliée")
        said.append(
            f"{french.plural(alone, 'donnée')} {have} à l'outil\u00a0: à demander à qui les détient"
        )
    if not said:
        return "Toutes les données de ce document ont été demandées à leur source."
    return "\u00a0; ".join(said) + "."


_NEVER = "n'ont pas encore été récupérées"
