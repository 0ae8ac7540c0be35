"""Two folders to take home, never mixed: what may be published, and what is for the team.

Each is a ZIP that opens without a network and without the product. What a part cannot make is a
fault, never a file that is quietly missing.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import PurePath

from data import attachments, entries, extracts
from data.entries import Draft
from data.territories import fold
from diagnostics import inventory_lines, missing
from restitution import (
    action_plan,
    formats,
    inventory,
    leaks,
    letters,
    missing_list,
    open_data,
    sheet,
    sheets,
    team_tables,
    zipped,
)
from restitution.account import Account
from restitution.bundle_index import Listed, index, read_me
from restitution.deck import AUDIENCES
from restitution.drafts import BUNDLE, Pictures, draft_of
from restitution.export import Export, Made, file_name
from restitution.exports import EXPORTS
from restitution.workbook_tables import named

SHEETS = ("pdf", "docx")  # formats of the sheets of the projects
SUMS = "EMPREINTES_SHA256"
WARNING = "DOCUMENT_INTERNE_NE_PAS_DIFFUSER.txt"
OPEN_DATA = "donnees_ouvertes"

Drafts = dict[str, Draft | None]  # by kind of document
_Files = Iterator[tuple[str, str, bytes]]  # path, what it is, content


class _Folder:
    """What is put in, in order, with what each part left out."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.listed: list[Listed] = []
        self.skipped: list[tuple[str, str]] = []

    def add(self, path: str, title: str, content: bytes) -> None:
        """One more file; a name is given once."""
        if path in self.files:
            raise ValueError(f"{path} : deux fichiers du même nom")
        self.files[path] = content
        self.listed.append(Listed(path, title, len(content)))

    def left(self, where: str, skipped: tuple[tuple[str, str], ...]) -> None:
        """What a part could not say, once for all its formats."""
        lines = ((f"{where}/{part}", reason) for part, reason in skipped)
        self.skipped += [line for line in lines if line not in self.skipped]


def as_zip(account: Account, draft: Draft | None, picture: Pictures) -> Made:
    """The folder of this account: for the team when it is internal, else to be published.

    With `draft`, each document takes the one kept for it, views that of the draft's audience;
    without, none does. Raises WouldLose when what would be published names
    somebody that the team noted.
    """
    made = _Folder()
    (_internal if account.internal else _public)(account, _drafts(account, draft), made, picture)
    return Made(zipped.archive(made.files), tuple(made.skipped))


EXPORT = Export(BUNDLE, "Dossier complet", "dossier", {"zip": as_zip})


def _public(account: Account, drafts: Drafts, made: _Folder, picture: Pictures) -> None:
    guarded = leaks.people(account.store, account.place)
    leaks.check_drafts(filter(None, drafts.values()), guarded)
    _documents(account, drafts, made, picture)
    _missing(account, made)
    leaks.check_files(made.files, guarded)  # the rows of public sources are not ours to read
    opened = open_data.folder(account)
    for path, content in opened.files.items():
        made.add(f"{OPEN_DATA}/{path}", "Données ouvertes", content)
    made.left(OPEN_DATA, opened.skipped)
    _finish(account, made, "LISEZMOI.txt")


def _internal(account: Account, drafts: Drafts, made: _Folder, picture: Pictures) -> None:
    _documents(account, drafts, made, picture)
    _team(account, made)
    _finish(account, made, WARNING)


# --- documents -------------------------------------------------------------------------------


def _drafts(account: Account, draft: Draft | None) -> Drafts:
    """The draft of each kind of document; of views, that of one audience."""
    if draft is None:
        return dict.fromkeys(EXPORTS)
    audience = draft.audience or next(iter(AUDIENCES))
    return {kind: draft_of(account, kind, audience) for kind in EXPORTS}


def _documents(account: Account, drafts: Drafts, made: _Folder, picture: Pictures) -> None:
    for kind, export in EXPORTS.items():
        for extension, maker in export.makers.items():
            document = maker(account, drafts[kind], picture)
            name = _named(account, export.stem, extension)
            made.add(f"documents/{name}", export.title, document.content)
            made.left(kind, document.skipped)
    for experiment in account.experiments:
        written = sheet.document(account, experiment.id)
        for extension in SHEETS:
            one = formats.made(written, extension)
            name = _named(account, f"fiche_{experiment.id}", extension)
            made.add(f"fiches/{name}", f"Fiche\u00a0: {experiment.title}", one.content)
            made.left(experiment.id, one.skipped)


