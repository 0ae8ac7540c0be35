"""The assessment a screen may show to this session: without typed words outside the team."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from data.catalog import catalog
from data.store import Store
from data.territories import Territory
from diagnostics.availability import Assessment, assess, assessment, chosen
from diagnostics.disclosure import disclosed
from diagnostics.holdings import known


def shown(
    store: Store,
    place: Territory,
    today: date,
    internal: bool,
    experiments: Iterable[str] | None = None,
) -> Assessment:
    """Statuses, scores and verdicts are the same for all; only what people typed is left out.

    Raises UnknownExperiment for an id the reference does not hold.
    """
    if internal:
        return assess(store, place, today, experiments)
    reference = catalog()
    held = disclosed(known(store, place))
    return assessment(reference, place, held, today, chosen(reference, experiments))
