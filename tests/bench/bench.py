"""Measure what a reader waits for: `python tests/bench/bench.py`, or `make bench`.

Prints a table and writes bench.json. Times depend on the machine; the ratios to an empty Streamlit
page, taken in the same run, do not. Each page is measured in a process of its own, warmed as the
server warms itself before the first visitor, with every other cache empty.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

TOWN = "46042"
PAGES = ("accueil", "tableau_de_bord", "disponibilite", "donnees_manquantes")
EMPTY = "import streamlit as st\n\nst.title('Rien')\n"
QUERIES = 200
WARM_RUNS = 10
SEED = 20261121


def seconds(work: Callable[[], Any]) -> float:
    """Wall-clock time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def memory_mb() -> float:
    """Largest resident memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def measure_search() -> dict[str, float]:
    """The first search (reads the list), then 200: names whole and cut, postal codes, codes."""
    from data.territories import acv_towns, search

    first = seconds(lambda: search("cahors"))
    chance = random.Random(SEED)
    towns = acv_towns()
    kinds = (
        lambda town: town.name,
        lambda town: town.name[:3].lower(),
        lambda town: town.code,
        lambda town: town.postal_codes[0],
    )
    asked = [chance.choice(kinds)(chance.choice(towns)) for _ in range(QUERIES)]
    times = [seconds(lambda query=query: search(query)) for query in asked]
    return {
        "first_ms": 1000 * first,
        "median_ms": 1000 * statistics.median(times),
        "p95_ms": 1000 * percentile(times, 0.95),
    }


def measure_page(name: str) -> dict[str, float]:
    """One page on a ready store: first run, then the median of ten; « vide » is an empty page."""
    from streamlit.testing.v1 import AppTest

    from app import WARM
    from ui import answers, menu

    for module in WARM:
        importlib.import_module(module)
    answers.warm()
    AppTest.from_string(EMPTY).run()  # Streamlit's own first run is not the page's
    if name == "vide":
        page = AppTest.from_string(EMPTY, default_timeout=120)
    else:
        # The first of the menu answers at « / »: the page runs within menu and frame.
        menu.VISIBLE = tuple(sorted(menu.VISIBLE, key=lambda shown: shown[0] != name))
        page = AppTest.from_file(str(ROOT / "ui/main.py"), default_timeout=120)
        page.query_params["territoire"] = TOWN
    cold = seconds(page.run)
    warm = statistics.median(seconds(page.run) for _ in range(WARM_RUNS))
    if page.exception:
        raise SystemExit(f"{name} : {page.exception[0].message}")
    return {"cold_ms": 1000 * cold, "warm_ms": 1000 * warm, "memory_mb": memory_mb()}


def measure_programme() -> dict[str, float]:
    """The 244 towns: verdicts of every experiment, and every indicator of one with its places."""
    from connectors.refresh import ready_store
    from data.records import today_utc
    from data.territories import territory
    from diagnostics.indicators import compute
    from diagnostics.programme import programme

    store = ready_store()
    town = territory(TOWN)
    found = {
        "availability_s": seconds(lambda: programme(store, today_utc().date())),
        "indicators_s": seconds(lambda: compute(store, town)),
        "memory_mb": memory_mb(),
    }
    store.close()
    return found


def measure_start() -> dict[str, float]:
    """An empty store: opening it and loading the embedded default, then opening it again."""
    from connectors.refresh import ready_store

    first = seconds(lambda: ready_store().close())
    again = seconds(lambda: ready_store().close())
    return {"first_s": first, "again_s": again}


PARTS: dict[str, Callable[[], dict[str, float]]] = {
    "start": measure_start,
    "search": measure_search,
    "programme": measure_programme,
    **{f"page:{name}": lambda name=name: measure_page(name) for name in ("vide", *PAGES)},
}


def run_apart(part: str, store: Path) -> dict[str, float]:
    """One part in a process of its own, so that no cache of another helps it."""
    done = subprocess.run(
        [sys.executable, __file__, "--part", part],
        cwd=ROOT,
        env={**os.environ, "ACV_STORE": str(store), "ACV_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{part} : {done.stderr.strip().splitlines()[-1]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def report(found: dict[str, dict[str, float]]) -> list[tuple[str, str, str]]:
    """Lines of the table: what, figure, ratio to an empty page where it has a meaning."""
    empty = found["page:vide"]
    search, programme, start = found["search"], found["programme"], found["start"]
    lines = [
        ("Premier démarrage, données embarquées chargées", f"{start['first_s']:.1f} s", ""),
        ("Démarrages suivants", f"{start['again_s']:.2f} s", ""),
        ("Recherche, toute la France, la première", f"{search['first_ms']:.0f} ms", ""),
        (f"Recherche, médiane de {QUERIES}", f"{search['median_ms']:.1f} ms", ""),
        ("Recherche, 95 sur 100 sous", f"{search['p95_ms']:.1f} ms", ""),
    ]
    for part in found:
        if part.startswith("page:"):
            lines += page_lines(part.removeprefix("page:"), found[part], empty)
    lines += [
        ("244 villes, verdicts", f"{programme['availability_s']:.2f} s", ""),
        ("244 villes, indicateurs", f"{programme['indicators_s']:.2f} s", ""),
        ("Mémoire, programme", f"{programme['memory_mb']:.0f} Mo", ""),
    ]
    return lines


def page_lines(
    name: str, page: dict[str, float], empty: dict[str, float]
) -> list[tuple[str, str, str]]:
    times = [("froide", "cold_ms"), ("chaude", "warm_ms")]
    lines = [
        (f"Page {name}, {word}", f"{page[key]:.0f} ms", f"× {page[key] / empty[key]:.1f}")
        for word, key in times
    ]
    memory = f"{page['memory_mb'] - empty['memory_mb']:+.0f} Mo" if page is not empty else ""
    return [*lines, (f"Page {name}, mémoire", f"{page['memory_mb']:.0f} Mo", memory)]


def main() -> None:
    parser = argparse.ArgumentParser(description="Mesures de Cœur de Données")
    parser.add_argument("--part", choices=sorted(PARTS), help=argparse.SUPPRESS)
    part = parser.parse_args().part
    if part:
        print(json.dumps(PARTS[part]()))
        return
    with tempfile.TemporaryDirectory() as folder:
        found = {part: run_apart(part, Path(folder) / "acv.duckdb") for part in PARTS}
    machine = {"python": platform.python_version(), "cores": os.cpu_count()}
    measured = {"measured_at": datetime.now(UTC).isoformat(), "machine": machine, **found}
    (ROOT / "bench.json").write_text(json.dumps(measured, indent=1) + "\n")
    for what, figure, ratio in report(found):
        print(f"{what:<52}{figure:>10}  {ratio}".rstrip())


if __name__ == "__main__":
    main()