def _missing(account: Account, made: _Folder) -> None:
    """The list of missing data, holders named as this account may name them."""
    lines, title = named(account), "Données manquantes"
    workbook = missing_list.as_xlsx(lines, account.place, account.day)
    made.add(_document(account, "donnees_manquantes", "xlsx"), title, workbook)
    made.add(_document(account, "donnees_manquantes", "csv"), title, missing_list.as_csv(lines))


def _document(account: Account, stem: str, extension: str) -> str:
    return f"documents/{_named(account, stem, extension)}"


def _named(account: Account, stem: str, extension: str) -> str:
    return file_name(stem, account.place, account.day, account.internal, extension)


# --- for the team ----------------------------------------------------------------------------


def _team(account: Account, made: _Folder) -> None:
    _missing(account, made)
    _inventory(account, made)
    _plan(account, made)
    _letters(account, made)
    for table in team_tables.everything(account):
        content = sheets.as_csv([header for header, _ in table.columns], table.rows)
        made.add(f"notes/{_named(account, table.id, 'csv')}", table.name, content)
    for path, content in _papers(account, made):
        made.add(path, "Pièce jointe par l'équipe", content)
    path = f"base/{_named(account, 'base', 'duckdb')}"
    made.add(path, "Base de données (DuckDB)", extracts.copy(account.store))


def _inventory(account: Account, made: _Folder) -> None:
    declared = account.store.declarations(account.place.code)
    lines = inventory_lines.inventory(account.assessment, declared)
    content = inventory.as_xlsx(lines, account.place, account.day)
    made.add(_document(account, "inventaire", "xlsx"), "Inventaire à remplir", content)


def _plan(account: Account, made: _Folder) -> None:
    gains = missing.gains(account.assessment)
    book = action_plan.as_xlsx(account.plan, gains, account.place, account.day)
    made.add(_document(account, "plan_d_action", "xlsx"), "Plan d'action", book)
    calendar = action_plan.as_calendar(account.plan, account.place)
    made.add(_document(account, "plan_d_action", "ics"), "Échéances du plan", calendar)


def _letters(account: Account, made: _Folder) -> None:
    asked = letters.all_of(account)
    made.left("letters", asked.skipped)
    with zipfile.ZipFile(io.BytesIO(asked.content)) as held:
        for name in held.namelist():
            made.add(f"demandes/{name}", "Demande à un détenteur", held.read(name))


def _papers(account: Account, made: _Folder) -> Iterator[tuple[str, bytes]]:
    """The papers joined to declarations and drafts, once each: no typed name becomes a path.

    One that is lost or damaged is named among what was left out.
    """
    lines = account.store.declaration_history(account.place.code)
    drafts = entries.history(account.store, Draft, account.place.code)
    kept = [line.file for line in lines] + [
        name for draft in drafts for name in draft.entry.pictures.values()
    ]
    for name in dict.fromkeys(filter(None, kept)):
        content = attachments.read(account.store, name)
        shown = attachments.shown_name(name)
        if content is not None and shown:
            yield f"pieces/{_paper(account, name, shown)}", content
        else:
            made.left("pieces", ((shown or name[:12], "Pièce perdue ou abîmée : à redemander."),))


def _paper(account: Account, kept: str, shown: str) -> str:
    """Beginning of its digest, then letters and digits of its name."""
    path = PurePath(shown)
    stem = "_".join(f"{kept[:12]} {fold(path.stem).replace(':', ' ')}".split())[:60]
    return _named(account, stem, fold(path.suffix).replace(" ", "")[:10] or "bin")


# --- what stands around ----------------------------------------------------------------------


def _finish(account: Account, made: _Folder, read: str) -> None:
    """What to read first, a page that lists the files, and a digest of each of them."""
    mark = "_INTERNE" if account.internal else ""
    page, said = index(account, made.listed), read_me(account, made.listed, made.skipped)
    made.files[f"index{mark}.html"] = page.encode()
    made.files[read] = said.encode()
    sums = (
        f"{hashlib.sha256(content).hexdigest()}  {path}\n" for path, content in made.files.items()
    )
    made.files[f"{SUMS}{mark}.txt"] = "".join(sums).encode()
