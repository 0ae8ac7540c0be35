"""Requests, answers, notes and remarks: what the team typed, for its internal report alone.

Typed words are one line each and cut when long: the bundle for the team holds them whole.
"""

from __future__ import annotations

from collections.abc import Iterator

from data import entries
from data.entries import DECISION, Kept, Observation, Remark, Request
from data.records import Declaration
from diagnostics.holdings import known
from drawing import french, letters, signs, tidings
from restitution.account import Account
from restitution.document import Absent, Block, Column, Part, Table

ID, TITLE = "echanges", "Échanges"
LONGEST = 400  # characters of a typed text in a cell
NOTHING = "Aucune demande, réponse, note ou décision n'a été saisie."


def part(account: Account) -> Part:
    """The tables that hold something; ValueError outside the team."""
    if not account.internal:
        raise ValueError("échanges : document interne seulement")
    blocks = tuple(_blocks(account))
    if not blocks:
        step = "Noter les demandes à l'écran «\u00a0Demandes\u00a0»."
        return Part(ID, TITLE, (Absent("Échanges", NOTHING, step),), NOTHING)
    return Part(ID, TITLE, blocks)


def _blocks(account: Account) -> Iterator[Block]:
    code, store = account.place.code, account.store
    observed = entries.of(store, Observation, code)
    declared = [made for made in known(store, account.place).declarations.values()]
    yield from _table(
        "Demandes aux détenteurs",
        ("Donnée", "À qui", "État", "Dates", "Note"),
        [_request(line) for line in account.requests],
    )
    yield from _table(
        "Ce qui a été déclaré",
        ("Donnée", "Statut", "Qui la détient", "Raison, texte, note", "Par qui, le"),
        [_declared(made) for made in declared],
    )
    yield from _table(
        "Observations sur un statut",
        ("Donnée", "De la part de", "Observation", "Réponse", "Par qui, le"),
        [_observation(line) for line in observed],
    )
    yield from _table(
        "Questions et décisions en séance",
        ("Sorte", "Ce qui a été dit", "Par qui", "Vue", "Le"),
        [_remark(line) for line in account.remarks if not line.entry.withdrawn],
    )


def _table(caption: str, headers: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[Table]:
    if rows:
        yield Table(caption, tuple(Column(header) for header in headers), tuple(rows))


def _typed(text: str | None, nothing: str) -> str:
    return letters.clean(text or "", LONGEST) or nothing


def _data(dataset: str) -> str:
    return letters.clean(tidings.dataset_title(dataset))


def _request(line: Kept[Request]) -> tuple[str, ...]:
    one = line.entry
    symbol, word = letters.STATES[one.state]
    days = (
        ("envoyée le", one.sent_on),
        ("réponse espérée le", one.due_on),
        ("relancée le", one.reminded_on),
        ("réponse le", one.answered_on),
    )
    dated = ", ".join(f"{words} {french.day(day)}" for words, day in days if day)
    return (
        _data(one.dataset),
        _typed(one.holder, "destinataire non dit"),
        f"{symbol}\u00a0{word}",
        dated or "sans date",
        _typed(one.note, "sans note"),
    )


def _declared(made: Declaration) -> tuple[str, ...]:
    said = (made.reason, made.legal_ground, made.evidence, made.note)
    sign = signs.need_sign(made.status or "not_evaluated", made.existence)
    return (
        _data(made.dataset),
        f"{sign.symbol}\u00a0{sign.word}",
        _typed(made.holder, "non dit"),
        _typed("\u00a0; ".join(text for text in said if text), "rien de plus"),
        _signed(made.author, french.day(made.recorded_at)),
    )


def _observation(line: Kept[Observation]) -> tuple[str, ...]:
    one = line.entry
    lead = "Conteste le statut. " if one.contests else ""
    return (
        _data(one.dataset),
        _typed(one.holder, "non dit"),
        lead + _typed(one.text, "sans texte"),
        _typed(one.answer, "pas encore de réponse"),
        _signed(line.author, french.day(line.recorded_at)),
    )


def _remark(line: Kept[Remark]) -> tuple[str, ...]:
    one = line.entry
    who = one.who if one.agreed else ""
    return (
        "Décision" if one.nature == DECISION else "Question",
        _typed(one.text, "sans texte"),
        _typed(who, "non nommé"),
        _typed(one.view, "hors vue"),
        french.day(one.day),
    )


def _signed(author: str | None, day: str) -> str:
    return f"{letters.clean(author or '') or tidings.NOBODY}, {day}"
