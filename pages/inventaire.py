"""Inventaire : chaque donnée et ce que l'on en sait ; en remplir plusieurs, ou par tableur."""

from functools import partial

import streamlit as st

from connectors import refresh
from diagnostics import effects, inventory_merge
from diagnostics.inventory_lines import inventory
from diagnostics.shown import shown
from restitution import inventory as file
from ui import frame, inventory_import, who
from ui import inventory as screen

territory = frame.territory()
store = frame.store(refresh.ready_store)
day = frame.today()
assessed = partial(frame.kept, shown, store, territory, day, who.internal())
around = partial(effects.around, assessed)
lines = inventory(assessed(), screen.declared(store, territory))

st.title(f"Inventaire des données {frame.of(territory)}")
screen.introduction(lines)
chosen = screen.chosen(lines)
screen.table(chosen)
screen.for_readers()
screen.several(chosen, store, territory, around)
screen.exports(
    lines,
    chosen,
    partial(file.as_xlsx, place=territory, day=day),
    partial(file.file_name, territory, day),
)
inventory_import.draw(store, territory, inventory_merge.merge, inventory_merge.declarations, around)
screen.history(store, territory)
