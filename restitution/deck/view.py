"""What a view is, whatever shows it: projector, slide or file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from data.entries import Draft
from data.territories import Territory
from drawing import french
from restitution.document import Block
from restitution.drafts import Pictures

ELUS, SERVICES, INHABITANTS = "elus", "services", "habitants"
AUDIENCES: dict[str, str] = {
    ELUS: "Élus",
    SERVICES: "Services",
    INHABITANTS: "Habitants",
}
PICTURED = "-image"  # ends the id of the view that shows the picture joined to another


@dataclass(frozen=True)
class View:
    """One idea: a title that says it, one thing to see, and what the speaker may add."""

    id: str
    title: str
    sentence: str = ""  # read aloud; editable
    body: tuple[Block, ...] = ()
    source: str = ""
    notes: tuple[str, ...] = ()  # for the speaker alone
    edited: bool = False  # its sentence was rewritten by hand


@dataclass(frozen=True)
class Deck:
    """The views of one territory for one audience, and what every view says of itself."""

    title: str
    place: Territory
    day: date
    audience: str
    standing: str
    validated: bool
    internal: bool
    views: tuple[View, ...]


def no_picture(_: str) -> None:
    """For who shows the views without what a draft joins to them."""


def arranged(made: Deck, draft: Draft | None, picture: Pictures = no_picture) -> Deck:
    """The views chosen and reordered, sentences rewritten, comments added to the notes.

    A picture is a view of its own, after the one it is joined to. A draft that keeps only views
    long gone keeps them all.
    """
    if draft is None:
        return made
    by_id = {view.id: view for view in made.views}
    names = list(by_id) if draft.parts is None else list(dict.fromkeys(draft.parts))
    kept = [by_id[name] for name in names if name in by_id] or list(made.views)
    views = [one for view in kept for one in (_edited(view, draft), _joined(view, draft, picture))]
    return replace(made, views=tuple(view for view in views if view))


def _edited(view: View, draft: Draft) -> View:
    words = draft.texts.get(f"{view.id}/sentence", "").strip()
    comment = draft.comments.get(view.id, "").strip()
    notes = (*view.notes, *([french.typeset(comment)] if comment else []))
    if not words or words == view.sentence:
        return replace(view, notes=notes)
    return replace(view, sentence=french.typeset(words), edited=True, notes=notes)


def _joined(view: View, draft: Draft, picture: Pictures) -> View | None:
    name = draft.pictures.get(view.id)
    made = picture(name) if name else None
    if made is None:
        return None
    caption = french.typeset(draft.captions.get(view.id, ""))
    body = (replace(made, alt=caption, caption=caption),)
    return View(view.id + PICTURED, view.title, body=body, notes=view.notes[:1])
