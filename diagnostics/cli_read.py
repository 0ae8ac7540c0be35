"""`python -m diagnostics read FILE [--sheet NAME] [--out CSV] [--json]`."""

from __future__ import annotations

import argparse
import filecmp
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from data.reading import words
from data.reading.door import read
from data.reading.reading import Reading, Repair, Wishes, dumped
from diagnostics.usage import WouldLose, WrongUse

SHOWN_ROWS = 5
SHOWN_CELL = 30  # characters
SHOWN_REPAIRS = 40
_TYPES = {
    "string": "texte",
    "integer": "entier",
    "number": "nombre",
    "boolean": "oui/non",
    "date": "date",
    "datetime": "date et heure",
    "time": "heure",
    "yearmonth": "mois",
    "year": "année",
    "geopoint": "point",
    "geojson": "géométrie",
    "any": "indéterminé",
}


def add(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("read", help="lire un fichier reçu d'un service")
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--sheet", metavar="NAME", help="feuille, ou couche, à lire")
    parser.add_argument("--out", metavar="CSV", help="où écrire le tableau mis en forme")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run, check=check, needs_store=False)


def check(args: argparse.Namespace) -> None:
    """Refuse wrong arguments before anything is opened."""
    check_file(args.file)
    if args.out is not None:
        _check_place(args.out)


def check_file(path: str) -> None:
    """Refuse a path that names no file that one may read. Raises WrongUse."""
    shown = path if len(path) <= 80 else f"{path[:79]}…"
    try:
        asked = Path(path)
        if asked.is_dir():
            raise WrongUse(f"«\u00a0{shown}\u00a0» est un dossier\u00a0; donnez un fichier.")
        if not asked.is_file():
            raise WrongUse(
                f"«\u00a0{shown}\u00a0»\u00a0: ce fichier n'existe pas\u00a0; donnez un chemin."
            )
        if not os.access(asked, os.R_OK):
            raise WrongUse(
                f"«\u00a0{shown}\u00a0» ne s'ouvre pas\u00a0: vérifiez ses droits d'accès."
            )
    except (OSError, ValueError) as error:
        raise WrongUse(f"«\u00a0{shown}\u00a0» n'est pas un chemin que l'on peut lire.") from error


def run(args: argparse.Namespace, store: None) -> int:
    """Read the file; print what it is. Gives 1 when the file is refused."""
    reading = read(Path(args.file), Wishes(sheet=args.sheet))
    if reading.refused is None and args.out is not None:
        _write(reading, Path(args.out))
    print(dumped(reading) if args.json else "\n".join(_lines(reading, args.out)))
    if reading.refused is not None and args.json:
        print(reading.refused, file=sys.stderr)
    return 0 if reading.refused is None else 1


# --- writing -------------------------------------------------------------------------------------


def _check_place(path: str) -> None:
    try:
        asked = Path(path)
        if asked.is_dir():
            raise WrongUse(
                f"--out «\u00a0{path}\u00a0» est un dossier\u00a0; donnez un nom de fichier."
            )
        if not asked.parent.is_dir():
            raise WrongUse(
                f"--out «\u00a0{path}\u00a0»\u00a0: le dossier «\u00a0{asked.parent}\u00a0» "
                "n'existe pas."
            )
    except (OSError, ValueError) as error:
        raise WrongUse("--out n'est pas un chemin où l'on peut écrire.") from error


def _write(reading: Reading, path: Path) -> None:
    """Write the table whole or not at all. Raises WouldLose when another content stands there."""
    temporary = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".acv-", suffix=".csv")
        os.close(handle)
        temporary = Path(name)
        reading.write(temporary)
        if path.exists() and not filecmp.cmp(temporary, path, shallow=False):
            raise WouldLose(
                f"«\u00a0{path}\u00a0» existe déjà et contient autre chose\u00a0; rien n'a été "
                "remplacé. Donnez un autre nom, ou déplacez ce fichier."
            )
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        raise WrongUse(
            f"--out «\u00a0{path}\u00a0» ne peut pas être écrit\u00a0: {error.strerror}."
        ) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


