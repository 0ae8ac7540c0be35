"""Requests to holders: to whom, in which tone, and which of them wait for an answer.

Pure: requests and a day in, values out. A holder's answer is never graded, only awaited.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from data.catalog import Dataset
from data.entries import REQUEST_STATES, SENT, TO_SEND, Kept, Request
from data.records import SILENCE_DAYS
from data.territories import Territory

REMIND_EVERY = 15  # days between a message and the next one on the same request
OWN_DELAY, OTHER_DELAY = 15, 30  # days one hopes for an answer in
SATURDAY = 5  # as `date.weekday` counts
FICTIONAL_HOLDERS = {
    "local_public": "Un service du territoire fictif",
    "national_public": "Un service de l'État (fictif)",
    "parapublic": "Un organisme parapublic (fictif)",
    "company": "Une entreprise (fictive)",
    "citizen_association": "Une association (fictive)",
}
_OWN_WORDS = {"commune": "commune", "epci": "epci", "departement": "département"}
_OWN_WORDS["region"] = "région"
_TONES = {
    "national_public": "state_service",
    "parapublic": "authority",
    "company": "contract",
    "citizen_association": "association",
}
# A place to look that is itself a service; « Factures » or « Cartopartie » answer no message.
_SERVICE = re.compile(r"services?\b|chargé|référent|ccas\b|syndicat|secrétariat|police", re.I)


@dataclass(frozen=True)
class Line:
    """A request and where it stands on a given day."""

    kept: Kept[Request]
    waiting: bool  # sent, no answer yet
    late: bool  # the day an answer was hoped for has passed
    silent: bool  # a month without answer, whatever day was hoped for: may ground a trace
    remind: bool  # late, and nothing written to the holder for a fortnight

    @property
    def entry(self) -> Request:
        """The request itself."""
        return self.kept.entry


@dataclass(frozen=True)
class Board:
    """All requests of a territory: by holder in the order of the alphabet, and by state."""

    holders: tuple[tuple[str, tuple[Line, ...]], ...]
    counts: dict[str, int]  # by state, every state there
    reminders: tuple[Line, ...]  # oldest first
    silent: tuple[Line, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line, holder after holder."""
        return tuple(line for _, lines in self.holders for line in lines)


def board(held: Iterable[Kept[Request]], today: date) -> Board:
    """Requests grouped by holder, with what waits and what can be written again today."""
    lines = [line_of(kept, today) for kept in held]
    counts = dict.fromkeys(REQUEST_STATES, 0)
    for line in lines:
        counts[line.entry.state] += 1
    by_age = sorted(lines, key=lambda line: (line.entry.sent_on or today, line.entry.key))
    return Board(
        holders=_by_holder(lines),
        counts=counts,
        reminders=tuple(line for line in by_age if line.remind),
        silent=tuple(line for line in by_age if line.silent),
    )


def line_of(kept: Kept[Request], today: date) -> Line:
    """One request, seen on a day."""
    made = kept.entry
    return Line(
        kept, is_waiting(made), is_late(made, today), is_silent(made, today), _due(made, today)
    )


def is_waiting(made: Request) -> bool:
    """Sent, and nothing came back."""
    return made.state == SENT


def expected(made: Request) -> date | None:
    """The day an answer is hoped for: as written, else a month after it was sent."""
    if made.due_on or made.sent_on is None:
        return made.due_on
    return made.sent_on + timedelta(days=SILENCE_DAYS)


def is_silent(made: Request, today: date) -> bool:
    """A written request left a month without any answer, even if more time was given."""
    sent = made.sent_on
    return is_waiting(made) and sent is not None and today - sent >= timedelta(days=SILENCE_DAYS)


def is_late(made: Request, today: date) -> bool:
    """The day hoped for has passed: the same day is never both passed and to come."""
    day = expected(made)
    return is_waiting(made) and day is not None and day < today


def _due(made: Request, today: date) -> bool:
    """A reminder may go: late, and the last word to the holder is a fortnight old."""
    last = max((day for day in (made.sent_on, made.reminded_on) if day), default=None)
    rested = last is None or today - last >= timedelta(days=REMIND_EVERY)
    return is_late(made, today) and rested


def waiting(held: Iterable[Kept[Request]]) -> list[Kept[Request]]:
    """Requests sent and not answered."""
    return [kept for kept in held if is_waiting(kept.entry)]


def late(held: Iterable[Kept[Request]], today: date) -> list[Kept[Request]]:
    """Requests whose answer was hoped for before today."""
    return [kept for kept in held if is_late(kept.entry, today)]


def reminders(held: Iterable[Kept[Request]], today: date) -> list[Kept[Request]]:
    """Requests one may write about again today."""
    return [kept for kept in held if _due(kept.entry, today)]


def to_send(held: Iterable[Kept[Request]]) -> list[Kept[Request]]:
    """Requests written and not sent."""
    return [kept for kept in held if kept.entry.state == TO_SEND]


def _by_holder(lines: Sequence[Line]) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    """The same service typed « Voirie » and « voirie  » is one."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(" ".join(line.entry.holder.split()).casefold(), []).append(line)
    named = [(group[0].entry.holder, tuple(group)) for _, group in sorted(groups.items())]
    return tuple(named)


def tone_for(dataset: Dataset, place: Territory) -> str:
    """The tone proposed for the usual holder of a dataset, seen from a territory."""
    if dataset.producer == "local_public":
        return "own_service" if _own(dataset, place) else "authority"
    if dataset.producer == "company" and dataset.producer_label.startswith("Délégataire"):
        return "concession"
    return _TONES[dataset.producer]


def _own(dataset: Dataset, place: Territory) -> bool:
    """Whether the holder the card names first is the authority that makes the diagnosis."""
    label = dataset.producer_label.lower()
    if (dataset.local_source or "").startswith("Syndicat"):
        return False
    if label.startswith("collectivité"):
        return True
    if place.level == "commune":
        return label.startswith(("commune", "ccas"))
    return _OWN_WORDS[place.level] in label


def holder_for(dataset: Dataset, place: Territory, known: str | None = None) -> str:
    """Whom to write to: as declared or found, else the service or body the card names.

    A fictional territory never names a real body.
    """
    service = re.sub(r"\s*\(.*?\)", "", dataset.local_source or "").split(",")[0].strip()
    vaguer = dataset.producer_label.startswith(
        service
    )  # « Syndicat » under « Syndicat de rivière »
    if dataset.producer == "local_public" and _SERVICE.match(service) and not vaguer:
        usual = service
    elif tone_for(dataset, place) == "own_service":
        usual = (
            f"Service à préciser ({service[:1].lower() + service[1:]})"
            if service
            else "Service à préciser"
        )
    else:
        usual = FICTIONAL_HOLDERS[dataset.producer] if place.fictional else dataset.producer_label
    named = known if known and known != dataset.producer_label and not place.fictional else None
    return named or usual


def due_by_default(tone: str, today: date) -> date:
    """The day an answer is hoped for: a fortnight from a colleague, a month from others.

    A Saturday or a Sunday becomes the Monday that follows.
    """
    day = today + timedelta(days=OWN_DELAY if tone == "own_service" else OTHER_DELAY)
    return day + timedelta(days=7 - day.weekday() if day.weekday() >= SATURDAY else 0)
