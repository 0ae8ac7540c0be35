"""Where each source stands, from the fetch log: failed, refused, never asked, out of reach, here.

One `Standing` per (card, connector), for a territory or for all; pure, the log in, values out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from data.catalog import Dataset, Source
from data.store import Fetch, Finding
from data.territories import NATIONAL, Territory
from drawing.signs import Sign

EMBEDDED = "embedded"  # the connector of what is shipped with the product

# In the order of the screen: what asks for someone first.
STATES: dict[str, Sign] = {
    sign.code: sign
    for sign in (
        Sign("failed", "✕", "En échec", "#B84A00", "#F29A5C"),
        Sign("refused", "!", "Nouvelle version refusée", "#6C4391", "#C3A1E6"),
        Sign("offline", "∅", "Réseau interdit", "#17212B", "#EEF1F3", "outline"),
        Sign("never", "?", "Jamais demandée", "#5B6470", "#A9B2BD", "hatched"),
        Sign("programme", "∷", "Pour tout le programme", "#5B6470", "#A9B2BD", "outline"),
        Sign("fresh", "●", "Récupérée", "#00795A", "#4CC3A0"),
        Sign("embedded", "■", "Livrée avec l'outil", "#0B63A5", "#6FB5EE"),
        Sign("not_covered", "–", "Hors couverture", "#5B6470", "#A9B2BD", "thin"),
    )
}
COUNTED = {
    "failed": ("en échec", "en échec"),
    "refused": ("dont la nouvelle version est refusée", "dont la nouvelle version est refusée"),
    "offline": ("non demandée (réseau interdit)", "non demandées (réseau interdit)"),
    "never": ("jamais demandée", "jamais demandées"),
    "programme": ("demandée pour tout le programme", "demandées pour tout le programme"),
    "fresh": ("récupérée", "récupérées"),
    "embedded": ("livrée avec l'outil", "livrées avec l'outil"),
    "not_covered": ("hors couverture", "hors couverture"),
}


@dataclass(frozen=True)
class Standing:
    """One source of one card: its state, its last answers, and what a person may do next."""

    card: Dataset
    source: Source
    state: str  # a key of STATES
    # Its attempts, newest first; where it fails for some territories, theirs alone.
    lines: tuple[Fetch, ...] = field(default=(), repr=False)
    served: int = 0  # scopes that it has served, national file included
    troubled: int = 0  # scopes whose last attempt failed
    rows: int = 0  # of the copies that serve
    moved: int = 0  # bytes of the last attempt that moved some
    refusal: Finding | None = None
    place: Territory | None = None

    @property
    def key(self) -> str:
        """« catnat_orders.gaspar »: what an address calls it."""
        return f"{self.card.id}.{self.source.connector}"

    @property
    def last(self) -> Fetch | None:
        """The last attempt."""
        return self.lines[0] if self.lines else None

    @property
    def good(self) -> Fetch | None:
        """The copy that serves."""
        return next((line for line in self.lines if line.good), None)

    @property
    def failure(self) -> Fetch | None:
        """The last failure, mended since or not."""
        return next((line for line in self.lines if line.status == "failed"), None)

    @property
    def streak(self) -> tuple[Fetch, ...]:
        """The failures since the last good copy, newest first; none when the last went well."""
        found: list[Fetch] = []
        for line in self.lines:
            if line.good or line.status == "not_covered":
                break
            found += [line] if line.status == "failed" else []
        return tuple(found)

    @property
    def since(self) -> datetime | None:
        """When the failures under way began."""
        return self.streak[-1].fetched_at if self.streak else None

    @property
    def vintage(self) -> str | None:
        """Date or version of the data, as the copy or else the card says it."""
        return (self.good.vintage if self.good else None) or self.source.vintage

    def age(self, today: date) -> int | None:
        """Days since the copy that serves was fetched; None without a copy."""
        return max((today - self.good.fetched_at.date()).days, 0) if self.good else None


def standings(
    cards: Iterable[Dataset],
    lines: Iterable[Fetch],
    findings: Sequence[Finding],
    place: Territory | None,
) -> list[Standing]:
    """Every source of the cards, in the order of the screen; `lines` newest first."""
    log: dict[tuple[str, str], list[Fetch]] = {}
    for line in lines:
        log.setdefault((line.dataset, line.connector), []).append(line)
    refused = [made for made in findings if made.kind == "refused"]
    made = [
        _standing(card, source, log.get((card.id, source.connector), []), refused, place)
        for card in cards
        for source in card.sources
        if not source.licence.upper().startswith("FICTIF")
    ]
    order = list(STATES)
    return sorted(made, key=lambda one: (order.index(one.state), one.card.title))


def _standing(
    card: Dataset,
    source: Source,
    lines: Sequence[Fetch],
    refused: Sequence[Finding],
    place: Territory | None,
) -> Standing:
    own = _own(lines, place)
    copies = _copies(own)
    troubled = _troubled(own)
    told = [line for line in own if line.territory in troubled] if troubled else own
    refusal = _refusal(told[0], refused) if told else None
    return Standing(
        card,
        source,
        _state(source, told, refusal, place),
        tuple(told),
        len(copies),
        len(troubled),
        sum(copy.rows for copy in copies),
        next((line.bytes for line in own if line.bytes), 0),
        refusal,
        place,
    )


def _own(lines: Sequence[Fetch], place: Territory | None) -> list[Fetch]:
    """The lines that speak of the territory: its own and the national ones, else those above it."""
    if place is None:
        return list(lines)
    near = [line for line in lines if line.territory in (place.code, NATIONAL)]
    return near or [line for line in lines if line.territory in place.scopes]


def _troubled(lines: Sequence[Fetch]) -> set[str]:
    """The scopes whose last attempt failed."""
    last: dict[str, str] = {}
    for line in lines:
        last.setdefault(line.territory, line.status)
    return {scope for scope, status in last.items() if status == "failed"}


def _copies(lines: Sequence[Fetch]) -> list[Fetch]:
    """The last good line of each scope; a national file stands for all."""
    found: dict[str, Fetch] = {}
    for line in lines:
        if line.good:
            found.setdefault(line.territory, line)
    return [found[NATIONAL]] if NATIONAL in found else list(found.values())


def _refusal(line: Fetch, refused: Sequence[Finding]) -> Finding | None:
    """The finding that says why what came last was not taken, when that is why it failed."""
    if line.status != "failed":
        return None
    about = (line.dataset, line.territory, line.detail or "")
    return next((f for f in refused if (f.dataset, f.territory, f.subject) == about), None)


def _state(
    source: Source, own: Sequence[Fetch], refusal: Finding | None, place: Territory | None
) -> str:
    if source.connector == EMBEDDED:
        return "embedded" if own else "not_covered" if place else "never"
    if refusal:
        return "refused"
    if own:
        reached = place is None and any(line.good for line in own)
        return "fresh" if own[0].good or reached and own[0].status != "failed" else own[0].status
    excluded = place is not None and place.departement in source.excluded_departements
    if excluded:
        return "not_covered"
    return "programme" if place and source.runs == "programme" else "never"
