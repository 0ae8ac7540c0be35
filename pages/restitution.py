"""Restitution : présenter, remettre les documents, les préparer, noter séance et entretiens."""

from functools import partial

import streamlit as st

from connectors import refresh
from restitution import interview, letters, offers, outline, pictures, theme_dossier
from restitution.account import Account
from restitution.deck import AUDIENCES
from restitution.document import BALLOT
from ui import (
    frame,
    restitution_documents,
    restitution_draft,
    restitution_interviews,
    restitution_session,
    restitution_show,
    restitution_volets,
)

territory = frame.territory()
store = frame.store(refresh.ready_store)
day = frame.today()
room = restitution_volets.Room(
    store, territory, day, partial(frame.kept, Account, store, territory, day), AUDIENCES
)
makers = restitution_documents.Makers(
    offers.documents,
    offers.bundle_of,
    offers.sheet_of,
    offers.dossier_of,
    theme_dossier.THEMES,
    offers.letters_of,
    offers.letter_of,
    letters.by_holder,
    BALLOT,
    outline.refusal,
)
keep = partial(pictures.keep, store)
about = (interview.QUESTIONS, offers.guide_of, offers.article_of)

st.title(f"Restitution {frame.of(territory)}")
restitution_volets.draw(
    {
        "presenter": partial(restitution_show.draw, room, offers.rescue),
        "documents": partial(restitution_documents.draw, room, makers),
        "preparer": partial(restitution_draft.draw, room, outline.choices, outline.named, keep),
        "seance": partial(restitution_session.draw, room, offers.views, offers.minutes_of),
        "entretiens": partial(restitution_interviews.draw, room, *about),
    }
)
