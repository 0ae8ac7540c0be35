"""All that a document says of a territory, read once from the store: the tables of the screens.

Outside the team (`internal` false) nothing that a person typed is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

from data import entries, validation
from data.catalog import Experiment, catalog
from data.entries import Kept, PlannedAction, Remark, Request
from data.store import Store
from data.territories import Territory
from data.validation import VALIDATED, Standing
from diagnostics.availability import Assessment, chosen
from diagnostics.combination import Combination, combination
from diagnostics.indicators import Value, compute
from diagnostics.missing import MissingData, missing_data
from diagnostics.robustness import Robustness, robustness
from diagnostics.shown import shown
from diagnostics.summary import Summary, summary
from drawing import mentions

T = TypeVar("T")


@dataclass(frozen=True)
class Account:
    """The facts about one territory on one day; each is computed when first asked for."""

    store: Store
    place: Territory
    day: date  # a moment (datetime) unless ACV_TODAY fixes the day
    internal: bool = False
    only: tuple[str, ...] | None = None  # experiments; None: all of them

    @cached_property
    def assessment(self) -> Assessment:
        """Statuses, verdicts and actions of the experiments kept."""
        return shown(self.store, self.place, self.day, self.internal, self.only)

    @cached_property
    def experiments(self) -> tuple[Experiment, ...]:
        """The sheets of the experiments kept, in catalogue order."""
        return tuple(chosen(catalog(), self.only))

    @cached_property
    def summary(self) -> Summary:
        """The counts behind the sentences of Accueil."""
        return summary(self.assessment)

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """The indicators; with `only`, the portrait and those whose data these experiments need."""
        found = tuple(compute(self.store, self.place))
        if self.only is None:
            return found
        asked = set(self.assessment.needed)
        return tuple(
            value for value in found if value.theme == "portrait" or asked & set(value.datasets)
        )

    @cached_property
    def missing(self) -> tuple[MissingData, ...]:
        """What is missing, the most useful first."""
        return tuple(missing_data(self.assessment))

    @cached_property
    def combination(self) -> Combination:
        """The cheapest sets of actions."""
        return combination(self.assessment)

    @cached_property
    def robustness(self) -> Robustness:
        """How far the verdicts hold."""
        return robustness(self.store, self.place, self.day, self.only)

    @cached_property
    def standing(self) -> Standing:
        """Whether the référent validated the diagnosis."""
        return validation.of(self.store, self.place, catalog().version)

    @property
    def validated(self) -> bool:
        """Whether the diagnosis is validated today; else it is a working document."""
        return self.standing.state == VALIDATED

    @property
    def standing_words(self) -> str:
        """The same in words; a name for the team only."""
        return mentions.standing(self.standing, named=self.internal)

    @cached_property
    def plan(self) -> Sequence[Kept[PlannedAction]]:
        """The team's action plan; nothing outside the team."""
        return self._typed(PlannedAction)

    @cached_property
    def requests(self) -> Sequence[Kept[Request]]:
        """The requests to holders; nothing outside the team."""
        return self._typed(Request)

    @cached_property
    def remarks(self) -> Sequence[Kept[Remark]]:
        """The questions and decisions noted in session; nothing outside the team."""
        return self._typed(Remark)

    def _typed(self, kind: type[T]) -> Sequence[Kept[T]]:
        return entries.of(self.store, kind, self.place.code) if self.internal else ()
