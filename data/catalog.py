"""What should exist: dataset cards, experiments, statuses, producers, standards, contexts.

Read once from data/reference (YAML, one file per dataset and per experiment), checked against the
JSON Schemas beside them, and given as frozen dataclasses.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from data.checking import CardError, check, load, read_yaml, schema
from data.common_base import CommonBase, load_common_base
from data.duties import Duty, read_duty

__all__ = ["CardError", "Catalog", "Column", "Dataset", "Duty", "Experiment", "Need", "Source"]
__all__ += ["catalog", "check", "endpoints", "load_catalog", "read_yaml", "schema"]

REFERENCE = Path(__file__).parent / "reference"
CRITICALITIES = {
    "minimum_data": "indispensable",
    "useful_data": "useful",
    "comfort_data": "comfort",
}


@dataclass(frozen=True)
class Column:
    """One column of a dataset's table."""

    name: str
    type: str  # DuckDB type: VARCHAR, INTEGER, BIGINT, DOUBLE, DATE, BOOLEAN, TIMESTAMP
    label: str
    unit: str | None = None
    plausible: tuple[float, float] | None = None  # beyond, the unit or the column has changed


@dataclass(frozen=True)
class LocalColumn:
    """Which fields of a standard fill a column, when a service hands its file over."""

    column: str
    fields: tuple[str, ...]  # of one version or another of the standard; the first filled serves
    factor: float = 1.0  # from the unit of the standard to that of the column
    take: str | None = None  # year, date, hour: the part of a date that the column holds


@dataclass(frozen=True)
class Source:
    """What a connector brings to a dataset, and under which terms."""

    connector: str
    producer: str  # attribution text
    licence: str
    level: str  # commune, epci, departement, region, national
    bulk: bool  # one request serves every territory
    exhaustive: bool  # « récupéré, aucune ligne » is a true zero
    coverage: str
    excluded_departements: tuple[str, ...] = ()
    areas: int | None = None  # number of areas the source speaks of
    vintage: str | None = None
    via: str | None = None  # by whose hand it came, when not the producer's
    url: str | None = None
    not_seen_live: str | None = None
    caveats: tuple[str, ...] = ()
    endpoint: str | None = None  # id in endpoints.yml; None: nothing is asked of the network
    runs: str | None = None  # town, programme: asked only then; None: both
    group: int = 1  # communes that one request may name
    requests: int = 1  # expected for one task, to plan a run
    size_mb: float = 0.0  # of a big file, 0 for ordinary answers
    keep_days: int = 7  # a national copy younger than this is not asked again for one town
    vintage_rule: str | None = None  # where the date or version of the data is read
    params: dict[str, Any] = field(default_factory=dict)  # how the connector asks and reads


@dataclass(frozen=True)
class Dataset:
    """A dataset card. Without a source it is how a missing local dataset is expressed."""

    id: str  # also the name of its table
    kind: str  # « need » of the reference, « base » of the common base, « context » for a source
    title: str
    producer: str  # producer family
    producer_label: str
    likely_status: str  # assumed, never observed
    standard: str | None
    geometry: str
    refresh: str
    max_age_days: int | None  # declared refresh period; None: unknown or irregular
    themes: tuple[str, ...]
    status_reason: str | None = None
    national_source: str | None = None
    local_source: str | None = None
    scdl: str | None = None
    note: str | None = None
    legal: str | None = None
    duties: tuple[Duty, ...] = ()
    depth_years: int | None = None  # years of data the need asks for; None: not said
    columns: tuple[Column, ...] = ()
    sources: tuple[Source, ...] = ()
    local: tuple[LocalColumn, ...] = ()  # how a file of its standard fills its columns

    def source(self, connector: str) -> Source | None:
        """The terms under which `connector` feeds this dataset."""
        return next((found for found in self.sources if found.connector == connector), None)


@dataclass(frozen=True)
class Need:
    """One dataset an experiment asks for."""

    dataset: str
    criticality: str  # indispensable, useful, comfort


@dataclass(frozen=True)
class Experiment:
    """A project sheet written for this tool (shown to élus as « projet »)."""

    id: str
    code: str
    title: str
    theme: str
    secondary: tuple[str, ...]
    service_type: str
    problem: str
    service: str
    users: tuple[str, ...]
    needs: tuple[Need, ...]
    indicators: tuple[dict[str, Any], ...]
    effort: dict[str, Any]
    perimeter: str
    constraints: tuple[str, ...]
    deployment_conditions: tuple[str, ...]
    inspirations: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class Catalog:
    """The whole reference, loaded and checked."""

    datasets: dict[str, Dataset]
    experiments: dict[str, Experiment]
    programme: dict[str, Any]
    statuses: dict[str, Any]
    producers: tuple[dict[str, Any], ...]
    standards: dict[str, dict[str, Any]]
    contexts: dict[str, dict[str, Any]]
    event_cards: dict[str, Any]
    challenge: dict[str, Any]
    workshop: dict[str, Any]
    common_base: CommonBase
    version: str  # first 12 characters of the sha256 of the files read

    def needed_by(self, dataset_id: str) -> list[Experiment]:
        """The experiments that ask for a dataset, in catalogue order."""
        return [
            experiment
            for experiment in self.experiments.values()
            if any(need.dataset == dataset_id for need in experiment.needs)
        ]

    def needs(self) -> dict[str, Dataset]:
        """The 99 datasets of the reference, without the base and context cards."""
        return {key: card for key, card in self.datasets.items() if card.kind == "need"}

    def base(self) -> frozenset[str]:
        """The datasets of the common base, whether a project asks for them or not."""
        return frozenset(made.dataset for made in self.common_base.sets)


