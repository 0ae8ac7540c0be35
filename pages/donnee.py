"""Une donnée : son statut et pourquoi, ce qui la ferait avancer, et l'instruction par l'équipe."""

from functools import partial

import streamlit as st

from connectors import refresh
from diagnostics import duties, effects
from diagnostics.shown import shown
from ui import fetching, frame, history, instruct, observations, one_dataset, who

territory = frame.territory()
card = one_dataset.chosen()
store = frame.store(refresh.ready_store)
internal = who.internal()
assessed = partial(frame.kept, shown, store, territory, frame.today(), internal)
assessment = assessed()
evidence = assessment.evidence.get(card.id)
around = partial(effects.around, assessed)

one_dataset.status(card, assessment, store, territory)
observations.beside(card, store, territory)
fetching.watch(refresh, territory)
one_dataset.raise_it(card, assessment)
if evidence:
    st.header("Instruire")
    instruct.form([card], store, territory, f"instruire-{card.id}", around)
    observations.form(card, store, territory, f"observer-{card.id}")
one_dataset.checks(card, assessment)
one_dataset.sources(card, assessment)
if evidence:
    agents = duties.agents_of(store, territory)
    one_dataset.duty(duties.badges(card, territory, evidence, frame.today(), agents))
one_dataset.reference(card)
one_dataset.requests(card, store, territory)
one_dataset.projects(card, assessment)
history.draw(card, store, territory, f"instruire-{card.id}", around)
one_dataset.fetched(card, territory, store, refresh)
