"""Who holds a dataset, as a document may say it.

Outside the team a kind of body alone: neither a service, nor a name that someone typed, nor a
publisher read in a catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from data.catalog import Dataset, Experiment, catalog
from data.territories import fold
from diagnostics.actions import holder_of
from diagnostics.checks import is_open_licence
from drawing import french, letters
from restitution.account import Account
from restitution.document import FICTIONAL

FAMILIES = {
    "national_public": "État et ses établissements",
    "parapublic": "organisme parapublic",
    "company": "entreprise ou délégataire",
    "citizen_association": "habitants et associations",
}
LOCAL = "collectivité"
OTHER = "autre organisme"
SERVICES = "services de la commune ou de l'intercommunalité"
_SERVICE = re.compile(
    r"(?:directions?|services?|missions?|management|regie|police|responsable|ccas|ctm|mairie)\b"
)
_ASIDE = re.compile(r"pour|selon")  # words on the holder before, not another one
# First word that a folded part of a label holds -> the kind of body; services are no kind of body.
_BODIES = (
    (r"collectivite", LOCAL),
    (r"commune|ccas", "commune"),
    (r"epci", "intercommunalité"),
    (r"departement", "département"),
    (r"region", "région"),
    (r"syndicat", "syndicat"),
    (r"dreal|ddtm?|prefecture", "État"),
)


def holder(account: Account, dataset: str) -> str:
    """'Commune, intercommunalité' in a public document; the holder as known in an internal one."""
    card = catalog().datasets[dataset]
    if not account.internal:
        return family(card)
    evidence = account.assessment.evidence.get(dataset)
    return letters.clean(holder_of(card, evidence)) if evidence else card.producer_label


def attribution(account: Account, source: str, licence: str | None, datasets: Iterable[str]) -> str:
    """The producer of what was fetched, as the document may name it.

    An open licence asks that its producer be named; a file that a service handed over asks nothing,
    and the service stays unnamed outside the team.
    """
    if account.internal or _all_open(licence, account.place.fictional):
        return source
    cards = [catalog().datasets[dataset] for dataset in datasets]
    if all(card.producer != "local_public" for card in cards):
        return source
    example = f"{FICTIONAL}, " if account.place.fictional else ""
    return example + french.listed(dict.fromkeys(family(card) for card in cards))


def _all_open(licence: str | None, fictional: bool) -> bool:
    """Licences of several copies are joined by « ; »."""
    return all(is_open_licence(one, fictional) for one in (licence or "").split(" ; "))


@cache
def _family(producer: str, label: str) -> str:
    if producer in FAMILIES:
        return french.upper_first(FAMILIES[producer])
    whole = re.sub(r"\([^)]*\)", "", label)
    bodies = dict.fromkeys(_body(part) for part in re.split(r",|/| ou ", whole) if part.strip())
    known = [body for body in bodies if body not in ("", OTHER)]
    others = [OTHER] if OTHER in bodies else []
    return french.upper_first(", ".join([*(known or [LOCAL]), *others]))


def family(card: Dataset) -> str:
    """The kind of body that usually holds a dataset, read in its card alone."""
    return _family(card.producer, card.producer_label)


def users(account: Account, sheet: Experiment) -> tuple[str, ...]:
    """For whom a project is: outside the team a service is one of the authority's, unnamed."""
    if account.internal:
        return tuple(sheet.users)
    kinds = (SERVICES if _SERVICE.match(fold(who)) else who for who in sheet.users)
    return tuple(dict.fromkeys(kinds))


def _body(part: str) -> str:
    found = (body for words, body in _BODIES if re.search(rf"\b(?:{words})\b", fold(part)))
    return next(found, "" if _ASIDE.match(fold(part)) else OTHER)
