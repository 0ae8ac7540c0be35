"""Where the figures of a view come from, on one line: producer, year, level."""

from __future__ import annotations

import re
from collections.abc import Iterable

from diagnostics.indicators import Value
from drawing import figures, french, signs
from restitution.account import Account
from restitution.holders import attribution


def values(account: Account, found: Iterable[Value]) -> str:
    """'Insee, recensement… (2021). Niveau commune.', each source once; nothing when none is known.

    By whose hand a copy came is said with the licences, in the view of the sources.
    """
    known = [made for made in found if made.value is not None]
    named = dict.fromkeys(_dated(made, _producers(account, made)) for made in known)
    levels = dict.fromkeys(signs.LEVELS.get(made.level, made.level) for made in known)
    return f"{' ; '.join(named)}. Niveau {french.listed(levels)}." if known else ""


def _producers(account: Account, made: Value) -> str:
    named = attribution(account, made.source, made.licence, made.datasets)
    return " ; ".join(re.split(r",? via ", one)[0] for one in named.split(" ; "))


def _dated(made: Value, source: str) -> str:
    year = figures.year_beside(made, source) if made.vintage else None
    return f"{source} ({year})" if year else source


def diagnosis(account: Account) -> str:
    """Where counts and verdicts come from: the diagnosis of a day, at a level."""
    return f"{diagnosed(account)} Niveau {signs.LEVELS[account.place.level]}."


def diagnosed(account: Account) -> str:
    """The same where the level has just been said."""
    return f"Diagnostic du {french.day(account.day)}, référentiel Cœur de Données."
