"""`python -m restitution consolidate CODE=FICHIER... --schema ID --out DOSSIER`."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from data.territories import territory
from diagnostics.cli_schema import METAVAR, Fetch, schema_asked
from diagnostics.command import Add
from diagnostics.consolidation import Consolidated
from diagnostics.usage import WrongUse
from drawing import french
from restitution.consolidated import DATA, NotConsolidable, files, sent
from restitution.writing import written

NAMES = ("consolidate",)


def adder(fetch: Fetch | None = None) -> Add:
    """The declaration of the command; without `fetch` an address is refused."""

    def declare(subparsers: Any) -> None:
        said = "les fichiers publiés de plusieurs villes"
        parser = subparsers.add_parser("consolidate", help=said)
        parser.add_argument("sources", metavar="CODE=FICHIER", nargs="+")
        parser.add_argument("--schema", metavar=METAVAR, required=True)
        parser.add_argument("--out", metavar="DOSSIER", required=True)
        parser.add_argument("--json", action="store_true")
        parser.set_defaults(run=run, check=check, needs_store=False, fetch=fetch)

    return declare


add = adder()


def check(args: argparse.Namespace) -> None:
    """Refuse wrong arguments before anything is read."""
    args.given = [_source(one) for one in args.sources]
    _check_once([path for _, path in args.given])
    folder = Path(args.out)
    if not folder.is_dir():
        raise WrongUse(f"--out « {args.out} » : donnez un dossier qui existe.")
    args.standard = schema_asked(args.schema, args.fetch)


def _source(given: str) -> tuple[str, Path]:
    code, equal, name = given.partition("=")
    if not equal:
        raise WrongUse(f"« {given} » : attendu CODE=FICHIER, par exemple 46042=data.csv.")
    territory(code)
    path = Path(name)
    try:
        there = path.exists()
    except OSError:
        there = False
    if not there:
        raise WrongUse(f"« {name[:120]} » : ce fichier n'existe pas.")
    return code, path


def _check_once(paths: list[Path]) -> None:
    """A file given twice would double every one of its rows."""
    seen: set[Path] = set()
    for path in paths:
        whole = path.resolve()
        whole = whole / DATA if whole.is_dir() else whole
        if whole in seen:
            raise WrongUse(f"« {str(path)[:120]} » est donné deux fois ; une seule est permise.")
        seen.add(whole)


def run(args: argparse.Namespace, _store: object) -> int:
    """Put the files together; one that cannot be read is said, the others go on (code 1)."""
    read, refused = [], []
    for code, path in args.given:
        try:
            read.append(sent(code, path, args.standard))
        except NotConsolidable as reason:
            refused.append({"part": f"{code} {path.name}", "reason": str(reason)})
    made, content = files(read, args.standard)
    content = content if read else {}  # nothing was read: empty files would say that nobody has any
    kept = [written(Path(args.out) / name, "consolidation", body) for name, body in content.items()]
    document = {"files": [asdict(one) for one in kept], "skipped": refused, **made.document()}
    if args.json:
        print(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        print("\n".join(_lines(made)))
    for one in refused:
        print(f"{one['part']} : {one['reason']}", file=sys.stderr)
    return 1 if refused else 0


def _lines(made: Consolidated) -> list[str]:
    lines = [
        f"{one.territory} {one.file} : {french.plural(one.rows, 'ligne')}, "
        f"{'conforme' if one.valid else 'non conforme'}, version {one.version or 'non dite'}"
        for one in made.compared
    ]
    repeated = french.plural(made.duplicate_keys, "clé")
    total = french.plural(made.table.num_rows, "ligne")
    return [*lines, f"Ensemble : {total}, {repeated} en plusieurs exemplaires."]
