"""The workbook: what the screens say, as tables that people sort, filter and compute with."""

from __future__ import annotations

from collections.abc import Iterator

from data.entries import Draft
from drawing import french, sentences, signs
from drawing.mentions import INTERNAL
from restitution import open_data, sheets, team_tables
from restitution import workbook_tables as tables
from restitution.account import Account
from restitution.document import BALLOT, FICTIONAL, NOTICE
from restitution.drafts import Pictures
from restitution.export import Made
from restitution.sheets import Cell, Sheet
from restitution.workbook_tables import Columns, Rows

_GUIDE: Columns = (("Sujet", 34), ("Ce qu'il faut savoir", 110))
_READING = (
    ("Une cellule vide", "On n'a pas de nombre à y écrire\u00a0; la colonne « Absence » dit "
     "pourquoi. Une cellule vide n'est jamais un zéro, et un zéro est un vrai zéro."),
    ("Les nombres et les dates", "Ce sont de vrais nombres et de vraies dates, arrondis comme à "
     "l'écran. Aucune cellule ne contient de formule ; un texte qui en aurait l'air porte une "
     "apostrophe devant."),
    ("Les bornes", "« Au moins » et « au plus » encadrent une valeur. Pour un score, ce qui n'est "
     "ni testé ni évalué élargit l'intervalle ; pour un chiffre, la colonne voisine dit ce que "
     "sont les bornes."),
    ("Statut, provenance, « compte comme »", "Le statut peut être constaté, déclaré ou seulement "
     "supposé par le référentiel. Ce qui est seulement supposé compte comme « Non évaluée »."),
    ("Feuille « Preuves »", "Une ligne par donnée et par source trouvée. Les contrôles portent sur "
     "la donnée, de 0 (échec) à 1 (réussite) : ils se répètent d'une source à l'autre."),
    ("Feuille « Projets »", "Les points sont sur 100, propres à chaque projet : ils ne "
     "s'additionnent pas et ne classent ni les projets ni les villes."),
    ("Feuille « Actions »", "L'ordre est celui de la liste des données manquantes : d'abord "
     "ce qui débloque un projet. Le gain est celui du projet où il est le plus grand."),
    ("Feuille « Sources »", "D'où viennent les lignes. Une source en panne, hors couverture ou "
     "jamais demandée n'apprend rien de la donnée."),
)  # fmt: skip


def as_xlsx(account: Account, draft: Draft | None, picture: Pictures) -> Made:
    """The workbook as XLSX. A draft changes no table: it is left aside."""
    made = [_guide(account), *_tables(account), *_team(account)]
    return Made(
        sheets.workbook(made, _title(account, "Classeur"), account.day),
        tuple((sheet.name, sheet.empty) for sheet in made if not sheet.rows),
    )


def _tables(account: Account) -> Iterator[Sheet]:
    yield _sheet(account, "Inventaire", tables.INVENTORY, tables.inventory(account))
    yield _sheet(account, "Preuves", tables.EVIDENCE, tables.evidence(account))
    yield _sheet(account, "Projets", tables.PROJECTS, tables.experiments(account))
    yield _sheet(account, "Chiffres", tables.FIGURES, tables.indicators(account), frozen=3)
    nothing = "Aucune donnée ne manque parmi celles qui ont été vérifiées."
    yield _sheet(account, "Actions", tables.ACTIONS, tables.actions(account), nothing, 3)
    yield _sheet(account, "Sources", tables.SOURCES, tables.sources(account))


def _team(account: Account) -> Iterator[Sheet]:
    """What the team noted; nothing outside it."""
    if not account.internal:
        return
    for table in (team_tables.plan, team_tables.requests, team_tables.history, team_tables.session):
        made = table(account)
        yield _sheet(account, made.name, made.columns, made.rows, made.empty)


def _sheet(
    account: Account,
    name: str,
    columns: Columns,
    rows: Rows | object,
    empty: str = "Rien à montrer ici.",
    frozen: int = 2,
) -> Sheet:
    return Sheet(
        name=name,
        title=_title(account, name),
        columns=columns,
        rows=rows,  # type: ignore[arg-type]
        notes=_notes(account),
        empty=empty,
        frozen=frozen,
        top=_top(account),
    )


def _title(account: Account, name: str) -> str:
    """'FICTIF – Chiffres de Castelvoire, au 21 novembre 2026'."""
    fictional = f"{FICTIONAL} – " if account.place.fictional else ""
    where = french.of_place(account.place.name, account.place.level)
    return f"{fictional}{name}\u00a0: diagnostic des données {where}, au {french.day(account.day)}"


def _notes(account: Account) -> tuple[str, ...]:
    return (*((INTERNAL,) if account.internal else ()), account.standing_words)


def _top(account: Account) -> str:
    """What stands on top of every printed page."""
    place = account.place
    said = [
        FICTIONAL if place.fictional else "",
        INTERNAL if account.internal else "",
        f"{place.name} ({place.code}), {french.day(account.day)}",
    ]
    return " – ".join(part for part in said if part)


# --- « Lisez-moi » ---------------------------------------------------------------------------


def _guide(account: Account) -> Sheet:
    return _sheet(account, "Lisez-moi", _GUIDE, _guide_rows(account), frozen=0)


def _guide_rows(account: Account) -> list[list[Cell]]:
    said = [*_subject(account), *_READING, *_legend(), *_terms()]
    return [[subject, french.typeset(words)] for subject, words in said]


def _subject(account: Account) -> Iterator[tuple[str, str]]:
    place = account.place
    yield "Territoire", f"{place.name}, code {place.code}, niveau {signs.LEVELS[place.level]}"
    if place.fictional:
        yield FICTIONAL, "Ce territoire est inventé : tous ses chiffres et ses données le sont."
    yield "Jour du diagnostic", french.day(account.day)
    yield "État", account.standing_words
    yield "Référentiel", f"version {account.assessment.reference_version}"
    yield "En une phrase", sentences.readiness(place, account.summary)


def _legend() -> Iterator[tuple[str, str]]:
    """The words of the cells, the same as on the screens."""
    for absence in signs.ABSENCES.values():
        yield f"Absence « {absence.words} »", absence.next_step
    for sign in signs.STATUSES.values():
        yield f"Statut {sign.symbol} {sign.word}", french.upper_first(f"{sign.meaning}.")
    for code, word in signs.EVIDENCE.items():
        yield f"Preuve {code}", french.upper_first(f"{word}.")
    for word in signs.EFFORTS.values():
        yield "Effort", f"{word} de travail d'un agent."


def _terms() -> Iterator[tuple[str, str]]:
    yield (
        "Réutilisation",
        f"Le diagnostic peut être réutilisé sous {open_data.OURS['title']} ; chaque source garde "
        "sa licence, dite à côté de chaque chiffre.",
    )
    yield "Indépendance", NOTICE
    yield "Avant un scrutin", BALLOT
