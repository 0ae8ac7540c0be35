"""`python -m connectors list|config|refresh|journal|discover|locate`: see docs/operations.md."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from tqdm import tqdm

from connectors import embedded, geocoding, locating
from connectors.discovery import discovery, is_web_address
from connectors.fetching import FetchError
from connectors.network.http import Http
from connectors.portals import probe
from connectors.refresh import places_of, ready_store, refresh
from connectors.runs.announcing import Announcement, TooManyRequests
from connectors.runs.planning import MAX_REQUESTS
from data.catalog import CardError, Dataset, Source, catalog, endpoints
from data.records import Record, WrongDay
from data.store import Fetch, Store, StoreError
from data.territories import Territory, UnknownTerritory, acv_towns, territory

RUN_KEYS = [
    *("dataset", "territory", "level", "status", "rows", "seconds"),
    *("requests", "url", "vintage", "fetched_at", "detail", "bytes"),
]
WORDS = {
    "ok": "récupéré",
    "empty": "récupéré, aucune ligne",
    "not_covered": "hors couverture",
    "failed": "échec",
    "offline": "réseau interdit",
}
FORCE = f"passer outre la limite de {MAX_REQUESTS} demandes, hors gros fichiers"
ACCEPT = "accepter une version qui a perdu beaucoup de lignes (avec --dataset)"
STOPPED = "Arrêté : ce qui a été récupéré est gardé."
RESUMED = " La même commande reprendra où elle s'est arrêtée."


class Parser(argparse.ArgumentParser):
    """Wrong use ends with code 2 and one French sentence on stderr."""

    def error(self, message: str) -> NoReturn:
        print(f"Commande non comprise ({message}) ; voir --help.", file=sys.stderr)
        raise SystemExit(2)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    args = _parser().parse_args(argv)
    try:
        return int(args.run(args))
    except (UnknownTerritory, WrongDay, TooManyRequests) as mistake:
        print(mistake, file=sys.stderr)
        return 2
    except (StoreError, CardError) as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(STOPPED + RESUMED * getattr(args, "acv", False), file=sys.stderr)
        return 130
    except BrokenPipeError:  # who reads has read enough; nothing more can be written to them
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def list_connectors(args: argparse.Namespace) -> int:
    """Every connector, what it feeds and under which terms."""
    rows = [_connector(name, fed) for name, fed in sorted(_by_connector().items())]
    if args.json:
        return _json({"connectors": rows})
    for row in rows:
        print(f"{row['id']} : {', '.join(row['datasets'])} ({row['licence']})")
    return 0


def config(args: argparse.Namespace) -> int:
    """Where the store is, whether the network is forbidden, and each source's address."""
    document = {
        "store": os.environ.get("ACV_STORE") or "data/local/acv.duckdb",
        "offline": os.environ.get("ACV_OFFLINE") == "1",
        "endpoints": endpoints(),
        "environment": sorted(name for name in os.environ if name.startswith("ACV_")),
    }
    if args.json:
        return _json(document)
    print(f"Base : {document['store']}")
    print(f"Réseau : {'interdit (ACV_OFFLINE=1)' if document['offline'] else 'permis'}")
    for key, origin in endpoints().items():
        print(f"{key} : {origin}")
    return 0


def refresh_command(args: argparse.Namespace) -> int:
    """Fetch, show progress on a terminal, list what came back; 1 when something failed."""
    if not args.codes and not args.acv:
        _parser().error("donnez au moins un code de territoire, ou --acv")
    if args.accept_drop and not args.dataset:
        _parser().error("--accept-drop se donne avec --dataset : un jeu que vous avez vérifié")
    _known_datasets(args.dataset)
    places = [*places_of(args.codes), *(acv_towns() if args.acv else ())]
    store = ready_store()
    told = Announcement(
        lambda said: tqdm.write(said, file=sys.stderr), args.force, whole=not args.dataset
    )
    with tqdm(disable=not sys.stderr.isatty(), unit="jeu") as bar:

        def progress(done: int, total: int, title: str) -> None:
            bar.total = total
            bar.set_description(title)
            bar.update(done - bar.n)

        runs = refresh(
            store,
            places,
            args.dataset,
            args.since_days,
            progress=progress,
            resume=args.acv,
            accept_fall=args.accept_drop,
            announce=told,
        )
    summary = _summary(store, runs)
    store.close()
    if args.json:
        made = [run_json(run) for run in runs]
        _json({"plan": told.document(), "runs": made, "summary": summary})
    else:
        _print_runs(runs)
    return 1 if summary["failed"] or summary["offline"] else 0


