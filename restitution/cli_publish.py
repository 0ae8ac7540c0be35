"""`python -m restitution publish`: a messy file, a standard, and the folder of open data it makes.

Without the producer's agreement, the officer's opinion where it is asked and the decision on the
licence, the folder is a working document: it says so, and nothing is pushed to a platform.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shlex
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from data.store import Store
from data.territories import territory
from diagnostics.cli_availability import the_day
from diagnostics.cli_schema import METAVAR, Fetch, schema_asked
from diagnostics.usage import WouldLose, WrongUse
from drawing import french
from restitution.publication.consents import Consents
from restitution.publication.datapackage import json_bytes
from restitution.publication.package import KINDS, Package, built, notice
from restitution.publication.prepare import NotPublishable, prepared
from restitution.publication.risks import PERSONAL
from restitution.publication.to_publish import Metadata, ToPublish
from restitution.publication.vocabularies import FREQUENCIES, LICENCES
from restitution.writing import Written, written

NAMES = ("publish",)
DEMO, PRODUCTION = "demo", "production"
KEY = "ACV_DATAGOUV_API_KEY"
FICTIVE = "{} est une ville FICTIVE, ses données ne vont sur aucune plateforme."
CONSENTS = "accords"  # part of the skipped lines
LARGEST_MAPPING = 1_000_000  # bytes
# (files, notice as a dictionary, key=, target=, known=, dry_run=) -> something with document()
Push = Callable[..., Any]
# option -> (field of Metadata, help)
_SAID = {
    "titre": ("title", "titre du jeu de données"),
    "description": ("description", "description (plus de 100 caractères)"),
    "organisation": ("organisation", "qui publie"),
    "siret": ("siret", "SIRET de qui publie"),
    "producteur": ("producer", "service qui a fait le fichier"),
    "siret-producteur": ("producer_siret", "SIRET du producteur"),
    "contact": ("contact", "adresse électronique d'un service"),
    "debut": ("start", "premier jour dont parlent les données (AAAA-MM-JJ)"),
    "fin": ("end", "dernier jour dont parlent les données (AAAA-MM-JJ)"),
    "adresse": ("url", "page du jeu, une fois publié"),
}


def adder(push: Push | None, fetch: Fetch | None = None) -> Callable[[Any], None]:
    """What declares the command, with what pushes to a platform (None: nothing does).

    Without `fetch`, which opens a schema at its address, an address is refused.
    """

    def add(subparsers: Any) -> None:
        parser = subparsers.add_parser("publish", help="d'un fichier de service à l'open data")
        parser.add_argument("file", metavar="FICHIER")
        parser.add_argument("--schema", metavar=METAVAR, required=True)
        parser.add_argument("--territory", metavar="CODE", required=True)
        parser.add_argument("--out", metavar="DOSSIER", required=True)
        parser.add_argument("--mapping", metavar="JSON", help='{"en-tête": "champ" ou null}')
        parser.add_argument(
            "--confirmer",
            metavar="EN-TÊTE",
            action="append",
            default=[],
            help="accepter le champ proposé pour une colonne (répétable ; sans --mapping)",
        )
        parser.add_argument("--push", choices=(DEMO, PRODUCTION))
        parser.add_argument("--dry-run", action="store_true", help="dire sans rien envoyer")
        parser.add_argument("--json", action="store_true")
        _add_consents(parser)
        parser.set_defaults(run=run, check=check, pushing=push, fetch=fetch)

    return add


add = adder(None)


def _add_consents(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--accord-producteur", metavar="QUI", default="")
    parser.add_argument("--avis-dpo", metavar="QUI", default="")
    parser.add_argument("--licence", choices=tuple(LICENCES), default="")
    parser.add_argument("--licence-par", metavar="QUI", default="")
    parser.add_argument("--frequence", choices=tuple(FREQUENCIES), default="unknown")
    parser.add_argument("--mots-cles", metavar="MOT,MOT", default="")
    parser.add_argument("--journal", metavar="CHEMIN", help="journal interne, hors du dossier")
    parser.add_argument("--jeu", metavar="ID", help="jeu de la plateforme à mettre à jour")
    parser.add_argument("--organisation-id", metavar="ID", help="organisation sur la plateforme")
    for option, (_, help_words) in _SAID.items():
        parser.add_argument(f"--{option}", metavar="TEXTE", default="", help=help_words)


# --- arguments ---------------------------------------------------------------------------------


def check(args: argparse.Namespace) -> None:
    """Refuse wrong arguments before anything is opened."""
    territory(args.territory)
    the_day()
    _check_file(args.file)
    args.given = _mapping(args.mapping)
    if args.confirmer and args.given is not None:
        raise WrongUse("--confirmer et --mapping : l'un ou l'autre ; --mapping dit déjà tout.")
    _check_folder(args.out)
    _check_metadata(args)
    if args.push and args.pushing is None:
        raise WrongUse("--push : aucun dépôt sur une plateforme n'est branché ici.")
    args.standard = schema_asked(args.schema, args.fetch)


def _check_file(given: str) -> None:
    path = Path(given)
    try:
        if not path.is_file():
            raise WrongUse(f"« {given[:120]} » : fichier absent ; donnez le chemin d'un fichier.")
    except (OSError, ValueError) as error:
        raise WrongUse(f"« {given[:120]} » : chemin inutilisable.") from error


def _mapping(given: str | None) -> dict[str, str | None] | None:
    """The mapping typed, or that of the file it names."""
    if given is None:
        return None
    asked = '--mapping : attendu {"en-tête": "champ" ou null}, ou le chemin d\'un fichier JSON.'
    try:
        text = given if given.lstrip().startswith("{") else _short_file(given)
        found = json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise WrongUse(asked) from error
    if not isinstance(found, dict) or not all(
        value is None or isinstance(value, str) for value in found.values()
    ):
        raise WrongUse(asked)
    return found


def _short_file(given: str) -> str:
    path = Path(given)
    if path.stat().st_size > LARGEST_MAPPING:
        raise ValueError("too long")
    return path.read_text(encoding="utf-8-sig")


def _check_folder(given: str) -> None:
    path = Path(given)
    try:
        if path.exists() and not path.is_dir():
            raise WrongUse(f"--out « {given} » est un fichier ; donnez un nom de dossier.")
        if not path.parent.is_dir():
            raise WrongUse(f"--out « {given} » : le dossier « {path.parent} » n'existe pas.")
    except (OSError, ValueError) as error:
        raise WrongUse(f"--out « {given[:80]} » : chemin inutilisable.") from error


def _check_metadata(args: argparse.Namespace) -> None:
    for option in ("debut", "fin"):
        given = getattr(args, option)
        if given:
            _check_day(option, given)
    for option in ("siret", "siret_producteur"):
        given = getattr(args, option)
        if given and not re.fullmatch(r"\d{14}", given):
            shown = option.replace("_", "-")
            raise WrongUse(f"--{shown} « {given[:40]} » : 14 chiffres attendus.")


def _check_day(option: str, given: str) -> None:
    try:
        date.fromisoformat(given)
    except ValueError as error:
        raise WrongUse(f"--{option} « {given[:40]} » : attendu AAAA-MM-JJ.") from error


# --- command -----------------------------------------------------------------------------------


def run(args: argparse.Namespace, store: Store) -> int:
    """Make the folder, then push it when asked."""
    try:
        made = _made(args)
    except NotPublishable as refused:
        return _refused(args, str(refused))
    package = built(made)
    journal = [(Path(args.journal), package.journal)] if args.journal else []
    kept = not args.dry_run or bool(args.push)
    _check_nothing_lost(Path(args.out), package, journal, bool(args.push))
    files = _write(Path(args.out), package) if kept else _listed(args.out, package)
    pushed = _pushed(args, made, package) if args.push else None
    for path, content in journal if kept else []:
        written(path, "journal interne", _with_answer(content, pushed))
    _report(args, made, package, files, pushed)
    return 1 if pushed and pushed.get("refused") else 0


def _made(args: argparse.Namespace) -> ToPublish:
    made = prepared(
        Path(args.file),
        args.standard,
        territory(args.territory),
        the_day(),
        args.given,
        args.confirmer,
    )
    said = {name: getattr(args, option.replace("-", "_")) for option, (name, _) in _SAID.items()}
    words = tuple(word.strip() for word in args.mots_cles.split(",") if word.strip())
    licence = args.licence or "lov2"
    metadata = Metadata(**said, frequency=args.frequence, keywords=words, licence=licence)
    consents = Consents(
        producer=args.accord_producteur,
        officer=args.avis_dpo,
        licence=args.licence,
        licence_by=args.licence_par,
    )
    return replace(made, metadata=metadata, consents=consents)


def _refused(args: argparse.Namespace, why: str) -> int:
    """Nothing is written: the reason, and a document of the same shape."""
    print(french.typeset(why), file=sys.stderr)
    if args.json:
        document: dict[str, Any] = {
            "files": [],
            "skipped": [{"part": "data.csv", "reason": why}],
            "validation": None,
            "quality": {},
        }
        print(json.dumps(document, ensure_ascii=False, indent=1))
    return 1


# --- files -------------------------------------------------------------------------------------


def _check_nothing_lost(
    folder: Path, package: Package, journal: list[tuple[Path, bytes]], pushing: bool
) -> None:
    """Refuse, before anything is written, a folder that holds something else."""
    try:
        there = sorted(folder.iterdir()) if folder.is_dir() else []
        for path in there:
            same = package.files.get(path.name)
            if same is None or not path.is_file() or path.read_bytes() != same:
                raise WouldLose(
                    f"« {folder} » contient déjà autre chose ({path.name}) ; rien n'a été "
                    "remplacé. Donnez un dossier neuf, ou videz celui-ci."
                )
        for path, content in journal:
            _check_journal(path, content, folder, pushing)
    except OSError as error:
        raise WrongUse(f"--out « {folder} » ne peut pas être lu : {error.strerror}.") from error


def _check_journal(path: Path, content: bytes, folder: Path, pushing: bool) -> None:
    if path.resolve().is_relative_to(folder.resolve()):
        raise WrongUse(f"--journal « {path} » : il nomme des personnes, donnez-le hors du dossier.")
    if not path.resolve().parent.is_dir() or path.is_dir():
        raise WrongUse(f"--journal « {path} » : donnez un nom de fichier dans un dossier existant.")
    if path.exists() and (pushing or path.read_bytes() != content):
        raise WouldLose(f"« {path} » existe déjà et contient autre chose ; rien n'a été remplacé.")


def _write(folder: Path, package: Package) -> list[Written]:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise WrongUse(f"--out « {folder} » ne peut pas être créé : {error.strerror}.") from error
    return [written(folder / name, KINDS[name], body) for name, body in package.files.items()]


def _with_answer(journal: bytes, pushed: Mapping[str, Any] | None) -> bytes:
    """The internal log, with what the platform answered."""
    return json_bytes({**json.loads(journal), "pushed": pushed}) if pushed else journal


def _listed(folder: str, package: Package) -> list[Written]:
    """What would be written."""
    return [
        Written(str(Path(folder) / name), KINDS[name], len(body), hashlib.sha256(body).hexdigest())
        for name, body in package.files.items()
    ]


# --- platform ----------------------------------------------------------------------------------


def _pushed(args: argparse.Namespace, made: ToPublish, package: Package) -> dict[str, Any]:
    """What the platform answered, or why nothing was sent."""
    if made.place.fictional:
        why = f"Rien n'est déposé : {FICTIVE.format(made.place.name)}"
        return {"target": args.push, "dry_run": args.dry_run, "refused": french.typeset(why)}
    if made.lacking:
        why = f"Rien n'est déposé : il manque {len(made.lacking)} accord(s). {made.lacking[0]}"
        return {"target": args.push, "dry_run": args.dry_run, "refused": french.typeset(why)}
    told = {
        **notice(made),
        "organisation": args.organisation_id,
        "personal_confirmed": False,
    }
    answer = args.pushing(
        package.files,
        told,
        key=os.environ.get(KEY, ""),
        target=args.push,
        known={"dataset": args.jeu} if args.jeu else {},
        dry_run=args.dry_run,
    )
    return dict(answer.document())


# --- report ------------------------------------------------------------------------------------


def _report(
    args: argparse.Namespace,
    made: ToPublish,
    package: Package,
    files: list[Written],
    pushed: Mapping[str, Any] | None,
) -> None:
    skipped = [*_left_out(made), *package.skipped]
    if args.json:
        document = {
            "files": [asdict(one) for one in files],
            "skipped": [{"part": part, "reason": reason} for part, reason in skipped],
            "validation": made.verdict.document(),
            "quality": {point.id: point.gained for point in package.quality},
            "consents_missing": made.lacking,
            "push": pushed,
        }
        print(json.dumps(document, ensure_ascii=False, indent=1))
        return
    print("\n".join(_lines(args, made, package, files, skipped, pushed)))


def _left_out(made: ToPublish) -> list[tuple[str, str]]:
    """Columns of the file that are not published, and consents that lack."""
    aside = [(f"colonne « {name} »", _why_aside(name, made)) for name in made.left_aside]
    consents = [(CONSENTS, sentence) for sentence in made.lacking]
    return [(french.typeset(part), french.typeset(why)) for part, why in (*aside, *consents)]


def _why_aside(name: str, made: ToPublish) -> str:
    field = made.waiting.get(name)
    if field is None:
        return "Non rattachée au standard."
    personal = any(one.kind == PERSONAL and one.column == name for one in made.risks)
    held = "elle peut désigner des personnes, et " if personal else ""
    return (
        f"Proposée pour « {field} », {held}attend votre confirmation ; pour la publier, relancez "
        f"avec --confirmer {shlex.quote(name)}."
    )


def _lines(
    args: argparse.Namespace,
    made: ToPublish,
    package: Package,
    files: list[Written],
    skipped: list[tuple[str, str]],
    pushed: Mapping[str, Any] | None,
) -> list[str]:
    verdict = made.verdict
    share = french.percent(100 * verdict.share_valid_rows)
    state = "conforme" if verdict.valid else _not_valid(verdict, share)
    gained = sum(point.gained for point in package.quality)
    said = [f"{one.path} ({one.kind}, {one.bytes} octets)" for one in files]
    if args.dry_run and not args.push:
        said.insert(0, "Essai : rien n'est écrit.")
    said.append(f"Fichier au standard « {made.standard} » : {state}.")
    said.append(f"Qualité : {gained} points sur {len(package.quality)}.")
    said += [f"À gagner, {one.title} : {one.how}" for one in package.quality if not one.gained]
    said += [f"{_opening(part)} : {why}" for part, why in skipped]
    if pushed is not None:
        said.append(str(pushed.get("refused") or f"Dépôt : {pushed.get('url') or 'préparé'}."))
    return [french.typeset(line) for line in said]


def _not_valid(verdict: Any, share: str) -> str:
    """Why it is not, in a few words: required columns that lack, lines with errors."""
    absent = [one.field for one in verdict.errors if one.code == "missing-label" and one.field]
    lacks = f" ; obligatoires et absents : {', '.join(absent[:5])}" if absent else ""
    return f"non conforme ({share} des lignes sans erreur{lacks})"


def _opening(part: str) -> str:
    """How a line begins: a column left aside, an agreement to give, a thing to complete."""
    if part.startswith("colonne"):
        return f"Laissée de côté, {part}"
    return "À donner" if part == CONSENTS else f"À savoir, {part}"
