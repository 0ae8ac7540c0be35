"""Where fetched rows live: DuckDB, one table per dataset, and three append-only logs.

`fetches` says what was tried and what came back, `declarations` what people said, `records` what
they noted. Writes are transactions: a process killed at any moment leaves the last complete state.
No primary key, sequence or index: the shared store to come has none.
"""

from __future__ import annotations

import atexit
import json
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow

from data.catalog import Column, Dataset
from data.records import Declaration, Record, latest, new_id

DEFAULT = Path("data/local/acv.duckdb")
COPY_SUFFIX = ".lecture.duckdb"
COPY_ALIAS = '"copie pour les lecteurs"'  # no file can bear it: a name is taken from a stem
COPY_EVERY_SECONDS = 10.0
BATCH = 122_880  # rows handed over at once, a row group of DuckDB: each may go to its own thread
# Real codes never begin with 00: a national file must leave the fictional town alone.
FICTIONAL_ROW = "coalesce(starts_with(territory, '00') or territory = 'dep:00', false)"

MIGRATIONS = (
    """
    create table fetches (id uuid, dataset varchar, territory varchar, level varchar,
        status varchar, rows bigint, seconds double, requests integer, url varchar,
        vintage varchar, fetched_at timestamp, detail varchar, connector varchar,
        source varchar, licence varchar);
    create table declarations (id uuid, recorded_at timestamp, territory varchar, dataset varchar,
        status varchar, existence varchar, reason varchar, legal_ground varchar, evidence varchar,
        substitute varchar, holder varchar, author varchar, url varchar);
    create table records (id uuid, recorded_at timestamp, kind varchar, territory varchar,
        payload varchar, author varchar);
    """,
    """
    alter table declarations add column reason_code varchar;
    alter table declarations add column note varchar;
    alter table declarations add column contact varchar;
    alter table declarations add column trace varchar;
    alter table declarations add column asked_on date;
    alter table declarations add column file varchar;
    alter table declarations add column withdrawn boolean;
    alter table declarations add column undoes varchar;
    """,
    """
    alter table fetches add column bytes bigint;
    alter table fetches add column validators varchar;
    create table findings (id uuid, found_at timestamp, previous_at timestamp, territory varchar,
        dataset varchar, kind varchar, subject varchar, before varchar, after varchar);
    """,
)


_STANDING = """
    with dated as (
        select *,
            max(fetched_at) filter (where status in ('ok', 'empty')) over scope as good_at,
            max(fetched_at) filter (where status = 'failed') over scope as failed_at,
            row_number() over (scope order by fetched_at desc, id desc) as turn
        from fetches
        window scope as (partition by dataset, connector, territory)
    )
    select * exclude (id, validators, good_at, failed_at, turn) from dated
    where (status in ('ok', 'empty') and fetched_at = good_at)
        or (status = 'failed' and fetched_at = failed_at)
        or (status = 'failed' and (good_at is null or fetched_at > good_at))
        or turn = 1
    order by fetched_at desc, id desc
"""


class StoreError(Exception):
    """A store that cannot be used as asked: one sentence for the reader."""


class StoreBusy(StoreError):
    """Another process holds the file: it alone may write."""


@dataclass(frozen=True)
class Fetch:
    """One line of the fetch log: what was asked of a source, when, and what came back."""

    dataset: str
    territory: str  # scope: a territory's code, or « FR »
    level: str
    status: str  # ok, empty, not_covered, failed, offline
    rows: int
    seconds: float
    requests: int
    url: str
    vintage: str | None
    fetched_at: datetime  # UTC
    detail: str | None
    connector: str
    source: str  # attribution
    licence: str
    bytes: int = 0  # moved over the network for this line
    validators: str | None = (
        None  # JSON: what tells an unchanged answer apart (connectors.runs.sameness)
    )

    @property
    def good(self) -> bool:
        """The source answered the question (with or without rows)."""
        return self.status in ("ok", "empty")


@dataclass(frozen=True)
class Finding:
    """What a run noticed about a source: something gone, changed, or refused; both dates."""

    found_at: datetime  # UTC
    previous_at: datetime | None  # of the copy it is compared with
    territory: str  # scope, as in Fetch
    dataset: str
    kind: str  # dataset_gone, licence_gone, schema_gone, link_gone, refused...
    subject: str  # title of the dataset or the file, or the sentence of a refusal
    before: str = ""
    after: str = ""
    id: str = field(default_factory=new_id)


