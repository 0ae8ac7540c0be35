"""The action plan: what to ask for first, what it brings, and the least effort for each project."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from data.catalog import catalog
from data.entries import Kept, PlannedAction
from diagnostics.combination import Combination, Milestone
from diagnostics.missing import MissingData
from drawing import charts, french, letters, paths, signs, tidings
from restitution import lacks
from restitution.account import Account
from restitution.document import Absent, Block, Chart, Column, Part, Section, Table, Text
from restitution.holders import holder

ID, TITLE = "plan", "Plan d'action"
MOST = 6  # lines of the list, and bars of the chart
STEPS = 4  # lines of the shortest path
GAINS = (
    "Plein\u00a0: gain assuré. Pointillé\u00a0: gain possible, selon ce que l'on ne sait pas "
    "encore. Les points de deux projets ne s'ajoutent pas."
)
NOTHING = "Aucune donnée ne manque parmi celles qui ont été vérifiées."


def part(account: Account) -> Part:
    """The ranked list with its gains, the shortest path, and the team's own plan for the team."""
    own = tuple(_own(account)) if account.internal else ()
    if not account.missing:
        step = "Confirmer les données supposées, puis refaire ce document."
        return Part(ID, TITLE, (Absent("Données manquantes", NOTHING, step), *own), NOTHING)
    first = Text(paths.first(account.combination), "lead", id="premier_pas")
    return Part(ID, TITLE, (first, *_ranked(account), *_path(account.combination), *own))


# --- what is missing ------------------------------------------------------------------------------


def _ranked(account: Account) -> Iterator[Block]:
    shown = account.missing[:MOST]
    said = _counted(account.missing)
    table = Table("Les données les plus utiles d'abord", _COLUMNS, _rows(account, shown))
    gains = [line for line in shown if line.gain.high >= 0.5]
    head = Text(said, id="manques")
    chart: Block = _chart(gains, table) if gains else table
    steps = lacks.steps(shown).note
    note = (Text(steps, "quiet", id="etapes"),) if steps else ()
    yield Section(
        f"{lacks.title(account.missing)}\u00a0: ce que cela apporte", (head, chart, *note)
    )


_COLUMNS = (
    Column("Donnée", 2),
    Column("Pourquoi elle compte", 3),
    Column("Prochain pas, et qui la détient", 4),
    Column("Effort supposé, gain", 1.9),
)


def _counted(missing: Sequence[MissingData]) -> str:
    said = f"{french.upper_first(lacks.counted(missing))}."
    left = len(missing) - MOST
    if left > 0:
        which = french.plural(left, "autre figure", "autres figurent")
        said += f" Les {MOST} premières sont ici\u00a0; {which} au tableau des données."
    return said


def _rows(account: Account, lines: Sequence[MissingData]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            f"{line.title}\u00a0: {lacks.known(line)}",
            paths.why(line),
            f"{step} Qui la détient\u00a0: "
            f"{french.lower_first(holder(account, line.dataset))}.".strip(),
            f"{signs.EFFORTS[line.effort]}\u00a0; {paths.gain(line.gain.low, line.gain.high)}",
        )
        for line, step in zip(lines, lacks.steps(lines).own, strict=True)
    )


def _chart(lines: Sequence[MissingData], table: Table) -> Chart:
    gains = tuple(
        charts.Gain(line.title.split(" (")[0], line.gain.low, line.gain.high) for line in lines
    )
    said = "\u00a0; ".join(f"{gain.label}, {paths.gain(gain.low, gain.high)}" for gain in gains)
    return Chart(
        title="Ce que chaque donnée apporterait au projet qui y gagne le plus",
        spec=charts.gain_chart(gains),
        alt=f"Gain en points sur 100\u00a0: {said}.",
        table=table,
        source=GAINS,
    )


# --- the shortest path ----------------------------------------------------------------------------


def _path(found: Combination) -> Iterator[Block]:
    if not found.milestones:
        return
    columns = (
        Column("Projets", 1),
        Column("Lesquels", 3.4),
        Column("Effort supposé", 1.2),
        Column("Actions", 3.6),
    )
    rows = [_step(one, rank, found) for rank, one in enumerate(found.milestones[:STEPS])]
    said = Text(
        "À chaque ligne, la combinaison la moins coûteuse qui permet à autant de projets de "
        "démarrer, au moins en version réduite. Une même donnée sert plusieurs projets.",
        id="chemin",
    )
    table = Table("Le plus court chemin", columns, tuple(rows), source=paths.supposed_effort())
    yield Section("Le plus court chemin", (said, table, *_further(found)))


def _further(found: Combination) -> Iterator[Block]:
    left = found.milestones[STEPS:]
    said = []
    if left:
        last = left[-1]
        said.append(
            f"La suite mène à {french.plural(last.count, 'projet')}, pour "
            f"{paths.days(last.days)} d'agent en tout, supposés."
        )
    if found.out_of_reach:
        names = french.listed(f"«\u00a0{way.title}\u00a0»" for way in found.out_of_reach)
        said.append(f"Hors de portée des actions connues\u00a0: {names}.")
    if said:
        yield Text(" ".join(said), "quiet")


def _step(one: Milestone, rank: int, found: Combination) -> tuple[str, ...]:
    before = found.milestones[rank - 1] if rank else None
    fresh = [made for made in one.starting if not before or made not in before.starting]
    lead = "Les mêmes, plus\u00a0: " if len(fresh) < len(one.starting) and fresh else ""
    moves = one.fresh if before and one.nested else one.moves
    again = "En plus, " if before and one.nested else "Autre combinaison\u00a0: " if before else ""
    return (
        french.plural(one.count, "projet"),
        lead + french.listed(catalog().experiments[made].title for made in fresh),
        paths.days(one.days),
        again + paths.named(moves) if again else french.upper_first(paths.named(moves)),
    )


# --- the team's own plan --------------------------------------------------------------------------


def _own(account: Account) -> Iterator[Block]:
    columns = (
        Column("Politique publique", 2),
        Column("Action", 2.6),
        Column("Donnée", 2),
        Column("Responsable", 1.6),
        Column("Échéance", 1.4),
        Column("Effort et état", 1.5),
    )
    rows = tuple(_action(line) for line in account.plan)
    nothing = (
        "L'équipe n'a encore inscrit aucune action\u00a0: elle le fait à l'écran «\u00a0Plan "
        "d'action\u00a0»."
    )
    yield Section(
        "Le plan de l'équipe",
        (Table("Actions, responsables et échéances", columns, rows, empty=nothing),),
    )


def _action(line: Kept[PlannedAction]) -> tuple[str, ...]:
    made = line.entry
    days = "effort non dit" if made.effort_days is None else paths.days(made.effort_days)
    return (
        letters.clean(made.policy),
        letters.clean(made.title),
        letters.clean(tidings.dataset_title(made.dataset)) if made.dataset else "sans donnée liée",
        letters.clean(made.owner) or "non nommé",
        french.day(made.deadline) if made.deadline else "sans date",
        f"{days}, {tidings.ACTIONS[made.state]}",
    )
