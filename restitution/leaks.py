"""What somebody typed, and whether it stands in something that is about to leave.

A guard under the rule, not the rule: outside the team an account holds nothing that was typed. What
a person writes in a document before its export is theirs to publish, but not with somebody's name.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from functools import cache
from typing import Any

from data import attachments, entries
from data.catalog import catalog
from data.entries import (
    Draft,
    Hours,
    Interview,
    Observation,
    PlannedAction,
    Profile,
    Remark,
    Request,
    Validation,
)
from data.store import Store
from data.territories import Territory, fold
from diagnostics.usage import WouldLose
from restitution.account import Account

SHORTEST = 4  # characters: under it a word is everybody's
KINDS: tuple[Any, ...] = (
    *(Request, PlannedAction, Observation, Validation, Hours, Interview, Remark, Draft, Profile),
)
_CODES = frozenset(
    "key dataset tone state nature subject document audience reference_version pictures".split()  # noqa: SIM905
)
_NAMES = ("referent", "owner", "who", "contact", "author")
_FUNCTIONS = (
    "Mairie Ville Service Services Direction Pôle Bureau Équipe Chef Cheffe Chargé Chargée Mission "
    "Référent Référente Projet Madame Monsieur Élu Élue Agglomération Communauté Cabinet Accueil"
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?:\+33|\b0)\s?[1-9](?:[\s.-]?\d{2}){4}\b")
_READABLE = (".html", ".txt", ".md", ".csv", ".json", ".geojson", ".xml", ".rels", ".ics")
_ARCHIVES = (".zip", ".docx", ".xlsx", ".pptx")


def typed_words(store: Store, place: Territory) -> set[str]:
    """Every text of four characters or more that people typed about a place.

    Left out: the words that the reference says itself, the public address of Profile, and the texts
    of drafts of public documents, typed to be published.
    """
    said = {text for _, text in _typed(store, place) if len(text) >= SHORTEST}
    return said - _of_reference() - _published(store, place)


def people(store: Store, place: Territory) -> set[str]:
    """Names, mailboxes and telephone numbers among them; never the name of the place itself."""
    typed = list(_typed(store, place))
    named = {text for name, text in typed if name in _NAMES and len(text) >= SHORTEST}
    reached = {found for _, text in typed for found in reachable(text)}
    ours = {fold(name) for name in (place.name, place.epci_name, place.departement_name) if name}
    return {word for word in named | reached if fold(word) not in ours} - _published(store, place)


def reachable(text: str) -> list[str]:
    """The mailboxes and telephone numbers of a text."""
    return _MAIL.findall(text) + _PHONE.findall(text)


def _typed(store: Store, place: Territory) -> Iterator[tuple[str, str]]:
    """(field, text) of everything typed, every version of it."""
    for line in store.declaration_history(place.code):
        for name in ("reason", "legal_ground", "evidence", "substitute", "holder", "author"):
            yield name, getattr(line, name) or ""
        for name in ("url", "note", "contact"):
            yield name, getattr(line, name) or ""
        yield "file", attachments.shown_name(line.file) or ""
    for kind in KINDS:
        for kept in entries.history(store, kind, place.code):
            yield "author", kept.author or ""
            if not (isinstance(kept.entry, Draft) and not kept.entry.internal):
                yield from _texts(kept.entry)


def _texts(entry: Any) -> Iterator[tuple[str, str]]:
    for made in fields(entry):
        value = getattr(entry, made.name)
        if made.name in _CODES or not value:
            continue
        if isinstance(value, str):
            yield made.name, value.strip()
        elif isinstance(value, Mapping):
            yield from ((made.name, text.strip()) for text in value.values())


def _of_reference() -> set[str]:
    reference = catalog()
    grounds = {str(made["text"]) for made in reference.statuses.get("legal_grounds", ())}
    cards = reference.datasets.values()
    return grounds | {card.producer_label for card in cards} | {card.title for card in cards}


def _published(store: Store, place: Territory) -> set[str]:
    profile = entries.only(store, Profile, place.code)
    return {profile.report_to} if profile and profile.report_to else set()


# --- where they stand ------------------------------------------------------------------------


def check(account: Account, draft: Draft | None) -> None:
    """Raise WouldLose when a draft would publish a name or a mailbox; see check_drafts."""
    if draft is not None and not account.internal:
        check_drafts([draft], people(account.store, account.place))


def check_drafts(drafts: Iterable[Draft], words: Iterable[str]) -> None:
    """Raise WouldLose when a text to be published names somebody that the team noted.

    A name counts whole, or by one of its words written with a capital; a word that the reference
    uses (« Service », « Mairie ») names nobody.
    """
    guarded = sorted(words)
    for draft in drafts:
        for where, text in _written(draft):
            for typed in guarded:
                if _names(text, typed):
                    raise WouldLose(
                        f"Dossier à diffuser refusé\u00a0: le texte «\u00a0{where}\u00a0» écrit à "
                        f"la main contient «\u00a0{typed}\u00a0», un nom ou une adresse noté par "
                        "l'équipe. Retirez-le du brouillon, ou faites un dossier interne."
                    )


def _names(text: str, typed: str) -> bool:
    """Whether a text holds what was typed: a mailbox as it is, a name by its words."""
    if reachable(typed) or not fold(typed).strip():
        return typed.casefold() in text.casefold()
    telling = {fold(word) for word in re.findall(r"\w{4,}", typed)} - _common()
    return bool(
        telling & {fold(word) for word in re.findall(r"\w{4,}", text) if not word.islower()}
    )


@cache
def _common() -> frozenset[str]:
    """Words that name no person: those of the holders, titles and territories' kinds."""
    reference = catalog()
    said = [card.producer_label for card in reference.datasets.values()]
    said += [card.title for card in reference.datasets.values()]
    said += [made.title for made in reference.experiments.values()]
    said += [user for made in reference.experiments.values() for user in made.users]
    return frozenset(
        fold(word) for text in (*said, _FUNCTIONS) for word in re.findall(r"\w+", text)
    )


def _written(draft: Draft) -> Iterator[tuple[str, str]]:
    for texts in (draft.texts, draft.comments, draft.captions):
        yield from texts.items()


def check_files(contents: Mapping[str, bytes], words: Iterable[str]) -> None:
    """Raise WouldLose when a mailbox or a telephone number that was typed stands in a file."""
    reached = {found for word in words for found in reachable(word)}
    for path, word in found(contents, reached):
        raise WouldLose(
            f"Dossier à diffuser refusé\u00a0: «\u00a0{path}\u00a0» contient "
            f"«\u00a0{word}\u00a0», saisi par l'équipe. Rien n'a été écrit."
        )


def found(contents: Mapping[str, bytes], words: Iterable[str]) -> list[tuple[str, str]]:
    """(path, word) of each word that stands in a file one can read, archives opened.

    PDF and Parquet are not read here: they are made of what the other files say.
    """
    wanted = {_bare(word): word for word in sorted(words)}
    if not wanted:
        return []
    return [
        (path, typed)
        for path, content in contents.items()
        for text in _readings(path, content)
        for word, typed in wanted.items()
        if word in text
    ]


def _readings(path: str, content: bytes) -> Iterator[str]:
    name = path.lower()
    if name.endswith(_ARCHIVES):
        with zipfile.ZipFile(io.BytesIO(content)) as held:
            for inner in held.namelist():
                yield from _readings(inner, held.read(inner))
    elif name.endswith(_READABLE):
        yield _bare(html.unescape(content.decode("utf-8", "replace")))


def _bare(text: str) -> str:
    """Without the case, and one space for every kind of space."""
    return " ".join(text.casefold().split())
