"""Notes de l'orateur : la vue à l'écran, ce qu'on en dit, la suivante, le temps."""

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

st.title("Notes de l'orateur")
projector.draw(presentation.module(), shown, territory, projector.NOTES)
