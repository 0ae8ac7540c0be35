"""`python -m restitution report|onepage|slides|workbook|page|bundle CODE|--acv --out PATH`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from tqdm import tqdm

from data.catalog import catalog
from data.store import Store
from data.territories import Territory, acv_towns, territory
from diagnostics.availability import chosen
from diagnostics.cli_availability import asked, the_day
from diagnostics.usage import WouldLose, WrongUse
from restitution import bundle, leaks, pictures
from restitution.account import Account
from restitution.deck import AUDIENCES
from restitution.drafts import draft_of
from restitution.export import Export, file_name
from restitution.exports import EXPORTS
from restitution.writing import Outcome, check_place, extension

ALL: dict[str, Export] = {**EXPORTS, bundle.EXPORT.id: bundle.EXPORT}


def add(subparsers: Any) -> None:
    """Declare one command a kind of document."""
    for made in ALL.values():
        parser = subparsers.add_parser(made.id, help=made.title)
        parser.add_argument("code", metavar="CODE", nargs="?")
        parser.add_argument("--acv", action="store_true", help="les villes du programme, une à une")
        parser.add_argument("--out", metavar="CHEMIN", required=True)
        parser.add_argument("--experiment", metavar="ID")
        parser.add_argument("--interne", action="store_true", help="document interne")
        parser.add_argument("--public", choices=list(AUDIENCES), default=next(iter(AUDIENCES)))
        parser.add_argument("--json", action="store_true")
        parser.set_defaults(run=run, check=check, kind=made.id)


def check(args: argparse.Namespace) -> None:
    """Refuse wrong arguments before anything is opened."""
    if bool(args.code) == args.acv:
        raise WrongUse("donnez un code de territoire, ou --acv pour les villes du programme.")
    chosen(catalog(), asked(args))
    the_day()
    if args.acv:
        if not Path(args.out).is_dir():
            raise WrongUse(f"--out « {args.out} » : avec --acv, donnez un dossier qui existe.")
        return
    territory(args.code)
    extension(args.out, ALL[args.kind].makers)
    check_place(args.out)


def run(args: argparse.Namespace, store: Store) -> int:
    """Make the document of one territory, or of each town of the programme."""
    outcome = Outcome()
    refused = 0
    if args.acv:
        refused = _every_town(args, store, outcome)
    else:
        _one(args, store, territory(args.code), Path(args.out), outcome)
    outcome.report(args.json)
    return 3 if refused else 0


def _every_town(args: argparse.Namespace, store: Store, outcome: Outcome) -> int:
    """The document of each town; a refusal stops that town alone. How many were refused."""
    export, day, refused = ALL[args.kind], the_day(), 0
    for place in tqdm(acv_towns(), disable=not sys.stderr.isatty(), unit="ville"):
        name = file_name(export.stem, place, day, args.interne, export.extension)
        try:
            _one(args, store, place, Path(args.out) / name, outcome)
        except WouldLose as kept:
            print(kept, file=sys.stderr)
            refused += 1
    return refused


def _one(
    args: argparse.Namespace, store: Store, place: Territory, path: Path, outcome: Outcome
) -> None:
    only = None if args.experiment is None else (args.experiment,)
    account = Account(store, place, the_day(), args.interne, only)
    export = ALL[args.kind]
    draft = draft_of(account, export.id, args.public)
    leaks.check(account, draft)
    make = export.makers[path.suffix.removeprefix(".").lower()]
    outcome.add(path, export.id, make(account, draft, pictures.reader(store)))
