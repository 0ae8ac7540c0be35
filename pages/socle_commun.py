"""Socle commun : les jeux standard et les publications que la loi prévoit, demandés ou non."""

import streamlit as st

from connectors import refresh
from diagnostics import common_base, duties
from diagnostics.shown import shown
from ui import common_base as screen
from ui import fetching, frame, who

territory = frame.territory()
store = frame.store(refresh.ready_store)
day = frame.today()
agents = duties.agents_of(store, territory)
lines = common_base.lines(frame.kept(shown, store, territory, day, who.internal()), day, agents)

st.title(f"Socle commun {frame.inside(territory)}")
fetching.watch(refresh, territory)
screen.introduction(common_base.counts(lines), territory)
screen.groups(lines)
screen.history()
screen.threshold(duties.threshold(territory, agents))
screen.agents_form(store, territory, agents)
frame.notice()
