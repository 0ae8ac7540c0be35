"""Sources et méthode: each source with its last fetch, vintage, licence and state."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from data.catalog import Dataset, Source, catalog
from data.store import Fetch, Store
from data.territories import NATIONAL, Territory
from drawing import blocks, french, signs
from drawing.blocks import Cell, prose
from ui import fetching, frame

METHOD = Path(__file__).resolve().parent.parent / "docs" / "method.md"
HEADERS = ("Donnée", "Producteur et licence", "Dernière récupération", "État")


def fetch_all(door: Any, store: Store, place: Territory | None) -> None:
    """Fetch everything for the chosen territory, when there is one."""
    if place is not None:
        st.header(f"Récupérer pour {french.upper_first(place.name)}")
        fetching.all_button(door, store, place)


def sources(store: Store) -> None:
    """Every source the cards declare, those that answered first."""
    st.header("Sources")
    log = _last_by_source(store.fetches())
    pairs = [(card, source) for card in catalog().datasets.values() for source in card.sources]
    pairs.sort(key=lambda pair: (pair[0].id, pair[1].connector) not in log)
    real = [pair for pair in pairs if "fictif" not in pair[1].licence.lower()]
    without = sum(not card.sources for card in catalog().needs().values())
    st.write(
        f"{french.plural(len(real), 'source')} déclarées\u00a0; "
        f"{french.plural(without, 'donnée')} du référentiel n'en ont aucune\u00a0: elles se "
        "demandent à leur détenteur."
    )
    rows = [_row(card, source, log.get((card.id, source.connector), [])) for card, source in real]
    frame.html(blocks.table("Sources", HEADERS, rows, frame.theme()))


def _last_by_source(fetches: Iterable[Fetch]) -> dict[tuple[str, str], list[Fetch]]:
    """Newest first, as the log gives them."""
    found: dict[tuple[str, str], list[Fetch]] = {}
    for fetch in fetches:
        found.setdefault((fetch.dataset, fetch.connector), []).append(fetch)
    return found


def _row(card: Dataset, source: Source, lines: Sequence[Fetch]) -> list[Cell]:
    good = next((line for line in lines if line.good), None)
    vintage = good.vintage if good and good.vintage else source.vintage
    year = f"millésime {french.readable_day(vintage)}" if vintage else "millésime non dit"
    when = french.day(good.fetched_at) if good else signs.ABSENCES["not_fetched"].words
    via = f", via {source.via}" if source.via else ""
    return [
        Cell(
            f"<strong>{prose(card.title)}</strong>{_small(_scope(source))}",
            3,
            "11rem",
            labelled=False,
        ),
        Cell(f"{prose(source.producer + via)}{_small(source.licence)}", 4, "12rem"),
        Cell(f"{prose(when)}{_small(year)}", 2, "8rem"),
        Cell(prose(_state(lines, good)), 2, "8rem"),
    ]


def _small(words: str) -> str:
    return (
        f'<br><span style="font-size:.84rem;color:{signs.MUTED[frame.theme()]}">'
        f"{prose(words)}</span>"
    )


def _scope(source: Source) -> str:
    level = signs.LEVELS.get(source.level, source.level)
    return f"niveau {level}\u00a0; {source.coverage}"


def _state(lines: Sequence[Fetch], good: Fetch | None) -> str:
    if not lines:
        return "? jamais demandée"
    if lines[0].good:
        return f"● {_extent(lines)}"
    said = fetching.OUTCOMES.get(lines[0].status, lines[0].status)
    kept = f"\u00a0; copie du {french.day(good.fetched_at)}" if good else ""
    return f"✕ {said} le {french.day(lines[0].fetched_at)}{kept}"


def _extent(lines: Sequence[Fetch]) -> str:
    """How much is there: rows of a national file, or how many territories were served."""
    served = {line.territory for line in lines if line.good}
    if NATIONAL in served:
        return f"récupérée, {french.plural(lines[0].rows, 'ligne')}"
    return f"récupérée pour {french.plural(len(served), 'territoire')}"


def method() -> None:
    """How figures, statuses and verdicts are made."""
    st.header("Méthode")
    if METHOD.exists():
        st.markdown(_lowered(_without_examples(METHOD.read_text(encoding="utf-8"))))


def _without_examples(text: str) -> str:
    """The page less its sums worked by hand, which the tests play and the file keeps."""
    return re.sub(r"^## Exemples calculés à la main\n.*?(?=^## )", "", text, flags=re.S | re.M)


def _lowered(text: str) -> str:
    """Headings one level under the screen's own, and no second title."""
    lines = text.splitlines()
    body = lines[1:] if lines and lines[0].startswith("# ") else lines
    return "\n".join("#" + line if line.startswith("##") else line for line in body)
