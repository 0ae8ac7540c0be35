"""The assessment a screen may show to this session: without typed words outside the team."""

from __future__ import annotations

from datetime import date

from data.catalog import catalog
from data.store import Store
from data.territories import Territory
from diagnostics.availability import Assessment, assess, assessment, chosen
from diagnostics.disclosure import disclosed
from diagnostics.holdings import known


def shown(store: Store, place: Territory, today: date, internal: bool) -> Assessment:
    """Statuses, scores and verdicts are the same for all; only what people typed is left out."""
    if internal:
        return assess(store, place, today)
    reference = catalog()
    held = disclosed(known(store, place))
    return assessment(reference, place, held, today, chosen(reference, None))
