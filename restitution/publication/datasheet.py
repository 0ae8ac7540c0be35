"""The datasheet (`fiche.html`): what the dataset is, what was done to it, what is not known."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from itertools import groupby

from data.reading.words import repair
from drawing import french
from restitution import html
from restitution.document import (
    BALLOT,
    NOTICE,
    Absent,
    Block,
    Column,
    Document,
    Facts,
    Items,
    Part,
    Table,
    Text,
)
from restitution.publication.consents import LICENCE, OFFICER, PRODUCER
from restitution.publication.datapackage import TITLES
from restitution.publication.quality import Point
from restitution.publication.tabular import Tabular
from restitution.publication.to_publish import ToPublish
from restitution.publication.vocabularies import FREQUENCIES, LICENCES, THEMES
from restitution.template_file import TYPES

UNKNOWN = "non renseigné"
MISSING_COLUMN = "missing-label"  # its columns are listed further down, in one sentence
MOST_ISSUES = 60  # lines of the table of errors
_KINDS = {
    **TYPES,
    "string": "texte",
    "datetime": "date et heure",
    "time": "heure",
    "yearmonth": "mois (AAAA-MM)",
    "geopoint": "point",
    "geojson": "géométrie (GeoJSON)",
    "array": "liste",
    "object": "objet",
    "any": "libre",
    "duration": "durée",
}


def as_datasheet(
    made: ToPublish, table: Tabular, files: Mapping[str, bytes], points: tuple[Point, ...]
) -> bytes:
    """The whole page, UTF-8: one file, no script, no call outside."""
    return html.page(document(made, table, files, points), charts=False)


def document(
    made: ToPublish, table: Tabular, files: Mapping[str, bytes], points: tuple[Point, ...]
) -> Document:
    """The parts of the datasheet. It names nobody: signers stay in the internal log."""
    lacking = made.lacking
    return Document(
        id="fiche",
        title=made.said.title,
        subtitle="Fiche descriptive",
        place=made.place,
        day=made.day,
        standing="" if not lacking else "Document de travail\u00a0: accords à donner",
        validated=not lacking,
        internal=False,
        parts=(
            _part("jeu", "Ce que c'est", _what(made)),
            _part("accords", "Accords", _consents(made)),
            _part("conformite", "Conformité au standard", _conformity(made)),
            _part("colonnes", "Colonnes", _columns(made, table)),
            _part("transformations", "Ce qui a été transformé", _changes(made, table)),
            _part("fichiers", "Fichiers", _files(files)),
            _part("qualite", "Qualité de la publication", _quality(points)),
        ),
        notices=(NOTICE, BALLOT),
    )


def _part(id_: str, title: str, blocks: Iterator[Block]) -> Part:
    return Part(id_, title, tuple(blocks))


def _what(made: ToPublish) -> Iterator[Block]:
    said = made.said
    yield Text(said.description, tone="lead")
    standard = f"{made.schema.title} ({made.standard})"
    version = made.schema.version or UNKNOWN
    yield Facts(
        (
            ("Territoire", f"{made.place.name} ({made.place.code})"),
            ("Publié par", said.organisation),
            ("Produit par", said.producer),
            ("Contact", said.contact or UNKNOWN),
            ("Licence", LICENCES[said.licence].title),
            ("Standard", standard),
            ("Version du standard", version),
            ("Mise à jour", FREQUENCIES[said.frequency].label),
            ("Période couverte", _period(said.start, said.end)),
            ("Thème", THEMES[said.theme]),
            ("Mots-clés", ", ".join(said.keywords)),
            ("Lignes", french.number(made.table.num_rows)),
        )
    )


def _period(start: str, end: str) -> str:
    if not (start or end):
        return UNKNOWN
    return f"du {start or '…'} au {end or '…'}"


def _consents(made: ToPublish) -> Iterator[Block]:
    """Given or not; who gave them is in the internal log."""
    given = made.consents
    officer = "donné" if given.officer.strip() else ("à demander" if made.risks else "non requis")
    decided = bool(given.licence and given.licence_by.strip())
    yield Facts(
        (
            (PRODUCER, "donné" if given.producer.strip() else "non donné"),
            (OFFICER, officer),
            (LICENCE.removesuffix(" par"), "oui" if decided else "pas encore\u00a0: proposée"),
        )
    )
    if made.lacking:
        yield Text(
            "Ces fichiers sont un document de travail\u00a0: ils ne peuvent pas être déposés sur "
            "une plateforme tant que ce qui suit n'est pas donné.",
            tone="caution",
        )
        yield Items(tuple(made.lacking))


def _conformity(made: ToPublish) -> Iterator[Block]:
    verdict = made.verdict
    if verdict is None:
        yield Absent("Conformité non vérifiée", "Le contrôle n'a pas eu lieu.")
        return
    share = french.percent(100 * verdict.share_valid_rows)
    if verdict.valid:
        yield Text("Le fichier respecte le standard.", strong="Conforme.")
    else:
        yield Text(
            f"{share} des lignes respectent le standard ; {french.number(verdict.rows_with_errors)}"
            f" sur {french.number(verdict.rows)} ne le respectent pas.",
            strong="Non conforme.",
            tone="caution",
        )
    yield from _issues("Erreurs", verdict.errors)
    told = tuple(one for one in verdict.warnings if one.code != MISSING_COLUMN)
    yield from _issues("Avertissements", told)
    if verdict.sense:
        yield Items(tuple(f"{one.title} ({one.count})" for one in verdict.sense))


def _issues(caption: str, issues: tuple[object, ...]) -> Iterator[Block]:
    """Rules broken and how often; the values themselves are in the data, not here."""
    if not issues:
        return
    rows = tuple(
        (str(one.title), str(one.field or "fichier entier"), french.number(one.count))  # type: ignore[attr-defined]
        for one in issues[:MOST_ISSUES]
    )
    more = len(issues) - MOST_ISSUES
    yield Table(
        caption,
        (Column("Règle", 3), Column("Colonne", 2), Column("Nombre", 1, numeric=True)),
        rows,
        source=f"Et {french.plural(more, 'autre')}." if more > 0 else "",
    )


def _columns(made: ToPublish, table: Tabular) -> Iterator[Block]:
    rows = []
    for name, column in zip(table.columns, table.texts.columns, strict=True):
        field = made.schema.field(name)
        filled = len(column) - column.null_count
        share = french.percent(100 * filled / len(column), 0) if len(column) else "–"
        kind = _KINDS.get(field.type, field.type) if field else "texte"
        rows.append((name, kind, "oui" if field and field.required else "non", share))
    yield Table(
        "Colonnes du fichier, dans l'ordre du standard",
        (
            Column("Colonne", 3),
            Column("Type", 2),
            Column("Obligatoire"),
            Column("Remplie", 1, True),
        ),
        tuple(rows),
        empty="Aucune colonne.",
    )
    absent = [
        one.name for one in made.schema.fields if one.name not in set(made.table.column_names)
    ]
    if absent:
        yield Text(f"Colonnes du standard que le fichier n'a pas\u00a0: {', '.join(absent)}.")


def _changes(made: ToPublish, table: Tabular) -> Iterator[Block]:
    yield Text(
        "Empreinte du fichier d'origine (SHA-256)\u00a0: "
        f"{made.source_sha256}. Le détail est dans « transformations.json ».",
        tone="quiet",
    )
    named = sorted(
        (french.typeset(repair(one.kind)), one.column or "", one.count)
        for one in made.reading.repairs
    )
    rows = tuple(
        (title, column or "fichier entier", french.number(sum(one[2] for one in same)))
        for (title, column), same in groupby(named, key=lambda one: one[:2])
    )
    yield Table(
        "Réparations",
        (Column("Ce qui a été fait", 3), Column("Colonne", 2), Column("Nombre", 1, numeric=True)),
        rows,
        empty="Aucune\u00a0: les valeurs sont celles du fichier d'origine.",
    )
    if table.guarded:
        yield Text(
            f"{french.plural(table.guarded, 'cellule commençait', 'cellules commençaient')} comme "
            "une formule de tableur\u00a0: une apostrophe a été mise devant."
        )
    if made.left_aside:
        yield Text("Colonnes du fichier d'origine qui ne sont pas publiées\u00a0:")
        yield Items(made.left_aside)


def _files(files: Mapping[str, bytes]) -> Iterator[Block]:
    rows = tuple(
        (name, TITLES[name], french.number(len(files[name])), _digest(files[name]))
        for name in TITLES
        if name in files
    )
    yield Table(
        "Fichiers de données",
        (
            Column("Fichier", 2),
            Column("Contenu", 3),
            Column("Octets", 1, True),
            Column("SHA-256", 4),
        ),
        rows,
    )


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _quality(points: tuple[Point, ...]) -> Iterator[Block]:
    gained = sum(one.gained for one in points)
    yield Text(f"{gained} points sur {len(points)} de la note de qualité de data.gouv.fr.")
    yield Table(
        "Points de qualité",
        (Column("Point", 2), Column("Obtenu", 1), Column("Comment l'obtenir", 4)),
        tuple(
            (one.title, "oui" if one.gained else "non", "–" if one.gained else one.how)
            for one in points
        ),
    )
