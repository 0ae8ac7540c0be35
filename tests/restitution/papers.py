"""Documents of every block, made here so that the tests of formats do not wait for the parts."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from datetime import date

import pdfua
import pypdfium2

from data.territories import territory
from drawing import signs
from drawing.charts import Point, interval_chart
from restitution.document import (
    BALLOT,
    NOTICE,
    Absent,
    Block,
    Chart,
    Column,
    Document,
    Facts,
    Items,
    KeyFigure,
    KeyFigures,
    Part,
    Picture,
    Section,
    Table,
    Text,
)
from tests.restitution import reading

DAY = date(2026, 11, 21)
SAID = "Vers 2050 ce serait 12\u00a0jours par an, entre 7 et 15 selon les modèles. "
HEADERS = ("Donnée", "Statut", "Détenteur", "Valeur")


def table(count: int, name: str = "Inventaire des arbres et des arbustes d'alignement") -> Table:
    """As many rows as asked, each with a status and a number."""
    statuses = list(signs.STATUSES.values())
    columns = (Column(HEADERS[0], 3), *(Column(header) for header in HEADERS[1:3]))
    rows = tuple(
        (f"L{at:03d} {name}", statuses[at % len(statuses)], "Intercommunalité", f"{at}\u202f000")
        for at in range(count)
    )
    return Table("Une à une", (*columns, Column(HEADERS[3], 1, True)), rows, "Insee, 2022, commune")


def chart() -> Chart:
    """Three horizons, with words and table."""
    points = (Point("Référence", 3), Point("Vers 2030", 7, 4, 9), Point("Vers 2050", 12, 7, 15))
    own = Table("Les mêmes", (Column("Horizon"), Column("Jours", 1, True)), (("Vers 2050", "12"),))
    return Chart("Jours à 35\u00a0°C", interval_chart(points, "jours/an"), "Trois barres", own)


def every_block() -> tuple[Block, ...]:
    """One of each at least, and every tone."""
    tones = ("plain", "lead", "quiet", "caution", "typed", "answer")
    figures = tuple(KeyFigure(f"Chiffre {at}", f"{at} jours", "entre 1 et 9") for at in range(5))
    return (
        *(Text(SAID * 2, tone, "En gras.", edited=tone == "lead") for tone in tones),
        Items(("Un", "Deux")),
        Items(("Un", "Deux"), ordered=True),
        Facts((("Producteur", "Insee"), ("Licence", SAID))),
        KeyFigures(figures),
        table(3),
        Table("Vide", (Column("A"),), (), empty="Personne n'a encore demandé."),
        chart(),
        Picture(b"nothing of a picture", "png", "une photo", "Légende de la photo"),
        Absent("Arbres", "Non récupéré.", "Récupérer la source."),
        Section("Une section", (Text(SAID), Section("Une autre", (Text(SAID),)))),
    )


def document(*parts: Part, code: str = "46042", **said: object) -> Document:
    """A document of these parts; else two, the second with a table of sixty lines."""
    made = parts or (
        Part("a", "Premier chapitre", every_block()),
        Part("b", "Second chapitre", (Section("Le tableau", (table(60),)),)),
    )
    usual = {"standing": "Validé le 3 novembre 2026", "validated": True, "internal": False}
    return Document(
        **{
            **{"id": "report", "title": "Diagnostic des données", "subtitle": "Rapport"},
            **{"place": territory(code), "day": DAY, "parts": made, "notices": (NOTICE, BALLOT)},
            **usual,
            **said,
        }
    )


def faults(content: bytes) -> list[str]:
    """What pdfua holds against a PDF."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(content)
        file.flush()
        return [f"{made.rule_id} {made.message}" for made in pdfua.validate(file.name).findings]


def pages(content: bytes) -> list[str]:
    """The text of each page: words cut by a line made whole, spaces of numbers narrow."""
    whole = (re.sub(r"[\x02\ufffe]\s*", "", page) for page in reading.pdf_pages(content))
    return [page.replace("\u2009\u2060", "\u202f") for page in whole]


def outside(content: bytes) -> Iterator[str]:
    """The texts that stand out of their page, in part or whole."""
    for at, page in enumerate(pypdfium2.PdfDocument(content), start=1):
        width, height = page.get_size()
        text = page.get_textpage()
        for rank in range(text.count_rects()):
            left, bottom, right, top = box = text.get_rect(rank)
            if left < -1 or bottom < -1 or right > width + 1 or top > height + 1:
                yield f"page {at} {box} : {text.get_text_bounded(*box)[:40]}"