@dataclass(frozen=True)
class Part:
    """One dataset's rows to save with the log line that says where they come from."""

    dataset: Dataset
    fetch: Fetch
    rows: pd.DataFrame
    scope: Sequence[str] | None = None  # territories replaced; None: that of the fetch


class Store:
    """The only owner of DuckDB: a cursor per use, one transaction per write."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path | None, read_only: bool):
        self.path = path
        self.read_only = read_only
        self._connection = connection
        self._opened = new_id()  # an address in memory is used again once a store is closed
        self._writing = threading.Lock()
        self._writes = 0
        self._stop = threading.Event()
        self._copier: threading.Thread | None = None
        self._tables: set[tuple[str, tuple[Column, ...]]] = set()  # seen in the file
        if not read_only:
            self._migrate()

    @classmethod
    def open(cls, location: str | None = None, read_only: bool = False) -> Store:
        """Open $ACV_STORE, or data/local/acv.duckdb; « :memory: » is allowed.

        Read-only while another process holds the file: the consistent copy beside it is opened.
        Raises StoreBusy where writing was asked and another process holds the file.
        """
        place = location or os.environ.get("ACV_STORE") or str(DEFAULT)
        if place == ":memory:":
            return cls(_connect(place, read_only=False), None, read_only=False)
        if place.startswith("ducklake:"):
            raise StoreError(
                "ACV_STORE : « ducklake: » n'est pas encore pris en charge ; donnez un fichier."
            )
        return cls._open_file(Path(place), read_only)

    @classmethod
    def _open_file(cls, path: Path, read_only: bool) -> Store:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            read_only = read_only and path.exists() and path.stat().st_size > 0
            if path.exists() and not path.stat().st_size:
                path.unlink()  # an empty file is a store not written yet, as mktemp leaves it
            return cls(_connect(str(path), read_only), path, read_only)
        except OSError as error:
            raise _unreachable(path, error) from error
        except duckdb.Error as error:
            copy = _copy_of(path)
            if _held(error) and read_only and copy.exists():
                return cls(_connect(str(copy), read_only=True), copy, read_only=True)
            raise _refusal(path, error) from error

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor of its own for each use: sharing one gives wrong rows in silence.

        Damage found in the file while reading is a StoreError, whichever command met it.
        """
        cursor = self._connection.cursor()
        try:
            yield cursor
        except (duckdb.IOException, duckdb.FatalException, duckdb.SerializationException) as error:
            raise _refusal(self.path or Path(":memory:"), error) from error
        finally:
            cursor.close()

    def rows(self, sql: str, params: Sequence[Any] | dict[str, Any] = ()) -> list[dict[str, Any]]:
        """Rows of a query as dictionaries."""
        with self.cursor() as cursor:
            return _dictionaries(cursor.execute(sql, params))

    def frame(self, sql: str, params: Sequence[Any] | dict[str, Any] = ()) -> pd.DataFrame:
        """Rows of a query as a DataFrame."""
        with self.cursor() as cursor:
            return cursor.execute(sql, params).df()

    def table(self, dataset: str, territories: Sequence[str] | None = None) -> pd.DataFrame:
        """The rows of a dataset: of these territories, or of every real one."""
        if not self.has(dataset):
            return pd.DataFrame()
        condition = "territory in (select unnest($1::varchar[]))"
        if territories is None:
            return self.frame(f"select * from {quoted(dataset)} where not {FICTIONAL_ROW}")
        return self.frame(f"select * from {quoted(dataset)} where {condition}", [list(territories)])

    @property
    def version(self) -> str:
        """Changes with every write of this process: a key for caches."""
        return f"{self._opened}-{self._writes}"

    @property
    def is_copy(self) -> bool:
        """The running application holds the file: this is the copy it keeps for readers."""
        return self.path is not None and self.path.name.endswith(COPY_SUFFIX)

    def has(self, table: str) -> bool:
        """Whether a table exists."""
        sql = "select 1 from information_schema.tables where table_name = $1"
        return bool(self.rows(sql, [table]))

    def ensure(self, *datasets: Dataset) -> None:
        """Create each dataset's table, or add the columns its card gained since."""
        new = [made for made in datasets if (made.id, made.columns) not in self._tables]
        if new:
            with self._transaction() as cursor:
                for dataset in new:
                    _ensure(cursor, dataset)
            self._tables |= {(made.id, made.columns) for made in new}

    def save(
        self,
        dataset: Dataset,
        fetch: Fetch,
        rows: pd.DataFrame,
        scope: Sequence[str] | None = None,
    ) -> None:
        """Replace the rows of a scope and append the log line, in one transaction.

        `scope` lists the territories whose rows are replaced; by default that of the fetch, where
        « FR » stands for every real territory. Raises StoreError for a column missing or unknown.
        """
        self.save_all([Part(dataset, fetch, rows, scope)])

    def save_all(self, parts: Iterable[Part]) -> None:
        """Several saves in one transaction: all of them are there, or none."""
        kept = list(parts)
        self.ensure(*(part.dataset for part in kept))
        with self._transaction() as cursor:
            for part in kept:
                _replace(cursor, part)
                _append_fetch(cursor, part.fetch)

    def log(self, fetch: Fetch) -> None:
        """Append a line to the fetch log; no row of any dataset changes."""
        with self._transaction() as cursor:
            _append_fetch(cursor, fetch)

    def fetches(self, dataset: str | None = None, territory: str | None = None) -> list[Fetch]:
        """The fetch log, newest first."""
        return [
            _fetch(row)
            for row in self.rows(
                "select * exclude (id) from fetches where ($1 is null or dataset = $1)"
                " and ($2 is null or territory = $2) order by fetched_at desc, id desc",
                [dataset, territory],
            )
        ]

    def latest(self, scopes: Sequence[str]) -> dict[str, list[Fetch]]:
        """The log lines of these scopes by dataset, newest first."""
        found: dict[str, list[Fetch]] = {}
        for row in self.rows(
            "select * exclude (id) from fetches where territory in (select unnest($1::varchar[]))"
            " order by fetched_at desc, id desc",
            [list(scopes)],
        ):
            found.setdefault(row["dataset"], []).append(_fetch(row))
        return found

    def standing(self) -> list[Fetch]:
        """The lines that tell where each source stands, newest first, without their validators.

        By source and scope: the last good copy, the failures since, the last attempt and the last
        failure. The log of many runs of the programme holds a hundred times more.
        """
        return [_fetch(row) for row in self.rows(_STANDING)]

    def find(self, *findings: Finding) -> None:
        """Append what a run noticed about sources."""
        names = [made.name for made in fields(Finding)]
        self._append("findings", names, [asdict(made) for made in findings])

    def findings(self, territories: Sequence[str] | None = None) -> list[Finding]:
        """What runs noticed, newest first: of these scopes, or of all."""
        if not self.has("findings"):  # a copy written by an earlier version, only read
            return []
        rows = self.rows(
            "select * from findings where $1 is null or territory in"
            " (select unnest($1::varchar[])) order by found_at desc, id desc",
            [list(territories) if territories is not None else None],
        )
        return [_finding(row) for row in rows]

    def declare(self, *declarations: Declaration) -> None:
        """Append what people said; nothing said before is overwritten."""
        names = [made.name for made in fields(Declaration)]
        self._append("declarations", names, [asdict(made) for made in declarations])

    def declarations(self, territory: str) -> dict[str, Declaration]:
        """The latest declaration on each dataset of a territory."""
        return latest(self.declaration_history(territory))

    def declaration_history(self, territory: str, dataset: str | None = None) -> list[Declaration]:
        """Every declaration of a territory, oldest first."""
        return [
            Declaration(
                **{
                    **row,
                    "id": str(row["id"]),
                    "recorded_at": _utc(row["recorded_at"]),
                    "withdrawn": bool(row.get("withdrawn")),  # absent or null in lines of before
                }
            )
            for row in self.rows(
                "select * from declarations where territory = $1"
                " and ($2 is null or dataset = $2) order by recorded_at, id",
                [territory, dataset],
            )
        ]

    def record(self, *records: Record) -> None:
        """Append what people noted (questions, requests, decisions)."""
        rows = [{**asdict(made), "payload": json.dumps(made.payload)} for made in records]
        self._append("records", [made.name for made in fields(Record)], rows)

    def records(self, kind: str, territory: str) -> list[Record]:
        """Every record of a kind, oldest first."""
        return [
            Record(
                **{
                    **row,
                    "id": str(row["id"]),
                    "recorded_at": _utc(row["recorded_at"]),
                    "payload": json.loads(row["payload"]),
                }
            )
            for row in self.rows(
                "select * from records where kind = $1 and territory = $2 order by recorded_at, id",
                [kind, territory],
            )
        ]

    def keep_copy(self, every: float = COPY_EVERY_SECONDS) -> None:
        """Write a consistent copy beside the file now, then when something changed.

        The file itself is locked by this process: commands that only read use the copy.
        """
        if self.path is None or self.read_only or self._copier:
            return
        self._copier = threading.Thread(target=self._copy_loop, args=(every,), daemon=True)
        self._copier.start()
        atexit.register(self.close)  # a copy under way when the interpreter ends would abort it

    def snapshot(self) -> Path | None:
        """Write the consistent copy now (written, then renamed); None in memory."""
        if self.path is None or self.read_only:
            return None
        target = _copy_of(self.path)
        fresh = target.with_suffix(".tmp")
        for leftover in (fresh, fresh.with_name(fresh.name + ".wal")):
            leftover.unlink(missing_ok=True)
        self.copy_to(fresh)
        fresh.replace(target)
        return target

    def copy_to(self, path: Path) -> None:
        """Write every table as it stands to a new DuckDB file; nothing may be there yet."""
        with self._writing, self.cursor() as cursor:
            name = cursor.execute("select current_database()").fetchone()
            # Said in full: a store that is only read attaches what it writes too.
            cursor.execute(f"attach {_literal(str(path))} as {COPY_ALIAS} (read_write)")
            try:
                cursor.execute(
                    f"copy from database {quoted(str(name and name[0]))} to {COPY_ALIAS}"
                )
            finally:
                cursor.execute(f"detach {COPY_ALIAS}")

    def close(self) -> None:
        """Stop the copies and close the file; the copy goes, since the file can be opened again."""
        self._stop.set()
        atexit.unregister(self.close)
        if self._copier and self.path:
            self._copier.join(timeout=30)
            _copy_of(self.path).unlink(missing_ok=True)
        with suppress(duckdb.Error):
            self._connection.close()

    def _copy_loop(self, every: float) -> None:
        copied = -1
        while True:
            if self._writes != copied:
                writes = self._writes
                with suppress(duckdb.Error, OSError, StoreError):  # tried again at the next turn
                    self.snapshot()
                    copied = writes
            if self._stop.wait(every):
                return

    def _migrate(self) -> None:
        with self._transaction() as cursor:
            cursor.execute(
                "create table if not exists schema_versions (version integer, applied_at timestamp)"
            )
            row = cursor.execute("select coalesce(max(version), 0) from schema_versions").fetchone()
            done = int(row[0]) if row else 0
            if done > len(MIGRATIONS):
                raise StoreError(
                    f"{self.path} : écrit par une version plus récente du produit "
                    f"(schéma {done}, connu {len(MIGRATIONS)}) ; mettez le produit à jour."
                )
            for number, script in enumerate(MIGRATIONS[done:], start=done + 1):
                cursor.execute(script)
                cursor.execute(
                    "insert into schema_versions values ($1, $2)",
                    [number, datetime.now(UTC).replace(tzinfo=None)],
                )

    def _append(self, table: str, names: list[str], rows: list[dict[str, Any]]) -> None:
        places = ", ".join(f"${number}" for number in range(1, len(names) + 1))
        columns = ", ".join(quoted(name) for name in names)
        values = [[_naive(row[name]) for name in names] for row in rows]
        if values:
            with self._transaction() as cursor:
                cursor.executemany(f"insert into {table} ({columns}) values ({places})", values)

    @contextmanager
    def _transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        if self.read_only:
            raise StoreBusy(
                "Base ouverte en lecture seule : une autre application la tient ; "
                "lancez la récupération depuis sa page « Sources et méthode »."
            )
        with self._writing, self.cursor() as cursor:
            cursor.begin()
            try:
                yield cursor
                cursor.commit()
            except BaseException:
                with suppress(duckdb.Error):
                    cursor.rollback()
                raise
            self._writes += 1


