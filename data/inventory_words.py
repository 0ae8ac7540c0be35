"""The inventory as a spreadsheet: its columns, the words of each list, and how a cell is written.

Shared by what writes the file and by what reads it back, so that both speak of the same columns.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from data.catalog import Dataset, catalog

MARK_VERSION = "v1"
NOTHING = "-"  # in the mark: nothing was declared when the row was exported

IDENTIFIER, TITLE, MARK = "Identifiant", "Donnée", "Repère de l'export"
# Columns that tell, before those to fill: (header, width in characters).
TOLD = (
    (IDENTIFIER, 23),
    (TITLE, 36),
    ("Famille", 20),
    ("Détenteur habituel", 28),
    ("Projets servis", 17),
    ("Statut connu", 17),
    ("Provenance", 12),
    ("Connu au", 12),
)

STATUSES = {
    "open": "Ouverte",
    "candidate": "À publier",
    "closed_unjustified": "Motif à préciser",
    "closed_justified": "Protégée",
    "other": "Payante ou limitée",
    "not_concerned": "Sans objet",
    "not_evaluated": "Non évaluée",
}
EXISTENCES = {
    "exists": "Existe",
    "partial": "Existe en partie",
    "not_produced": "N'est pas produite",
    "unknown": "On ne sait pas",
}
NOT_A_STATUS = "N'existe pas"  # the sign of a dataset that nobody produces: an existence


@dataclass(frozen=True)
class Filled:
    """A column to fill: the field of the declaration, and what one writes there."""

    name: str
    header: str
    width: int  # characters
    hint: str
    words: Mapping[str, str] = field(default_factory=dict)  # code -> word; empty: free text


@cache
def filled() -> tuple[Filled, ...]:
    """The columns to fill, in the order of the sheet."""
    return (
        Filled("status", "Statut", 19, "L'état de la donnée, dans la liste.", STATUSES),
        Filled("existence", "Existence", 18, "La donnée existe-t-elle ?", EXISTENCES),
        Filled(
            "reason_code",
            "Raison",
            26,
            "Pour « Protégée » et « Payante ou limitée » : la raison, dans la liste.",
            reasons(),
        ),
        Filled(
            "reason", "Explication", 34, "La raison, avec vos mots. Demandée pour « Sans objet »."
        ),
        Filled("legal_ground", "Texte cité", 26, "La loi, le décret ou le contrat qui le prévoit."),
        Filled("evidence", "Pièce", 28, "Ce sur quoi la réponse repose : courrier, délibération…"),
        Filled("url", "Lien de la pièce", 28, "Une adresse complète, qui commence par https://."),
        Filled(
            "trace",
            "Trace de la demande",
            24,
            "Pour « Motif à préciser » : un refus écrit, ou une demande restée un mois sans "
            "réponse.",
            _labels("traces"),
        ),
        Filled("asked_on", "Date de la demande", 14, "Le jour de la demande écrite."),
        Filled(
            "substitute",
            "À la place",
            22,
            "Pour « Protégée » : ce qui peut être donné à la place.",
            _labels("substitutes"),
        ),
        Filled("holder", "Service détenteur", 26, "Un service ou un organisme, pas une personne."),
        Filled("contact", "Contact public", 26, "Un standard ou une adresse de service."),
        Filled("note", "Note", 34, "Tout ce qui peut aider. Reste interne."),
    )


def inventory_datasets() -> dict[str, Dataset]:
    """What an inventory lists: the needs and the common base, not the sources of context."""
    return {key: card for key, card in catalog().datasets.items() if card.kind != "context"}


def _labels(key: str) -> dict[str, str]:
    return {made["code"]: made["label"] for made in catalog().statuses[key]}


@cache
def reasons() -> dict[str, str]:
    """Reason code -> French label, all statuses together."""
    return {
        made["code"]: made["label"]
        for status in catalog().statuses["access_statuses"]
        for made in status.get("reasons", ())
    }


def reason_fits(status: str | None, code: str) -> bool:
    """Whether a reason is one of those of a status."""
    return any(
        made["code"] == code
        for found in catalog().statuses["access_statuses"]
        for made in found.get("reasons", ())
        if found["code"] == status
    )


def word(column: Filled, value: str) -> str:
    """What the cell shows of a declared value; a value of another time stays as it is."""
    return column.words.get(value, value)


@cache
def _codes(name: str) -> dict[str, str]:
    column = next(made for made in filled() if made.name == name)
    found = {fold(made): code for code, made in column.words.items()}
    found |= {fold(code): code for code in column.words}
    if name == "status":
        labels = catalog().statuses["access_statuses"]
        found |= {fold(made["label"]): made["code"] for made in labels}
    return found


def code(column: Filled, text: str) -> str:
    """The code of a word or of a code, accents, case and spaces aside; else the text itself."""
    return _codes(column.name).get(fold(text), text) if column.words else text


def fold(text: str) -> str:
    """'  À  Publier ' -> 'a publier': what two ways of writing the same word share."""
    bare = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    kept = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return " ".join(re.findall(r"\w+", kept.replace("_", " ")))


def canonical(text: str | None) -> str | None:
    """A text as a spreadsheet can hold it: no control sign, no blank around; None when empty."""
    plain = (text or "").replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = "".join(sign for sign in plain if sign == "\n" or not _unwritable(sign))
    return kept.strip() or None


def _unwritable(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cs") or ord(sign) & 0xFFFE == 0xFFFE


def heading(where: str, code: str, day: str) -> str:
    """The first line of the file; it names the territory's code, that `named` reads back."""
    return f"{_HEADING} {where} ({code}), au {day}"


def named(text: str) -> str | None:
    """The code of the territory that a first line names; None for any other text."""
    found = _NAMED.search(text)
    return found[1] if found and fold(_HEADING) in fold(text[: found.start()]) else None


_HEADING = "Inventaire des données"
_NAMED = re.compile(r"\(([\w:]{2,20})\), au ")


@dataclass(frozen=True)
class Mark:
    """Where a row comes from: territory, day of the export, declaration shown at the time."""

    territory: str
    exported_on: date
    declaration: str | None  # id; None: nothing was declared

    def written(self) -> str:
        """The text of the technical column."""
        day = self.exported_on.isoformat()
        return "|".join((MARK_VERSION, self.territory, day, self.declaration or NOTHING))


def mark(text: str) -> Mark | None:
    """The mark of a row; None when it was lost or changed."""
    parts = [part.strip() for part in text.split("|")]
    if len(parts) != 4 or parts[0] != MARK_VERSION or not parts[3]:
        return None
    try:
        day = date.fromisoformat(parts[2])
    except ValueError:
        return None
    return Mark(parts[1], day, None if parts[3] == NOTHING else parts[3])
