"""`python -m diagnostics robustness CODE [--experiment ID] [--json]`: how far each answer holds."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from typing import Any

from data.catalog import Catalog, catalog
from data.store import Store
from data.territories import territory
from diagnostics.cli_availability import VERDICT_WORDS, asked, check_availability, the_day
from diagnostics.draws import DRAWS
from diagnostics.readiness import UNKNOWN, VERDICTS
from diagnostics.robustness import Robust, Robustness, robustness

KIND_WORDS = {
    "weights": "les poids",
    "bands": "les limites des bandes",
    "needs": "une donnée retirée de la liste",
    "reference": "la liste des données demandées",
    "unknowns": "ce qui n'est pas connu",
    "status_errors": "les erreurs de statut",
}


def add(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("robustness", help="ce qui tient et ce qui dépend d'un doute")
    parser.add_argument("code", metavar="CODE")
    parser.add_argument("--experiment", metavar="ID")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run, check=check_availability)


def run(args: argparse.Namespace, store: Store) -> int:
    """Print the stability of each verdict of one territory and what moves each score."""
    found = robustness(store, territory(args.code), the_day(), asked(args))
    if args.json:
        print(json.dumps(found.as_dict(), ensure_ascii=False, indent=1, allow_nan=False))
    else:
        print("\n".join(_text(found, catalog())))
    return 0


def _text(found: Robustness, reference: Catalog) -> Iterable[str]:
    place = found.territory
    yield f"{place.name}{' (FICTIF)' if place.fictional else ''}, {place.code}"
    yield (
        f"{DRAWS} tirages : poids, bandes, liste des données, inconnues et erreurs de statut. "
        "Chances supposées égales : ce n'est pas une prévision."
    )
    for made in found.experiments:
        yield ""
        yield from _lines(made, reference)


def _lines(made: Robust, reference: Catalog) -> Iterable[str]:
    yield f"{made.title} ({made.id})"
    yield f"  Verdict : {VERDICT_WORDS[made.verdict]}. {_stability(made)}"
    if made.usable:
        low, high = round(made.usable.low), round(made.usable.high)
        yield f"  Utilisable, dans 95 tirages sur 100 : de {low} à {high} points sur 100."
    for driver in made.drivers[:2]:
        moves = f"de {driver.effect.low:+.0f} à {driver.effect.high:+.0f} points"
        if driver.width >= 1:
            yield f"  Pèse le plus : {KIND_WORDS[driver.kind]} ({moves})."
    decisive = [reference.datasets[one.dataset].title for one in made.doubts if one.decisive]
    if decisive:
        yield f"  À confirmer d'abord : {', '.join(decisive)}."


def _stability(made: Robust) -> str:
    times = round(DRAWS * made.stability)
    if made.verdict != UNKNOWN:
        return f"Le même {times} fois sur {DRAWS}."
    shares = ", ".join(
        f"{VERDICT_WORDS[name]} {round(DRAWS * made.shares[name])} fois"
        for name in VERDICTS
        if made.shares[name]
    )
    return f"Si l'on tire au hasard ce qui est inconnu : {shares}."
