"""What is missing most, who can help, the shortest path, how sure one is, what to decide."""

from __future__ import annotations

from collections.abc import Sequence

from data.catalog import catalog
from diagnostics.combination import Milestone
from diagnostics.missing import MissingData
from diagnostics.robustness import Robust
from drawing import certainty, french, paths, sentences, signs
from restitution import lacks
from restitution.account import Account
from restitution.deck import cited
from restitution.deck.projects import short
from restitution.deck.view import ELUS, INHABITANTS, SERVICES, View
from restitution.document import Column, Items, Table
from restitution.holders import holder
from restitution.parts.robust import HOLDS

LINES, BROUGHT, STEPS = 5, 6, 4  # rows
NOTHING = "Rien ne manque parmi les données vérifiées."


def missing(account: Account) -> View:
    """The data that would help most, and the kind of body that can help."""
    first = account.missing[0].title if account.missing else None
    shown = account.missing[:LINES]
    title = lacks.title(shown)
    rows = tuple(
        (
            _title(line),
            french.upper_first(lacks.known(line)),
            holder(account, line.dataset),
            french.plural(len(line.uses), "projet"),
        )
        for line in (*lacks.established(shown), *lacks.unchecked(shown))
    )
    columns = (
        Column("Donnée", 2),
        Column("Ce que l'on en sait", 1.1),
        Column("Qui peut aider", 1.3),
        Column("Servirait à", 0.8, True),
    )
    return View(
        "manque",
        f"{title}, et qui peut aider" if title != lacks.BOTH else f"{title}\u00a0: qui peut aider",
        sentences.most_useful(first),
        (Table(title, columns, rows, empty=NOTHING),),
        cited.diagnosis(account),
        notes=(
            "À dire\u00a0: «\u00a0à vérifier\u00a0» veut dire que personne n'a encore "
            "demandé\u00a0; cela ne dit pas qu'elle manque.",
            "À ne pas dire\u00a0: qu'un service n'a pas fait son travail. On cherche qui peut "
            "aider.",
            "Question probable\u00a0: «\u00a0Qui doit demander\u00a0?\u00a0» Le référent du "
            "diagnostic\u00a0; les lettres sont prêtes.",
        ),
    )


def _title(line: MissingData) -> str:
    return line.title.split(" (")[0]


def brought(account: Account) -> View:
    """The list of data to bring, with the standard that says their shape."""
    rows = tuple(
        (
            _title(line),
            holder(account, line.dataset),
            line.standard_title or NO_STANDARD,
            signs.EFFORTS[line.effort],
        )
        for line in account.missing[:BROUGHT]
    )
    columns = (
        Column("Donnée", 1.5),
        Column("Détenteur", 1.6),
        Column("Standard", 1.5),
        Column("Effort supposé", 1),
    )
    return View(
        "apporter",
        "Les données à apporter d'abord, et leur standard",
        _brought_said(len(account.missing)),
        (Table("Données à apporter", columns, rows, empty=NOTHING),),
        cited.diagnosis(account),
        notes=(
            "À dire\u00a0: demander d'abord si la donnée existe\u00a0; un fichier imparfait vaut "
            "mieux que rien, l'outil dit quoi réparer.",
            "À ne pas dire\u00a0: qu'il faut tout publier. Une donnée peut être protégée par un "
            "texte.",
            "Question probable\u00a0: «\u00a0Sous quelle forme\u00a0?\u00a0» Celle du standard "
            "nommé\u00a0; sans standard, un tableau avec une ligne d'en-tête.",
        ),
    )


NO_STANDARD = "aucun repéré"


def _brought_said(count: int) -> str:
    if count <= BROUGHT:
        return "Chaque donnée a son détenteur, son standard et son effort."
    return f"Les {BROUGHT} premières sur {count}\u00a0; la liste entière est dans le classeur."


# --- the shortest path ---------------------------------------------------------------------------


def path(account: Account) -> View:
    """How many projects could start, for how little."""
    found = account.combination
    rows = tuple(_milestone(one, found.milestones, rank) for rank, one in _shown(found.milestones))
    columns = (
        Column("Projets en tout", 0.8, True),
        Column("Ceux-ci pourraient commencer", 1.8),
        Column("Ce qu'il faut faire", 1.5),
        Column("Effort supposé", 0.8, True),
    )
    return View(
        "suite",
        "Par où commencer\u00a0: le plus court chemin",
        _path_said(account),
        (Table("Le plus court chemin", columns, rows, empty=_no_path(account)),),
        cited.diagnosis(account),
        notes=(
            "À dire\u00a0: chaque ligne contient la précédente ou la remplace\u00a0; une même "
            "donnée sert plusieurs projets.",
            "À ne pas dire\u00a0: un délai. Ce sont des jours d'agent supposés, sans le travail du "
            "projet lui-même.",
            "Question probable\u00a0: «\u00a0Et si une réponse est non\u00a0?\u00a0» Le chemin "
            "change, et l'outil le recalcule.",
        ),
    )


