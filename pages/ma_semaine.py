"""Ma semaine : ce qui a changé, ce qui attend, ce qui échoit, qui peut aider près d'ici."""

from functools import partial

import streamlit as st

from connectors import refresh
from diagnostics.changes import changes, snapshot
from diagnostics.missing import missing_data
from diagnostics.shown import shown
from diagnostics.week import near, week, with_duties
from restitution import steering_page as file
from ui import frame, who
from ui import week as screen

territory = frame.territory()
store = frame.store(refresh.ready_store)
day = frame.today()

st.title(f"Ma semaine {frame.inside(territory)}")
screen.said()
if not screen.closed():
    assessment = frame.kept(shown, store, territory, day, who.internal())
    made = with_duties(frame.kept(week, store, territory, day), assessment, day)
    seen = snapshot(assessment, day, made.deadlines)
    moved = changes(made.visit.entry.seen, seen, day) if made.visit else ()
    screen.alerts(store, territory, made.visit, moved, seen)
    screen.late(made.late)
    screen.deadlines(near(made.deadlines, day))
    screen.moves(made.moves)
    screen.steering(
        partial(file.as_html, assessment, made, missing_data(assessment), day),
        file.file_name(territory, day),
    )
    screen.hours(store, territory, made.spent)
screen.helpers(territory)
