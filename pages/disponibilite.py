"""Disponibilité : de quelles données chaque projet a besoin, et dans quel état elles sont."""

import streamlit as st

from connectors import refresh
from data import territories
from diagnostics.contributions import contributions
from diagnostics.shown import shown
from ui import contributions as brought
from ui import fetching, frame, matrix, projects, validation, who

territory = frame.territory()
store = frame.store(refresh.ready_store)
assessment = frame.kept(shown, store, territory, frame.today(), who.internal())
group = territory.epci if territory.level == "commune" else None
above = territories.territory(group) if group else None
epci = frame.kept(shown, store, above, frame.today(), who.internal()) if above else None

st.title(f"Disponibilité des données {frame.of(territory)}")
fetching.watch(refresh, territory)
projects.counts(assessment)
st.header("Projets")
listed = projects.chosen_project(assessment)
frame.notice()
projects.cards(assessment, listed)
brought.contributions(contributions(assessment), epci, listed)
matrix.matrix(assessment, listed)
if len(listed) > 1:
    validation.form(store, territory)
