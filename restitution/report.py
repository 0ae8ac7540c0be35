"""The report of a territory: the parts, and the same as PDF."""

from __future__ import annotations

from data.entries import Draft
from drawing import french
from restitution import typeset
from restitution.account import Account
from restitution.document import BALLOT, NOTICE, Document
from restitution.drafts import Pictures, edited
from restitution.export import Made
from restitution.parts import parts


def document(account: Account) -> Document:
    """The report before its format."""
    place = account.place
    return Document(
        id="report",
        title=f"Diagnostic des données {french.of_place(place.name, place.level)}",
        subtitle="Rapport de restitution",
        place=place,
        day=account.day,
        standing=account.standing_words,
        validated=account.validated,
        internal=account.internal,
        parts=parts(account),
        notices=(NOTICE, BALLOT),
    )


def as_pdf(account: Account, draft: Draft | None, picture: Pictures) -> Made:
    """The report as PDF, A4, tagged."""
    made = edited(document(account), draft, picture)
    return Made(typeset.pdf("report.typ", typeset.plain(made), account.day), made.skipped)
