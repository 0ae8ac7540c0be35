"""Measure what a reader waits for: `python tests/bench/bench.py`, or `make bench`.

Prints a table and writes bench.json. Times depend on the machine; the ratios to an empty Streamlit
page, taken in the same run, do not. Each page is measured in a process of its own, warmed as the
server warms itself before the first visitor, with every other cache empty.
"""

from __future__ import annotations

import argparse
import importlib
import json
import math
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
DATASET = "tree_inventory"
PAGES = (
    "accueil", "tableau_de_bord", "disponibilite", "donnees_manquantes", "ce_que_l_on_sait",
    "ma_semaine", "demandes", "socle_commun", "inventaire", "donnee", "restitution", "publier",
    "sources",
)  # fmt: skip
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
    """One page on a ready store: first run, then the median of ten; « vide » is an empty page.

    As the team sees it, forms and follow-up included: the page of a reader holds less.
    """
    from streamlit.testing.v1 import AppTest

    from app import WARM
    from data.records import EDITOR, Person
    from ui import answers, menu, who

    for module in WARM:
        importlib.import_module(module)
    answers.warm()
    AppTest.from_string(EMPTY).run()  # Streamlit's own first run is not the page's
    if name == "vide":
        page = AppTest.from_string(EMPTY, default_timeout=120)
    else:
        # The first of the menu answers at « / »: the page runs within menu and frame.
        every = (*menu.VISIBLE, *menu.HIDDEN)
        menu.VISIBLE, menu.HIDDEN = tuple(sorted(every, key=lambda page: page[0] != name)), ()
        who.person = lambda: Person(EDITOR, "Mesure")
        page = AppTest.from_file(str(ROOT / "ui/main.py"), default_timeout=120)
        page.query_params["territoire"], page.query_params["jeu"] = TOWN, DATASET
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


def measure_robustness() -> dict[str, float]:
    """1,000 draws of 14 projects: the 244 towns as the store knows them, then all different.

    Towns in the same situation share their draws; the second figure gives every need of every
    town a situation drawn at random, so that no two towns share anything.
    """
    from connectors.refresh import ready_store
    from data.catalog import catalog
    from data.records import today_utc
    from data.territories import acv_towns, territory
    from diagnostics.programme import weigh_towns
    from diagnostics.robustness import robust, robustness

    store, towns = ready_store(), acv_towns()
    projects = catalog().experiments.values()
    asked = list(dict.fromkeys(need.dataset for made in projects for need in made.needs))
    cards = [catalog().datasets[dataset] for dataset in asked]
    day = today_utc().date()
    held = weigh_towns(store, towns, cards, day)

    def draw(evidence: list[dict[str, Any]]) -> None:
        for made in projects:
            robust(made, evidence)

    found = {"shared_s": seconds(lambda: draw(held))}
    found["patterns"] = float(len({tuple(map(id, made.values())) for made in held}))
    chance = random.Random(SEED)
    different = [{dataset: _any_evidence(dataset, chance) for dataset in asked} for _ in towns]
    found["distinct_s"] = seconds(lambda: draw(different))
    found["town_s"] = seconds(lambda: robustness(store, territory(TOWN), day))
    store.close()
    return {**found, "memory_mb": memory_mb()}


def _any_evidence(dataset: str, chance: random.Random) -> Any:
    """Evidence in any of its situations, never twice the same."""
    from diagnostics.checks import NAMES
    from diagnostics.evidence import Evidence

    statuses = ("open", "other", "candidate", "closed_unjustified", "closed_justified")
    return Evidence(
        dataset=dataset,
        status=chance.choice((*statuses, "not_evaluated", "not_concerned")),
        existence=chance.choice(("exists", "partial", "not_produced", "unknown")),
        provenance=chance.choice(("assumed", "observed", "declared")),
        evidence_level=chance.choice(("E0", "E1", "E2", "E3")),
        reason="tirée au hasard",
        checks={name: chance.choice(("not_tested", chance.random())) for name in NAMES},
        substitute=chance.choice((None, "agrégat")),
    )


