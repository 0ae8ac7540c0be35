"""`python -m diagnostics validate FILE --schema ID|PATH|URL [--sheet] [--territory] [--json]`."""

from __future__ import annotations

import argparse
import filecmp
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from data.reading.reading import Unreadable
from data.schemas import Schema
from data.territories import Territory, territory
from diagnostics.cli_read import check_file
from diagnostics.cli_schema import METAVAR, Fetch, schema_asked
from diagnostics.command import Add
from diagnostics.conformity.messages_structure import together
from diagnostics.conformity.validate import validate_file
from diagnostics.conformity.verdict import Verdict
from diagnostics.conformity.wording import number
from diagnostics.usage import WouldLose, WrongUse


def adder(fetch: Fetch | None = None) -> Add:
    """The declaration of the command; without `fetch` an address is refused."""

    def declare(subparsers: Any) -> None:
        parser = subparsers.add_parser("validate", help="contrôler un fichier contre un standard")
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--schema", metavar=METAVAR, required=True)
        parser.add_argument("--sheet", metavar="NAME", help="feuille, ou couche, à lire")
        parser.add_argument("--territory", metavar="CODE", help="la commune que décrit le fichier")
        parser.add_argument("--errors-out", metavar="CSV", help="où écrire toutes les erreurs")
        parser.add_argument("--json", action="store_true")
        parser.set_defaults(run=run, check=check, needs_store=False, fetch=fetch)

    return declare


add = adder()


def check(args: argparse.Namespace) -> None:
    """Refuse wrong arguments before anything is opened."""
    check_file(args.file)
    args.place = territory(args.territory) if args.territory is not None else None
    if args.errors_out is not None:
        _check_place(args.errors_out)
    args.standard = schema_asked(args.schema, args.fetch, columns=False)


def run(args: argparse.Namespace, store: object) -> int:
    """Print the verdict: 0 even when the file is invalid, 1 when it cannot be read."""
    try:
        verdict = _verdict(Path(args.file), args.standard, args)
    except Unreadable as refused:
        print(refused, file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps(verdict.document(), ensure_ascii=False, indent=1, allow_nan=False))
    else:
        print("\n".join(lines(verdict, args.errors_out)))
    return 0


def _verdict(file: Path, schema: Schema, args: argparse.Namespace) -> Verdict:
    place: Territory | None = args.place
    if args.errors_out is None:
        return validate_file(file, schema, args.sheet, place)
    kept = Path(args.errors_out)
    try:
        with tempfile.TemporaryDirectory(prefix=".acv-", dir=kept.parent) as folder:
            made = Path(folder) / "errors.csv"
            verdict = validate_file(file, schema, args.sheet, place, errors_out=made)
            if made.exists():
                _keep(made, kept)
            return verdict
    except OSError as error:
        raise WrongUse(f"--errors-out\u00a0: écriture impossible ({error.strerror}).") from error


def _keep(made: Path, kept: Path) -> None:
    """Put the errors in their place. Raises WouldLose when another content stands there."""
    if kept.exists() and not filecmp.cmp(made, kept, shallow=False):
        raise WouldLose(
            f"«\u00a0{kept}\u00a0» existe déjà et contient autre chose\u00a0; rien n'a été"
            " remplacé. Donnez un autre nom, ou déplacez ce fichier."
        )
    made.replace(kept)


def _check_place(given: str) -> None:
    try:
        asked = Path(given)
        if asked.is_dir() or not asked.parent.is_dir():
            raise WrongUse(
                f"--errors-out «\u00a0{given}\u00a0»\u00a0: donnez un nom de fichier dans un"
                " dossier qui existe."
            )
    except (OSError, ValueError) as error:
        raise WrongUse("--errors-out n'est pas un chemin où l'on peut écrire.") from error


# --- in words ------------------------------------------------------------------------------------


def lines(verdict: Verdict, errors_out: str | None = None) -> Iterator[str]:
    """The verdict for a person."""
    schema = verdict.schema
    version = f" {schema.version}" if schema.version else ""
    yield f"{verdict.file} — {schema.title}{version}"
    if schema.problem:
        yield f"Le schéma\u00a0: {schema.problem}"
    yield f"Sera-t-il accepté\u00a0? {verdict.sentence}"
    if schema.loaded:
        yield _share(verdict)
    yield from _told("Erreurs", together(verdict.errors))
    yield from _told("Remarques, sans effet sur le verdict", together(verdict.warnings))
    doubts = [one.message for one in verdict.sense]
    yield from _told("À vérifier\u00a0: permis par le standard, mais étonnant", doubts)
    if errors_out is not None and schema.loaded:
        yield f"Toutes les erreurs, une par ligne\u00a0: {errors_out}"


def _share(verdict: Verdict) -> str:
    if not verdict.rows:
        return "Aucune ligne de données."
    right = verdict.rows - verdict.rows_with_errors
    # never 100 % while a line is wrong
    share = int(1000 * verdict.share_valid_rows) / 10
    shown = f"{share:.1f}".replace(".", ",").removesuffix(",0")
    all_of = f"{number(right)} sur {number(verdict.rows)}"
    return f"Lignes sans erreur\u00a0: {all_of} ({shown}\u00a0%), toutes contrôlées."


def _told(title: str, sentences: Iterable[str]) -> Iterator[str]:
    listed = [f"  - {sentence}" for sentence in sentences]
    if listed:
        yield from ("", f"{title}\u00a0:", *listed)