@cache
def catalog() -> Catalog:
    """The reference shipped with the product (read once)."""
    return load_catalog(REFERENCE)


def load_catalog(root: Path) -> Catalog:
    """Read and check a reference folder; raises CardError naming file, field, given, allowed."""
    datasets = {card.id: card for card in _datasets(root)}
    standards = _standards(root)
    return Catalog(
        datasets=datasets,
        experiments=_experiments(root, datasets),
        programme=load(root / "programme.yml", "programme"),
        statuses=load(root / "statuses.yml", "statuses"),
        producers=tuple(load(root / "producers.yml", "producers")["producers"]),
        standards=standards,
        contexts={path.stem: load(path, "context") for path in _files(root / "contexts")},
        event_cards=load(root / "event_cards.yml", "event_cards"),
        challenge=load(root / "challenge_steps.yml", "challenge"),
        workshop=load(root / "workshop.yml", "workshop"),
        common_base=load_common_base(root / "common_base.yml", datasets, standards),
        version=_version(root),
    )


@cache
def _default_endpoints() -> dict[str, str]:
    return dict(load(REFERENCE / "endpoints.yml", "endpoints"))


def endpoints() -> dict[str, str]:
    """Base address of each source; `ACV_ENDPOINT_<ID>` overrides the file."""
    return {
        key: os.environ.get(f"ACV_ENDPOINT_{key}", origin).rstrip("/")
        for key, origin in _default_endpoints().items()
    }


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yml"))


def _datasets(root: Path) -> Iterator[Dataset]:
    for path in _files(root / "datasets"):
        document = load(path, "dataset")
        _same_name(path, document["id"])
        yield _dataset(document, path.name)


def _dataset(document: dict[str, Any], file: str) -> Dataset:
    columns = tuple(_column(name, made) for name, made in document.pop("columns", {}).items())
    sources = tuple(_source(made) for made in document.pop("sources", []))
    duties = tuple(read_duty(made, file) for made in document.pop("duties", []))
    local = tuple(_local(name, made) for name, made in document.pop("local", {}).items())
    themes = tuple(document.pop("themes"))
    _known_columns(local, columns, file)
    return Dataset(
        **document, themes=themes, duties=duties, columns=columns, sources=sources, local=local
    )


def _column(name: str, made: dict[str, Any]) -> Column:
    low_high = made.pop("plausible", None)
    return Column(name, **made, plausible=tuple(low_high) if low_high else None)


def _local(column: str, made: Any) -> LocalColumn:
    """`id`, `[id_sdis, id_gestion]`, or `{fields: [hauteur], factor: 0.01}`."""
    if isinstance(made, dict):
        return LocalColumn(column, tuple(made["fields"]), made.get("factor", 1.0), made.get("take"))
    return LocalColumn(column, (made,) if isinstance(made, str) else tuple(made))


def _known_columns(local: tuple[LocalColumn, ...], columns: tuple[Column, ...], file: str) -> None:
    """A correspondence must fill a column of the card."""
    known = {made.name for made in columns}
    for made in local:
        if made.column not in known:
            raise CardError(
                f"{file} : local : {made.column!r} donné ; permis : une colonne de la fiche"
            )


def _source(document: dict[str, Any]) -> Source:
    for key in ("excluded_departements", "caveats"):
        document[key] = tuple(document.get(key, ()))
    return Source(**document)


def _experiments(root: Path, datasets: dict[str, Dataset]) -> dict[str, Experiment]:
    found = []
    for path in _files(root / "experiments"):
        document = load(path, "experiment")
        _same_name(path, document["id"])
        _known_datasets(path, document, datasets)
        found.append(_experiment(document))
    return {made.id: made for made in sorted(found, key=lambda made: made.code)}


def _experiment(document: dict[str, Any]) -> Experiment:
    needs = tuple(
        Need(dataset, criticality)
        for key, criticality in CRITICALITIES.items()
        for dataset in document.pop(key, [])
    )
    document["effort"] = dict(document["effort"])
    document.setdefault("secondary", [])
    tuples = {key: tuple(made) for key, made in document.items() if isinstance(made, list)}
    return Experiment(**{**document, **tuples}, needs=needs)


def _known_datasets(path: Path, document: dict[str, Any], datasets: dict[str, Dataset]) -> None:
    """A need, or a source of an indicator, must be a card; a need stands in one list only."""
    asked = [(key, made) for key in CRITICALITIES for made in document.get(key, [])]
    asked += [("indicators", made) for row in document["indicators"] for made in row["sources"]]
    for key, made in asked:
        if made not in datasets:
            raise CardError(
                f"{path.name} : {key} : {made!r} donné ; permis : un identifiant de datasets/"
            )
    needs = [made for key, made in asked if key != "indicators"]
    twice = sorted({made for made in needs if needs.count(made) > 1})
    if twice:
        raise CardError(f"{path.name} : {twice[0]} : donné deux fois ; permis : une criticité")


def _standards(root: Path) -> dict[str, dict[str, Any]]:
    rows = load(root / "standards" / "catalogue.yml", "standards")["schemas"]
    return {row["id"]: row for row in rows}


def _same_name(path: Path, identifier: str) -> None:
    if path.stem != identifier:
        raise CardError(f"{path.name} : id : {identifier!r} donné ; permis : {path.stem!r}")


def _version(root: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.yml")):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