def measure_communes() -> dict[str, float]:
    """The verdicts of 1,000 communes, then more, then all: how the time grows."""
    from connectors.refresh import ready_store
    from data.records import today_utc
    from data.territories import _all
    from diagnostics.programme import programme

    store, day = ready_store(), today_utc().date()
    towns = [town for town in _all().values() if town.level == "commune" and not town.fictional]
    random.Random(SEED).shuffle(towns)
    programme(store, day, towns=towns[:10])
    found: dict[str, float] = {}
    for count in (1000, 5000, 10000, len(towns)):
        found[f"{count}_s"] = seconds(
            lambda count=count: programme(store, day, towns=towns[:count])
        )
    store.close()
    first, last = found["1000_s"], found[f"{len(towns)}_s"]
    exponent = math.log(last / first) / math.log(len(towns) / 1000)
    return {**found, "communes": len(towns), "exponent": exponent, "memory_mb": memory_mb()}


def measure_documents() -> dict[str, float]:
    """Each document of one town, made once to warm up, then measured on a fresh account."""
    from connectors.refresh import ready_store
    from data.records import now
    from data.territories import territory
    from restitution import pictures
    from restitution.account import Account
    from restitution.cli_export import ALL

    store, town, day = ready_store(read_only=True), territory(TOWN), now()
    reader = pictures.reader(store)
    found: dict[str, float] = {}
    for made in ALL.values():
        make = made.makers[made.extension]
        first = seconds(lambda make=make: make(Account(store, town, day), None, reader))
        found[f"{made.id}_cold_s"] = first
        found[f"{made.id}_s"] = seconds(
            lambda make=make: make(Account(store, town, day), None, reader)
        )
    store.close()
    return {**found, "memory_mb": memory_mb()}


def measure_batch() -> dict[str, float]:
    """One page for the élus of each of the 244 towns, in one process."""
    from connectors.refresh import ready_store
    from data.records import now
    from data.territories import acv_towns
    from restitution import pictures
    from restitution.account import Account
    from restitution.exports import EXPORTS

    store, day = ready_store(read_only=True), now()
    make, reader = EXPORTS["onepage"].makers["pdf"], pictures.reader(store)
    towns = acv_towns()
    total = seconds(lambda: [make(Account(store, town, day), None, reader) for town in towns])
    store.close()
    return {"towns": len(towns), "total_s": total, "memory_mb": memory_mb()}


def measure_start() -> dict[str, float]:
    """An empty store: opening it and loading the embedded default, then opening it again."""
    from connectors.refresh import ready_store

    first = seconds(lambda: ready_store().close())
    again = seconds(lambda: ready_store().close())
    return {"first_s": first, "again_s": again}


def measure_conformity_of_files() -> dict[str, float]:
    """Control of a standard file beside the official tools and beside merely reading it."""
    return importlib.import_module("tests.bench.conformity").measure_conformity()


def measure_loopback(module: str, function: str) -> dict[str, float]:
    """A part in a module of its own, that asks servers on loopback and nothing else."""
    os.environ.pop("ACV_OFFLINE", None)
    measured = getattr(importlib.import_module(f"tests.bench.{module}"), function)()
    return dict(measured)


