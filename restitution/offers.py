"""What the page offers to take home: each document in a sentence, made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from data.catalog import catalog
from data.cells import XLSX
from data.entries import Draft, Interview, Kept, Remark
from data.records import Refused
from drawing import french
from restitution import (
    bundle,
    interview,
    leaks,
    letters,
    minutes,
    pictures,
    presentation,
    sheet,
    theme_dossier,
)
from restitution.account import Account
from restitution.deck import AUDIENCES, arranged, deck
from restitution.drafts import DECK, DECKS, Pictures, draft_of
from restitution.export import Export, Made, Make, file_name
from restitution.exports import EXPORTS

_OFFICE = "application/vnd.openxmlformats-officedocument"
MIMES = {
    "pdf": "application/pdf",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "xlsx": XLSX,
    "html": "text/html",
    "md": "text/markdown",
    "txt": "text/plain",
    "zip": "application/zip",
}
WORDS = {
    "report": "Pour qui veut tout lire : ce que disent les données, ce qui manque, que faire.",
    "onepage": "Une feuille recto verso, pour un élu.",
    "slides": "Les vues pour un logiciel de présentation : graphiques modifiables, notes.",
    "workbook": "Les tableaux : inventaire, preuves, chiffres, actions, sources.",
    "page": "Une page web en un seul fichier : se lit sans connexion, s'imprime, se publie.",
}
PUBLIC = (
    "Dossier à diffuser",
    "Tous les documents et les données ouvertes, sans aucun nom ni rien de ce que l'équipe note.",
)
INTERNAL = (
    "Dossier interne",
    "Tout, avec ce que l'équipe a noté et la base de données : à ne pas diffuser.",
)
RESCUE = (
    "Fichier de secours",
    "Les mêmes vues en un fichier qui s'ouvre sans connexion (HTML), ou à faire défiler (PDF).",
)
GUIDE_INTERNAL = "Guide et formulaire à imprimer, avec les entretiens déjà notés."
GUIDE_PUBLIC = "Guide et formulaire à imprimer : questions, données à demander, accord."
ARTICLE_INTERNAL = "Pour l'équipe, avec le nom et la fonction."
ARTICLE_PUBLIC = "À diffuser, sans nom ni fonction."
MINUTES_INTERNAL = "Questions, décisions et prochains pas ; les noms, avec l'accord des personnes."
MINUTES_PUBLIC = "Les mêmes questions et décisions, sans nom : relisez avant de diffuser."


@dataclass(frozen=True)
class Download:
    """One file: `make` gives its bytes when it is asked for."""

    extension: str
    name: str
    mime: str
    make: Callable[[], bytes]


@dataclass(frozen=True)
class Offer:
    """A document in one line, in each of its formats."""

    id: str
    title: str
    words: str
    edited: bool  # a draft is laid over it
    downloads: tuple[Download, ...]


def documents(account: Account, audience: str, *, drafted: bool) -> tuple[Offer, ...]:
    """Every kind of document; with the drafts laid over them when `drafted`."""
    return tuple(_export(account, made, audience, drafted) for made in EXPORTS.values())


def bundle_of(account: Account, audience: str, *, drafted: bool) -> Offer:
    """Everything at once: what may be published, or what is for the team, never mixed."""
    offered = _export(account, bundle.EXPORT, audience, drafted)
    kind = INTERNAL if account.internal else PUBLIC
    return replace(offered, title=kind[0], words=kind[1])


def rescue(account: Account, audience: str, *, drafted: bool) -> tuple[Offer, ...]:
    """What one saves the eve, for the day when the server cannot be reached."""
    title, words = RESCUE
    slides = EXPORTS["slides"].makers
    makers = {"html": presentation.as_html, "pdf": slides["pdf"]}
    deck_alone = Export(DECK, title, "vues", makers)
    return (replace(_export(account, deck_alone, audience, drafted), words=french.typeset(words)),)


def views(account: Account, audience: str, *, drafted: bool) -> tuple[str, ...]:
    """The titles of the views that an audience is shown."""
    draft = draft_of(account, DECK, audience) if drafted else None
    return tuple(view.title for view in arranged(deck(account, audience), draft).views)


def sheet_of(account: Account, experiment: str) -> Offer:
    """The sheet of one project."""
    title = catalog().experiments[experiment].title
    words = "Fiche «\u00a0cas d'usage\u00a0» : service, données, effort, conditions, contacts."
    make = {kind: partial(sheet.make, account, experiment, kind) for kind in sheet.EXTENSIONS}
    return _offer(account, experiment, title, words, f"fiche_{experiment}", make)


def dossier_of(account: Account, theme: str) -> Offer:
    """Several sheets under one theme."""
    words = "Dossier thématique : les projets d'un thème, leurs données communes."
    kinds = theme_dossier.EXTENSIONS
    make = {kind: partial(theme_dossier.make, account, theme, kind) for kind in kinds}
    title = theme_dossier.THEMES[theme]
    return _offer(account, f"dossier_{theme}", title, words, f"dossier_{theme}", make)


def guide_of(account: Account, experiment: str) -> Offer:
    """The interview guide, on one project or on the whole (empty)."""
    words = GUIDE_INTERNAL if account.internal else GUIDE_PUBLIC
    subject = experiment or None
    make = {kind: partial(interview.make, account, subject, kind) for kind in interview.EXTENSIONS}
    return _offer(account, "interview", "Guide d'entretien", words, "entretien", make)


def article_of(account: Account, kept: Kept[Interview]) -> Offer:
    """One interview laid out; outside the team only what the person agreed to, without a name."""
    words = ARTICLE_INTERNAL if account.internal else ARTICLE_PUBLIC
    make = {kind: partial(_article, account, kept, kind) for kind in interview.EXTENSIONS}
    version = "interne" if account.internal else "diffuser"
    identifier = f"{version}_{kept.entry.key}"
    return _offer(account, identifier, "Entretien mis en page", words, "entretien_note", make)


def _article(account: Account, kept: Kept[Interview], kind: str) -> Made:
    made = interview.article(account, kept, kind)
    if made is None:
        raise Refused("Entretien : la personne n'a pas accepté qu'il soit publié.")
    return made


def letters_of(account: Account) -> Offer:
    """All the requests at once."""
    words = "Une lettre par détenteur des données manquantes, en PDF et en DOCX."
    make = {"zip": partial(letters.all_of, account)}
    return _offer(account, "letters", "Toutes les demandes", words, "demandes", make)


def letter_of(account: Account, holder: str, datasets: Sequence[str]) -> Offer:
    """The request to one holder."""
    titles = french.listed(catalog().datasets[dataset].title for dataset in datasets)
    make = {kind: partial(letters.make, account, datasets, kind) for kind in letters.EXTENSIONS}
    return _offer(account, "letter", holder, f"Demande\u00a0: {titles}.", letters.STEM, make)


def minutes_of(account: Account, remarks: Sequence[Remark], shown: Sequence[str]) -> Offer:
    """The minutes of a session."""
    words = MINUTES_INTERNAL if account.internal else MINUTES_PUBLIC
    make = {
        kind: partial(minutes.make, account, remarks, shown, kind) for kind in minutes.EXTENSIONS
    }
    return _offer(account, "minutes", "Compte rendu", words, minutes.STEM, make)


def _export(account: Account, export: Export, audience: str, drafted: bool) -> Offer:
    draft = draft_of(account, export.id, audience) if drafted else _plain(account, export, audience)
    read = pictures.reader(account.store)
    make = {
        kind: partial(_guarded, maker, account, draft, read)
        for kind, maker in export.makers.items()
    }
    public = f" Public\u00a0: {AUDIENCES[audience].lower()}." if export.id in DECKS else ""
    words = WORDS.get(export.id, "") + public
    edited = draft is not None and replace(draft, audience="") != Draft(
        draft.document, internal=draft.internal
    )
    return replace(
        _offer(account, export.id, export.title, words, export.stem, make), edited=edited
    )


def _guarded(maker: Make, account: Account, draft: Draft | None, read: Pictures) -> Made:
    """A document whose draft, when it is to be published, names nobody that the team noted."""
    leaks.check(account, draft)
    return maker(account, draft, read)


def _plain(account: Account, export: Export, audience: str) -> Draft | None:
    """No draft; where views are shown, one that says for whom and changes nothing."""
    return Draft(DECK, audience, account.internal) if export.id in DECKS else None


def _offer(
    account: Account,
    identifier: str,
    title: str,
    words: str,
    stem: str,
    make: Mapping[str, Callable[[], Made]],
) -> Offer:
    downloads = tuple(
        Download(
            kind,
            file_name(stem, account.place, account.day, account.internal, kind),
            MIMES[kind],
            partial(_content, made),
        )
        for kind, made in make.items()
    )
    return Offer(identifier, title, french.typeset(words), False, downloads)


def _content(make: Callable[[], Made]) -> bytes:
    return make().content
