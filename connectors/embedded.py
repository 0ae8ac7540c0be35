"""The embedded default: extracts shipped with the product, logged like any other source.

Real extracts (connector `embedded`) are described by the cards; the fictional town (connector
`castelvoire`) by its manifest and its statuses. Nothing here touches the network.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pandas as pd

from data.catalog import REFERENCE, Catalog, Dataset, Source, catalog, read_yaml
from data.records import SILENCE, Declaration, Record
from data.store import Fetch, Part, Store
from data.territories import EMBEDDED, FICTIONAL_TOWN

REAL, FICTIONAL = "embedded", "castelvoire"
FICTIONAL_FOLDER = EMBEDDED / "fictional"
INVENTED = "(FICTIF)"  # how the authors of this world sign
FICTIONAL_AUTHOR = f"Référente données {INVENTED}"
FICTIONAL_LICENCE = "FICTIF (données inventées)"
HANDED_OVER = "Remis par un service, sans licence ouverte (FICTIF)"
MARK = "embedded_default"


def load(store: Store) -> bool:
    """Load the embedded default where the store lacks it; True when something was written.

    Rows that a live source brought since are left alone, and so is what a person declared.
    """
    if loaded(store):
        return False
    known = catalog()
    store.ensure(*(dataset for dataset in known.datasets.values() if dataset.columns))
    real = _without_live(store, _real_parts(known))
    store.save_all([*real, *_fictional_parts(known)])
    said = store.declarations(FICTIONAL_TOWN)
    store.declare(*(made for made in _declarations() if _is_news(made, said.get(made.dataset))))
    store.record(Record(MARK, "FR", {"fingerprint": _fingerprint(known)}))
    return True


def loaded(store: Store) -> bool:
    """Whether the store holds the embedded default of this version of the product."""
    marks = store.records(MARK, "FR") if store.has("records") else []
    return bool(marks) and marks[-1].payload["fingerprint"] == _fingerprint(catalog())


def _without_live(store: Store, parts: Iterable[Part]) -> Iterator[Part]:
    """The parts, less the territories that a live source has served since."""
    live: dict[str, set[str]] = {}
    for fetch in store.fetches():
        if fetch.good and fetch.connector not in (REAL, FICTIONAL):
            live.setdefault(fetch.dataset, set()).add(fetch.territory)
    for part in parts:
        served = live.get(part.dataset.id, set())
        if not served:
            yield part
        elif not served & {part.fetch.territory, "FR"}:
            rows = part.rows[~part.rows["territory"].isin(served)]
            yield replace(part, rows=rows, scope=sorted(set(rows["territory"])))


def _is_news(made: Declaration, said: Declaration | None) -> bool:
    """Whether this world has changed its word; a person's declaration is never spoken over."""
    if said is None:
        return True
    ours = (said.author or "").endswith(INVENTED)
    return ours and replace(made, id=said.id, recorded_at=said.recorded_at) != said


def _real_parts(known: Catalog) -> Iterator[Part]:
    for dataset in known.datasets.values():
        source = dataset.source(REAL)
        if source:
            rows = _rows(dataset, source)
            if source.params.get("per_territory"):
                for code, own in rows.groupby("territory", sort=True):
                    yield Part(dataset, _fetch(dataset, source, str(code), own), own, [str(code)])
            else:
                yield Part(dataset, _fetch(dataset, source, "FR", rows), rows)


def _rows(dataset: Dataset, source: Source) -> pd.DataFrame:
    """The table of a card from its Parquet file: filtered, named, in the card's columns."""
    rows = pd.read_parquet(EMBEDDED / source.params["file"])
    for column, kept in source.params.get("where", {}).items():
        rows = rows[rows[column].isin(kept if isinstance(kept, list) else [kept])]
    rows = rows.rename(columns={source.params.get("territory", "territory"): "territory"})
    return rows[["territory", *(column.name for column in dataset.columns)]]


def _fetch(dataset: Dataset, source: Source, territory: str, rows: pd.DataFrame) -> Fetch:
    producer = f"{source.producer}, via {source.via}" if source.via else source.producer
    return Fetch(
        dataset=dataset.id,
        territory=territory,
        level=source.level,
        status="ok",
        rows=len(rows),
        seconds=0.0,
        requests=0,
        url=source.url or "",
        vintage=source.vintage,
        fetched_at=_day(source.params["read_on"]),
        detail="extrait embarqué",
        connector=REAL,
        source=producer,
        licence=source.licence,
    )


