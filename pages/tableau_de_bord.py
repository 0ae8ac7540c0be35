"""Tableau de bord : les chiffres du territoire, leur source, leur incertitude, leur place."""

import streamlit as st

from connectors import refresh
from diagnostics.indicators import compute
from ui import dashboard, fetching, frame

territory = frame.territory()
store = frame.store(refresh.ready_store)
values = frame.kept(compute, store, territory)

st.title(f"Tableau de bord {frame.of(territory)}")
fetching.watch(refresh, territory)
dashboard.theme_links(values)
dashboard.themes(territory, values, refresh, store)
