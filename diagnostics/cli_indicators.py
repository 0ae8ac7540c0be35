"""`python -m diagnostics indicators CODE [--theme ID] [--json]`."""

from __future__ import annotations

import argparse
import json
from typing import Any

from data.store import Store
from data.territories import Territory, territory
from diagnostics.indicators import POSITIONS, THEMES, Comparison, Value, compute, to_json
from diagnostics.usage import WrongUse

LABELS = {
    "portrait": "Portrait",
    "climat": "Climat",
    "risques": "Risques",
    "biodiversite": "Biodiversité",
    "centre_ville": "Centre-ville",
}
ABSENCES = {
    "not_fetched": "non récupéré",
    "not_covered": "hors couverture de la source",
    "secret": "secret statistique",
    "source_failed": "source en panne",
    "not_applicable": "sans objet ici",
}


def add(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("indicators", help="les chiffres d'un territoire")
    parser.add_argument("code", metavar="CODE")
    parser.add_argument("--theme", metavar="ID")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run, check=check)


def check(args: argparse.Namespace) -> None:
    """Refuse wrong arguments before anything is opened."""
    territory(args.code)
    if args.theme is not None and args.theme not in THEMES:
        raise WrongUse(f"Thème « {args.theme} » inconnu ; permis : {', '.join(THEMES)}.")


def run(args: argparse.Namespace, store: Store) -> int:
    """Print the figures of a territory; an absence is said in words."""
    place = territory(args.code)
    values = compute(store, place, args.theme)
    if args.json:
        document = to_json(values, place)
        print(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False))
    else:
        print(_text(values, place))
    return 0


def _text(values: list[Value], place: Territory) -> str:
    mark = " (FICTIF)" if place.fictional else ""
    lines = [f"{place.name}{mark}, {place.code}"]
    for theme in THEMES:
        mine = [value for value in values if value.theme == theme]
        if mine:
            lines += ["", LABELS[theme], *(_line(value) for value in mine)]
    return "\n".join(lines)


def _line(value: Value) -> str:
    if value.value is None:
        detail = f" ({value.detail})" if value.detail else ""
        return f"  {value.title} : {ABSENCES[value.status]}{detail}"
    shown = f"  {value.title} : {_figure(value.value, value.precision)} {_unit(value)}".rstrip()
    if value.low is not None and value.high is not None:
        low, high = (_figure(bound, value.precision) for bound in (value.low, value.high))
        shown += f" [{low} à {high}, {value.interval}]"
    source = " ; ".join(filter(None, [value.source, value.vintage, value.licence]))
    lines = [shown, _place(value.comparison, value.precision), value.detail, f"Source : {source}"]
    return "\n      ".join(line for line in lines if line)


def _unit(value: Value) -> str:
    return "" if value.unit == "date" else value.unit


def _place(found: Comparison | None, precision: int) -> str | None:
    if found is None:
        return None
    median = _figure(found.median, precision or int(abs(found.median) < 100))
    return f"{POSITIONS[found.position]} des {found.n} {found.group} (médiane {median})"


def _figure(figure: Any, precision: int) -> str:
    """French writing: decimal comma, no-break space between thousands; a date as 20/06/2023."""
    if isinstance(figure, str):
        return "/".join(reversed(figure.split("-")))
    text = f"{figure:,.{precision}f}"
    whole, _, decimals = text.partition(".")
    decimals = decimals.rstrip("0")
    return whole.replace(",", "\u00a0") + (f",{decimals}" if decimals else "")
