"""The state of the sources as a table to take away (CSV that a French spreadsheet opens)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from datetime import date, datetime

from data.cells import neutral
from ui import source_state_words as words
from ui.source_state import STATES, Standing

HEADERS = (
    "Donnée", "Identifiant", "Connecteur", "Producteur", "Licence", "Niveau", "État",
    "Dernier succès", "Dernier échec", "En échec depuis", "Cause", "Âge de la copie (jours)",
    "Millésime", "Lignes", "Octets reçus au dernier appel", "Territoires servis",
    "Non vérifié sur la source réelle", "Prochain pas",
)  # fmt: skip


def as_csv(
    standings: Iterable[Standing], today: date, reachable: Callable[[Standing], bool]
) -> bytes:
    """One line a source; UTF-8 with its mark, semicolons; nothing a spreadsheet would run."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADERS)
    for made in standings:
        writer.writerow([neutral(cell) for cell in _row(made, today, reachable(made))])
    return out.getvalue().encode("utf-8-sig")


def _row(made: Standing, today: date, reachable: bool) -> list[str]:
    age, failure = made.age(today), made.failure
    return [
        made.card.title,
        made.card.id,
        made.source.connector,
        made.source.producer,
        made.source.licence,
        made.source.level,
        STATES[made.state].word,
        _day(made.good.fetched_at if made.good else None),
        _day(failure.fetched_at if failure else None),
        _day(made.since),
        words.cause(failure.detail) if failure else "",
        "" if age is None else str(age),
        made.vintage or "",
        str(made.rows) if made.good else "",
        str(made.moved) if made.moved else "",
        str(made.served),
        made.source.not_seen_live or "",
        words.next_step(made, today, reachable),
    ]


def _day(moment: datetime | None) -> str:
    return moment.date().isoformat() if moment else ""
