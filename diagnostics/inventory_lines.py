"""The inventory of a territory: one line per dataset, whatever is known of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from data.catalog import Dataset, catalog
from data.inventory_words import inventory_datasets
from data.records import Declaration
from diagnostics.availability import Assessment
from diagnostics.evidence import ASSUMED, DECLARED, Evidence
from diagnostics.missing import Use
from diagnostics.scoring import NOT_EVALUATED

INDISPENSABLE = "indispensable"


@dataclass(frozen=True)
class InventoryLine:
    """One dataset: what it is, what is known, and the latest declaration."""

    dataset: str
    title: str
    family: str  # code of the producer family
    family_label: str
    holder: str  # as declared, else the service or body that usually holds it
    usual_holder: str
    uses: tuple[Use, ...]
    status: str
    existence: str
    provenance: str
    as_of: str | None  # ISO day of what is known
    declaration: Declaration | None

    @property
    def indispensable(self) -> int:
        """How many projects cannot do without it."""
        return sum(use.criticality == INDISPENSABLE for use in self.uses)


def inventory(
    assessment: Assessment, declared: Mapping[str, Declaration]
) -> tuple[InventoryLine, ...]:
    """The datasets of the reference, needed or of the common base, by holder then by title."""
    lines = [
        _line(card, assessment.evidence.get(key), declared.get(key))
        for key, card in inventory_datasets().items()
    ]
    return tuple(sorted(lines, key=lambda line: (_key(line.holder), _key(line.title))))


def _line(card: Dataset, evidence: Evidence | None, said: Declaration | None) -> InventoryLine:
    evidence = evidence or _unasked(card, said)
    usual = card.local_source or card.producer_label
    families = {made["code"]: made["label"] for made in catalog().producers}
    return InventoryLine(
        dataset=card.id,
        title=card.title,
        family=card.producer,
        family_label=families[card.producer],
        holder=(said and said.holder) or usual,
        usual_holder=usual,
        uses=_uses(card.id),
        status=evidence.status,
        existence=evidence.existence,
        provenance=evidence.provenance,
        as_of=evidence.as_of,
        declaration=said,
    )


def _unasked(card: Dataset, said: Declaration | None) -> Evidence:
    """A dataset that no project asks for is not assessed: as declared, else as assumed."""
    if said is None or said.silent:
        return Evidence(card.id, card.likely_status, "unknown", ASSUMED, "E0", "")
    day = said.recorded_at.date().isoformat()
    return Evidence(
        card.id, said.status or NOT_EVALUATED, said.existence, DECLARED, "E0", "", as_of=day
    )


def _uses(dataset: str) -> tuple[Use, ...]:
    return tuple(
        Use(made.id, made.title, need.criticality)
        for made in catalog().needed_by(dataset)
        for need in made.needs
        if need.dataset == dataset
    )


def _key(text: str) -> str:
    """French order: accents and case aside."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))
