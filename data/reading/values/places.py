"""Postal codes given for INSEE codes: told by the list of communes, and by names beside them."""

from __future__ import annotations

from collections import Counter

import numpy as np

from data.reading.values import communes
from data.reading.values.column import Column
from data.reading.values.names import COMMUNES, has, says_code

RIGHT = 0.9  # share of the codes that must be of a list


def name_column(columns: list[Column]) -> Column | None:
    """The column that names the communes, if one does."""
    for column in columns:
        spoken = has(column.name, *COMMUNES)
        if spoken and not says_code(column.name) and not has(column.name, "insee", "postal", "cp"):
            return column
    return None


def settle(insee: Column, names: Column | None) -> None:
    """Flag a column of INSEE codes that holds postal ones; replace when each names one commune."""
    held = Counter(
        {
            insee.values[at]: int(insee.counts[at])
            for at in insee.positions()
            if _five(insee.values[at])
        }
    )
    beside = _beside(insee, names) if names is not None else {}
    if not held:
        return
    if not _are_postal(held, beside):
        _some(insee, held, beside)
        return
    insee.flag("postal_instead_of_insee")
    answers = {code: _only(code, beside.get(code, set())) for code in held}
    if all(answers.values()):
        changes = {int(at): answers[insee.values[at]] for at in insee.positions()
                   if insee.values[at] in answers}  # fmt: skip
        insee.apply("postal_instead_of_insee", dict(changes))


def _some(insee: Column, held: Counter[str], beside: dict[str, set[str]]) -> None:
    """Codes of no commune among right ones: mended when postal ones of the name beside, or told."""
    known = communes.insee_codes()
    wrong = {code for code in held if code not in known and not code.startswith(("00", "99"))}
    if 2 * sum(held[code] for code in wrong) > sum(held.values()):
        return
    answers = {code: _only(code, beside[code]) for code in wrong if beside.get(code)}
    places = {int(at): insee.values[at] for at in insee.positions() if insee.values[at] in wrong}
    mended = {at: answer for at, code in places.items() if (answer := answers.get(code))}
    if mended:
        insee.flag("postal_instead_of_insee")
    kept = insee.apply("postal_instead_of_insee", dict(mended))
    insee.flag_rows("code_unknown", [at for at in places if not (kept and at in mended)])


def _five(code: str) -> bool:
    return len(code) == 5


def _are_postal(held: Counter[str], beside: dict[str, set[str]]) -> bool:
    """The names beside decide; without them, codes that no commune bears and the post uses."""
    named = [(code, name) for code, found in beside.items() for name in found]
    if named:
        as_insee = sum(communes.name_of(code) == name for code, name in named)
        as_postal = sum(bool(_of(code, name)) for code, name in named)
        if max(as_insee, as_postal) >= 0.5 * len(named):
            return as_postal > as_insee
    total = sum(held.values())
    insee = sum(count for code, count in held.items() if code in communes.insee_codes())
    postal = sum(count for code, count in held.items() if code in communes.by_postal())
    return postal >= RIGHT * total and insee < RIGHT * total


def _beside(codes: Column, names: Column) -> dict[str, set[str]]:
    """The names of commune (compared form) that stand beside each code."""
    both = (codes.indices >= 0) & (names.indices >= 0)
    combined = codes.indices[both].astype(np.int64) * len(names.given) + names.indices[both]
    found: dict[str, set[str]] = {}
    for at in np.unique(combined):
        code, name = codes.values[at // len(names.given)], names.values[at % len(names.given)]
        if code is not None and name is not None:
            found.setdefault(code, set()).add(communes.named(name))
    return found


def _of(postal: str, name: str) -> list[str]:
    """INSEE codes of the communes of that name under a postal code."""
    codes = communes.by_postal().get(postal, ())
    return [code for code in codes if communes.name_of(code) == name]


def _only(postal: str, names: set[str]) -> str | None:
    """The one commune that a postal code means here, else None.

    A code beside two names of communes means two of them: one value cannot say both.
    """
    codes = communes.by_postal().get(postal, ())
    if len(names) == 1:
        found = _of(postal, next(iter(names)))
        return found[0] if len(found) == 1 else None
    return codes[0] if len(codes) == 1 and not names else None


def departements(columns: dict[str, Column]) -> frozenset[str]:
    """Départements named by the columns of INSEE, postal and département codes."""
    found = {
        communes.departement(value)
        for column in columns.values()
        for value in column.sample().values
        if 2 <= len(value) <= 5
    }
    return frozenset(found & communes.departements())
