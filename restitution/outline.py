"""What a draft may change of a document or of a deck: its pieces in order, with their texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from data import entries
from data.entries import Draft
from diagnostics.usage import WouldLose
from restitution import leaks, onepage, report, web_page
from restitution.account import Account
from restitution.deck import AUDIENCES, Deck, deck
from restitution.document import Document
from restitution.drafts import DECK, editable


@dataclass(frozen=True)
class Piece:
    """A part of a document, or a view of a deck."""

    id: str
    title: str
    empty: str  # why there is nothing to say in it
    texts: tuple[tuple[str, str], ...]  # id that a draft gives it, words of today


@dataclass(frozen=True)
class Choice:
    """A document, or the deck for an audience, that a person may prepare."""

    document: str  # as in data.entries.Draft
    audience: str
    title: str
    pieces: Callable[[Account], tuple[Piece, ...]]


WRITTEN: dict[str, tuple[str, Callable[[Account], Document]]] = {
    "report": ("Rapport", report.document),
    "onepage": ("Une page pour les élus", onepage.document),
    "page": ("Page web", web_page.document),
}


def choices() -> Iterator[Choice]:
    """What may be prepared: the views of each audience, then the documents."""
    for audience, name in AUDIENCES.items():
        title = f"Vues à projeter\u00a0: {name.lower()}"
        yield Choice(DECK, audience, title, partial(_views, audience=audience))
    for identifier, (title, written) in WRITTEN.items():
        yield Choice(identifier, "", title, partial(_parts, written=written))


def _views(account: Account, audience: str) -> tuple[Piece, ...]:
    return of_deck(deck(account, audience))


def _parts(account: Account, written: Callable[[Account], Document]) -> tuple[Piece, ...]:
    return of_document(written(account))


def of_document(made: Document) -> tuple[Piece, ...]:
    """The parts of a document."""
    texts = editable(made)
    return tuple(
        Piece(
            part.id,
            part.title,
            part.empty,
            tuple((text.id, text.words) for text in texts if text.part == part.id),
        )
        for part in made.parts
    )


def of_deck(made: Deck) -> tuple[Piece, ...]:
    """The views of a deck; each has its sentence, when it says one."""
    return tuple(
        Piece(view.id, view.title, "", _sentence(view.id, view.sentence)) for view in made.views
    )


def _sentence(view: str, words: str) -> tuple[tuple[str, str], ...]:
    return ((f"{view}/sentence", words),) if words else ()


def named(account: Account, draft: Draft) -> str:
    """Why a draft to be published may not be: it names somebody the team noted; '' when fine."""
    if draft.internal:
        return ""
    try:
        leaks.check_drafts([draft], leaks.people(account.store, account.place))
    except WouldLose as found:
        return str(found)
    return ""


def refusal(account: Account) -> str:
    """Why the folder to be published would be refused today; '' when it would not."""
    kept = entries.of(account.store, Draft, account.place.code)
    found = (named(account, line.entry) for line in kept if not account.internal)
    return next(filter(None, found), "")