# Issue « sources »: part, module, what it measures.
LIVE = {
    "ingest": ("ingest", "measure_ingest"),
    "climadiag": ("climadiag", "measure"),
    "client": ("client", "measure_client"),
    "sources": ("sources", "measure_sources"),
}
PARTS: dict[str, Callable[[], dict[str, float]]] = {
    "start": measure_start,
    "search": measure_search,
    "programme": measure_programme,
    "robustness": measure_robustness,
    "communes": measure_communes,
    "documents": measure_documents,
    "batch": measure_batch,
    "conformity": measure_conformity_of_files,
    **{part: lambda asked=asked: measure_loopback(*asked) for part, asked in LIVE.items()},
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
    return [
        *lines,
        *robustness_lines(found["robustness"], empty),
        *commune_lines(found["communes"]),
        *document_lines(found["documents"], found["batch"], empty),
        *conformity_lines(found["conformity"]),
        *source_lines(found),
    ]


def robustness_lines(made: dict[str, float], empty: dict[str, float]) -> list[tuple[str, str, str]]:
    """The draws, beside an empty page drawn for the first time."""
    named = [
        ("1 ville, 14 projets, 1 000 tirages", "town_s"),
        (f"244 villes ({made['patterns']:.0f} situations), 1 000 tirages", "shared_s"),
        ("244 villes toutes différentes, 1 000 tirages", "distinct_s"),
    ]
    return [
        (what, f"{made[key]:.2f} s", f"× {1000 * made[key] / empty['cold_ms']:.1f}")
        for what, key in named
    ]


def commune_lines(made: dict[str, float]) -> list[tuple[str, str, str]]:
    """Verdicts of more and more communes, and the time of each beside the first."""
    counts = [1000, 5000, 10000, int(made["communes"])]
    first = made["1000_s"]
    lines = [
        (
            f"{count} communes (× {count / 1000:.1f}), verdicts",
            f"{made[f'{count}_s']:.2f} s",
            f"× {made[f'{count}_s'] / first:.1f}",
        )
        for count in counts
    ]
    return [*lines, ("Croissance, exposant (1 : linéaire)", f"{made['exponent']:.2f}", "")]


def document_lines(
    made: dict[str, float], batch: dict[str, float], empty: dict[str, float]
) -> list[tuple[str, str, str]]:
    """Each document when everything is warm, and the batch of the programme."""
    names = [key.removesuffix("_cold_s") for key in made if key.endswith("_cold_s")]
    lines = [
        (
            f"Document {name}, à chaud (à froid {made[f'{name}_cold_s']:.1f} s)",
            f"{made[f'{name}_s']:.2f} s",
            f"× {1000 * made[f'{name}_s'] / empty['cold_ms']:.1f}",
        )
        for name in names
    ]
    count = f"{batch['towns']:.0f} « une page »"
    return [
        *lines,
        (
            count,
            f"{batch['total_s']:.0f} s",
            f"{batch['total_s'] / batch['towns']:.2f} s par ville",
        ),
    ]


def conformity_lines(made: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Deliberations 2.1.5: time, memory, and how many times faster than the official tools."""
    lines = [
        (
            "Conformité, 1 000 000 lignes",
            f"{made['rows_1m_seconds']:.1f} s",
            f"{made['rows_1m_rss_mb']:.0f} Mo, × {made['ratio_to_reading']:.1f} la seule lecture",
        ),
        ("Conformité, 100 000 lignes", f"{made['rows_100k_seconds']:.2f} s", ""),
    ]
    for tool in ("validata", "frictionless"):
        if f"{tool}_seconds" in made:
            ratio = f"{made[f'times_faster_than_{tool}']:.0f} fois plus lent"
            lines.append((f"  la même par {tool}", f"{made[f'{tool}_seconds']:.1f} s", ratio))
    if "same_errors" in made:
        same = "identiques" if made["same_errors"] else "DIFFÉRENTES"
        lines.append(("  erreurs (ligne, code), validata et nous", same, ""))
    return lines


def source_lines(found: dict[str, dict[str, float]]) -> list[tuple[str, str, str]]:
    """Reading the sources: each figure, and the target it has."""
    from tests.bench import client, ingest, sources

    ratio, memory = ingest.TARGETS["ratio"], f"cible {sources.TARGET_MB} Mo"
    ours, tar, asked = found["ingest"], found["climadiag"], found["client"]
    lines = [
        ("Ingestion d'un CSV de 1 000 000 lignes", f"{ours['seconds']:.2f} s", ""),
        ("  la même par read_csv de DuckDB", f"{ours['duckdb_seconds']:.2f} s", ""),
        ("  rapport", f"× {ours['ratio']:.2f}", f"cible × {ratio}"),
        ("  mémoire", f"{ours['rss_mb']:.0f} Mo", memory),
        ("Climadiag, 36 183 fichiers, lecture", f"{tar['read_seconds']:.1f} s", ""),
        ("Climadiag, lecture et base", f"{tar['refresh_seconds']:.1f} s", ""),
        ("  mémoire", f"{tar['memory_refresh_mb']:.0f} Mo", memory),
        ("Client, par demande", f"{asked['ms']:.2f} ms", f"× {asked['ratio']:.1f} requests seul"),
        (
            "  de plus que requests seul",
            f"{asked['overhead_ms']:.2f} ms",
            f"cible {client.TARGET_MS:g} ms",
        ),
    ]
    for name in sources.SOURCES:
        made = {
            key: found["sources"][f"{name}_{key}"] for key in ("file_mb", "seconds", "memory_mb")
        }
        lines += [
            (f"{name}, {made['file_mb']:.0f} Mo de fichiers", f"{made['seconds']:.1f} s", ""),
            ("  mémoire", f"{made['memory_mb']:.0f} Mo", memory),
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
