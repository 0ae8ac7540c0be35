"""Publier: where one works, what the page lends to compute with, and what is kept of each file.

A file on its way is one entry whose lines are its versions: undoing says the previous one again,
and whoever comes back finds the file where it was left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

import streamlit as st

from data import attachments, entries
from data.entries import Kept, Publication
from data.records import Refused
from data.store import Store, StoreError
from data.territories import Territory
from ui import keeping, who

FILE, STEP = "fichier", "etape"
STEPS = {
    1: "Déposer",
    2: "Relire",
    3: "Reconnaître",
    4: "Contrôler",
    5: "Décider",
    6: "Publier",
}
SAID, REFUSED = "publier-dit", "publier-refus"
_FACTS = ("outcome",)  # what happened outside is no choice: undoing leaves it


@dataclass(frozen=True)
class Package:
    """How a package is made (restitution.publication)."""

    to_publish: Callable[..., Any]
    metadata_of: Callable[[Mapping[str, Any]], Any]
    consents_of: Callable[[Mapping[str, Any]], Any]
    risks: Callable[..., Any]
    built: Callable[[Any], Any]  # files, what is skipped and why, the internal journal
    notice: Callable[[Any], dict[str, Any]]  # what a platform is told
    points: Callable[..., Any]
    frequencies: Mapping[str, Any]
    licences: Mapping[str, Any]


@dataclass(frozen=True)
class Tools:
    """What computes, lent by the page; each has the signature of the module it comes from."""

    recognise: Callable[..., Any]
    propose: Callable[..., Any]
    choices_of: Callable[..., Any]
    carried: Callable[..., Any]
    flags: Callable[..., Any]
    vulnerable: Callable[..., str | None]
    validate: Callable[..., Any]
    schema_at: Callable[[str], Any]
    package: Package
    bring: Callable[..., Any]
    push: Callable[..., Any]
    notice: Callable[..., Any]  # what the platform is told (connectors.datagouv_publish.Notice)
    effects: Callable[..., Any]  # (datasets, write) -> changes of the projects
    figures: Callable[[], Sequence[Any]]  # indicators of the territory, as they stand
    units: Callable[..., Mapping[str, str]]  # flags of the reading -> the unit each column said
    conversions: Callable[..., Mapping[str, Any]]  # field -> from which unit to which
    wanted: Callable[..., Any]  # the reading with what the standard itself wants as it was
    values: Callable[..., Any]  # what values become in the lists of the standard
    certain: Callable[..., Mapping[str, Mapping[str, str]]]  # those that need nobody's word


@dataclass(frozen=True)
class Room:
    """The town, the day, the store, and the tools."""

    store: Store
    place: Territory
    day: date
    tools: Tools

    def latest(self, key: str) -> Kept[Publication] | None:
        """The file on its way that bears this key; None once withdrawn, or unknown."""
        found = [line for line in self.files() if line.entry.key == key]
        return found[0] if found else None

    def files(self) -> list[Kept[Publication]]:
        """Files on their way, the last touched first."""
        lines = entries.of(self.store, Publication, self.place.code)
        live = [line for line in lines if not line.entry.withdrawn]
        return sorted(live, key=lambda line: line.recorded_at, reverse=True)

    def versions(self, key: str) -> list[Publication]:
        """The states one may go back through, oldest first; the last one is in force."""
        lines = entries.history(self.store, Publication, self.place.code, key)
        return stack([line.entry for line in lines])

    def keep(self, *made: Any) -> bool:
        """Append lines; a refusal waits to be said, so that a callback may write too."""
        try:
            entries.keep(self.store, who.person(), self.place.code, *made)
        except (Refused, StoreError) as refused:
            st.session_state[REFUSED] = keeping.why(refused)
            return False
        return True

    def change(self, key: str, said: str = "", **changes: Any) -> bool:
        """Append the latest version with these changes; nothing is written when none differs."""
        line = self.latest(key)
        if line is None:
            return False
        made = replace(line.entry, **changes)
        kept = made == line.entry or self.keep(made)
        if kept and said:
            st.session_state[SAID] = said
        return kept

    def undo(self, key: str) -> None:
        """Say again the version before; what was published stays said."""
        states = self.versions(key)
        if len(states) > 1:
            now = states[-1]
            facts = {name: getattr(now, name) for name in _FACTS}
            self.keep(replace(states[-2], **facts))


def stack(lines: Sequence[Publication]) -> list[Publication]:
    """Versions without what was undone: a line that says the one before again takes it off."""
    states: list[Publication] = []
    for made in lines:
        if states and _same(made, states[-1]):
            states[-1] = made
        elif len(states) > 1 and _same(made, states[-2]):
            states.pop()
            states[-1] = made
        else:
            states.append(made)
    return states


def _same(one: Publication, other: Publication) -> bool:
    return not differing(one, other)


def differing(one: Publication, other: Publication) -> list[str]:
    """The names of the choices that differ."""
    names = [made.name for made in fields(Publication) if made.name not in _FACTS]
    return [name for name in names if getattr(one, name) != getattr(other, name)]


def shown_name(made: Publication) -> str:
    """The name of the file, as it was sent."""
    return attachments.shown_name(made.file) or "fichier"


def step_shown(made: Publication) -> int:
    """The step that the address names, among those already reached; else the furthest."""
    asked = st.query_params.get(STEP, "")
    step = int(asked) if asked.isdecimal() and len(asked) == 1 else made.step
    return step if 1 <= step <= made.step else made.step


def open_file(key: str, step: int | None = None) -> None:
    """Make the address name a file, and a step of it."""
    st.query_params[FILE] = key
    if step is None:
        st.query_params.pop(STEP, None)
    else:
        st.query_params[STEP] = str(step)


def close_file() -> None:
    """Back to the list of files."""
    st.query_params.pop(FILE, None)
    st.query_params.pop(STEP, None)


def follow(key: str, now: object) -> str:
    """The key of a widget that shows what is kept: an undo moves it, a choice leaves it in place.

    A starting value would make another widget of it at each change, and the keyboard lose it.
    """
    if st.session_state.get(key) != now:
        st.session_state[key] = now
    return key


def merged(held: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """A dictionary of an entry with some keys changed; None takes a key away."""
    return {name: value for name, value in {**held, **changes}.items() if value is not None}
