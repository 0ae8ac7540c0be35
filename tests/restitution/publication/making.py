"""Things to publish, made here so that these tests wait for no file and no reader."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pyarrow as pa

from data.reading.reading import ReadColumn, Reading, Repair
from data.schemas import Schema, schema_of
from data.standards import standard
from data.territories import territory
from diagnostics.mapping.choices import Choices, Merge, Split
from restitution.publication.consents import Consents
from restitution.publication.to_publish import Metadata, ToPublish

DAY = date(2026, 11, 21)
SOURCE = "5d" * 32
SIGNER = "Odette Signataire"
SECRET = "valeur d'avant réparation"
GIVEN = Consents(
    producer=SIGNER,
    officer=f"{SIGNER}, avis favorable",
    licence="lov2",
    licence_by=f"{SIGNER}, maire",
)
HOSTILE = (
    "</script><script>alert(1)</script>", "\"'><img src=x onerror=alert(1)>", "=1+1", "@SUM(A1)",
    "\u202eévil\u2066", "A" * 10_000, "&lt;b&gt;&amp;", "</style><style>*{}", "שלום עולם",
    "\x00\x07\x9f", "=HYPERLINK(\"http://x\")", "a;b,c\td\n\"e\"", "{{7*7}}", "\u2028`${1}`",
)  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """The attributes of diagnostics.conformity.verdict.Verdict that a publication reads."""

    valid: bool = True
    rows: int = 4
    rows_with_errors: int = 0
    share_valid_rows: float = 1.0
    errors: tuple[Any, ...] = ()
    warnings: tuple[Any, ...] = ()
    sense: tuple[Any, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        return {"valid": self.valid, "rows": self.rows, **self.more}


def trees() -> pa.Table:
    """Four trees: one without a place, one whose species a spreadsheet would run."""
    return pa.table(
        {
            "id": ["1", "2", "3", "4"],
            "longitude": ["1.4412", "1.45", "-1.5", None],
            "latitude": ["44.44", "44.5", "44.001", None],
            "genre_arbre": ["Acer", "=cmd|'/C calc'!A0", None, "Tilia"],
            "code_insee": ["46042", "46042", "01004", None],
            "date_plantation": ["2012-02-01", "2013-11-25", None, None],
            "hauteur": ["1200", "-5", "30.5", None],
            "arbre_remarquable": ["true", "false", None, "true"],
            "remarque": ["+33 5 65 20 00 00", "- à voir", "voilà", "-12"],
        }
    )


def reading() -> Reading:
    columns = tuple(ReadColumn(name, name, "string", 0) for name in ("N°", "X", "Jardinier"))
    repairs = (
        Repair("decimal_comma", "hauteur", 2, (1, 2), SECRET, "12.5", ((1, SECRET, "12.5"),)),
        Repair("total_dropped", None, 1, (5,), SECRET, None, ((5, SECRET, None),)),
    )
    return Reading(
        f"arbres de {SIGNER}.csv", columns=columns, repairs=repairs, flags=("total_row_dropped",)
    )


def made(code: str = "46042", **changes: Any) -> ToPublish:
    """The trees of a town, ready and agreed upon."""
    whole = ToPublish(
        table=trees(),
        schema=standard("arbre"),
        place=territory(code),
        metadata=Metadata(),
        day=DAY,
        source_sha256=SOURCE,
        reading=reading(),
        mapping={"N°": "id", "X": "longitude", "Jardinier": None},
        choices=Choices(values={"genre_arbre": {SECRET: "Acer"}}),
        verdict=Verdict(),
        consents=GIVEN,
    )
    return replace(whole, **changes)


def hostile() -> ToPublish:
    """Everything that comes from outside holds what should never run."""
    cells = [*HOSTILE, *HOSTILE]
    names = ["=cmd()", "<b>gras</b>", "long " * 60, "coordonneesXY"]
    fields = [
        {"name": names[0], "type": "string", "description": HOSTILE[0]},
        {"name": names[1], "type": "string", "constraints": {"enum": list(HOSTILE)}},
        {"name": names[2], "type": "number", "constraints": {"minimum": "x", "pattern": "("}},
        {"name": names[3], "type": "geopoint"},
    ]
    schema: Schema = schema_of({"title": HOSTILE[1], "version": HOSTILE[4], "fields": fields}, "x")
    table = pa.table(
        {
            names[0]: cells,
            names[1]: cells[::-1],
            names[2]: ["=1", *[None] * (len(cells) - 1)],
            names[3]: ["1.5, 44", *["500, 500"] * (len(cells) - 1)],
        }
    )
    metadata = Metadata(
        title=HOSTILE[0], description=HOSTILE[5], organisation=HOSTILE[1], producer=HOSTILE[6],
        contact="javascript:alert(1)", keywords=HOSTILE, url="javascript:alert(1)",
        base="https://x y", siret="<b>", start="hier", end="demain",
    )  # fmt: skip
    read = Reading(
        HOSTILE[0],
        columns=tuple(ReadColumn(name, name, "string", 0) for name in HOSTILE),
        repairs=tuple(Repair(name, name, 1, before=name) for name in HOSTILE),
        flags=HOSTILE,
    )
    return made(
        table=table, schema=schema, metadata=metadata, reading=read,
        mapping=dict.fromkeys(HOSTILE, names[0]), consents=Consents(),
        choices=Choices(
            splits=(Split(HOSTILE[0], (names[0],)),), merges=(Merge(HOSTILE[:2], names[1]),)
        ),
        verdict=Verdict(False, 28, 28, 0.0),
    )  # fmt: skip