def _fictional_parts(known: Catalog) -> Iterator[Part]:
    partial = {row["dataset"] for row in _statuses() if row["existence"] == "partial"}
    for entry in _manifest().get("files", []):
        dataset = known.datasets[entry["dataset"]]
        rows = pd.read_parquet(FICTIONAL_FOLDER / entry["file"])
        fetch = _fictional_fetch(dataset.id, entry, len(rows))
        if dataset.id in partial:
            fetch = replace(fetch, detail="couverture partielle : monde inventé")
        yield Part(dataset, fetch, rows, sorted({entry["territory"], *rows["territory"]}))
    observed = _published(known)
    if len(observed):
        dataset = known.datasets["published_datasets"]
        entry = {"territory": FICTIONAL_TOWN, "level": "commune", "vintage": None}
        yield Part(dataset, _fictional_fetch(dataset.id, entry, len(observed)), observed)


def _fictional_fetch(dataset: str, entry: dict[str, Any], rows: int) -> Fetch:
    return Fetch(
        dataset=dataset,
        territory=entry["territory"],
        level=entry["level"],
        status="ok",
        rows=rows,
        seconds=0.0,
        requests=0,
        url="",
        vintage=entry.get("vintage"),
        fetched_at=_day(_manifest()["as_of"]),
        detail="monde inventé",
        connector=FICTIONAL,
        source=entry.get("producer", "FICTIF : monde inventé de Castelvoire"),
        licence=HANDED_OVER if entry.get("origin") == "handed_over" else FICTIONAL_LICENCE,
    )


@cache
def _statuses() -> list[dict[str, Any]]:
    path = REFERENCE / "fictional" / "castelvoire.yml"
    document = read_yaml(path.read_text(encoding="utf-8"), path.name) if path.exists() else {}
    return list(document.get("statuses", []))


def _declarations() -> Iterator[Declaration]:
    for row in _statuses():
        if row["provenance"] == "declared":
            yield Declaration(
                territory=FICTIONAL_TOWN,
                dataset=row["dataset"],
                status=row.get("status"),
                existence=row["existence"],
                reason=row.get("reason"),
                legal_ground=row.get("legal_ground"),
                evidence=row.get("evidence"),
                substitute=row.get("substitute"),
                holder=row.get("holder"),
                author=row.get("author", FICTIONAL_AUTHOR),
                url=row.get("url"),
                reason_code=row.get("reason_code"),
                trace=SILENCE if row.get("requested_at") else None,
                asked_on=_asked_on(row),
                recorded_at=_day(row["declared_at"]),
            )


def _asked_on(row: dict[str, Any]) -> date | None:
    asked = row.get("requested_at")
    return date.fromisoformat(str(asked)) if asked else None


def _published(known: Catalog) -> pd.DataFrame:
    """The fictional town's observed statuses as the entries of an invented catalogue."""
    dataset = known.datasets.get("published_datasets")
    if dataset is None:
        return pd.DataFrame()
    names = ["territory", *(column.name for column in dataset.columns)]
    rows = [
        _entry(row) for row in _statuses() if row["provenance"] == "observed" and row.get("url")
    ]
    return pd.DataFrame([{name: row.get(name) for name in names} for row in rows], columns=names)


def _entry(row: dict[str, Any]) -> dict[str, Any]:
    card = catalog().datasets[row["dataset"]]
    return {
        "territory": FICTIONAL_TOWN,
        "id": f"fictif-{row['dataset']}",
        "title": f"FICTIF : {card.title}",
        "url": row["url"],
        "publisher": f"FICTIF : {row.get('holder') or 'Ville de Castelvoire'}",
        "publisher_id": "fictif",
        "level": row.get("level", "commune"),
        "routes": json.dumps(["organisation"]),
        "licence": row.get("licence"),
        "formats": json.dumps(row.get("formats") or []),
        "updated_at": str(row["updated_at"]) if row.get("updated_at") else None,
        "frequency": row.get("frequency"),
        "schema": row.get("schema"),
        "matched": json.dumps([row["dataset"]]),
        "quality": json.dumps(row.get("quality") or {}),
        "resources": json.dumps(row.get("resources") or []),
    }


@cache
def _manifest() -> dict[str, Any]:
    path = FICTIONAL_FOLDER / "manifest.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def _fingerprint(known: Catalog) -> str:
    """Changes when a card, an extract or the fictional world changes."""
    digest = hashlib.sha256(known.version.encode())
    for path in (EMBEDDED / "manifest.json", FICTIONAL_FOLDER / "manifest.json"):
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()[:16]


def _day(text: Any) -> datetime:
    return datetime.fromisoformat(str(text)).replace(tzinfo=UTC)
