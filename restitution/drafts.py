"""What a person changed in a document before its export: parts, texts, comments, pictures.

A text rewritten by hand keeps its mark in every format; what a draft names and the document no
longer holds is left aside, nothing is lost: the draft keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from data import entries
from data.entries import Draft
from drawing import french
from restitution.account import Account
from restitution.document import Absent, Block, Document, Part, Picture, Section, Text

Pictures = Callable[[str], Picture | None]  # « sha256/name » -> the checked picture
COMMENT = "Commentaire"
LOST = ("Image perdue ou abîmée.", "La joindre à nouveau dans le brouillon.")
DECK = "deck"
BUNDLE = "bundle"
DECKS = ("deck", "slides")  # documents that show the views of one audience


@dataclass(frozen=True)
class Editable:
    """A text that may be rewritten, under the id a draft gives it."""

    id: str  # « part/text »
    part: str
    words: str


def edited(document: Document, draft: Draft | None, picture: Pictures) -> Document:
    """The document as the draft wants it; whole when the draft keeps only parts long gone."""
    if draft is None:
        return document
    chosen = tuple(_chosen(document.parts, draft)) or document.parts
    kept = [_part(part, draft, picture) for part in chosen]
    return replace(document, parts=tuple(kept))


def editable(document: Document) -> list[Editable]:
    """The texts of a document that a person may rewrite, in reading order."""
    return [
        Editable(f"{part.id}/{block.id}", part.id, block.words)
        for part in document.parts
        for block in _flat(part.blocks)
        if isinstance(block, Text) and block.id
    ]


def _flat(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, Section):
            yield from _flat(block.blocks)


def _chosen(parts: tuple[Part, ...], draft: Draft) -> Iterator[Part]:
    if draft.parts is None:
        yield from parts
        return
    by_id = {part.id: part for part in parts}
    yield from (by_id[name] for name in dict.fromkeys(draft.parts) if name in by_id)


def _part(part: Part, draft: Draft, picture: Pictures) -> Part:
    return replace(
        part, blocks=(*_rewritten(part.id, part.blocks, draft), *_added(part.id, draft, picture))
    )


def _rewritten(part: str, blocks: tuple[Block, ...], draft: Draft) -> tuple[Block, ...]:
    return tuple(_block(part, block, draft) for block in blocks)


def _block(part: str, block: Block, draft: Draft) -> Block:
    if isinstance(block, Section):
        return replace(block, blocks=_rewritten(part, block.blocks, draft))
    if not isinstance(block, Text) or not block.id:
        return block
    words = draft.texts.get(f"{part}/{block.id}", "").strip()
    if not words or words == block.words:
        return block
    return replace(block, words=french.typeset(words), edited=True)


def _added(part: str, draft: Draft, picture: Pictures) -> Iterator[Block]:
    if comment := draft.comments.get(part, "").strip():
        yield Text(french.typeset(comment), "typed", COMMENT)
    if name := draft.pictures.get(part):
        caption = french.typeset(draft.captions.get(part, ""))
        made = picture(name)
        yield replace(made, alt=caption, caption=caption) if made else Absent(caption, *LOST)


def draft_of(account: Account, document: str, audience: str = "") -> Draft | None:
    """The latest draft of a document, or of the deck of an audience for what shows views.

    A bundle has none of its own: it lays those of its documents, for the audience it is given.
    """
    if document == BUNDLE:
        return Draft(BUNDLE, audience, account.internal)
    views = document in DECKS
    wanted = Draft(
        DECK if views else document, audience if views else "", internal=account.internal
    )
    kept = [
        line.entry
        for line in entries.of(account.store, Draft, account.place.code)
        if line.entry.key == wanted.key
    ]
    return kept[-1] if kept else (wanted if views else None)
