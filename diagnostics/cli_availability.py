"""`python -m diagnostics availability CODE` and `python -m diagnostics programme`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from data.catalog import Catalog, catalog
from data.records import WrongDay, now
from data.store import Store
from data.territories import territory
from diagnostics.availability import COUNTED, AssessedExperiment, Assessment, assess, chosen
from diagnostics.programme import Programme, ProgrammeExperiment, programme
from diagnostics.readiness import BLOCKED, DEGRADED, READY, STARTS, UNKNOWN, VERDICTS
from diagnostics.scoring import Interval
from diagnostics.usage import WrongUse

VERDICT_WORDS = {
    READY: "données suffisantes pour commencer",
    DEGRADED: "données suffisantes pour une version réduite",
    BLOCKED: "il manque une donnée",
    UNKNOWN: "on ne sait pas encore",
}
EXTRA_STATUSES = {
    "not_evaluated": "Non évaluée",
    "not_concerned": "Sans objet",
    "not_produced": "N'existe pas",
}


def add(subparsers: Any) -> None:
    """Declare both commands."""
    one = subparsers.add_parser("availability", help="les données d'un territoire, par projet")
    one.add_argument("code", metavar="CODE")
    one.set_defaults(run=run_availability, check=check_availability)
    every = subparsers.add_parser("programme", help="les 244 communes du programme ensemble")
    every.set_defaults(run=run_programme, check=check_programme)
    for parser in (one, every):
        parser.add_argument("--experiment", metavar="ID")
        parser.add_argument("--json", action="store_true")


def check_availability(args: argparse.Namespace) -> None:
    """Refuse wrong arguments before anything is opened."""
    territory(args.code)
    check_programme(args)


def check_programme(args: argparse.Namespace) -> None:
    """Refuse an experiment the reference does not hold, and a day that is no day."""
    chosen(catalog(), asked(args))
    the_day()


def run_availability(args: argparse.Namespace, store: Store) -> int:
    """Print what one territory has of what each experiment needs."""
    found = assess(store, territory(args.code), the_day(), asked(args))
    _print(found.as_dict() if args.json else _town_text(found))
    return 0


def run_programme(args: argparse.Namespace, store: Store) -> int:
    """Print the synthesis over the towns of the programme."""
    found = programme(store, the_day(), asked(args))
    _print(found.as_dict() if args.json else _programme_text(found))
    return 0


def asked(args: argparse.Namespace) -> list[str] | None:
    """The experiment asked for, alone; None for all of them."""
    return None if args.experiment is None else [args.experiment]


def the_day() -> date:
    """The day given by ACV_TODAY, else the present moment."""
    try:
        return now()
    except WrongDay as error:
        raise WrongUse(str(error)) from error


def _print(document: dict[str, Any] | str) -> None:
    if isinstance(document, dict):
        document = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    print(document)


def _town_text(found: Assessment) -> str:
    place, reference = found.territory, catalog()
    mark = " (FICTIF)" if place.fictional else ""
    words = _status_words(reference)
    counts = ", ".join(
        f"{words[status]} {found.counts[status]}" for status in COUNTED if found.counts[status]
    )
    lines = [f"{place.name}{mark}, {place.code}", f"Données demandées : {counts}"]
    for made in found.experiments:
        lines += ["", *_experiment_lines(made, reference)]
    return "\n".join(lines)


def _experiment_lines(made: AssessedExperiment, reference: Catalog) -> Iterable[str]:
    yield f"{made.title} ({made.id})"
    yield f"  {_verdict(made, reference)}."
    if made.verdict != made.expected:
        yield f"  {_expected(made, reference)}"
    yield f"  Utilisable : {_points(made.usable)} ; ouverture : {_points(made.openness)}."
    yield f"  Part évaluée : {round(100 * made.evaluated_share)} %."
    for action in made.actions[:1]:
        title = reference.datasets[action.dataset].title
        yield f"  Prochaine action, {title} ({action.holder}) : {action.action}"


def _verdict(made: AssessedExperiment, reference: Catalog) -> str:
    if made.verdict == BLOCKED:
        return f"Il manque : {_titles(made.blocking, reference)}"
    return _capital(VERDICT_WORDS[made.verdict])


def _expected(made: AssessedExperiment, reference: Catalog) -> str:
    to_confirm = _titles(made.to_confirm, reference)
    if made.expected in STARTS:
        word = VERDICT_WORDS[made.expected].removeprefix("données ")
        return f"Données attendues {word} si se confirment : {to_confirm}."
    lacking = _titles(made.expected_blocking, reference)
    return f"Supposé bloqué par : {lacking}. À confirmer : {to_confirm}."


def _programme_text(found: Programme) -> str:
    reference = catalog()
    lines: list[str] = []
    for made in found.experiments:
        lines += [f"{reference.experiments[made.id].title} ({made.id})"]
        lines += [*_programme_lines(made, reference), ""]
    return "\n".join(lines).rstrip()


def _programme_lines(made: ProgrammeExperiment, reference: Catalog) -> Iterable[str]:
    for label, counts in (("Établi", made.verdicts), ("Attendu", made.expected)):
        shown = [f"{VERDICT_WORDS[key]} {counts[key]}" for key in VERDICTS if counts[key]]
        yield f"  {label}, en nombre de communes : {' ; '.join(shown)}."
    for unlock in made.unlocks[:1]:
        title = reference.datasets[unlock.dataset].title
        yield f"  Ferait avancer le plus de communes : {title} ({unlock.towns})."


def _status_words(reference: Catalog) -> dict[str, str]:
    rows = reference.statuses["access_statuses"]
    return {**{row["code"]: row["short"] for row in rows}, **EXTRA_STATUSES}


def _titles(datasets: Iterable[str], reference: Catalog) -> str:
    return ", ".join(reference.datasets[dataset].title for dataset in datasets)


def _points(interval: Interval | None) -> str:
    """An interval in points; « sans objet » when no need is left."""
    if interval is None:
        return "sans objet"
    return f"entre {round(interval.low)} et {round(interval.high)} points sur 100"


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
