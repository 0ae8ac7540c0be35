"""What may leave the machine: statuses as they count, without a word that somebody typed.

Statuses, scores and verdicts are the same inside and outside; notes, names, contacts, papers and
free reasons stay inside. A text of law is kept when it is one that the reference itself names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from data.catalog import catalog
from data.records import SUBSTITUTES, Declaration
from data.store import Fetch
from diagnostics.holdings import Known

WITHHELD_REASON = "Raison déclarée, non diffusée."
WITHHELD_GROUND = "Texte cité, non diffusé."
WITHHELD_PROOF = "Pièce au dossier, non diffusée."
LOCAL_SOURCE = "source locale, non nommée"
INVENTED = "castelvoire"  # connector of the invented town: its services are nobody's
WITHHELD_SUBSTITUTE = "Substitut proposé, non diffusé."


def disclosed(held: Known) -> Known:
    """The same holdings with every declaration and every local copy stripped of what was typed."""
    fetches = {
        dataset: [_unnamed(made) for made in lines] for dataset, lines in held.fetches.items()
    }
    return replace(held, fetches=fetches, declarations=_stripped(held.declarations))


def _unnamed(made: Fetch) -> Fetch:
    """A copy that no connector of its card brought came by hand: neither who, nor where from."""
    card = catalog().datasets.get(made.dataset)
    if made.connector == INVENTED or (card and card.source(made.connector)):
        return made
    return replace(made, source=LOCAL_SOURCE, url="")


def _stripped(declarations: Mapping[str, Declaration]) -> dict[str, Declaration]:
    return {dataset: _strip(made) for dataset, made in declarations.items()}


def _strip(made: Declaration) -> Declaration:
    """Placeholders where something stood: a ground that counted inside counts outside."""
    return replace(
        made,
        reason=WITHHELD_REASON if made.reason else None,
        legal_ground=_known_ground(made.legal_ground),
        evidence=WITHHELD_PROOF if made.proof else None,
        substitute=_known_substitute(made.substitute),
        holder=_usual_holder(made.dataset) if made.holder else None,
        author=None,
        url=None,
        note=None,
        contact=None,
        file=None,
    )


def _usual_holder(dataset: str) -> str:
    """The kind of body the reference names: what was typed may be someone's name."""
    card = catalog().datasets.get(dataset)
    return card.producer_label if card else "Détenteur déclaré, non diffusé"


def _known_ground(text: str | None) -> str | None:
    if not text:
        return None
    grounds = catalog().statuses.get("legal_grounds", ())
    return text if text in {ground["text"] for ground in grounds} else WITHHELD_GROUND


def _known_substitute(text: str | None) -> str | None:
    if not text:
        return None
    return text if text in SUBSTITUTES else WITHHELD_SUBSTITUTE
