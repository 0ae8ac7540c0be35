"""`python -m diagnostics map FILE [--schema ID|PATH|URL] [--sheet NAME] [--json]`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from data.reading.door import read
from data.reading.reading import Reading, Wishes
from data.schemas import Schema
from diagnostics.cli_read import check_file
from diagnostics.cli_schema import METAVAR, Fetch, schema_asked
from diagnostics.command import Add
from diagnostics.mapping.personal import vulnerable
from diagnostics.mapping.propose import AUTO, SUGGEST, Mapped, Proposal, propose
from diagnostics.mapping.recognise import Recognised, recognise

SHOWN_HEADER = 32  # characters


def adder(fetch: Fetch | None = None) -> Add:
    """The declaration of the command; without `fetch` an address is refused."""

    def declare(subparsers: Any) -> None:
        parser = subparsers.add_parser("map", help="rapprocher les colonnes d'un standard")
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--schema", metavar=METAVAR, help="sans lui, le reconnaître")
        parser.add_argument("--sheet", metavar="NAME", help="feuille, ou couche, à lire")
        parser.add_argument("--json", action="store_true")
        parser.set_defaults(run=run, check=check, needs_store=False, fetch=fetch)

    return declare


add = adder()


def check(args: argparse.Namespace) -> None:
    """Refuse wrong arguments before anything is opened."""
    check_file(args.file)
    args.standard = None if args.schema is None else schema_asked(args.schema, args.fetch)


def run(args: argparse.Namespace, store: object) -> int:
    """Print the field proposed for each column. Gives 1 when the file is refused."""
    schema: Schema | None = args.standard
    reading = read(Path(args.file), Wishes(sheet=args.sheet))
    refused = reading.refused or vulnerable(reading.columns, reading.table, reading.file)
    if refused is not None:
        print(refused, file=sys.stderr)
        return 1
    print(_recognised(reading, args.json) if schema is None else _mapped(reading, schema, args))
    return 0


def _mapped(reading: Reading, schema: Schema, args: argparse.Namespace) -> str:
    made = propose(reading.columns, reading.table, schema)
    return _dumped(made.document()) if args.json else "\n".join(_lines(made, reading.file))


def _recognised(reading: Reading, as_json: bool) -> str:
    found = recognise(reading.columns, reading.table)
    if as_json:
        return _dumped({"file": reading.file, "recognised": [one.document() for one in found]})
    if not found:
        return (
            f"{reading.file}\u00a0: aucun standard reconnu\u00a0; choisissez-en un avec --schema."
        )
    return "\n".join([f"{reading.file}, du plus au moins probable\u00a0:", *map(_standard, found)])


def _standard(one: Recognised) -> str:
    return f"  {one.score:.0%}  {one.title} ({one.folder})\u00a0: {one.why}".replace(
        "%", "\u00a0%", 1
    )


def _lines(made: Proposal, file: str) -> list[str]:
    head = f"{file} → {made.schema.title} {made.schema.version or ''}".rstrip()
    lines = [head, *(_line(one) for one in made.columns)]
    if made.missing_required:
        missing = ", ".join(made.missing_required)
        lines.append(f"Champs obligatoires sans colonne\u00a0: {missing}.")
    return lines


def _line(one: Mapped) -> str:
    header = one.header if len(one.header) <= SHOWN_HEADER else f"{one.header[: SHOWN_HEADER - 1]}…"
    target = one.field or ("à répartir" if one.split or one.merge else "—")
    sure = {AUTO: "retenu", SUGGEST: f"à confirmer ({one.confidence:.0%})"}.get(one.decision, "")
    return f"  {header:<{SHOWN_HEADER}} → {target:<26} {sure:<18} {one.why}".rstrip()


def _dumped(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
