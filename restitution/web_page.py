"""The report as one web page, with charts that answer and a way to report an error."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from urllib.parse import quote

from data import entries
from data.entries import Draft, Profile
from data.territories import Territory
from drawing import french
from restitution import data_list, html, report
from restitution.account import Account
from restitution.document import Document
from restitution.doors import door
from restitution.drafts import Pictures, edited
from restitution.export import Made
from restitution.html import Chapter
from restitution.html_blocks import words
from restitution.parts import available

REPORT = "Signaler une erreur, proposer une donnée"
WHAT = (
    "Dites quelle donnée ou quel chiffre est concerné, ce qui est inexact ou manque, et comment "
    "vous le savez (un lien ou un document aide beaucoup)."
)


def as_html(account: Account, draft: Draft | None, picture: Pictures) -> Made:
    """The whole page, UTF-8."""
    made = edited(document(account), draft, picture)
    profile = entries.only(account.store, Profile, account.place.code)
    closing = Chapter("signaler", REPORT, reporting(made, profile.report_to if profile else ""))
    return Made(html.page(made, charts=True, closing=(closing,)), made.skipped)


def document(account: Account) -> Document:
    """The parts of the report, and after the counts each dataset one by one."""
    made = report.document(account)
    at = 1 + [part.id for part in made.parts].index(available.ID)
    parts = (*made.parts[:at], data_list.part(account), *made.parts[at:])
    return replace(made, id="page", subtitle="Page web", parts=parts)


def reporting(made: Document, address: str) -> str:
    """To whom an error is told, as HTML; without an address, whom to ask."""
    said = _known(made, address) if address else f"<p>{words(_unknown(made.place))}</p>"
    return f"{said}<p>{words(WHAT)}</p>"


def _known(made: Document, address: str) -> str:
    """A link to the address of the authority; a message begins with the document it is about."""
    web = address.startswith("https://")
    subject = quote(f"{REPORT} – {made.title}, {french.day(made.day)}", safe="")
    target = address if web else f"mailto:{address}?subject={subject}"
    verb = "Passez par" if web else "Écrivez à"
    link = f'<a href="{escape(target)}" rel="noopener noreferrer">{words(address)}</a>'
    return f"<p>{verb} {link}.</p>"


def _unknown(place: Territory) -> str:
    return f"Écrivez {door(place)}."
