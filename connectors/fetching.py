"""What a connector is given, what it gives back, and the three ways it may say no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from pandas import DataFrame

from data.catalog import Dataset, Source


class FetchError(Exception):
    """The source answered badly or not at all: « adresse : ce qui est revenu »."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status  # HTTP status when the server gave one


class Unreachable(FetchError):
    """No answer after every try: refused, too slow, or busy."""


class Offline(FetchError):
    """The network is forbidden (ACV_OFFLINE=1): nothing was sent."""


class NotCovered(Exception):
    """The source does not speak of this territory; not a failure and not a zero."""


class Unchanged(Exception):
    """The source answers that nothing moved since the last good copy: its rows stay."""


@dataclass(frozen=True)
class Validator:
    """What tells an answer apart from the next one at the same address."""

    etag: str | None = None
    modified: str | None = None  # Last-Modified, as the server wrote it
    digest: str | None = None  # sha256 of the body
    file: bool = False  # a file on disk, not an answer read in memory


@dataclass(frozen=True)
class Got:
    """Rows as received. Columns: `territory`, then those of the dataset card."""

    rows: DataFrame
    url: str  # address asked
    vintage: str | None  # date or version the source gives to its data
    requests: int  # HTTP requests sent for this fetch (0: the file was already there)
    detail: str | None = None  # what a reader must know: lines left aside, limits reached
    uncovered: Mapping[str, str] = field(default_factory=dict)  # reason by code of the asked places
    details: Mapping[str, str] = field(default_factory=dict)  # by code, what is said of it alone


@dataclass(frozen=True)
class Upload:
    """A file sent in a form, under the name « data », with the other fields of that form."""

    file: tuple[str, bytes, str]  # name, content, media type
    fields: tuple[tuple[str, str], ...] = ()  # a name may come several times


class Get(Protocol):
    """The network as a connector sees it; `connectors.network.http.Http` is the real one."""

    requests: int  # sent so far
    bytes: int  # moved so far
    seen: dict[str, Validator]  # answers received since `begin`, by address

    def begin(self, known: Mapping[str, Validator] | None = None) -> None:
        """Start a task; `known`, by address, lets a source say that nothing changed."""
        ...

    def json(
        self,
        endpoint_id: str,
        path: str,
        params: Mapping[str, Any] | None = None,
        *,
        form: Mapping[str, str] | None = None,
        body: Any = None,
        empty: bool = False,
        key: Mapping[str, str] | None = None,
    ) -> tuple[Any, str]:
        """A JSON document and the address asked; raises FetchError.

        `form` or `body` (a JSON document) is sent by POST. With `empty`, an answer 200 without a
        byte gives None; without it, that is a failure. `key`: headers that bear a key; they follow
        no redirect, and no message repeats them.
        """
        ...

    def text(
        self,
        endpoint_id: str,
        path: str,
        params: Mapping[str, Any] | None = None,
        *,
        upload: Upload | None = None,
    ) -> tuple[str, str]:
        """A text (XML, CSV) in UTF-8 and the address asked; raises FetchError, also on HTML.

        With `upload`, a file is sent by POST.
        """
        ...

    def file(
        self,
        endpoint_id: str,
        path: str,
        kinds: tuple[str, ...] = ("zip",),
        params: Mapping[str, Any] | None = None,
    ) -> Path:
        """A file downloaded once per run; raises FetchError, or Unchanged since the last copy."""
        ...

    def address(self, endpoint_id: str, path: str) -> str:
        """The address that `json` or `file` would ask, without parameters."""
        ...


def card_source(dataset: Dataset, connector: str) -> Source:
    """The terms under which a connector feeds a dataset; FetchError where its card has none."""
    found = dataset.source(connector)
    if found is None:
        raise FetchError(f"{dataset.id} : aucune source « {connector} » dans la fiche")
    return found