def journal(args: argparse.Namespace) -> int:
    """The fetch log, newest first: of a territory (with what serves it), or all of it."""
    place = territory(args.code) if args.code else None
    store = ready_store(read_only=True)
    lines = store.fetches()
    kept = [line for line in lines if place is None or line.territory in place.scopes]
    if args.json:
        return _json({"runs": [run_json(line) for line in kept]})
    _print_runs(kept)
    return 0


def discover(args: argparse.Namespace) -> int:
    """What a town and the authorities above it publish on data.gouv.fr, and on a portal given."""
    place = territory(args.code)
    if args.portal and not is_web_address(args.portal):
        print(
            "--portal : l'adresse donnée ne peut être demandée ; attendu : une adresse http(s)://, "
            "sans mot de passe ni clé.",
            file=sys.stderr,
        )
        return 2
    document = discovery(place, args.portal, Http())
    if args.portal and document["runs"][-1]["status"] == "ok":
        _keep_portal(place, args.portal, document["portals"][-1]["kind"])
    if args.json:
        _json(document)
    else:
        _print_discovery(document)
    return 1 if any(run["status"] in ("failed", "offline") for run in document["runs"]) else 0


def _keep_portal(place: Territory, url: str, kind: str) -> None:
    """Note the address for the refreshes to come; a store held by the application takes none."""
    try:
        store = ready_store()
        known = any(made["url"] == url and made["own"] for made in probe.known_to(store, place))
        if not known:
            payload = {"url": url, "kind": kind}
            store.record(Record(probe.RECORD, place.code, payload, "commande discover"))
            print(f"{url} : adresse gardée pour les récupérations à venir.", file=sys.stderr)
        store.close()
    except StoreError as trouble:
        print(f"Adresse non gardée : {trouble}", file=sys.stderr)


def _print_discovery(document: dict[str, Any]) -> None:
    for source in document["sources"]:
        print(f"{source['title']} — {source['publisher']} ({source['level']})")
    for portal in document["portals"]:
        print(f"Portail : {portal['url']} ({portal['kind']})")
    for run in document["runs"]:
        if run["detail"]:
            print(run["detail"])


def locate_command(args: argparse.Namespace) -> int:
    """Place the addresses of a file; says first what is sent, and to whom."""
    place = territory(args.territory)
    with Http() as client:
        sent = ", ".join(args.address)
        origin = endpoints()[geocoding.ENDPOINT]
        print(f"Envoyé à {origin} : {sent}, et rien d'autre du fichier.", file=sys.stderr)
        try:
            wanted = (Path(args.file), place, args.address, Path(args.out))
            found = locating.locate(*wanted, client, args.sheet)
        except geocoding.CannotLocate as refusal:
            print(refusal, file=sys.stderr)
            return 2
        except FetchError as failure:
            print(f"{failure} ; rien n'est écrit.", file=sys.stderr)
            return 1
    if args.json:
        return _json({"file": args.out, "rows": len(found.rows), "counts": dict(found.counts)})
    print(f"{found.sentence}. Écrit : {args.out}")
    return 0


def run_json(fetch: Fetch) -> dict[str, Any]:
    """A log line in the shape of interface `refresh`."""
    row = asdict(fetch)
    row["fetched_at"] = fetch.fetched_at.isoformat(timespec="seconds")
    return {key: row[key] for key in RUN_KEYS}


