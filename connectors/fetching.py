"""What a connector is given, what it gives back, and the three ways it may say no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from pandas import DataFrame


class FetchError(Exception):
    """The source answered badly or not at all: « adresse : ce qui est revenu »."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status  # HTTP status when the server gave one


class Offline(FetchError):
    """The network is forbidden (ACV_OFFLINE=1): nothing was sent."""


class NotCovered(Exception):
    """The source does not speak of this territory; not a failure and not a zero."""


@dataclass(frozen=True)
class Got:
    """Rows as received. Columns: `territory`, then those of the dataset card."""

    rows: DataFrame
    url: str  # address asked
    vintage: str | None  # date or version the source gives to its data
    requests: int  # HTTP requests sent for this fetch (0: the file was already there)
    detail: str | None = None  # what a reader must know: lines left aside, limits reached


class Get(Protocol):
    """The network as a connector sees it; `connectors.http.Http` is the real one."""

    requests: int

    def json(
        self, endpoint_id: str, path: str, params: Mapping[str, Any] | None = None
    ) -> tuple[Any, str]:
        """A JSON document and the address asked; raises FetchError."""
        ...

    def file(self, endpoint_id: str, path: str, kinds: tuple[str, ...] = ("zip",)) -> Path:
        """A file downloaded once per run; raises FetchError."""
        ...

    def address(self, endpoint_id: str, path: str) -> str:
        """The address that `json` or `file` would ask, without parameters."""
        ...
