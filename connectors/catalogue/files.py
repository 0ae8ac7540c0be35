"""The catalogue files of data.gouv.fr, hundreds of megabytes read a block at a time.

Text columns only, by name. A line that has not the columns of the header is counted and left out;
a file whose last line is cut is refused whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv

from connectors.fetching import FetchError

BLOCK = 4 << 20  # bytes read at once: no line is as long
MAX_BROKEN = 0.01  # share of lines without the columns of the header


@dataclass
class CatalogueFile:
    """One file under way: where it came from, how many lines were read and left out."""

    path: Path
    url: str
    lines: int = 0
    broken: int = 0
    _last_broken: int = field(default=0, repr=False)

    def rows(
        self, columns: Sequence[str], only: tuple[str, Sequence[str]] | None = None
    ) -> Iterator[dict[str, str]]:
        """Lines as dictionaries; `only` keeps those whose column holds one of the values.

        Raises FetchError on a missing column, text that is not UTF-8, or a file cut short.
        """
        self._check_end()
        try:
            with self._opened(columns) as reader:
                for batch in reader:
                    self.lines += batch.num_rows
                    yield from _kept(batch, only)
        except pa.ArrowKeyError as error:
            missing = str(error).partition("'")[2].partition("'")[0]
            raise FetchError(f"{self.url} : colonne « {missing} » absente") from error
        except (pa.ArrowInvalid, OSError) as error:
            raise FetchError(f"{self.url} : fichier tronqué ou illisible") from error
        self._check_lines()

    def _opened(self, columns: Sequence[str]) -> csv.CSVStreamingReader:
        return csv.open_csv(
            self.path,
            # One thread: the number of a broken line is known.
            read_options=csv.ReadOptions(block_size=BLOCK, use_threads=False),
            parse_options=csv.ParseOptions(
                delimiter=";", newlines_in_values=True, invalid_row_handler=self._count
            ),
            convert_options=csv.ConvertOptions(
                include_columns=list(columns),
                column_types=dict.fromkeys(columns, pa.string()),
                strings_can_be_null=False,
            ),
        )

    def _count(self, row: csv.InvalidRow) -> str:
        self.broken += 1
        self._last_broken = row.number or 0
        return "skip"

    def _check_end(self) -> None:
        with self.path.open("rb") as body:
            body.seek(0, 2)
            size = body.tell()
            body.seek(max(0, size - 1))
            if body.read(1) != b"\n":
                raise FetchError(f"{self.url} : fichier tronqué, sa dernière ligne n'est pas finie")

    def _check_lines(self) -> None:
        total = self.lines + self.broken
        if self._last_broken == total + 1:  # the header is line 1
            raise FetchError(f"{self.url} : fichier tronqué, sa dernière ligne n'est pas finie")
        if self.broken > MAX_BROKEN * total:
            raise FetchError(f"{self.url} : {self.broken} lignes sur {total} sans leurs colonnes")


def _kept(batch: pa.RecordBatch, only: tuple[str, Sequence[str]] | None) -> list[dict[str, Any]]:
    if only is None:
        return list(batch.to_pylist())
    name, values = only
    chosen = pc.is_in(batch.column(name), value_set=pa.array(values, pa.string()))
    return list(batch.filter(chosen).to_pylist())
