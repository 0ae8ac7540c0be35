"""Whether numbers, codes and whole rows make sense."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from data.official_codes import listed as official
from data.schemas import Field
from diagnostics.conformity.cells import SHOWN, VIEW, Cells
from diagnostics.conformity.sense_fields import (
    ALTITUDES,
    GROWTH,
    HEIGHTS,
    MEASURES,
    OF_NUMBER,
    SHARE,
    about,
    identifiers,
    insee,
    postal,
    present,
)
from diagnostics.conformity.sense_found import Doubt, Raised, Sense, measured
from diagnostics.conformity.wording import NBSP, cited, counted

HIGHEST = 120  # metres; the tallest tree known reaches 116
LOWEST_CM = 40  # a tree so small is rarely listed: its height was likely written in metres
ALTITUDE = (-10, 4_810)  # metres, from the lowest ground of France to the top of Mont Blanc
TOGETHER = 2  # fields beside the identifier for two rows to be the same
UNIQUE = 0.9  # share of different values that makes an identifier
SAME = "sense_same"
OTHER_CODE = "Les deux ont cinq chiffres, mais ne désignent pas la même chose."
# code, title, said of one value, of several, what to do
POSTAL_FOR_INSEE = (
    "postal-for-insee",
    "Codes postaux à la place des codes INSEE",
    "est un code postal, pas un code INSEE",
    "sont des codes postaux, pas des codes INSEE",
    OTHER_CODE,
)
INSEE_FOR_POSTAL = (
    "insee-for-postal",
    "Codes INSEE à la place des codes postaux",
    "est un code INSEE, pas un code postal",
    "sont des codes INSEE, pas des codes postaux",
    OTHER_CODE,
)
UNKNOWN_INSEE = (
    "unknown-insee",
    "Codes INSEE inconnus",
    "n'est le code INSEE d'aucune commune",
    "ne sont le code INSEE d'aucune commune",
    "Un zéro perdu au début, peut-être.",
)


def rules(cells: Cells) -> Iterator[Doubt]:
    """What is odd in the numbers of a line."""
    for field in present(cells, *OF_NUMBER):
        yield from _numbers(cells, field)


def asked(cells: Cells) -> dict[str, str]:
    """What is to be measured: the codes of each field, and whether rows are said twice."""
    made = {f"codes {field.name}": _histogram(cells, field) for field in _coded(cells)}
    kept = [cells.raw[field.name] for field in present(cells)]
    if len(kept) >= TOGETHER:
        made["rows"] = "count(*)"
        # a hash of 64 bits stands for a row: wide tables would not fit in memory otherwise
        made["apart"] = f"count(distinct {_hash(cells, set(_named(cells)))})"
    return made


def whole(cells: Cells, seen: Mapping[str, Any]) -> Iterator[Raised]:
    """What is odd in the codes of a field."""
    for field in _coded(cells):
        held = {
            str(value): int(count) for value, count in (seen[f"codes {field.name}"] or {}).items()
        }
        yield from _codes(cells, field, held)


def _numbers(cells: Cells, field: Field) -> Iterator[Doubt]:
    column, name = cells.typed[field.name], cited(field.name)
    if about(field, MEASURES):
        yield Doubt(
            "impossible-negative",
            "Valeurs négatives impossibles",
            field.name,
            f"({column} < 0)",
            f"1{NBSP}valeur de {name} est négative",
            f"{{n}}{NBSP}valeurs de {name} sont négatives",
            "Une surface, une longueur ou un nombre ne peut pas l'être.",
        )
    if about(field, HEIGHTS):
        yield from _heights(field, column, name)
    if about(field, ALTITUDES):
        low, high = ALTITUDE
        yield Doubt(
            "impossible-altitude",
            "Altitudes impossibles",
            field.name,
            f"({column} < {low} or {column} > {high})",
            f"1{NBSP}altitude de {name} n'existe pas en France",
            f"{{n}}{NBSP}altitudes de {name} n'existent pas en France",
            f"Elle y va de {low} à {high}{NBSP}m.",
        )
    if _is_share(field):
        yield Doubt(
            "percent-over-100",
            "Pourcentages impossibles",
            field.name,
            f"({column} > 100 or {column} < 0)",
            f"1{NBSP}pourcentage de {name} n'est pas entre 0 et 100",
            f"{{n}}{NBSP}pourcentages de {name} ne sont pas entre 0 et 100",
            "Vérifiez l'unité.",
        )


def _heights(field: Field, column: str, name: str) -> Iterator[Doubt]:
    """Higher than any tree; or, where the standard counts in centimetres, as low as metres are."""
    centimetres = field.raw.get("unit") == "cm"
    highest = HIGHEST * (100 if centimetres else 1)
    yield Doubt(
        "impossible-height",
        "Hauteurs impossibles",
        field.name,
        f"({column} > {highest})",
        f"1{NBSP}valeur de {name} dépasse {HIGHEST}{NBSP}m",
        f"{{n}}{NBSP}valeurs de {name} dépassent {HIGHEST}{NBSP}m",
        f"Sont-elles en {'millimètres' if centimetres else 'centimètres'}{NBSP}?",
    )
    if centimetres:
        yield Doubt(
            "height-in-metres",
            "Hauteurs sans doute en mètres",
            field.name,
            f"({column} > 0 and {column} <= {LOWEST_CM})",
            f"1{NBSP}valeur de {name} est de {LOWEST_CM} ou moins",
            f"{{n}}{NBSP}valeurs de {name} sont de {LOWEST_CM} ou moins",
            f"Ce standard compte en centimètres{NBSP}: sont-elles en mètres{NBSP}?",
        )


def _is_share(field: Field) -> bool:
    """A percentage, by its name or by what the standard says of it; not a growth."""
    if about(field, GROWTH):
        return False
    told = str(field.raw.get("description", "")).lower()
    return about(field, SHARE) or "pourcentage" in told


def _coded(cells: Cells) -> Iterator[Field]:
    yield from insee(cells)
    yield from postal(cells)


def _histogram(cells: Cells, field: Field) -> str:
    column = cells.raw[field.name]
    return f"histogram({column}) filter (where {column} is not null)"


def _codes(cells: Cells, field: Field, held: Mapping[str, int]) -> Iterator[Raised]:
    """INSEE codes and postal codes taken for each other, and codes of no commune."""
    towns, posts = official("code-commune-insee"), official("code-postal")
    if field.name in {one.name for one in insee(cells)}:
        unknown = set(held) - towns
        yield from _listed(cells, field, held, unknown & posts, POSTAL_FOR_INSEE)
        yield from _listed(cells, field, held, unknown - posts, UNKNOWN_INSEE)
    else:
        yield from _listed(cells, field, held, (set(held) - posts) & towns, INSEE_FOR_POSTAL)


def _listed(
    cells: Cells, field: Field, held: Mapping[str, int], values: set[str], told: tuple[str, ...]
) -> Iterator[Raised]:
    if not values:
        return
    code, title, one, many, then = told
    name, example = cited(field.name), cited(min(values))
    fails = cells.among(cells.raw[field.name], sorted(values))
    doubt = Doubt(
        code,
        title,
        field.name,
        fails,
        f"1{NBSP}valeur de {name} {one}{NBSP}: {example}",
        f"{{n}}{NBSP}valeurs de {name} {many}, par exemple {example}",
        then,
    )
    yield doubt, sum(held[value] for value in values)


def repeated(cells: Cells, seen: Mapping[str, Any]) -> Iterator[Sense]:
    """Rows that say the same as another, their identifiers apart."""
    if not seen.get("rows") or seen["apart"] == seen["rows"]:
        return
    ids = _telling(cells, int(seen["rows"]))
    beside = [field.name for field in present(cells) if field.name not in ids]
    if len(beside) < TOGETHER:
        return
    cells.scratch.run(
        f"create or replace temp table {SAME} as select n, {_hash(cells, ids)} as h from {VIEW}"
        f" where {' or '.join(f'{cells.raw[name]} is not null' for name in beside)}"
    )
    sql = f"select min(n) over (partition by h) < n as again, n from {SAME}"
    ((count, first),) = cells.scratch.rows(
        f"select count(*) filter (where again), min(n, {SHOWN}) filter (where again) from ({sql})"
    )
    if not count:
        return
    told = ", identifiant mis à part" if ids else ""
    verb = "répète" if count < 2 else "répètent"
    yield Sense(
        "duplicated-rows",
        "Lignes répétées",
        int(count),
        tuple(int(n) for n in first),
        f"{counted(int(count), 'ligne')} {verb} une ligne précédente{told}."
        " Vérifiez qu'il s'agit bien d'objets différents.",
    )


def _telling(cells: Cells, rows: int) -> set[str]:
    """The identifiers that tell rows apart; one that many rows share says something of them."""
    asked = {name: f"count(distinct {cells.raw[name]})" for name in _named(cells)}
    counts = measured(cells, asked, cells.view)
    return {name for name, apart in counts.items() if apart >= UNIQUE * rows}


def _named(cells: Cells) -> list[str]:
    return sorted(identifiers(cells))


def _hash(cells: Cells, left: set[str]) -> str:
    kept = [cells.raw[field.name] for field in present(cells) if field.name not in left]
    return f"hash({', '.join(kept or ['null'])})"
