"""Rows that repeat another one, counted without holding the rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Array = np.ndarray[Any, Any]
NOTHING = np.uint64(0x9E3779B97F4A7C15)


def repeated(table: pa.Table) -> int:
    """Rows equal to an earlier one, cell by cell; equal 128-bit prints are taken for equality."""
    if table.num_rows < 2 or not table.num_columns:
        return 0
    prints = np.zeros(table.num_rows, dtype=[("a", np.uint64), ("b", np.uint64)])
    for place in range(table.num_columns):
        encoded = pc.dictionary_encode(table.column(place)).combine_chunks()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.chunk(0)
        codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
        print_column(prints, codes.astype(np.uint64), place)
    return int(table.num_rows - len(np.unique(prints)))


def print_column(prints: Array, codes: Array, place: int) -> None:
    """Mix the codes of one column (a number per distinct value) in the prints of the rows."""
    with np.errstate(over="ignore"):
        for name, odd in (("a", 0xBF58476D1CE4E5B9), ("b", 0x94D049BB133111EB)):
            mixed = (codes + np.uint64(2 * place + 1)) * np.uint64(odd)
            mixed ^= mixed >> np.uint64(29)
            prints[name] = (prints[name] ^ mixed) * NOTHING + (prints[name] >> np.uint64(31))
