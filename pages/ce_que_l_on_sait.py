"""Ce que l'on sait, ce que l'on ignore : l'établi, ce qui tient, ce qu'il faut demander."""

from functools import partial

import streamlit as st

from connectors import refresh
from diagnostics.reweighing import reweighed
from diagnostics.robustness import robustness
from diagnostics.shown import shown
from ui import certainty, frame, projects, who

territory = frame.territory()
store = frame.store(refresh.ready_store)
day = frame.today()
assessment = frame.kept(shown, store, territory, day, who.internal())

st.title(f"Ce que l'on sait, ce que l'on ignore {frame.inside(territory)}")
certainty.known(assessment)
listed = projects.chosen_project(assessment)
certainty.verdicts(listed, frame.kept(robustness, store, territory, day))
certainty.weights(partial(reweighed, assessment), listed)
frame.notice()
