"""Main script: menu and frame around every page. It must not stand beside pages/."""

import streamlit as st

from ui import frame, menu

page = st.navigation(menu.pages(), position="sidebar")
st.set_page_config(
    page_title=frame.tab_title(page),
    page_icon=str(frame.STATIC / "favicon.png"),
    layout="wide",
    initial_sidebar_state=250,
)
frame.draw(page)
