"""Requests to the holders of missing data, as letters: one dataset, or all those of a holder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from data.catalog import catalog
from data.territories import fold
from diagnostics.requests import due_by_default, holder_for, tone_for
from drawing import french
from drawing.letters import SUBJECT, Letter, clean
from restitution import template_file, typeset, word, zipped
from restitution.account import Account
from restitution.document import NOTICE, Document, Part, Text
from restitution.export import Made, file_name
from restitution.holders import family
from restitution.request_letter import letter

EXTENSIONS = ("pdf", "docx", "txt")
STEM = "demande"
LONGEST = 40  # characters of a kind of holder in the name of a file


def by_holder(account: Account) -> dict[str, list[str]]:
    """The datasets of the missing list, under whom to write to; both in the order of the list."""
    found: dict[str, list[str]] = {}
    known = _known(account)
    for line in account.missing:
        found.setdefault(_holder(account, line.dataset, known), []).append(line.dataset)
    return found


def _known(account: Account) -> dict[str, str]:
    """The holders found or declared: for the team alone."""
    return {line.dataset: line.holder for line in account.missing} if account.internal else {}


def _holder(account: Account, dataset: str, known: Mapping[str, str]) -> str:
    return holder_for(catalog().datasets[dataset], account.place, known.get(dataset))


def addressee(account: Account, datasets: Sequence[str]) -> str:
    """'À l'attention de\u00a0: …', for the holder of the first of these datasets."""
    holder = clean(_holder(account, datasets[0], _known(account)))
    return french.typeset(f"À l'attention de : {holder}")


def request(account: Account, datasets: Sequence[str], *, attached: bool = False) -> Letter:
    """The letter for these datasets of one holder, in the tone that suits the first.

    It speaks of the template to fill only where that file goes with it (`attached`).
    """
    asked = [catalog().datasets[dataset] for dataset in datasets]
    tone = tone_for(asked[0], account.place)
    due = due_by_default(tone, account.day)
    return letter(asked, account.place, tone, due, attached=attached)


def make(
    account: Account, datasets: Sequence[str], extension: str, *, attached: bool = False
) -> Made:
    """The letter as one of EXTENSIONS."""
    written = request(account, datasets, attached=attached)
    makers = {"pdf": _pdf, "docx": _docx, "txt": lambda made, *_: made.text.encode()}
    return Made(makers[extension](written, addressee(account, datasets), account))


def all_of(account: Account) -> Made:
    """One letter a holder, PDF and DOCX, and the template to fill, in a ZIP.

    The parts skipped say when nothing is asked.
    """
    files: dict[str, bytes] = {}
    for rank, datasets in enumerate(by_holder(account).values(), start=1):
        cards = [catalog().datasets[dataset] for dataset in datasets]
        stem = f"{rank:02d}_{_ascii(family(cards[0]))}"
        for extension in ("pdf", "docx"):
            written = make(account, datasets, extension, attached=True)
            files[_named(account, stem, extension)] = written.content
        template = template_file.template(cards, account.place)
        files[_named(account, f"{stem}_modele", "xlsx")] = template
    empty = () if files else (("lettres", "Aucune donnée n'est à demander."),)
    return Made(zipped.archive(files), empty)


def _named(account: Account, stem: str, extension: str) -> str:
    return file_name(stem, account.place, account.day, account.internal, extension)


def _ascii(name: str) -> str:
    """A piece of a file's name, cut at a word: nothing that a path could read."""
    kept = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in fold(name))
    words = kept.split()
    while len("_".join(words)) > LONGEST and len(words) > 1:
        words.pop()
    return "_".join(words)[:LONGEST] or "detenteur"


def _pdf(written: Letter, holder: str, account: Account) -> bytes:
    place, day = account.place, account.day
    content = {
        "holder": holder,
        "subject": written.subject,
        "paragraphs": written.body.split("\n\n"),
        "place": french.upper_first(place.name),
        "day": french.day(day),
        "date": [day.year, day.month, day.day],
        "fictional": place.fictional,
        "internal": False,
        "notices": [NOTICE],
    }
    return typeset.pdf("letter.typ", content, day)


def _docx(written: Letter, holder: str, account: Account) -> bytes:
    paragraphs = tuple(Text(words) for words in (holder, *written.body.split("\n\n")))
    return word.docx_bytes(
        Document(
            id="letter",
            title=f"{SUBJECT}{written.subject}",
            subtitle="",
            place=account.place,
            day=account.day,
            standing="",
            validated=True,
            internal=False,
            parts=(Part("lettre", "", paragraphs),),
        )
    )