def _shown(made: Sequence[Milestone]) -> list[tuple[int, Milestone]]:
    return list(enumerate(made))[:STEPS]


def _milestone(one: Milestone, path: Sequence[Milestone], rank: int) -> tuple[str, ...]:
    before = path[rank - 1].starting if rank else ()
    fresh = [name for name in one.starting if name not in before]
    titles = ", ".join(_name(name) for name in fresh)
    moves = one.fresh if one.nested else one.moves
    lead = "" if not rank else "en plus, " if one.nested else "autrement, "
    return (
        french.number(one.count),
        titles,
        french.upper_first(lead + paths.counted(moves)),
        paths.days(one.days),
    )


def _name(experiment: str) -> str:
    return short(catalog().experiments[experiment].title)


def _path_said(account: Account) -> str:
    found = account.combination
    if not found.milestones:
        return ""
    one = found.milestones[0]
    titles = french.listed(f"«\u00a0{_name(name)}\u00a0»" for name in one.starting)
    could = french.agree(len(one.starting), "pourrait", "pourraient")
    return (
        f"Avec {paths.counted(one.moves)}, {titles} {could} commencer\u00a0: "
        f"{paths.days(one.days)} d'agent, effort supposé."
    )


def _no_path(account: Account) -> str:
    found = account.combination
    return "" if found.milestones else paths.first(found)


# --- how sure ------------------------------------------------------------------------------------


def firmness(account: Account) -> View:
    """Whether the verdicts hold, in plain words and without a score."""
    made = account.robustness
    rows = tuple(row for row in _kinds(made.experiments) if row)
    columns = (Column("Le verdict", 1.5), Column("Projets", 0.6, True), Column("Lesquels", 3))
    return View(
        "surete",
        "Les réponses tiennent-elles quand on doute de tout\u00a0?",
        f"L'outil refait le calcul {french.number(made.draws)}\u00a0fois en changeant au hasard ce "
        "dont on peut douter.",
        (Table("Solidité des verdicts", columns, rows, empty=NO_VERDICT),),
        cited.diagnosis(account),
        notes=(
            "À dire\u00a0: un verdict tient quand il reste le même au moins "
            f"{certainty.times(HOLDS)} sur {french.number(made.draws)}\u00a0; les autres ne sont "
            "pas faux, ils dépendent de ce qui reste à vérifier.",
            "À ne pas dire\u00a0: une probabilité de réussite. Ces tirages ne prédisent rien.",
            "Question probable\u00a0: «\u00a0Que faire pour être sûr\u00a0?\u00a0» Confirmer "
            "d'abord les données indispensables.",
        ),
    )


NO_VERDICT = "Aucun projet n'est retenu."


def _kinds(made: Sequence[Robust]) -> list[tuple[str, ...] | None]:
    known = [one for one in made if one.verdict != "unknown"]
    return [
        _kind("Tient", [one for one in known if one.stability >= HOLDS]),
        _kind("Dépend encore de nos choix", [one for one in known if one.stability < HOLDS]),
        _kind("Pas encore de verdict", [one for one in made if one.verdict == "unknown"]),
    ]


def _kind(words: str, made: Sequence[Robust]) -> tuple[str, ...] | None:
    if not made:
        return None
    return words, french.number(len(made)), ", ".join(short(one.title) for one in made)


# --- questions and decisions ---------------------------------------------------------------------

QUESTIONS = {
    ELUS: (
        "Quel projet compte le plus pour la ville\u00a0?",
        "Qui demande les données qui manquent, et pour quand\u00a0?",
        "Quelles données ouvrir d'abord\u00a0?",
    ),
    SERVICES: (
        "Quelles lignes sont fausses ou incomplètes\u00a0?",
        "Qui détient ce que l'on cherche, et sous quelle forme\u00a0?",
        "Quel premier fichier apporter\u00a0?",
    ),
    INHABITANTS: (
        "Qu'est-ce qui vous surprend\u00a0?",
        "Quels lieux connaissez-vous que nos données ne montrent pas\u00a0?",
        "Quelle donnée vous serait utile\u00a0?",
    ),
}


def questions(audience: str) -> View:
    """What the room is asked; the answers go into the minutes."""
    decided = "Vos questions, vos décisions" if audience != INHABITANTS else "À vous la parole"
    return View(
        "questions",
        decided,
        "Chaque question et chaque décision est notée au compte rendu.",
        (Items(QUESTIONS[audience], ordered=True),),
        notes=(
            "À dire\u00a0: les questions sans réponse ce soir auront une réponse écrite.",
            "À ne pas faire\u00a0: noter un nom sans l'accord de la personne.",
            "Question probable\u00a0: «\u00a0Quand se revoit-on\u00a0?\u00a0» Proposer une date "
            "avant de quitter la salle.",
        ),
    )
