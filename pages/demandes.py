"""Demandes aux détenteurs: messages, suivi par service, relances; écran du chef de projet."""

import streamlit as st

from connectors import refresh
from diagnostics import requests as following
from diagnostics.missing import missing_data
from diagnostics.shown import shown
from restitution import request_letter, template_file
from ui import frame, request_form, who
from ui import requests as screen

territory = frame.territory()
store = frame.store(refresh.ready_store)
day = frame.today()
writing = request_form.Writing(
    place=territory,
    day=day,
    letter=request_letter.letter,
    reminder=request_letter.reminder,
    letter_name=request_letter.file_name,
    template=template_file.template,
    template_name=template_file.file_name,
    tone_for=following.tone_for,
    holder_for=following.holder_for,
    due=following.due_by_default,
)

st.title(f"Demandes aux détenteurs, {frame.inside(territory)}")
screen.draw(
    store,
    writing,
    missing_data(frame.kept(shown, store, territory, day, who.internal())),
    following.board(screen.held(store, territory), day),
)
