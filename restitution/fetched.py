"""Where the rows of a territory come from: one line a dataset, as its fetch log leaves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data.catalog import Dataset, catalog
from data.store import Fetch
from diagnostics.checks import is_open_licence
from diagnostics.presence import FETCHED, NOT_FETCHED, OFFLINE, Presence, presence
from drawing import french, signs
from restitution.account import Account
from restitution.holders import holder

WEB = ("http://", "https://")


@dataclass(frozen=True)
class Origin:
    """The copy that serves for a territory, or why there is none."""

    card: Dataset
    seen: Presence
    words: str  # what came of it
    absence: str  # code of drawing.signs.ABSENCES, empty when a copy serves
    source: str  # attribution; a file that is not open is named by the kind of body that holds it
    open: bool  # the copy may be published

    @property
    def fetch(self) -> Fetch | None:
        """The copy that serves, else the last attempt."""
        return self.seen.good or self.seen.last

    @property
    def url(self) -> str:
        """Its public address, if any: a path of this machine is none."""
        found = self.fetch.url if self.fetch else next((one.url for one in self.card.sources), "")
        return found if found and found.startswith(WEB) else ""

    @property
    def rows(self) -> int | None:
        """Rows of the copy; None without one, since nothing was counted."""
        return self.seen.good.rows if self.seen.good else None


def origins(account: Account) -> list[Origin]:
    """One line a dataset that a source feeds or that was fetched, in the order of the reference."""
    latest = account.store.latest(account.place.scopes)
    return [
        _origin(account, card, latest)
        for card in catalog().datasets.values()
        if card.sources or card.id in latest
    ]


def _origin(account: Account, card: Dataset, latest: Mapping[str, Sequence[Fetch]]) -> Origin:
    seen = presence({card.id: list(latest.get(card.id, ()))}, card, account.place)
    opened = bool(seen.good) and _is_open(card, seen.good, account.place.fictional)
    known = seen.good or seen.last
    listed = known.source if known else " ; ".join(made.producer for made in card.sources)
    named = account.internal or opened or seen.good is None
    return Origin(
        card=card,
        seen=seen,
        words=_words(seen),
        absence=_absence(seen),
        source=listed if named else holder(account, card.id),
        open=opened,
    )


def _is_open(card: Dataset, good: Fetch | None, fictional: bool) -> bool:
    """The copy and the card's own source must both say an open licence."""
    source = card.source(good.connector) if good else None
    said = [good.licence if good else None, *([source.licence] if source else [])]
    return all(is_open_licence(licence, fictional) is True for licence in said)


def _absence(seen: Presence) -> str:
    if seen.state == FETCHED:
        return ""
    return NOT_FETCHED if seen.state == OFFLINE else seen.state


def _words(seen: Presence) -> str:
    """'récupéré', 'source en panne', or « récupéré ; depuis, source en panne le … »."""
    if seen.good is None:
        return signs.FETCHES[seen.last.status] if seen.last else signs.absence(NOT_FETCHED).words
    said = signs.FETCHES[seen.good.status]
    if failed := seen.failed_since:
        since = signs.FETCHES.get(failed.status, failed.status)
        said += f"\u00a0; depuis, {since} le {french.day(failed.fetched_at)}"
    return said
