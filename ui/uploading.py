"""The box that takes a file, in French."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import frame

# Streamlit's words in the box are English: its button and its limit are said in our label.
_FRENCH = """<style>
[data-testid="stFileUploaderDropzoneInstructions"]{display:none}
[data-testid="stFileUploaderDropzone"] button p{font-size:0}
[data-testid="stFileUploaderDropzone"] button p::after{content:"Choisir un fichier";font-size:1rem}
</style>"""


def box(label: str, key: str, megabytes: int, *, several: bool = False) -> Any:
    """The file that was sent, as Streamlit gives it; None while there is none.

    With `several`, a list of them, empty while there is none.

    The label says what is expected and the limit in Mo.
    """
    sent = st.file_uploader(
        label, key=key, max_upload_size=megabytes, accept_multiple_files=several
    )
    frame.html(_FRENCH)
    return sent
