"""The plan as a spreadsheet and as a calendar: internal, harmless, readable by others' software."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from data.entries import Kept, PlannedAction
from data.territories import territory
from diagnostics.missing import Gain
from diagnostics.scoring import Interval
from drawing.mentions import INTERNAL
from restitution import action_plan as file
from restitution.document import NOTICE

DAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 20, 12, 30, 15, tzinfo=UTC)
CAHORS, CASTELVOIRE = territory("46042"), territory("00001")
GAINS = {"tree_inventory": Gain(Interval(2.0, 12.345), "tree_heritage")}
HOSTILE = "=1+1;virgule, point ; \\ barre\nligne\r\nretour\x00\u2028 « é » 🌳"


def kept(author="Essai", **given):
    said = {"policy": "Plan climat", "title": "Publier les arbres", "key": "abc-1"} | given
    return Kept(PlannedAction(**said), author, NOON, NOON)


def parsed(body: bytes) -> list[tuple[str, dict[str, str], str]]:
    """(name, parameters, raw value) of each content line, unfolded as RFC 5545 says (3.1)."""
    assert body.endswith(b"\r\n")
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    for line in body.split(b"\r\n"):
        line.decode()  # no character is cut in two
    text = body.decode().replace("\r\n ", "")
    lines = []
    for line in text.split("\r\n")[:-1]:
        head, _, value = line.partition(":")
        name, *parameters = head.split(";")
        assert name.replace("-", "").isalnum() and name.isupper()
        lines.append((name, dict(made.split("=", 1) for made in parameters), value))
    return lines


def text_of(value: str) -> str:
    """A TEXT value as it was before escaping (3.3.11); an unescaped sign is a fault."""
    out, signs = "", iter(value)
    for sign in signs:
        if sign == "\\":
            following = next(signs)
            assert following in "\\;,nN", f"échappement inconnu : {following!r}"
            out += "\n" if following in "nN" else following
        else:
            assert sign not in ";,", f"{sign!r} sans échappement"
            assert sign.isprintable() or sign in "\u00a0\u202f\u2009 "
            out += sign
    return out


def events(lines):
    """Each VEVENT as a dict of its properties; the components must close as they open."""
    open_ones, found = [], []
    for name, parameters, value in lines:
        if name == "BEGIN":
            open_ones.append(value)
            if value == "VEVENT":
                found.append({})
        elif name == "END":
            assert open_ones.pop() == value
        elif open_ones[-1] == "VEVENT":
            assert name not in found[-1], f"{name} deux fois"
            found[-1][name] = (parameters, value)
    assert not open_ones
    return found


def test_a_calendar_holds_what_the_standard_asks_for():
    lines = parsed(file.as_calendar([kept(deadline=date(2026, 12, 31), owner="SIG")], CAHORS))
    assert lines[0] == ("BEGIN", {}, "VCALENDAR") and lines[-1] == ("END", {}, "VCALENDAR")
    whole = {name: value for name, _, value in lines}
    assert whole["VERSION"] == "2.0" and "Cahors" in whole["X-WR-CALNAME"]
    assert "interne" in whole["X-WR-CALNAME"]
    (event,) = events(lines)
    assert event["DTSTART"] == ({"VALUE": "DATE"}, "20261231")
    assert event["DTEND"] == ({"VALUE": "DATE"}, "20270101")
    assert event["DTSTAMP"] == ({}, "20261120T123015Z")
    assert event["UID"][1].startswith("abc-1@")
    assert event["STATUS"][1] == "CONFIRMED" and event["CLASS"][1] == "PRIVATE"
    said = text_of(event["DESCRIPTION"][1])
    assert "SIG" in said and INTERNAL in said and "\n" in said


def test_the_same_plan_gives_the_same_octets_and_a_change_keeps_the_uid():
    plan = [kept(deadline=DAY)]
    assert file.as_calendar(plan, CAHORS) == file.as_calendar(plan, CAHORS)
    moved = [kept(deadline=DAY + timedelta(days=9), title="Autre titre")]
    uids = [events(parsed(file.as_calendar(one, CAHORS)))[0]["UID"] for one in (plan, moved)]
    assert uids[0] == uids[1]


def test_an_action_dropped_is_cancelled_a_done_one_says_so_an_undated_one_is_left_out():
    plan = [
        kept(deadline=DAY, state="dropped", key="1"),
        kept(deadline=DAY, state="done", key="2"),
        kept(key="3"),
    ]
    dropped, done = events(parsed(file.as_calendar(plan, CAHORS)))
    assert dropped["STATUS"][1] == "CANCELLED"
    assert done["SUMMARY"][1].startswith("Faite")


def test_hostile_words_cannot_break_out_of_a_line():
    planted = HOSTILE + "\r\nEND:VEVENT\r\nBEGIN:VALARM"
    plan = [kept(deadline=DAY, title=planted, policy=planted, owner=planted)]
    (event,) = events(parsed(file.as_calendar(plan, CAHORS)))
    title = text_of(event["SUMMARY"][1])
    assert "virgule, point ; \\ barre\nligne\nretour « é » 🌳" in title
    assert "\x00" not in title and "\u2028" not in title
    assert text_of(event["CATEGORIES"][1]) == title


@settings(max_examples=150, derandomize=True, database=None, deadline=None)
@given(st.text(max_size=300))
def test_any_text_survives_folding_and_escaping(text):
    line = f"SUMMARY:{file.escaped(text)}"
    body = file.folded(line).encode()
    assert all(len(part) <= 75 for part in body.split(b"\r\n"))
    ((name, _, value),) = parsed(body) if "\r\n" not in line else ()
    assert (name, value) == ("SUMMARY", line.partition(":")[2])


def test_an_invented_place_is_named_as_such():
    plan = [kept(deadline=DAY)]
    assert "FICTIF" in file.as_calendar(plan, CASTELVOIRE).decode()
    assert "FICTIF" in file.title(CASTELVOIRE, DAY)
    assert "FICTIF" in file.file_name(CASTELVOIRE, DAY, "ics")
    assert file.file_name(CAHORS, DAY, "ics") == "plan_d_action_46042_INTERNE_2026-11-21.ics"
    assert ":" not in file.file_name(territory("dep:46"), DAY, "xlsx")


def sheet(plan, place=CAHORS):
    book = file.as_xlsx(plan, GAINS, place, DAY)
    return CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()


def test_the_workbook_says_internal_and_holds_each_action():
    plan = [
        kept(
            dataset="tree_inventory",
            deadline=date(2027, 3, 1),
            effort_days=2.5,
            civil_society="Conseil citoyen",
        ),
        kept(title="Autre", author=None, state="dropped"),
    ]
    rows = sheet(plan)
    assert rows[0][0].startswith("Plan d'action de Cahors") and rows[1][0] == INTERNAL
    headers = [header for header, _ in file.COLUMNS]
    assert rows[3] == headers
    first = dict(zip(headers, rows[4], strict=True))
    assert first["Politique publique servie"] == "Plan climat"
    assert first["Donnée"] == "Inventaire des arbres"
    assert first["Échéance"] == date(2027, 3, 1)
    assert first["Effort (jours d'agent)"] == 2.5
    assert first["Gain au plus (points sur 100)"] == 12.3
    assert first["Société civile"] == "Conseil citoyen" and first["Saisie par"] == "Essai"
    second = dict(zip(headers, rows[5], strict=True))
    assert second["État"] == "abandonnée"
    assert second["Échéance"] == second["Effort (jours d'agent)"] == ""
    assert rows[-1][0] == NOTICE


@pytest.mark.parametrize("text", ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1"])
def test_a_formula_is_neutralised(text):
    row = sheet([kept(policy=text, title=text, owner=text, comment=text)])[4]
    for column in (0, 1, 3, 12):
        assert row[column].startswith("'")


def test_an_empty_plan_is_still_a_file():
    assert sheet([])[3][0] == file.COLUMNS[0][0]
    assert not events(parsed(file.as_calendar([], CAHORS)))
