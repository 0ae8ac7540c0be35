"""Several towns' published files as one: the rows, the comparison, the repeated keys, the words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from data.reading.door import read
from data.reading.reading import Reading
from data.schemas import Schema
from diagnostics.conformity.validate import validate_file
from diagnostics.consolidation import Compared, Consolidated, Duplicate, Sent, consolidated
from diagnostics.mapping.carry import carried
from diagnostics.mapping.choices import Choices
from diagnostics.mapping.wanted import with_wanted_words
from drawing import french
from restitution.document import FICTIONAL, NOTICE
from restitution.publication.tabular import as_csv, tabular

DATA, PACKAGE = "data.csv", "datapackage.json"
LARGEST_PACKAGE = 5_000_000  # bytes of a datapackage.json


class NotConsolidable(Exception):
    """A file of the list that cannot be read: one sentence."""


def sent(territory: str, path: Path, schema: Schema) -> Sent:
    """The file of one town, or the folder that `publish` made. Raises NotConsolidable.

    Its conformity is that of the file as it stands; its rows are put in the standard's own forms,
    so that those of several towns can be laid together.
    """
    file = path / DATA if path.is_dir() else path
    if not file.is_file():
        raise NotConsolidable(f"{path.name}\u00a0: ce dossier n'a pas de fichier {DATA}.")
    reading = read(file)
    if reading.refused is not None:
        raise NotConsolidable(f"{path.name}\u00a0: {reading.refused}")
    version = _version(path / PACKAGE) if path.is_dir() else None
    table = _in_its_forms(file, reading, schema)
    return Sent(territory, path.name, table, version, validate_file(file, schema))


def _in_its_forms(file: Path, reading: Reading, schema: Schema) -> pa.Table:
    """The fields in the forms of the standard, then the columns that it does not know."""
    names = reading.table.column_names
    choices = Choices(fields={name: name for name in names if name in schema.names})
    whole = with_wanted_words(file, reading, schema, choices).table
    made = carried(whole, schema, choices)
    for name in names:
        if name not in schema.names:
            made = made.append_column(name, whole[name])
    return made


def files(sources: Sequence[Sent], schema: Schema) -> tuple[Consolidated, dict[str, bytes]]:
    """What was put together, and its files by name."""
    made = consolidated(sources, schema)
    return made, {
        "consolide.csv": as_csv(tabular(_as_texts(made.table), schema)),
        "comparaison.csv": _csv(_comparison(made.compared), schema),
        "doublons.csv": _csv(_duplicates(made.duplicates), schema),
        "LISEZMOI.txt": _read_me(made).encode(),
    }


def _invented(made: Consolidated) -> list[str]:
    """The towns that do not exist, said so."""
    codes = dict.fromkeys(one.territory for one in made.compared if one.fictional)
    told = f"{FICTIONAL}\u00a0: lignes inventées, de {', '.join(codes)}."
    return [f"{told} À retirer de tout fichier publié."] if codes else []


def _version(path: Path) -> str | None:
    """The version of the standard that a package says; None when it says nothing."""
    try:
        if path.stat().st_size > LARGEST_PACKAGE:
            return None
        said: Any = json.loads(path.read_text(encoding="utf-8"))
        resources = said["resources"]
        schema = next(one["schema"] for one in resources if one.get("path") == DATA)
        version = schema.get("version") or said["conformsTo"]["version"]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, StopIteration):
        return None
    return str(version)[:40] if version else None


def _as_texts(table: pa.Table) -> pa.Table:
    return pa.table({name: table[name].cast(pa.string()) for name in table.column_names})


def _csv(columns: dict[str, list[str | None]], schema: Schema) -> bytes:
    table = pa.table({name: pa.array(made, pa.string()) for name, made in columns.items()})
    return as_csv(tabular(table, schema))


def _comparison(compared: Iterable[Compared]) -> dict[str, list[str | None]]:
    lines = list(compared)
    return {
        "code_territoire": [made.territory for made in lines],
        "fictif": ["true" if made.fictional else "false" for made in lines],
        "fichier": [made.file for made in lines],
        "version_du_standard": [made.version for made in lines],
        "lignes": [str(made.rows) for made in lines],
        "conforme": ["true" if made.valid else "false" for made in lines],
        "part_de_lignes_valides": [_share(made) for made in lines],
        "champs_obligatoires_absents": [" ".join(made.missing) or None for made in lines],
        "colonnes_hors_standard": [" ".join(made.beyond) or None for made in lines],
    }


def _share(made: Compared) -> str | None:
    return None if made.share_valid_rows is None else f"{made.share_valid_rows:.4f}"


def _duplicates(found: Iterable[Duplicate]) -> dict[str, list[str | None]]:
    rows = [(made.key, *row) for made in found for row in made.rows]
    return {
        "cle": [" | ".join(key) for key, *_ in rows],
        "code_territoire": [town for _, town, _, _ in rows],
        "fichier": [file for *_, file, _ in rows],
        "ligne": [str(line) for *_, line in rows],
    }


def _read_me(made: Consolidated) -> str:
    version = f", version {made.schema.version}" if made.schema.version else ""
    towns = len({one.territory for one in made.compared})
    key = ", ".join(made.key) or "la ligne entière"
    lines = [
        f"{made.schema.title}{version}\u00a0: fichiers de {french.plural(towns, 'territoire')}",
        f"consolide.csv\u00a0: {french.plural(made.table.num_rows, 'ligne')}, toutes gardées, avec "
        "leur territoire, leur fichier et leur ligne d'origine.",
        f"doublons.csv\u00a0: {french.plural(made.duplicate_keys, 'clé')} en plusieurs "
        f"exemplaires ({key}). Rien n'est retiré\u00a0: chaque territoire dit laquelle est juste.",
        "comparaison.csv\u00a0: version, conformité et champs de chaque fichier.",
        *_invented(made),
        NOTICE,
    ]
    return "\n".join(lines) + "\n"
