"""How often each host may be asked, and the clock that says when."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

# Requests per second that each source accepts or asks for; 5 where nothing is said.
RATES: dict[str, float] = {
    "DATAGOUV": 5,
    "GEO": 10,
    "GEORISQUES": 4,
    "GASPAR": 1,
    "MELODI": 0.5,
    "GEOPF_WFS": 5,
    "APICARTO": 1,
    "ENTREPRISES": 5,
    "ADEME": 5,
    "DVF": 2,
    "DVF_FILES": 2,
    "AIDES": 1,
    "HUBEAU": 5,
    "OVERPASS": 0.1,
    "PORTALS": 2,
    "GBIF": 2,
    "GEOCODING": 2,
    "CONTOURS": 1,
}
DEFAULT_RATE = 5.0
# Seconds to wait at least after « too many requests », where the operator says so.
PATIENCE: dict[str, float] = {"OVERPASS": 30}


@dataclass(frozen=True)
class Clock:
    """Time and chance, as arguments, so that tests do not wait."""

    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time  # seconds since 1970, to read a Retry-After date
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


@dataclass
class Throttle:
    """The next moment each host may be asked; shared by all the runs of a process."""

    _next: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, host: str, rate: float, clock: Clock) -> None:
        """Sleep until `host` may be asked again at `rate` requests per second."""
        with self._lock:
            now = clock.monotonic()
            start = max(now, self._next.get(host, now))
            self._next[host] = start + 1 / rate
        if start > now:
            clock.sleep(start - now)
