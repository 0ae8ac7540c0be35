"""From the lines of Climadiag to rows: which indicators are kept, for whom, under which words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api.types import union_categoricals

from connectors.climadiag.archive import NUMBERS
from connectors.fetching import FetchError
from connectors.reading.communes import current
from data.territories import UnknownTerritory
from data.territories import territory as territory_of

# Code of the source: our word, its unit, the season asked where the source gives several.
INDICATORS: dict[str, tuple[str, str, str | None]] = {
    "S1": ("d35", "jours/an", None),
    "S2": ("n20", "nuits/an", None),
    "S3": ("hw", "jours/an", None),
    "R4": ("fire", "jours/an", None),
    "R5": ("dry", "jours/été", "été"),
}
HORIZONS = ("2030", "2050", "2100")
REFERENCE = "1976-2005"
STATISTICS = ("low", "median", "high")
KEY = ["code", "indicator", "horizon"]
NUMBER = r"^[+-]?\d{1,9}(\.\d{1,9})?$"
MAX_ODD = 0.01  # share of lines out of order, or of another reference, before it is another file


@dataclass(frozen=True)
class Figures:
    """Rows in the columns of the card, and what a reader must know of those left aside."""

    rows: pd.DataFrame
    detail: str


def figures(tables: Iterator[pa.Table], min_communes: int, url: str) -> Figures:
    """The rows of every commune and EPCI known; raises FetchError on a hollow or odd archive."""
    kept = [_wanted(table) for table in tables]
    if not kept:
        raise FetchError(f"{url} : aucun fichier de commune ou d'EPCI dans l'archive")
    lines = pa.concat_tables(kept).to_pandas()
    known, detail = _known(lines)
    _check_full(known, min_communes, url)
    _check_order(known, url)
    return Figures(_long(known, url), detail)


def _wanted(table: pa.Table) -> pa.Table:
    """The lines of the five indicators: `code`, `indicator`, `horizon` and four numbers."""
    near = table.filter(pc.is_in(table["indicateur_id"], pa.array(list(INDICATORS))))
    kind, label, horizon = (
        pc.utf8_trim_whitespace(near[name]) for name in ("type_ind", "label", "horizon")
    )
    kept = pa.chunked_array([pa.array([False] * near.num_rows)])
    words = pa.chunked_array([pa.nulls(near.num_rows, pa.string())])
    for code, (word, _, season) in INDICATORS.items():
        own = pc.and_(pc.equal(near["indicateur_id"], code), pc.equal(kind, _kind(season)))
        own = pc.and_(own, pc.equal(label, season)) if season else own
        kept, words = pc.or_(kept, own), pc.if_else(own, word, words)
    kept = pc.and_(kept, pc.is_in(horizon, pa.array(HORIZONS)))
    texts = {"code": near["identifiant_insee"], "indicator": words, "horizon": horizon}
    made = {name: pc.dictionary_encode(text.filter(kept)) for name, text in texts.items()}
    numbers = {name: _numbers(near[name].filter(kept)) for name in NUMBERS}
    return pa.table({**made, **numbers})


def _kind(season: str | None) -> str:
    return "saisonnier" if season else "annuel"


def _numbers(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """DOUBLE where the text is a number; null for a date, a blank or a word."""
    trimmed = pc.utf8_trim_whitespace(texts)
    readable = pc.match_substring_regex(trimmed, NUMBER)
    return pc.cast(pc.if_else(readable, trimmed, None), pa.float64())


def _known(lines: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Lines of today's communes and EPCI of metropolitan France, and what was left aside."""
    codes = sorted(map(str, lines["code"].unique()))
    overseas = [code for code in codes if len(code) == 5 and code[:2] in ("97", "98")]
    placed = {code: made for code in codes if code not in overseas and (made := _place(code))}
    kept = _one_each(placed)
    known = lines[lines["code"].isin(list(kept))].copy()
    known["code"] = known["code"].cat.remove_unused_categories().cat.rename_categories(kept)
    twice = int(known.duplicated(KEY).sum())
    known = known.drop_duplicates(KEY, ignore_index=True)
    unknown = len(codes) - len(overseas) - len(placed)
    communes = sum(len(code) == 5 for code in kept.values())
    said = [f"{communes} communes et {len(kept) - communes} EPCI lus"]
    said += [f"outre-mer laissé de côté : {len(overseas)} communes"] * bool(overseas)
    said += [f"codes inconnus laissés de côté : {unknown}"] * bool(unknown)
    said += [f"anciennes communes laissées de côté : {len(placed) - len(kept)}"] * (
        len(placed) > len(kept)
    )
    said += [f"lignes répétées laissées de côté : {twice}"] * bool(twice)
    return known, " ; ".join(said)