def _connect(place: str, read_only: bool) -> duckdb.DuckDBPyConnection:
    config: dict[str, Any] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    return duckdb.connect(place, read_only=read_only, config=config)


def _ensure(cursor: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
    table = quoted(dataset.id)
    wanted = {"territory": "varchar", **{made.name: made.type for made in dataset.columns}}
    there = cursor.execute(
        "select column_name from duckdb_columns()"
        " where table_name = $1 and database_name = current_database()",
        [dataset.id],
    ).fetchall()
    if not there:
        columns = ", ".join(f"{quoted(name)} {kind}" for name, kind in wanted.items())
        cursor.execute(f"create table {table} ({columns})")
        return
    held = {str(name).lower() for (name,) in there}
    for name, kind in wanted.items():
        if name.lower() not in held:
            cursor.execute(f"alter table {table} add column {quoted(name)} {kind}")


def _replace(cursor: duckdb.DuckDBPyConnection, part: Part) -> None:
    """Delete the rows of the scope and insert those that came, all of them within it."""
    _check_columns(part.dataset, part.rows)
    table = quoted(part.dataset.id)
    condition, params = _scope(part)
    cursor.execute(f"delete from {table} where {condition}", params)
    if len(part.rows):
        cursor.register("incoming", _arrow(part))
        outside = f"select count(*) from incoming where not coalesce({condition}, false)"
        strays = cursor.execute(outside, params).fetchone()
        if strays and strays[0]:
            raise StoreError(
                f"{part.dataset.id} : {strays[0]} lignes hors de la portée demandée "
                f"({part.fetch.territory}) ; rien n'est enregistré."
            )
        cursor.execute(f"insert into {table} by name select * from incoming")
        cursor.unregister("incoming")


def _arrow(part: Part) -> pyarrow.Table:
    """The rows as Arrow: quicker to hand over than a DataFrame; mixed types are refused here."""
    try:
        table = pyarrow.Table.from_pandas(part.rows, preserve_index=False)
        return pyarrow.Table.from_batches(table.to_batches(BATCH), table.schema)
    except pyarrow.ArrowException as error:
        raise StoreError(f"{part.dataset.id} : valeurs de types mêlés dans une colonne.") from error


def _scope(part: Part) -> tuple[str, list[Any]]:
    """The condition that rows of a part fulfil, before and after its save."""
    if part.scope is None and part.fetch.territory == "FR":
        return f"territory is not null and not {FICTIONAL_ROW}", []
    codes = [part.fetch.territory] if part.scope is None else list(part.scope)
    return "territory in (select unnest($1::varchar[]))", [codes]


def _append_fetch(cursor: duckdb.DuckDBPyConnection, fetch: Fetch) -> None:
    values = [_naive(value) for value in asdict(fetch).values()]
    places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    names = ", ".join(f.name for f in fields(Fetch))
    cursor.execute(f"insert into fetches (id, {names}) values (uuidv7(), {places})", values)


def _check_columns(dataset: Dataset, rows: pd.DataFrame) -> None:
    expected = {"territory", *(column.name for column in dataset.columns)}
    given = set(map(str, rows.columns))
    if len(rows) and given != expected:
        missing, unknown = sorted(expected - given), sorted(given - expected)
        raise StoreError(
            f"{dataset.id} : colonnes absentes {missing}, inconnues {unknown} ; "
            "attendues : celles de la fiche."
        )


def _fetch(row: dict[str, Any]) -> Fetch:
    moved = row.get("bytes") or 0  # null, or no such column, in lines of before
    return Fetch(**{**row, "fetched_at": _utc(row["fetched_at"]), "bytes": moved})


def _dictionaries(cursor: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _naive(value: Any) -> Any:
    """DuckDB keeps UTC without zone: reading a zoned column back asks for one more package."""
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(UTC).replace(tzinfo=None)
    return value


def _utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC)


def _finding(row: dict[str, Any]) -> Finding:
    previous = _utc(row["previous_at"]) if row["previous_at"] else None
    moments = {"found_at": _utc(row["found_at"]), "previous_at": previous}
    return Finding(**{**row, **moments, "id": str(row["id"])})


def quoted(name: str) -> str:
    """A name of a table or a column as SQL reads it."""
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _copy_of(path: Path) -> Path:
    return path.with_name(path.stem + COPY_SUFFIX)


def _held(error: duckdb.Error) -> bool:
    return "set lock on file" in str(error) or "Conflicting lock" in str(error)


def _refusal(path: Path, error: duckdb.Error) -> StoreError:
    if _held(error):
        return StoreBusy(
            f"{path} est tenu par l'application en marche : récupérez depuis sa page "
            "« Sources et méthode », ou arrêtez-la."
        )
    if "ermission denied" in str(error):
        return _unreachable(path, error)
    return StoreError(
        f"{path} : base illisible, ou écrite par un autre programme ; déplacez ce fichier, puis "
        "relancez : une base neuve sera créée."
    )


def _unreachable(path: Path, error: Exception) -> StoreError:
    kind = "accès refusé" if "ermission denied" in str(error) else "emplacement inutilisable"
    return StoreError(f"{path} : {kind} ; donnez dans ACV_STORE un fichier où écrire.")
