"""Files of a standard: one that conforms, written from its facts, and mutations of it.

All is drawn from a seed: the same file twice.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
import string
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from data.schemas import Field, Schema

SIRETS = ("21460042100017", "35600000049837", "21690123100011", "20005478100022")
SIRENS = ("214600421", "356000000", "216901231", "200054781")
ROWS = 8
EMPTY = 0.25  # share of optional cells left empty
_LETTERS = string.ascii_lowercase + "éèàç"

Row = dict[str, str]
Lines = list[list[str]]


class Draw:
    """Values and files of one standard."""

    def __init__(self, schema: Schema, seed: str) -> None:
        self.schema = schema
        self.chance = random.Random(f"{schema.id}:{seed}")
        self.serial = 0

    # --- what conforms ---------------------------------------------------------------------------

    def table(self, rows: int = ROWS) -> Lines:
        """A header and rows that conform."""
        made = [self._row() for _ in range(rows)]
        return [
            list(self.schema.names),
            *([row[name] for name in self.schema.names] for row in made),
        ]

    def _row(self) -> Row:
        self.serial += 1
        row = {field.name: self._cell(field) for field in self.schema.fields}
        for check in self.schema.custom_checks:
            self._suit(row, str(check["name"]), check.get("params", {}))
        return row

    def _cell(self, field: Field) -> str:
        needed = field.required or field.name in self.schema.primary_key
        if not needed and self.chance.random() < EMPTY:
            return ""
        return self.value(field)

    def value(self, field: Field) -> str:
        """A value that the field takes."""
        rules = field.constraints
        if "enum" in rules and field.type != "array":
            return str(self.chance.choice(rules["enum"]))
        if "pattern" in rules and field.type == "string":
            return self._of_pattern(field)
        made = getattr(self, f"_{field.type}")(field)
        if field.name in self.schema.primary_key or rules.get("unique"):
            made = made if field.format in ("uuid", "uri") else f"{made}{self.serial}"
        return made

    def _of_pattern(self, field: Field) -> str:
        pattern = str(field.constraints["pattern"])
        least = int(field.constraints.get("minLength", 0))
        most = int(field.constraints.get("maxLength", 10**9))
        unique = field.name in self.schema.primary_key
        for tried in range(400):
            made = drawn(pattern, self.chance, 6 if tried % 2 else max(6, least + 4))
            if field.format == "uri" and "://" not in made:  # a pattern may take more
                continue
            if unique and made == getattr(self, "_last", None):
                continue
            if least <= len(made) <= most and made and re.match(f"^{pattern}$", made):
                self._last = made
                return made
        raise AssertionError(f"aucune valeur trouvée pour {field.name} : {pattern}")

    def _string(self, field: Field) -> str:
        form = {
            "email": "agent@exemple.fr",
            "uri": f"https://exemple.fr/{self.chance.randrange(999)}",
            "uuid": str(uuid.UUID(int=self.chance.getrandbits(128))),
        }
        if field.format in form:
            return form[field.format]
        least = int(field.constraints.get("minLength", 3))
        most = int(field.constraints.get("maxLength", max(least, 12)))
        size = max(least, min(most, self.chance.randrange(3, 13)))
        return "".join(self.chance.choice(_LETTERS) for _ in range(size))

    def _number(self, field: Field) -> str:
        low, high = self._bounds(field)
        made = f"{self.chance.uniform(low, high):.4f}"
        return made.replace(".", str(field.raw.get("decimalChar") or "."))

    def _integer(self, field: Field) -> str:
        low, high = self._bounds(field)
        return str(self.chance.randint(int(low), int(high)))

    def _bounds(self, field: Field) -> tuple[float, float]:
        low = float(field.constraints.get("minimum", 0))
        return low, float(field.constraints.get("maximum", low + 80))

    def _boolean(self, field: Field) -> str:
        words = [*field.raw.get("trueValues", ["true"]), *field.raw.get("falseValues", ["false"])]
        return str(self.chance.choice(words))

    def _date(self, field: Field) -> str:
        day = date(2015, 1, 1) + timedelta(days=self.chance.randrange(3000))
        return day.strftime("%Y-%m-%d" if field.format == "default" else field.format)

    def _datetime(self, _field: Field) -> str:
        zone = self.chance.choice(("", "Z", "+01:00"))
        return f"{self._date(Field('', 'date', 'default', {}, {}))}T08:30:00{zone}"

    def _year(self, _field: Field) -> str:
        return str(self.chance.randrange(1950, 2026))

    def _geopoint(self, field: Field) -> str:
        longitude, latitude = self.chance.uniform(0, 5), self.chance.uniform(43, 49)
        return (
            f"[{longitude:.5f}, {latitude:.5f}]"
            if field.format == "array"
            else (f"{longitude:.5f},{latitude:.5f}")
        )

    def _array(self, field: Field) -> str:
        item = field.raw.get("arrayItem") or {}
        words = item.get("enum") or item.get("constraints", {}).get("enum") or ["a", "b"]
        return json.dumps(self.chance.sample(words, 1), ensure_ascii=False)

    def _suit(self, row: Row, name: str, params: dict[str, Any]) -> None:
        """Make a row keep a custom check."""
        column = params.get("column")
        if name in ("french-siret-value", "french-siren-value") and row.get(column):
            row[column] = self.chance.choice(SIRETS if "siret" in name else SIRENS)
        elif name == "nomenclature-actes-value" and row.get(column):
            row[column] = "Finances locales/Subventions"
        elif name == "year-interval-value" and row.get(column):
            row[column] = self.chance.choice(("2020", "2020/2021"))
        elif name == "one-of-required" and not row.get(params["column1"]):
            row[params["column1"]] = self.chance.choice(SIRETS)
        elif name == "cohesive-columns-value":
            self._together(row, [column, *params["othercolumns"]])
        elif name == "compare-columns-value" and column == "PREF_DATE" and row[column]:
            row[column] = max(row[column], row[params["column2"]])

    def _together(self, row: Row, names: list[str]) -> None:
        if self.chance.random() < EMPTY:
            row.update(dict.fromkeys(names, ""))
        elif "VOTE_REEL" in names:
            pour, contre, abstention = (self.chance.randrange(9) for _ in range(3))
            total = pour + contre + abstention
            row.update(VOTE_POUR=str(pour), VOTE_CONTRE=str(contre), VOTE_REEL=str(total))
            row.update(VOTE_ABSTENTION=str(abstention), VOTE_EFFECTIF=str(total + 2))
        else:
            row.update(BUDGET_ANNEE="2021", BUDGET_NOM="Budget principal")

    # --- what does not ---------------------------------------------------------------------------

    def mutated(self) -> tuple[str, str]:
        """A file with one to three faults: what was done, its text."""
        lines = self.table()
        done = []
        for _ in range(self.chance.choice((1, 1, 2, 3))):
            name = self.chance.choice(sorted(MUTATIONS))
            MUTATIONS[name](self, lines)
            done.append(name)
        name = self.chance.choice(sorted(WRITTEN))
        return "+".join([*done, name]), WRITTEN[name](self, lines)

    def place(self, lines: Lines) -> tuple[int, int]:
        """A cell of the data, of a column of the header."""
        row = self.chance.randrange(1, len(lines))
        return row, self.chance.randrange(min(len(lines[0]), len(lines[row]) or 1))

    def put(self, lines: Lines, value: str, kinds: tuple[str, ...] = ()) -> None:
        """Write a value in a cell, of a field of these types when there is one."""
        kept = [
            at
            for at, name in enumerate(lines[0])
            if not kinds or ((field := self.schema.field(name)) and field.type in kinds)
        ]
        row, column = self.place(lines)
        column = self.chance.choice(kept) if kept else column
        if column < len(lines[row]):
            lines[row][column] = value


def _writer(*values: str, kinds: tuple[str, ...] = ()) -> Callable[[Draw, Lines], None]:
    return lambda draw, lines: draw.put(lines, draw.chance.choice(values), kinds)


def _in_field(
    choose: Callable[[Field], bool], change: Callable[[Draw, Field, str], str]
) -> Callable[[Draw, Lines], None]:
    """Change a cell of a field that has a rule."""

    def made(draw: Draw, lines: Lines) -> None:
        kept = [
            (at, field)
            for at, name in enumerate(lines[0])
            if (field := draw.schema.field(name)) and choose(field)
        ]
        row, _ = draw.place(lines)
        if kept:
            at, field = draw.chance.choice(kept)
            if at < len(lines[row]):
                lines[row][at] = change(draw, field, lines[row][at])

    return made


def _repeat_key(draw: Draw, lines: Lines) -> None:
    row, _ = draw.place(lines)
    lines.append(list(lines[row]))


def _drop_column(draw: Draw, lines: Lines) -> None:
    at = draw.chance.randrange(len(lines[0]))
    if len(lines[0]) > 2:
        for line in lines:
            del line[at : at + 1]


def _add_column(draw: Draw, lines: Lines) -> None:
    at = draw.chance.randrange(len(lines[0]) + 1)
    name = f"colonne_en_plus_{draw.chance.randrange(999)}"
    for row, line in enumerate(lines):
        line.insert(at, name if not row else draw.chance.choice(("", "x")))


def _move_column(draw: Draw, lines: Lines) -> None:
    first, second = (draw.chance.randrange(len(lines[0])) for _ in range(2))
    for line in lines:
        if max(first, second) < len(line):
            line[first], line[second] = line[second], line[first]


def _rename_column(draw: Draw, lines: Lines) -> None:
    at = draw.chance.randrange(len(lines[0]))
    name = lines[0][at]
    lines[0][at] = draw.chance.choice((name.swapcase(), f"{name}_2", f" {name} ", name[::-1], "é"))


def _same_name(draw: Draw, lines: Lines) -> None:
    lines[0][draw.chance.randrange(len(lines[0]))] = draw.chance.choice(lines[0])


def _short_row(draw: Draw, lines: Lines) -> None:
    row, _ = draw.place(lines)
    del lines[row][draw.chance.randrange(1, len(lines[0])) :]


def _long_row(draw: Draw, lines: Lines) -> None:
    row, _ = draw.place(lines)
    lines[row].extend(draw.chance.choice((["x"], ["x", "y"], [""], ["", ""], ["z"] * 12)))


def _blank_row(draw: Draw, lines: Lines) -> None:
    row, _ = draw.place(lines)
    lines.insert(row, draw.chance.choice(([], [""] * len(lines[0]), ["", ""])))


def _blank_end(_draw: Draw, lines: Lines) -> None:
    lines.append([])


def _empty_needed(draw: Draw, lines: Lines) -> None:
    _in_field(lambda field: field.required, lambda *_: draw.chance.choice(("", " ", "NA")))(
        draw, lines
    )


MUTATIONS: dict[str, Callable[[Draw, Lines], None]] = {
    "nombre": _writer(
        "12,5",
        "1 000",
        "x",
        "1e3",
        "NaN",
        "inf",
        "-1",
        " 7 ",
        "+4",
        "1_0",
        "99999999999999999999",
        "0x1",
        "5.",
        ".5",
        "1.0",
        "-0",
        "\u00a012",
        "1\u00a0000",
        kinds=("number", "integer", "year"),
    ),
    "jour": _writer(
        "12/03/2024",
        "2024-3-5",
        "2024-02-30",
        "20240305",
        "2024",
        " 2024-03-05",
        "2024-03-05 ",
        "0000-01-01",
        "2024-03-05T00:00:00",
        "hier",
        "9999-12-31",
        "2024-13-01",
        "1789-07-14",
        kinds=("date", "datetime"),
    ),
    "moment": _writer(
        "2024-03-05 08:30:00",
        "2024-03-05T08:30:00",
        "2024-03-05T08:30:00.123Z",
        "2024-03-05T24:00:00",
        "2024-03-05T8:30:00",
        "2024-03-05T08:30",
        "2024-03-05T08:30:00+0100",
        "2024-03-05T25:00:00",
        kinds=("datetime",),
    ),
    "booleen": _writer(
        "oui", "Oui", "true", "True", "1", "0", "VRAI", "x", " true", "false", kinds=("boolean",)
    ),
    "point": _writer(
        "[48.85, 2.35]",
        "[2.35,48.85]",
        "2.35,48.85",
        "[200, 2]",
        "[2, 95]",
        "[1]",
        "x",
        "[a,b]",
        '["2.35", "48.8"]',
        "[2.35, 48.85, 0]",
        "[null, 1]",
        "[1e1, 4]",
        "[90, 90]",
        "[180, -90.0]",
        kinds=("geopoint",),
    ),
    "liste": _writer(
        "[]", '["zzz"]', "[1]", "a,b", '{"a": 1}', "[", '["a"', "null", kinds=("array",)
    ),
    "texte": _writer(
        "é" * 300,
        "x",
        " ",
        "\t",
        "a\nb",
        'a"b',
        "a;b",
        "a,b",
        "'",
        "<b>",
        "=1+1",
        "0" * 14,
        "\u00a0",
        "NULL",
        "NA",
        "N/A",
        "nan",
        "null",
        "-",
        "\u200b",
        "😀",
        "a\n",
    ),
    "courriel": _in_field(
        lambda field: field.format == "email",
        lambda draw, *_: draw.chance.choice(
            ("a@b", "a@b.fr ", "é@b.fr", "a b@c.fr", "a@b.c", "A.B+c@x-y.fr", "@b.fr", "a@é.fr")
        ),
    ),
    "adresse": _in_field(
        lambda field: field.format == "uri",
        lambda draw, *_: draw.chance.choice(
            (
                "www.x.fr",
                "http:",
                "https://x y.fr",
                "mailto:a",
                "//x",
                "1http://x",
                " http://x",
                "é:x",
            )
        ),
    ),
    "uuid": _in_field(
        lambda field: field.format == "uuid",
        lambda draw, _field, value: draw.chance.choice(
            (
                value.upper(),
                value.replace("-", ""),
                f"{{{value}}}",
                value[:-1],
                "x",
                f"urn:uuid:{value}",
            )
        ),
    ),
    "motif": _in_field(
        lambda field: "pattern" in field.constraints,
        lambda draw, _field, value: draw.chance.choice(
            (
                f"{value} ",
                f" {value}",
                value[:-1],
                value.lower(),
                value.upper(),
                f"{value}{value}",
                "é",
                f"{value}\n",
                "\u0661" * 5,
                value.replace("|", ";"),
                "\u00a0",
                f"x{value}",
            )
        ),
    ),
    "mot": _in_field(
        lambda field: "enum" in field.constraints,
        lambda draw, _field, value: draw.chance.choice(
            (value.upper(), f"{value} ", "autre chose", "1")
        ),
    ),
    "longueur": _in_field(
        lambda field: {"minLength", "maxLength"} & set(field.constraints),
        lambda draw, field, value: draw.chance.choice(("é", "x" * 300, value * 30)),
    ),
    "borne": _in_field(
        lambda field: {"minimum", "maximum"} & set(field.constraints),
        lambda draw, field, _value: draw.chance.choice(
            (
                str(field.constraints.get("minimum", 0)),
                str(field.constraints.get("maximum", 1)),
                "-999",
                "1e9",
                "nan",
                str(field.constraints.get("maximum", 1)) + ".0001",
            )
        ),
    ),
    "siret": _in_field(
        lambda field: "sire" in field.name.lower() or "id" in field.name.lower(),
        lambda draw, *_: draw.chance.choice(
            (
                "21460042100018",
                "214600421",
                "214 600 421 00017",
                "2,146E+13",
                "35600000049838",
                "0" * 14,
            )
        ),
    ),
    "vide": _empty_needed,
    "cellule_vide": _writer(""),
    "cle": _repeat_key,
    "colonne_manquante": _drop_column,
    "colonne_en_plus": _add_column,
    "colonne_deplacee": _move_column,
    "colonne_renommee": _rename_column,
    "nom_repete": _same_name,
    "ligne_courte": _short_row,
    "ligne_longue": _long_row,
    "ligne_vide": _blank_row,
    "fin_vide": _blank_end,
    "rien": lambda _draw, _lines: None,
}


def plain(lines: Lines, end: str = "\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end, quoting=quoting)
    for line in lines:
        if line:
            writer.writerow(line)
        else:
            out.write(end)
    return out.getvalue()


WRITTEN: dict[str, Callable[[Draw, Lines], str]] = {
    "simple": lambda _draw, lines: plain(lines),
    "windows": lambda _draw, lines: plain(lines, "\r\n"),
    "guillemets": lambda _draw, lines: plain(lines, quoting=csv.QUOTE_ALL),
    "bom": lambda _draw, lines: "\ufeff" + plain(lines),
    "sans_fin": lambda _draw, lines: plain(lines).rstrip("\n"),
}


# --- texts of a pattern --------------------------------------------------------------------------


def drawn(pattern: str, chance: random.Random, most: int = 6) -> str:
    """A text that a pattern may match: to be checked, as look-around is not followed.

    `most`: repeats drawn, beyond the least, of what has no bound.
    """
    parsed = re._parser.parse(pattern)  # type: ignore[attr-defined]
    return _sequence(parsed, chance, {}, most)


def _sequence(parts: Any, chance: random.Random, groups: dict[int, str], most: int) -> str:
    return "".join(_part(str(kind), given, chance, groups, most) for kind, given in parts)


def _part(kind: str, given: Any, chance: random.Random, groups: dict[int, str], most: int) -> str:
    if kind in ("MAX_REPEAT", "MIN_REPEAT"):
        low, high, parts = given
        times = chance.randint(low, min(int(high), low + most))
        return "".join(_sequence(parts, chance, groups, most) for _ in range(times))
    if kind == "BRANCH":
        return _sequence(chance.choice(given[1]), chance, groups, most)
    if kind == "SUBPATTERN":
        groups[given[0]] = _sequence(given[-1], chance, groups, most)
        return groups[given[0]]
    return groups.get(given, "") if kind == "GROUPREF" else _letter(kind, given, chance)


def _letter(kind: str, given: Any, chance: random.Random) -> str:
    if kind == "LITERAL":
        return chr(given)
    if kind == "NOT_LITERAL":
        return "a" if given != ord("a") else "b"
    if kind == "ANY":
        return chance.choice("abc1")
    return _one_of(given, chance) if kind == "IN" else ""  # places: ^, $


def _one_of(given: Any, chance: random.Random) -> str:
    kind, value = chance.choice(given)
    if str(given[0][0]) == "NEGATE":
        refused = {chr(value) for kind, value in given if str(kind) == "LITERAL"}
        return next(letter for letter in "abcdef1" if letter not in refused)
    if str(kind) == "RANGE":
        return chr(chance.randint(*value))
    if str(kind) == "CATEGORY":
        return {"DIGIT": str(chance.randrange(10)), "SPACE": " ", "WORD": "a"}[
            str(value).rpartition("_")[2]
        ]
    return chr(value)