# --- for people ----------------------------------------------------------------------------------


def _lines(reading: Reading, out: str | None) -> Iterator[str]:
    yield _plain(reading.file)
    if reading.refused is not None:
        yield f"Refusé\u00a0: {reading.refused}"
        return
    yield from _what(reading)
    yield from _repaired(reading.repairs)
    yield from _flagged(reading.flags)
    yield from _first_rows(reading)
    if out is not None:
        yield f"\nTableau écrit dans «\u00a0{out}\u00a0»."


def _what(reading: Reading) -> Iterator[str]:
    rows, columns = reading.table.num_rows, len(reading.columns)
    about = [_counted(rows, "ligne"), _counted(columns, "colonne")]
    if reading.encoding:
        about.append(f"encodage {reading.encoding}")
    if reading.delimiter:
        name = {"\t": "tabulation", ";": "point-virgule", ",": "virgule"}
        about.append(f"séparateur {name.get(reading.delimiter, reading.delimiter)}")
    if reading.sheet:
        about.append(f"feuille «\u00a0{_plain(reading.sheet)}\u00a0»")
    if reading.header_row:
        about.append(f"noms des colonnes ligne {reading.header_row}")
    yield "  " + ", ".join(about)
    if len(reading.sheets) > 1:
        yield "  Feuilles du fichier\u00a0: " + ", ".join(map(_plain, reading.sheets))
    yield "\nColonnes"
    for column in reading.columns:
        empty = f", {_counted(column.nulls, 'vide')}" if column.nulls else ""
        yield f"  {_plain(column.name)}\u00a0: {_TYPES.get(column.type, column.type)}{empty}"


def _repaired(repairs: tuple[Repair, ...]) -> Iterator[str]:
    yield "\nRéparé" if repairs else "\nRien à réparer."
    for made in repairs[:SHOWN_REPAIRS]:
        where = f" ({_plain(made.column)})" if made.column else ""
        after = "retiré" if made.after is None else f"«\u00a0{_short(made.after)}\u00a0»"
        change = f"\u00a0: «\u00a0{_short(made.before)}\u00a0» → {after}" if made.before else ""
        yield f"  {words.repair(made.kind)}{where}, {_counted(made.count, 'fois')}{change}"
    if len(repairs) > SHOWN_REPAIRS:
        yield f"  … et {len(repairs) - SHOWN_REPAIRS} autres (--json les donne toutes)"


def _flagged(flags: tuple[str, ...]) -> Iterator[str]:
    told = [words.flag(flag) for flag in flags]
    for level, title in ((words.DOUBT, "À vérifier"), (words.NOTED, "À savoir")):
        if said := [_plain(sentence) for one, sentence in told if one == level]:
            yield f"\n{title}"
            yield from (f"  {sentence}" for sentence in said)


def _first_rows(reading: Reading) -> Iterator[str]:
    rows = reading.table.slice(0, SHOWN_ROWS).to_pylist()
    if rows:
        yield "\nPremières lignes"
        yield "  " + " | ".join(_short(name) for name in reading.table.column_names)
        yield from ("  " + " | ".join(_short(cell or "") for cell in row.values()) for row in rows)


def _counted(count: int, word: str) -> str:
    number = f"{count:,}".replace(",", "\u00a0")
    return f"{number} {word}{'s' if count > 1 and not word.endswith('s') else ''}"


def _short(text: str) -> str:
    plain = _plain(text)
    return plain if len(plain) <= SHOWN_CELL else f"{plain[: SHOWN_CELL - 1]}…"


def _plain(text: str) -> str:
    """A text of the file on one line, without what would drive a terminal."""
    return "".join(made if made.isprintable() else " " for made in text)
