"""Données manquantes : quoi, qui la détient, ce qu'elle débloque, le prochain pas."""

from functools import partial

import streamlit as st

from connectors import refresh
from diagnostics.availability import assess
from diagnostics.missing import missing_data
from restitution import missing_list as file
from ui import fetching, frame, missing_list

territory = frame.territory()
store = frame.store(refresh.ready_store)
day = frame.today()
missing = missing_data(frame.kept(assess, store, territory, day))

st.title(f"Données manquantes {frame.inside(territory)}")
fetching.watch(refresh, territory)
missing_list.introduction(missing)
missing_list.downloads(
    partial(file.as_csv, missing),
    partial(file.as_xlsx, missing, territory, day),
    [file.file_name(territory, day, kind) for kind in ("csv", "xlsx")],
)
missing_list.ranked(missing)
frame.notice()
