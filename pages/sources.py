"""Sources et méthode : d'où vient chaque chiffre, quand, sous quelle licence, et comment."""

import streamlit as st

from connectors import refresh
from ui import choosing, fetching, frame, source_changes, source_list

territory = choosing.known()
store = frame.store(refresh.ready_store)
room = source_list.room(refresh, store, territory)

st.title("Sources et méthode")
fetching.watch(refresh, territory)
source_list.chosen(room)
source_list.fetch_all(refresh, store, territory)
source_list.state(room)
source_changes.changes(store, territory)
source_list.method()
frame.notice()
