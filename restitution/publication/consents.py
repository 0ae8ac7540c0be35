"""What must be given before anything is published: agreement, opinion, decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from restitution.publication.risks import Risk
from restitution.publication.vocabularies import LICENCES

PRODUCER = "Accord du producteur"
OFFICER = "Avis du délégué à la protection des données"
LICENCE = "Licence décidée par"


@dataclass(frozen=True)
class Consents:
    """Who gave what, as typed by the agent; these names never leave the team."""

    producer: str = ""  # who agreed, for the service that made the file
    producer_on: str = ""  # ISO day
    officer: str = ""  # who gave the opinion, and what it says
    officer_on: str = ""
    licence: str = ""  # key of LICENCES
    licence_by: str = ""  # who decided it
    personal_account: bool = False  # published by somebody, not by the organisation, and confirmed

    def document(self) -> dict[str, Any]:
        """As `data.entries.Publication.consents` keeps it."""
        return asdict(self)


def consents_of(kept: Mapping[str, Any]) -> Consents:
    """Consents from what was kept; keys of another version are left aside."""
    known = Consents.__dataclass_fields__
    given = {name: made for name, made in kept.items() if name in known and made is not None}
    return Consents(**given)


def missing(consents: Consents, risks: Sequence[Risk] = ()) -> list[str]:
    """What still lacks before publishing, one sentence each; an empty list lets it go."""
    said = []
    if not consents.producer.strip():
        said.append(
            f"« {PRODUCER} » : dites qui, dans le service qui a fait le fichier, accepte sa "
            "publication."
        )
    if risks and not consents.officer.strip():
        said.append(f"« {OFFICER} » : à demander, car {_because(risks)}.")
    if consents.licence not in LICENCES:
        names = " ou ".join(made.title for made in LICENCES.values())
        said.append(f"Licence : choisissez {names}.")
    elif not consents.licence_by.strip():
        said.append(f"« {LICENCE} » : dites qui a décidé la licence (élu ou délégation).")
    return said


def _because(risks: Sequence[Risk]) -> str:
    reasons = list(dict.fromkeys(made.why.rstrip(".") for made in risks))
    more = f" ; et {len(reasons) - 3} autres raisons" if len(reasons) > 3 else ""
    return " ; ".join(reasons[:3]) + more
