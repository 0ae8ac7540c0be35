"""The projects: where they stand, and those whose data are the most advanced."""

from __future__ import annotations

from collections.abc import Sequence

from diagnostics.availability import AssessedExperiment
from drawing import french, projects, sentences
from drawing.signs import Sign
from restitution import verdicts as verdicts_of
from restitution.account import Account
from restitution.deck import cited
from restitution.deck.view import View
from restitution.document import Column, Table

FIRST = 3  # projects shown as the most advanced


def verdicts(account: Account) -> View:
    """How many projects have what they need, and which."""
    made = account.assessment.experiments
    return View(
        "projets",
        _title(account),
        sentences.readiness(account.place, account.summary),
        (Table("Projets selon leurs données", COLUMNS, _rows(made)),),
        cited.diagnosis(account),
        notes=(
            "À dire\u00a0: le verdict porte sur les données, pas sur l'argent ni sur les équipes.",
            "À ne pas dire\u00a0: «\u00a0zéro projet\u00a0» quand personne n'a encore vérifié.",
            "Question probable\u00a0: «\u00a0Pourquoi ne sait-on pas\u00a0?\u00a0» Un statut "
            "supposé ne suffit jamais\u00a0: il faut que quelqu'un le confirme.",
        ),
    )


COLUMNS = (Column("Les données", 1.5), Column("Projets", 0.6, True), Column("Lesquels", 3))


def _title(account: Account) -> str:
    facts = account.summary
    if facts.n_ready:
        can = french.agree(facts.n_ready, "peut", "peuvent")
        return f"{french.plural(facts.n_ready, 'projet')} sur {facts.n_experiments} {can} commencer"
    if facts.n_expected_ready:
        would = french.agree(facts.n_expected_ready, "pourrait", "pourraient")
        count = french.plural(facts.n_expected_ready, "projet")
        return f"{count} sur {facts.n_experiments} {would} commencer, après vérification"
    return "On ne sait pas encore quels projets peuvent commencer"


def _rows(made: Sequence[AssessedExperiment]) -> tuple[tuple[Sign | str, ...], ...]:
    """One row a group that holds a project; the groups are those of the sentence."""
    groups: dict[str, list[AssessedExperiment]] = {}
    for one in made:
        groups.setdefault(verdicts_of.group(one), []).append(one)
    return tuple(
        (verdicts_of.group_sign(name), french.number(len(groups[name])), _names(groups[name]))
        for name in verdicts_of.GROUPS
        if name in groups
    )


def _names(made: Sequence[AssessedExperiment]) -> str:
    return ", ".join(short(one.title) for one in made)


def short(title: str) -> str:
    """'Îlots de chaleur : par quels quartiers commencer' -> 'Îlots de chaleur'."""
    return title.split(" : ")[0].split("\u00a0:")[0]


# --- the most advanced ---------------------------------------------------------------------------


def advanced(account: Account) -> View:
    """Two or three projects, by their data alone."""
    made = account.assessment
    shown = sorted(made.experiments, key=_order)[:FIRST]
    rows = tuple((short(one.title), projects.sentence(one, made)) for one in shown)
    columns = (Column("Projet", 1), Column("Ses données", 2.6))
    return View(
        "avances",
        "Les projets dont les données sont le plus avancées",
        "Avancés par leurs données\u00a0: l'argent et les équipes ne sont pas comptés.",
        (Table("Projets les plus avancés", columns, rows, empty=NONE),),
        cited.diagnosis(account),
        notes=(
            "À dire\u00a0: ce sont ceux que l'on peut ouvrir le plus vite, pas forcément ceux qui "
            "comptent le plus pour la ville\u00a0: c'est à vous de le dire.",
            "À ne pas dire\u00a0: que les autres sont perdus\u00a0; il leur manque une donnée ou "
            "une réponse.",
            "Question probable\u00a0: «\u00a0Combien cela coûte-t-il\u00a0?\u00a0» L'outil ne "
            "chiffre que l'effort sur les données, en jours supposés.",
        ),
    )


NONE = "Aucun projet n'est retenu."


def _order(made: AssessedExperiment) -> tuple[int, int, float]:
    """Established before expected, then by the share of data that are open."""
    ranks = ("ready", "degraded", "unknown", "blocked")
    expected = ("ready", "degraded", "unknown", "blocked")
    counted = projects.tally(made.needs)
    share = (counted.open + counted.supposed / 2) / max(counted.concerned, 1)
    return ranks.index(made.verdict), expected.index(made.expected), -share
