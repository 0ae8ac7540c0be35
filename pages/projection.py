"""Projection : les vues d'une restitution, sur toute la fenêtre."""

import streamlit as st

from connectors import refresh
from restitution import presentation
from restitution.deck import AUDIENCES
from ui import frame, projector, who

territory = frame.territory()
store = frame.store(refresh.ready_store)
shown = frame.kept(
    presentation.shown,
    store,
    territory,
    frame.today(),
    projector.internal(),
    who.internal(),
    projector.audience(AUDIENCES),
)

st.title("Projection")
projector.draw(presentation.module(), shown, territory, projector.SHOW)