def _by_connector() -> dict[str, list[tuple[Dataset, Source]]]:
    found: dict[str, list[tuple[Dataset, Source]]] = {}
    for dataset in catalog().datasets.values():
        for source in dataset.sources:
            found.setdefault(source.connector, []).append((dataset, source))
    return found


def _connector(name: str, fed: list[tuple[Dataset, Source]]) -> dict[str, Any]:
    sources = [source for _, source in fed]
    asked = {source.endpoint: endpoints()[source.endpoint] for source in sources if source.endpoint}
    return {
        "id": name,
        "endpoint": next(iter(asked.values()), None),
        "endpoints": asked,
        "embedded": name == embedded.REAL,
        "datasets": [dataset.id for dataset, _ in fed],
        "level": sources[0].level,
        "licence": " ; ".join(dict.fromkeys(source.licence for source in sources)),
        "bulk": any(source.bulk for source in sources),
        "coverage": " ; ".join(dict.fromkeys(source.coverage for source in sources)),
    }


def _summary(store: Store, runs: list[Fetch]) -> dict[str, int]:
    counts = {status: sum(run.status == status for run in runs) for status in WORDS}
    lost = [run for run in runs if run.status in ("failed", "offline")]
    kept = [run for run in lost if any(f.good for f in store.fetches(run.dataset, run.territory))]
    return {**counts, "kept_last_good": len(kept)}


def _known_datasets(asked: list[str] | None) -> None:
    for name in asked or ():
        if name not in catalog().datasets:
            print(f"--dataset {name} : jeu inconnu ; permis : ceux de « list ».", file=sys.stderr)
            raise SystemExit(2)


def _print_runs(runs: list[Fetch]) -> None:
    for run in runs:
        more = f" — {run.detail}" if run.detail else ""
        print(f"{run.dataset} · {run.territory} : {WORDS[run.status]}, {run.rows} lignes{more}")


def _json(document: dict[str, Any]) -> int:
    json.dump(document, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")
    return 0


def _days(text: str) -> int:
    """A number of days a person may mean: up to a century."""
    if not text.isdecimal() or int(text) > 36500:
        raise argparse.ArgumentTypeError(f"« {text[:40]} » donné, un nombre de jours attendu")
    return int(text)


def _parser() -> Parser:
    parser = Parser(prog="python -m connectors", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="commande", parser_class=Parser)
    table = {
        "list": (list_connectors, "les connecteurs et ce qu'ils apportent"),
        "config": (config, "la configuration"),
        "refresh": (refresh_command, "récupérer les données d'un ou plusieurs territoires"),
        "journal": (journal, "le journal des récupérations"),
        "discover": (discover, "ce que le territoire publie"),
        "locate": (locate_command, "les coordonnées des adresses d'un fichier de la commune"),
    }
    made = {}
    for name, (function, help_text) in table.items():
        made[name] = commands.add_parser(name, help=help_text)
        made[name].set_defaults(run=function)
        made[name].add_argument("--json", action="store_true", help="un document JSON")
    made["refresh"].add_argument("codes", nargs="*", metavar="CODE")
    made["refresh"].add_argument("--acv", action="store_true", help="les 244 communes")
    made["refresh"].add_argument("--dataset", action="append", metavar="ID")
    made["refresh"].add_argument("--since-days", type=_days, metavar="N")
    made["refresh"].add_argument("--force", action="store_true", help=FORCE)
    made["refresh"].add_argument("--accept-drop", action="store_true", help=ACCEPT)
    made["journal"].add_argument("code", nargs="?", metavar="CODE")
    made["locate"].add_argument("file", metavar="FILE")
    made["locate"].add_argument("--territory", required=True, metavar="CODE")
    made["locate"].add_argument("--address", action="append", required=True, metavar="COLONNE")
    made["locate"].add_argument("--out", required=True, metavar="CSV")
    made["locate"].add_argument("--sheet", metavar="NAME", help="feuille à lire")
    made["discover"].add_argument("code", metavar="CODE")
    made["discover"].add_argument("--portal", metavar="URL")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
