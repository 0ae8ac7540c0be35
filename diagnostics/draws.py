"""What the draws change: weights, bands, list of needs, unknowns, errors; random numbers only.

Everything is drawn once per experiment, from its name and those of its needs: the order of either
changes nothing, and two towns in the same situation get the same answer. Each source of doubt has
its own stream, so that drawing it alone or with the others gives the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diagnostics.scoring import CHECK_WEIGHTS, CRITICALITY_WEIGHTS, USABLE_BANDS

SEED = 20261121
DRAWS = 1000
KINDS = ("weights", "bands", "needs", "reference", "unknowns", "status_errors")

WEIGHT_SWING = 0.5  # each weight is multiplied by 0.5 to 1.5
BAND_SWING = 10.0  # points, each limit
# Share of statuses that are wrong, by evidence level: assumptions, never measured.
ERROR_RATES: dict[str, float] = {"E0": 0.20, "E1": 0.10, "E2": 0.05, "E3": 0.01}
# The five statuses an answer may turn out to be.
FIVE = ("open", "candidate", "closed_unjustified", "closed_justified", "other")

Floats = NDArray[np.float64]
Whole = NDArray[np.int8]
# Limits that move, in their order from 0 to 100; they stay in it.
_LADDER = ("candidate", "other", "open")


@dataclass(frozen=True)
class Bands:
    """Limits in points, by status: each of shape (draws,), or (1,) where they do not move."""

    low: dict[str, Floats]
    high: dict[str, Floats]

    @property
    def cap(self) -> Floats:
        """An experiment that lacks an indispensable need stays one point under the open band."""
        return self.low["open"] - 1.0


@dataclass(frozen=True)
class Draws:
    """One set of random numbers for an experiment of n needs, sorted by dataset.

    An array has shape (..., draws) where its source is drawn, (..., 1) with the reference's own
    value where it is not; None where nothing is resolved or mistaken.
    """

    checks: Floats  # (6, draws): weights of the checks, summing to 1
    criticality: dict[str, Floats]  # (draws,): weight by criticality
    bands: Bands
    copies: Floats  # (n, draws): how many times each need counts in the list
    values: Floats | None  # (n, 6, draws): what a check not run turns out to be, 0-1
    statuses: Whole  # (n, draws): rank in FIVE of the status drawn for a need
    granted: NDArray[np.bool_]  # (n, draws): whether a contested protection turns out valid
    slips: Floats | None  # (n, draws): a status is wrong where this is under its error rate
    shifts: Whole  # (n, draws): 1 to 4, from the status said to the true one, around FIVE


@lru_cache(maxsize=256)
def drawn(
    experiment: str,
    needs: tuple[tuple[str, str], ...],
    kinds: frozenset[str],
    count: int = DRAWS,
) -> Draws:
    """The draws of an experiment whose needs are (dataset, criticality) pairs sorted by dataset.

    `kinds` are the sources of doubt to draw; the others keep the reference's value.
    """
    size = len(needs)
    unknowns = _stream(experiment, needs, "unknowns")
    errors = _stream(experiment, needs, "status_errors")
    checks, criticality = _weights(experiment, needs, "weights" in kinds, count)
    resolving, slipping = "unknowns" in kinds, "status_errors" in kinds
    values = 1.0 - unknowns.random((size, len(CHECK_WEIGHTS), count))  # above 0: no link dies
    return Draws(
        checks=checks,
        criticality=criticality,
        bands=_bands(_stream(experiment, needs, "bands"), "bands" in kinds, count),
        copies=_copies(experiment, needs, kinds, count),
        values=values if resolving else None,
        statuses=unknowns.integers(0, len(FIVE), (size, count), dtype=np.int8),
        granted=unknowns.random((size, count)) < 0.5,
        slips=errors.random((size, count)) if slipping else None,
        shifts=errors.integers(1, len(FIVE), (size, count), dtype=np.int8),
    )


def _stream(experiment: str, needs: Sequence[Any], kind: str) -> np.random.Generator:
    """A generator of its own for each source of doubt of each experiment."""
    named = repr((SEED, experiment, tuple(needs), kind)).encode()
    return np.random.default_rng(int.from_bytes(sha256(named).digest()[:16], "big"))


def _weights(
    experiment: str, needs: Sequence[Any], moving: bool, count: int
) -> tuple[Floats, dict[str, Floats]]:
    stream = _stream(experiment, needs, "weights")
    checks = np.array(list(CHECK_WEIGHTS.values()))[:, None]
    levels = np.array(list(CRITICALITY_WEIGHTS.values()), dtype=float)[:, None]
    if moving:
        checks = checks * _around_one(stream, (len(checks), count))
        levels = levels * _around_one(stream, (len(levels), count))
    named = dict(zip(CRITICALITY_WEIGHTS, levels, strict=True))
    return checks / checks.sum(axis=0), named


def _around_one(stream: np.random.Generator, shape: tuple[int, int]) -> Floats:
    return stream.uniform(1 - WEIGHT_SWING, 1 + WEIGHT_SWING, shape)


def _bands(stream: np.random.Generator, moving: bool, count: int) -> Bands:
    """Every limit moved; sorting them keeps their order, and each within its own swing."""
    found = [USABLE_BANDS[name] for name in _LADDER]
    limits = np.array([[limit] for band in found for limit in (band.low, band.high)])
    protected = np.array([USABLE_BANDS["closed_justified"].high])
    if moving:
        swing = stream.uniform(-BAND_SWING, BAND_SWING, (len(limits), count))
        limits = np.sort(np.clip(limits + swing, 0, 100), axis=0)
        protected = protected + stream.uniform(-BAND_SWING, BAND_SWING, count)
    low = dict(zip(_LADDER, limits[0::2], strict=True))
    high = dict(zip(_LADDER, limits[1::2], strict=True))
    floor = np.array([USABLE_BANDS["closed_justified"].low])
    return Bands(
        low={**low, "closed_justified": floor},
        high={**high, "closed_justified": np.clip(protected, 0, low["other"])},
    )


def _copies(
    experiment: str, needs: Sequence[tuple[str, str]], kinds: frozenset[str], count: int
) -> Floats:
    """How many times each need counts: one left out, then as many drawn again by criticality."""
    size = len(needs)
    left = np.full(count, -1)
    if "needs" in kinds and size > 1:  # a list of one need is left whole
        left = _stream(experiment, needs, "needs").integers(0, size, count)
    if "reference" not in kinds:
        kept = np.arange(size)[:, None] != left
        return kept.astype(float) if "needs" in kinds else np.ones((size, 1))
    return _redrawn(_stream(experiment, needs, "reference"), needs, left)


def _redrawn(
    stream: np.random.Generator, needs: Sequence[tuple[str, str]], left: NDArray[np.int64]
) -> Floats:
    """Bootstrap within each criticality: a project keeps as many indispensable needs."""
    copies = np.zeros((len(needs), len(left)))
    for level in CRITICALITY_WEIGHTS:
        members = np.array([i for i, need in enumerate(needs) if need[1] == level], dtype=int)
        uniform = stream.random((len(members), len(left)))
        place = np.searchsorted(members, left)
        gone = np.isin(left, members)  # draws whose missing need is one of these
        among = len(members) - gone
        picked = np.floor(uniform * among).astype(int)
        picked += gone & (picked >= place)
        for turn in range(len(members)):
            drawn_again = turn < among
            rows = members[np.minimum(picked[turn], len(members) - 1)]
            np.add.at(copies, (rows, np.arange(len(left))), drawn_again)
    return copies
