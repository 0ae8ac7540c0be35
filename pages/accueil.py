"""Accueil : chercher une ville, ou lire en une minute ce que disent ses données."""

import streamlit as st

from connectors import refresh
from diagnostics.indicators import compute
from diagnostics.missing import missing_data
from diagnostics.shown import shown
from diagnostics.summary import summary
from ui import fetching, frame, home, who

territory = frame.territory_if_any()
if territory is None:
    home.without_town()
    st.stop()

store = frame.store(refresh.ready_store)
values = frame.kept(compute, store, territory)
assessment = frame.kept(shown, store, territory, frame.today(), who.internal())
missing = missing_data(assessment)

home.portrait(territory)
fetching.watch(refresh, territory)
home.three_sentences(territory, values, summary(assessment), missing)
home.four_themes(values)
home.next_action(missing)
