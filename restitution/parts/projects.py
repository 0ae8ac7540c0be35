"""The experiments with their verdict; in front of readers an experiment is a « projet »."""

from __future__ import annotations

from data.catalog import Experiment, catalog
from diagnostics.availability import AssessedExperiment
from drawing import certainty, french, paths, projects, sentences
from restitution import verdicts
from restitution.account import Account
from restitution.document import Cell, Column, Part, Table, Text

ID, TITLE = "projets", "Les projets et leur verdict"
RULE = (
    "Un projet suit sa donnée la plus faible, jamais une moyenne. Le verdict ne repose que sur ce "
    "qui est constaté ou déclaré\u00a0; la colonne «\u00a0Si les suppositions tiennent\u00a0» dit "
    "ce qu'il deviendrait."
)
EFFORT = (
    "Effort\u00a0: jours de travail du projet lui-même, une fois ses données réunies, estimés par "
    "sa fiche et non mesurés ici."
)


def part(account: Account) -> Part:
    """The sentence of the counts, the rule, then one line a project."""
    made = account.assessment.experiments
    blocks = (
        Text(sentences.readiness(account.place, account.summary), id="bilan"),
        Text(RULE, "quiet"),
        _table(account, made),
        Text(f"{EFFORT} {catalog().programme['notice']}", "quiet"),
    )
    return Part(ID, TITLE, blocks)


def _table(account: Account, made: tuple[AssessedExperiment, ...]) -> Table:
    columns = (
        Column("Projet, effort", 2.1),
        Column("Verdict", 2),
        Column("Ce que l'on sait, ce qui manque ou reste à vérifier", 4.7),
        Column("Si les suppositions tiennent", 1.2),
    )
    ordered = sorted(made, key=lambda one: verdicts.GROUPS.index(verdicts.group(one)))
    rows = tuple(_row(account, one) for one in ordered)
    return Table("Projets", columns, rows, empty="Aucun projet n'a été retenu.")


def _row(account: Account, one: AssessedExperiment) -> tuple[Cell, ...]:
    sheet = catalog().experiments[one.id]
    said = projects.sentence(one, account.assessment)
    named = f"{one.title} ({effort(sheet)})"
    return named, verdicts.group_sign(verdicts.group(one)), f"{said}{_weak(one)}", _after(one)


def _after(one: AssessedExperiment) -> str:
    if one.expected == one.verdict:
        return "le même verdict"
    return certainty.OUTCOMES[one.expected]


def _weak(one: AssessedExperiment) -> str:
    """Data that hold on a word or on a catalogue alone."""
    weak = projects.weakly_proved(one)
    if not weak or one.verdict == "unknown":
        return ""
    names = french.listed(paths.short(catalog().datasets[dataset].title) for dataset in weak)
    return f" À confirmer, sur parole ou sur catalogue\u00a0: {names}."


def effort(sheet: Experiment) -> str:
    """'25 à 45 jours', as its sheet estimates; the words of the level where no days are given."""
    days = sheet.effort.get("person_days_estimate")
    if not days:
        return str(sheet.effort.get("level", "non dit"))
    return f"{french.number(days[0])} à {french.plural(days[1], 'jour')}"
