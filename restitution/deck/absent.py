"""A figure that is not there, as a block: its words, why, and the next step."""

from __future__ import annotations

import re

from diagnostics.indicators import Value
from drawing import french, signs
from restitution.account import Account
from restitution.document import Absent
from restitution.parts.findings import next_step


def absent(account: Account, made: Value | None, title: str) -> Absent:
    """The absence of a figure; `title` names it when no figure of the kind is followed at all."""
    absence = signs.absence(made.status if made else "not_fetched")
    detail = _short((made.detail if made else "") or "")
    words = french.upper_first(absence.words)
    reason = detail if absence.words.lower() in detail.lower() else f"{words}. {detail}".strip()
    return Absent(
        made.title if made else title,
        french.typeset(reason),
        next_step(account, absence.code, made.missing if made else ()),
    )


def _short(detail: str) -> str:
    """The sentence without the list of what the source covers, too long for a view."""
    return re.sub(r" \([^)]*\)(?=\.)", "", detail)
