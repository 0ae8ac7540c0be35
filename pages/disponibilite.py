"""Disponibilité : de quelles données chaque projet a besoin, et dans quel état elles sont."""

import streamlit as st

from connectors import refresh
from diagnostics.availability import assess
from ui import fetching, frame, projects

territory = frame.territory()
store = frame.store(refresh.ready_store)
assessment = frame.kept(assess, store, territory, frame.today())

st.title(f"Disponibilité des données {frame.of(territory)}")
fetching.watch(refresh, territory)
projects.counts(assessment)
frame.notice()
shown = projects.chosen_project(assessment)
projects.cards(shown)
projects.matrix(assessment, shown)
