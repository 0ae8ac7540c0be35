"""Une donnée : son statut et pourquoi, ce qui a été trouvé, qui la détient, ce qu'elle sert."""

from connectors import refresh
from diagnostics.availability import assess
from ui import fetching, frame, one_dataset

territory = frame.territory()
card = one_dataset.chosen()
store = frame.store(refresh.ready_store)
assessment = frame.kept(assess, store, territory, frame.today())

one_dataset.status(card, assessment, territory)
fetching.watch(refresh, territory)
one_dataset.checks(card, assessment)
one_dataset.sources(card, assessment)
one_dataset.fetched(card, territory, store, refresh)
one_dataset.reference(card)
one_dataset.projects(card)
