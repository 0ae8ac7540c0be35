"""What people say and note: declarations on a dataset's status, and free records. Append-only."""

from __future__ import annotations

import os
import secrets
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any


class WrongDay(ValueError):
    """ACV_TODAY names no day: one sentence for the reader."""


def new_id() -> str:
    """A UUID of version 7: its order is that of time, which « the latest » relies on."""
    millis = int(time.time() * 1000)
    number = (millis << 80) | secrets.randbits(80)
    number = (number & ~(0xF << 76)) | (0x7 << 76)
    number = (number & ~(0x3 << 62)) | (0x2 << 62)
    return str(uuid.UUID(int=number))


def today_utc() -> datetime:
    """Now in UTC; `ACV_TODAY` sets the day for everything that is dated."""
    fixed, now = os.environ.get("ACV_TODAY"), datetime.now(UTC)
    return datetime.combine(_day(fixed), now.time(), UTC) if fixed else now


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise WrongDay(f"ACV_TODAY : « {text[:40]} » donné ; attendu : AAAA-MM-JJ.") from error


@dataclass(frozen=True)
class Declaration:
    """What someone declared of a dataset in a territory; the latest one counts."""

    territory: str
    dataset: str
    status: str | None
    existence: str
    reason: str | None = None
    legal_ground: str | None = None
    evidence: str | None = None
    substitute: str | None = None
    holder: str | None = None
    author: str | None = None
    url: str | None = None
    recorded_at: datetime = field(default_factory=today_utc)
    id: str = field(default_factory=new_id)


@dataclass(frozen=True)
class Record:
    """A note, request or decision about a territory."""

    kind: str
    territory: str
    payload: dict[str, Any]
    author: str | None = None
    recorded_at: datetime = field(default_factory=today_utc)
    id: str = field(default_factory=new_id)
