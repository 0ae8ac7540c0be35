"""Counts by value of a data-fair dataset (data.ademe.fr): energy ratings of a town's dwellings.

One request groups by the column that the filter names, then by each other column: the answer bears
the code asked, so that an ignored filter cannot pass. That form is documented, not seen live; a
server that refuses it (400) is asked the recorded one (labels alone), and a code that does not
exist, which must count nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from connectors.fetching import FetchError, Get, Got, NotCovered, card_source
from connectors.reading.communes import refuse_districts
from connectors.reading.figures import whole_number
from data.catalog import Dataset
from data.territories import Territory

ENDPOINT = "ADEME"
NOWHERE = "99999"  # no commune has this code
LABELS = frozenset("ABCDEFG")
BUILDING = "immeuble"
TYPES = frozenset({"maison", "appartement", BUILDING})
REFUSED = 400


@dataclass(frozen=True)
class _Question:
    """What the card asks: a dataset, the column that filters, those that group."""

    path: str
    code: str  # column that holds the commune
    kind: str  # column that holds the type of building
    label: str

    def params(self, place: str, *fields: str) -> dict[str, Any]:
        return {"field": ";".join(fields), "qs": f'{self.code}:"{place}"', "size": 0}

    def dwellings(self, place: str) -> dict[str, Any]:
        """By label alone: without the ratings of whole buildings, that would count homes twice."""
        made = self.params(place, self.label)
        return {**made, "qs": f'{made["qs"]} AND NOT {self.kind}:"{BUILDING}"'}


def fetch(dataset: Dataset, territory: Territory | None, get: Get) -> Got:
    """One row by type of building and label: `nb_dpe` ratings.

    Raises NotCovered but for a commune; FetchError when the filter was ignored, the count partial,
    a label unknown, or the values do not add up.
    """
    if territory is None or territory.fictional or territory.level != "commune":
        raise NotCovered("La source se demande commune par commune.")
    refuse_districts(territory)
    question, before = _question(dataset), get.requests
    try:
        counted, total, url = _by_code(question, territory.code, get)
    except FetchError as error:
        if error.status != REFUSED:
            raise
        counted, total, url = _by_label(question, territory.code, get)
    left = total - sum(count for _, _, count in counted)
    if left < 0:
        raise FetchError(f"{url} : plus de diagnostics par étiquette ({total - left}) que {total}")
    said = [f"{left} diagnostics sans type ou sans étiquette, non comptés"] if left else []
    if any(kind is None for kind, _, _ in counted):
        said.append("logements seuls, type de logement non donné par la source")
    detail = " ; ".join(said) or None
    rows = pd.DataFrame(counted, columns=["type_batiment", "etiquette_dpe", "nb_dpe"])
    rows = rows.assign(territory=territory.code, iris=None)
    return Got(rows, url, None, get.requests - before, detail)


def _question(dataset: Dataset) -> _Question:
    params = card_source(dataset, "data_fair").params
    return _Question(*(params[name] for name in ("path", "code", "kind", "label")))


Counted = list[tuple[str | None, str, int]]  # type of building, label, ratings


def _by_code(question: _Question, code: str, get: Get) -> tuple[Counted, int, str]:
    fields = (question.code, question.kind, question.label)
    answer, url = get.json(ENDPOINT, question.path, question.params(code, *fields))
    total, groups = _groups(answer, url)
    if not groups:
        return _nothing(total, url), total, url
    if [value for value, _, _ in groups] != [code] or groups[0][1] != total:
        others = ", ".join(value[:12] for value, _, _ in groups[:3])
        raise FetchError(f"{url} : réponse pour {others}, non pour {code} seul : filtre ignoré")
    counted: Counted = []
    for kind, _, inner in _groups(groups[0][2], url)[1]:
        labels = _groups(inner, url)[1]
        counted += [(_known(kind, TYPES, url), _known(one, LABELS, url), n) for one, n, _ in labels]
    return counted, total, url


def _by_label(question: _Question, code: str, get: Get) -> tuple[Counted, int, str]:
    answer, url = get.json(ENDPOINT, question.path, question.dwellings(code))
    total, groups = _groups(answer, url)
    canary, where = get.json(ENDPOINT, question.path, question.dwellings(NOWHERE))
    if _groups(canary, where)[0]:
        raise FetchError(f"{where} : des diagnostics dans une commune inexistante : filtre ignoré")
    if not groups:
        return _nothing(total, url), total, url
    return [(None, _known(one, LABELS, url), count) for one, count, _ in groups], total, url


def _nothing(total: int, url: str) -> Counted:
    if total:
        raise FetchError(f"{url} : {total} diagnostics annoncés, aucun groupe reçu")
    return []


def _groups(answer: Any, url: str) -> tuple[int, list[tuple[str, int, Any]]]:
    """Total, then value, count and inner answer of each group; refuses what is not whole."""
    if not isinstance(answer, dict) or not isinstance(answer.get("aggs"), list):
        raise FetchError(f"{url} : réponse sans la liste « aggs »")
    if answer.get("timed_out"):
        raise FetchError(f"{url} : décompte partiel, interrompu par le serveur")
    if _count(answer, "total_other", url):
        raise FetchError(f"{url} : {answer['total_other']} diagnostics hors des groupes reçus")
    groups = list(_read(answer["aggs"], url))
    if len({value for value, _, _ in groups}) < len(groups):
        raise FetchError(f"{url} : une valeur revient deux fois")
    return _count(answer, "total", url), groups


def _read(given: Sequence[Any], url: str) -> Iterator[tuple[str, int, Any]]:
    for one in given:
        if not isinstance(one, dict) or not isinstance(one.get("value"), str):
            raise FetchError(f"{url} : groupe sans la clé « value »")
        yield one["value"], _count(one, "total", url), one


def _count(given: dict[str, Any], key: str, url: str) -> int:
    """A whole number that is there; a missing one is never zero."""
    value = whole_number(given.get(key))
    if value is None:
        raise FetchError(f"{url} : « {key} » absent ou illisible")
    return value


def _known(value: str, allowed: frozenset[str], url: str) -> str:
    if value not in allowed:
        raise FetchError(
            f"{url} : valeur « {value[:20]} », attendu {', '.join(sorted(allowed))} : "
            "la colonne a-t-elle changé ?"
        )
    return value