def _place(code: str) -> str | None:
    """The commune of today, or the EPCI, of a code; None where none is known."""
    if len(code) != 9:
        return current(code)
    try:
        found = territory_of(code)
    except UnknownTerritory:
        return None
    return code if found.level == "epci" and not found.fictional else None


def _one_each(placed: dict[str, str]) -> dict[str, str]:
    """One code of the source for each territory: its own, else the first of those merged in it."""
    chosen: dict[str, str] = {}
    for given, now in placed.items():
        if now == given or now not in chosen:
            chosen[now] = given
    return {given: now for now, given in chosen.items()}


def _check_full(known: pd.DataFrame, min_communes: int, url: str) -> None:
    """Every indicator must be there for nearly every commune: a lost label is not « no day »."""
    median = known[known["median"].notna() & (known["horizon"] == "2050")]
    communes = median[
        median["code"].isin([code for code in median["code"].cat.categories if len(code) == 5])
    ]
    for code, (word, _, _) in INDICATORS.items():
        count = int((communes["indicator"] == word).sum())
        if count < min_communes:
            raise FetchError(
                f"{url} : indicateur {code} lu pour {count} communes en 2050, au moins "
                f"{min_communes} attendues"
            )


def _check_order(known: pd.DataFrame, url: str) -> None:
    """Low, median and high in that order, or the columns are not what they were."""
    wrong = (known["low"] > known["median"]) | (known["median"] > known["high"])
    if wrong.sum() > MAX_ODD * len(known):
        raise FetchError(f"{url} : {wrong.sum()} lignes où bas, médiane et haut sont en désordre")


def _long(known: pd.DataFrame, url: str) -> pd.DataFrame:
    """One row for each figure: the three of each horizon, then the reference once."""
    parts = [known[KEY].assign(value=known[name]) for name in STATISTICS]
    parts.append(_references(known, url))
    filled = [part[part["value"].notna()] for part in parts]
    statistic = np.repeat(np.arange(len(filled), dtype=np.int8), [len(part) for part in filled])
    indicator = union_categoricals([part["indicator"] for part in filled])
    units = {word: unit for word, unit, _ in INDICATORS.values()}
    return pd.DataFrame(
        {
            "territory": union_categoricals([part["code"] for part in filled]),
            "indicator": indicator,
            "horizon": union_categoricals([part["horizon"] for part in filled]),
            "statistic": pd.Categorical.from_codes(statistic, pd.Index([*STATISTICS, "reference"])),
            "value": np.concatenate([part["value"].to_numpy() for part in filled]),
            "unit": pd.Series(indicator).map(units).astype("category"),
        }
    )


def _references(known: pd.DataFrame, url: str) -> pd.DataFrame:
    """The reference of each territory and indicator, the same at every horizon."""
    given = known[known["ref"].notna()].groupby(["code", "indicator"], observed=True)["ref"]
    bounds = given.agg(["min", "max"]).reset_index()
    steady = bounds["min"] == bounds["max"]
    if (~steady).sum() > MAX_ODD * max(len(bounds), 1):
        raise FetchError(f"{url} : la période de référence change d'un horizon à l'autre")
    kept = bounds[steady]
    horizon = pd.Categorical([REFERENCE] * len(kept))
    return kept[["code", "indicator"]].assign(horizon=horizon, value=kept["min"])
