"""The team's plan as a spreadsheet and as a calendar (RFC 5545): internal documents."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, timedelta

from data.catalog import catalog
from data.entries import DONE, DROPPED, Kept, PlannedAction
from data.territories import Territory
from diagnostics.missing import Gain
from drawing import french
from drawing.mentions import INTERNAL
from drawing.tidings import ACTIONS
from restitution import sheets
from restitution.sheets import Cell, Sheet

Plan = Sequence[Kept[PlannedAction]]
# (header, width in characters)
COLUMNS = (
    ("Politique publique servie", 34),
    ("Action", 46),
    ("Donnée", 34),
    ("Responsable", 24),
    ("Échéance", 12),
    ("Effort (jours d'agent)", 12),
    ("Moyens", 30),
    ("Parties prenantes", 30),
    ("Société civile", 30),
    ("Signe de réussite", 34),
    ("État", 12),
    ("Gain au plus (points sur 100)", 14),
    ("Commentaire", 40),
    ("Dernière saisie", 12),
    ("Saisie par", 20),
)
LINE_OCTETS = 75  # RFC 5545, 3.1: longest line, its end left out
_UNFIT = ("Cc", "Cs", "Zl", "Zp")  # controls, halves of a pair, line and paragraph separators
PRODUCT = "-//Cœur de Données//Plan d'action//FR"


def rows(kept: Plan, gains: Mapping[str, Gain]) -> list[list[Cell]]:
    """One row per action, columns of COLUMNS: text, days as dates, effort and gain as numbers."""
    return [_row(line, gains) for line in kept]


def _row(line: Kept[PlannedAction], gains: Mapping[str, Gain]) -> list[Cell]:
    action, gain = line.entry, gains.get(line.entry.dataset)
    card = catalog().datasets.get(action.dataset)
    return [
        action.policy,
        action.title,
        card.title if card else action.dataset,
        action.owner,
        action.deadline,
        action.effort_days,
        action.means,
        action.stakeholders,
        action.civil_society,
        action.success,
        ACTIONS[action.state],
        round(gain.points.high, 1) if gain else None,
        action.comment,
        line.recorded_at.date(),
        line.author or "",
    ]


def as_xlsx(kept: Plan, gains: Mapping[str, Gain], place: Territory, day: date) -> bytes:
    """A workbook of one sheet: title, « document interne », header frozen and filtered, footer."""
    made = sheet(kept, gains, title(place, day))
    return sheets.workbook([made], made.title, day)


def sheet(kept: Plan, gains: Mapping[str, Gain], titled: str) -> Sheet:
    """The plan as one sheet of a workbook."""
    return Sheet("Plan d'action", titled, COLUMNS, rows(kept, gains), (INTERNAL,), top=INTERNAL)


def title(place: Territory, day: date) -> str:
    """'Plan d'action de Cahors, au 21 novembre 2026'; FICTIF first for an invented place."""
    return f"{_name(place)}, au {french.day(day)}"


def _name(place: Territory) -> str:
    fictional = "FICTIF – " if place.fictional else ""
    return f"{fictional}Plan d'action {french.of_place(place.name, place.level)}"


def file_name(place: Territory, day: date, extension: str) -> str:
    """'plan_d_action_46042_INTERNE_2026-11-21.xlsx'."""
    code = place.code.replace(":", "_")
    fictional = "_FICTIF" if place.fictional else ""
    return f"plan_d_action_{code}{fictional}_INTERNE_{day.isoformat()}.{extension}"


# --- calendar ------------------------------------------------------------------------------------


def as_calendar(kept: Plan, place: Territory) -> bytes:
    """The dated actions as whole-day events; the same plan gives the same octets.

    An action that was dropped stays, cancelled: a calendar that took it before takes it away.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{escaped(PRODUCT)}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(f'{_name(place)} ({INTERNAL.lower()})')}",
        *(made for line in kept if line.entry.deadline for made in _event(line, place)),
        "END:VCALENDAR",
    ]
    return "".join(folded(line) for line in lines).encode()


def _event(line: Kept[PlannedAction], place: Territory) -> Iterator[str]:
    action = line.entry
    due = action.deadline or line.recorded_at.date()
    stamp = line.recorded_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    yield "BEGIN:VEVENT"
    yield f"UID:{action.key}@coeur-de-donnees.invalid"
    yield f"DTSTAMP:{stamp}"
    yield f"LAST-MODIFIED:{stamp}"
    yield f"DTSTART;VALUE=DATE:{due:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{due + timedelta(days=1):%Y%m%d}"
    done = "Faite : " if action.state == DONE else ""
    fictional = "FICTIF – " if place.fictional else ""
    yield f"SUMMARY:{escaped(fictional + done + action.title)}"
    yield f"DESCRIPTION:{escaped(_described(action))}"
    yield f"CATEGORIES:{escaped(action.policy)}"
    yield "STATUS:CANCELLED" if action.state == DROPPED else "STATUS:CONFIRMED"
    yield "CLASS:PRIVATE"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _described(action: PlannedAction) -> str:
    said = {
        "Politique publique": action.policy,
        "Responsable": action.owner,
        "État": ACTIONS[action.state],
        "Parties prenantes": action.stakeholders,
        "Société civile": action.civil_society,
        "Signe de réussite": action.success,
    }
    return "\n".join([*(f"{label} : {text}" for label, text in said.items() if text), INTERNAL])


def escaped(text: str) -> str:
    """A TEXT value of RFC 5545: backslash, comma, semicolon and line ends; no control character."""
    marked = text.replace("\r\n", "\n").replace("\r", "\n")
    for sign in "\\;,":
        marked = marked.replace(sign, f"\\{sign}")
    marked = marked.replace("\n", "\\n").replace("\t", " ")
    return "".join(sign for sign in marked if unicodedata.category(sign) not in _UNFIT)


def folded(line: str) -> str:
    """A content line cut every 75 octets at most, never inside a character, ended by CRLF."""
    return "\r\n ".join(_cut(line)) + "\r\n"


def _cut(line: str) -> Iterable[str]:
    part, octets, room = "", 0, LINE_OCTETS
    for sign in line:
        size = len(sign.encode())
        if octets + size > room:
            yield part
            part, octets, room = "", 0, LINE_OCTETS - 1  # the next line begins with a space
        part, octets = part + sign, octets + size
    yield part
