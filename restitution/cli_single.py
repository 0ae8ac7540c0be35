"""`python -m restitution sheet|letter|letters|dossier|interview`: documents about one thing."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from data.catalog import catalog
from data.store import Store
from data.territories import territory
from diagnostics.availability import chosen
from diagnostics.cli_availability import the_day
from diagnostics.usage import WrongUse
from restitution import interview, letters, sheet, theme_dossier
from restitution.account import Account
from restitution.export import Made
from restitution.writing import Outcome, check_place, extension

WHOLE = "tout"  # an interview about the whole diagnosis


def _sheet(account: Account, args: argparse.Namespace, kind: str) -> Made:
    return sheet.make(account, args.experiment, kind)


def _letter(account: Account, args: argparse.Namespace, kind: str) -> Made:
    return letters.make(account, [args.dataset], kind)


def _letters(account: Account, _: argparse.Namespace, __: str) -> Made:
    return letters.all_of(account)


def _dossier(account: Account, args: argparse.Namespace, kind: str) -> Made:
    return theme_dossier.make(account, args.theme, kind)


def _interview(account: Account, args: argparse.Namespace, kind: str) -> Made:
    return interview.make(account, None if args.subject == WHOLE else args.subject, kind)


Maker = Callable[[Account, argparse.Namespace, str], Made]
# command -> help, argument before the code (name, what it names), extensions, maker
COMMANDS: dict[str, tuple[str, str | None, Collection[str], Maker]] = {
    "sheet": ("fiche « cas d'usage » d'un projet", "experiment", sheet.EXTENSIONS, _sheet),
    "letter": ("demande au détenteur d'une donnée", "dataset", letters.EXTENSIONS, _letter),
    "letters": ("les demandes, une par détenteur", None, ("zip",), _letters),
    "dossier": ("dossier thématique", "theme", theme_dossier.EXTENSIONS, _dossier),
    "interview": ("guide d'entretien", "subject", interview.EXTENSIONS, _interview),
}
NAMES = tuple(COMMANDS)


def add(subparsers: Any) -> None:
    """Declare the commands."""
    for name, (help_words, subject, _, _) in COMMANDS.items():
        parser = subparsers.add_parser(name, help=help_words)
        if subject:
            parser.add_argument(subject, metavar=subject.upper())
        parser.add_argument("code", metavar="CODE")
        parser.add_argument("--out", metavar="CHEMIN", required=True)
        parser.add_argument("--interne", action="store_true", help="document interne")
        parser.add_argument("--json", action="store_true")
        parser.set_defaults(run=run, check=check)


def check(args: argparse.Namespace) -> None:
    """Refuse wrong arguments before anything is opened."""
    territory(args.code)
    the_day()
    _check_subject(args)
    extension(args.out, COMMANDS[args.command][2])
    check_place(args.out)


def _check_subject(args: argparse.Namespace) -> None:
    if args.command == "sheet" or (args.command == "interview" and args.subject != WHOLE):
        chosen(catalog(), [getattr(args, COMMANDS[args.command][1] or "")])
    elif args.command == "letter":
        _among(args.dataset, catalog().datasets, "Donnée")
    elif args.command == "dossier":
        _among(args.theme, theme_dossier.THEMES, "Thème")


def _among(given: str, allowed: Collection[str], what: str) -> None:
    if given not in allowed:
        raise WrongUse(f"{what} « {given} » : inconnu du référentiel ; permis : {_few(allowed)}.")


def _few(names: Collection[str]) -> str:
    first = sorted(names)[:12]
    return ", ".join(first) + (f" et {len(names) - 12} autres" if len(names) > 12 else "")


def run(args: argparse.Namespace, store: Store) -> int:
    """Make the document."""
    maker = COMMANDS[args.command][3]
    account = Account(store, territory(args.code), the_day(), args.interne)
    outcome = Outcome()
    path = Path(args.out)
    made = maker(account, args, path.suffix.removeprefix(".").lower())
    outcome.add(path, args.command, made)
    outcome.report(args.json)
    return 0
