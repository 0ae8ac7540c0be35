"""Whether days make sense: not all the same, not in the future, not only years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from data.schemas import Field
from diagnostics.conformity.cells import Cells
from diagnostics.conformity.sense_fields import AHEAD, OF_DAY, OF_FILE, about, present
from diagnostics.conformity.sense_found import Doubt, Raised
from diagnostics.conformity.wording import NBSP, cited

OLDEST = 1800
ENOUGH = 10  # values before « all the same » is looked at
SOME = 5  # values before « only years » is looked at
MOST = 0.9  # share of days that are a first of January
YEAR = "[12][0-9]{3}"


def rules(cells: Cells, today: date) -> Iterator[Doubt]:
    """What is odd in the days and years of a line."""
    for field in present(cells, *OF_DAY):
        yield from _of_rows(field, _day(cells, field), today)
    for field in present(cells, "year"):
        year = f"try_cast({cells.typed[field.name]} as bigint)"
        yield from _of_years(field, year, today.year)


def asked(cells: Cells) -> dict[str, str]:
    """What is to be measured on the whole of each field of days."""
    made = {}
    for field in present(cells, *OF_DAY):
        day, name = _day(cells, field), field.name
        made[f"known {name}"] = f"count({day})"
        made[f"apart {name}"] = f"coalesce(min({day}) < max({day}), false)"
        made[f"firsts {name}"] = f"count(*) filter (where {_first(day)})"
        made[f"years {name}"] = f"count(*) filter (where {_alone(cells, field)})"
    return made


def whole(cells: Cells, seen: Mapping[str, Any]) -> Iterator[Raised]:
    """What is odd in a whole field of days."""
    for field in present(cells, *OF_DAY):
        known, apart, firsts, years = (
            int(seen[f"{key} {field.name}"]) for key in ("known", "apart", "firsts", "years")
        )
        day = _day(cells, field)
        if known >= ENOUGH and not apart and not about(field, OF_FILE):
            yield _constant(field, day), known
        elif _of_year(field):
            continue
        elif known >= SOME and apart and firsts >= MOST * known:
            fails = f"({_first(day)} or ({day} is null and {_alone(cells, field)}))"
            yield _only_years(field, fails), firsts + years
        elif years:
            yield _only_years(field, _alone(cells, field)), years


def _of_year(field: Field) -> bool:
    """Whether the standard itself asks for a year, or a year and a month."""
    return "%" in field.format and "%d" not in field.format


def _day(cells: Cells, field: Field) -> str:
    return f"try_cast({cells.typed[field.name]} as date)"


def _first(day: str) -> str:
    return f"(month({day}) = 1 and day({day}) = 1)"


def _alone(cells: Cells, field: Field) -> str:
    raw = cells.raw[field.name]  # a whole day is longer: most values need no pattern
    return f"case when length({raw}) < 9 then regexp_full_match(trim({raw}), '{YEAR}') end"


def _of_rows(field: Field, column: str, today: date) -> Iterator[Doubt]:
    name = cited(field.name)
    if not about(field, AHEAD):
        yield Doubt(
            "future-date",
            "Dates dans le futur",
            field.name,
            f"({column} > date '{today.isoformat()}')",
            f"1{NBSP}date de {name} est dans le futur",
            f"{{n}}{NBSP}dates de {name} sont dans le futur",
            "Vérifiez l'année, et l'ordre du jour et du mois.",
        )
    yield Doubt(
        "ancient-date",
        "Dates trop anciennes",
        field.name,
        f"({column} < date '{OLDEST}-01-01')",
        f"1{NBSP}date de {name} est antérieure à {OLDEST}",
        f"{{n}}{NBSP}dates de {name} sont antérieures à {OLDEST}",
        "C'est souvent une valeur par défaut, à laisser vide.",
    )


def _of_years(field: Field, year: str, this_year: int) -> Iterator[Doubt]:
    name = cited(field.name)
    if not about(field, AHEAD):
        yield Doubt(
            "future-date",
            "Années dans le futur",
            field.name,
            f"({year} > {this_year})",
            f"1{NBSP}année de {name} est dans le futur",
            f"{{n}}{NBSP}années de {name} sont dans le futur",
            "Vérifiez-les.",
        )
    yield Doubt(
        "ancient-date",
        "Années trop anciennes",
        field.name,
        f"({year} < {OLDEST})",
        f"1{NBSP}année de {name} est antérieure à {OLDEST}",
        f"{{n}}{NBSP}années de {name} sont antérieures à {OLDEST}",
        "C'est souvent une valeur par défaut, à laisser vide.",
    )


def _constant(field: Field, day: str) -> Doubt:
    told = f"Les {{n}}{NBSP}dates de {cited(field.name)} sont la même"
    return Doubt(
        "constant-date",
        "Une seule date partout",
        field.name,
        f"({day} is not null)",
        told,
        told,
        "C'est peut-être la date de l'export, pas celle de chaque ligne.",
    )


def _only_years(field: Field, fails: str) -> Doubt:
    name = cited(field.name)
    return Doubt(
        "year-only-date",
        "Dates réduites à l'année",
        field.name,
        fails,
        f"1{NBSP}date de {name} n'est qu'une année",
        f"{{n}}{NBSP}dates de {name} ne sont que des années (souvent le 1er janvier)",
        "Le jour et le mois ont été perdus ou inventés.",
    )
