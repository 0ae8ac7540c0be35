"""Publier: one file as it stands, everything computed of it once and kept by digest."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial, wraps
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import streamlit as st

from data import entries, local_files, standards
from data.catalog import Dataset, catalog
from data.entries import Correction, Publication
from data.reading import door
from data.reading.reading import Reading, Unreadable, Wishes
from data.records import Refused
from data.schemas import Schema
from ui.publish_room import Room, shown_name

UNDECIDED = ""
SURE, APART = 0.7, 0.03  # likeness from which a standard is taken, and what sets it apart
NO_STANDARD = "sans"  # kept where a person chose to publish without a standard
T = TypeVar("T")

# A table may weigh hundreds of megabytes: few are held, the facts drawn from them are many.


@st.cache_resource(max_entries=4, show_spinner=False)
def _table(key: str, _compute: Callable[[], T]) -> T:
    return _compute()


@st.cache_resource(max_entries=2, show_spinner=False)
def _package(key: str, _compute: Callable[[], T]) -> T:
    return _compute()


@st.cache_resource(max_entries=64, show_spinner=False)
def _fact(key: str, _compute: Callable[[], T]) -> T:
    return _compute()


def cached(parts: Sequence[Any], compute: Callable[[], T], *, heavy: bool = False) -> T:
    """A result computed once for these parts, whoever asks for it."""
    holder = _package if heavy else _fact
    return holder(key_of(*parts), compute)


def key_of(*parts: Any) -> str:
    """A name for these values, the same for the same ones."""
    return json.dumps(parts, ensure_ascii=False, default=str, sort_keys=True)


def read(kept: str, path: Path, wishes: Wishes, name: str) -> Reading:
    """A file read once for its digest and what was asked of it."""
    key = key_of("lecture", kept, wishes.sheet, sorted(map(str, wishes.refused)))
    with st.spinner("Lecture du fichier…"):
        return _table(key, lambda: door.read(path, wishes, name))


def wishes_of(made: Publication) -> Wishes:
    """What was asked of the reader."""
    refused = frozenset((str(pair[0]), pair[1]) for pair in made.refused if len(pair) == 2)
    return Wishes(made.sheet or None, refused)


def once(method: Callable[[Any], T]) -> Callable[[Any], T]:
    """A method asked many times while a screen is drawn, computed the first time."""

    @wraps(method)
    def held(work: Any) -> T:
        if method.__name__ not in work.memo:
            work.memo[method.__name__] = method(work)
        kept: T = work.memo[method.__name__]
        return kept

    return held


@dataclass(frozen=True)
class Work:
    """One file on its way, in one town, as one drawing of the screen sees it."""

    room: Room
    made: Publication
    memo: dict[str, Any] = field(init=False, default_factory=dict, compare=False, repr=False)

    @property
    def name(self) -> str:
        """The name of the file."""
        return shown_name(self.made)

    @property
    def key(self) -> str:
        """The key of its entry."""
        return self.made.key

    @once
    def path(self) -> Path:
        """The file kept. Raises Refused when it is no longer there."""
        found = local_files.path(self.room.store, self.made.file)
        if found is None:
            raise Refused(
                f"Le fichier « {self.name} » n'est plus sur ce poste : déposez-le de nouveau."
            )
        return found

    def now(self) -> Publication:
        """Its latest version: a callback may run before the screen has followed the last one."""
        line = self.room.latest(self.key)
        return line.entry if line else self.made

    def fresh(self) -> Work:
        """The same file as that version says."""
        return replace(self, made=self.now())

    def change(self, said: str = "", **changes: Any) -> bool:
        """A new version of it."""
        return self.room.change(self.key, said, **changes)

    def put(self, **changes: Any) -> None:
        """The same, for a widget: nothing is given back."""
        self.change(**changes)

    # --- what is read ------------------------------------------------------------------------

    @once
    def reading(self) -> Reading:
        """The file in normal form, without the repairs refused."""
        return read(self.made.file, self.path(), wishes_of(self.made), self.name)

    def _read_key(self) -> tuple[Any, ...]:
        wishes = wishes_of(self.made)
        return self.made.file, wishes.sheet, sorted(map(str, wishes.refused))

    @once
    def flags(self) -> Sequence[Any]:
        """Columns that hold personal data (diagnostics.mapping.personal)."""
        found = self.reading()
        compute = partial(self.room.tools.flags, found.columns, found.table)
        return _fact(key_of("personnes", *self._read_key()), lambda: tuple(compute()))

    @once
    def personal(self) -> frozenset[str]:
        """The names of those columns."""
        return frozenset(flag.column for flag in self.flags())

    # --- what it is recognised as ------------------------------------------------------------

    @once
    def recognised(self) -> Sequence[Any]:
        """Standards that fit, best first."""
        found = self.reading()
        compute = partial(self.room.tools.recognise, found.columns, found.table)
        with st.spinner("Comparaison avec les standards…"):
            return _fact(key_of("standards", *self._read_key()), lambda: tuple(compute()))

    @once
    def schema_id(self) -> str:
        """The standard chosen; else the one that is surely right; else it is to be chosen."""
        if self.made.schema:
            return self.made.schema
        found = self.recognised()
        if not found or found[0].score < SURE:
            return UNDECIDED
        rival = len(found) > 1 and found[0].score - found[1].score < APART
        return UNDECIDED if rival else str(found[0].folder)

    @once
    def schema(self) -> Schema | None:
        """The standard, or None without one. Raises Refused when it cannot be opened."""
        asked = self.schema_id()
        return None if asked in (NO_STANDARD, UNDECIDED) else schema(self.room, asked)

    @once
    def corrections(self) -> Mapping[str, str | None]:
        """What was corrected in earlier files of this producer for this standard."""
        asked = Correction(self.made.producer, self.schema_id())
        lines = entries.of(self.room.store, Correction, self.room.place.code)
        return next((one.entry.pairs for one in lines if one.entry.key == asked.key), {})

    @once
    def proposal(self) -> dict[str, Any]:
        """The `map` document: a field for each header, with how sure it is."""
        found, standard = self.reading(), self.schema()
        if standard is None:
            return {"columns": [], "missing_required": []}
        memory = dict(self.corrections())
        tool = self.room.tools.propose
        compute = partial(tool, found.columns, found.table, standard, corrections=memory)
        key = key_of("champs", *self._read_key(), standard.id, memory)
        return _fact(key, lambda: compute().document())

    @once
    def fields(self) -> dict[str, str | None]:
        """The field of each column: what a person decided, else what is sure."""
        if self.schema_id() == NO_STANDARD:
            personal = self.personal()
            named = [column.name for column in self.reading().columns]
            sure = {name: None if name in personal else name for name in named}
        else:
            sure = {
                made["header"]: made["field"] if made["decision"] == "auto" else None
                for made in self.proposal()["columns"]
            }
        return {**sure, **{k: v for k, v in self.made.mapping.items() if k in sure}}

    @once
    def transforms(self) -> dict[str, Any]:
        """Splits, merges, constants and values; a point in one cell is split unless refused."""
        made = dict(self.made.transforms)
        if "splits" not in made:
            fields = self.fields()
            made["splits"] = [
                {"header": one["header"], "separator": ",", **one["split"]}
                for one in self.proposal()["columns"]
                if one.get("split") and not fields.get(one["header"])
            ]
        return made

    @once
    def asked(self) -> Any:
        """What was decided of the columns, with the units their cells said."""
        made = {**self.transforms(), "units": self.room.tools.units(self.reading().flags)}
        return self.room.tools.choices_of(self.fields(), made)

    @once
    def wanted(self) -> Reading:
        """The reading, with what the standard wants as the file has it put back."""
        standard, tool = self.schema(), self.room.tools.wanted
        if standard is None:
            return self.reading()
        wishes = wishes_of(self.made)
        compute = partial(tool, self.path(), self.reading(), standard, self.asked(), wishes)
        return _table(key_of("au standard", self.shape()), compute)

    @once
    def choices(self) -> Any:
        """Everything decided of the columns (diagnostics.mapping.choices.Choices).

        A value that is surely one of the standard's list is translated, unless somebody said how.
        """
        standard, tools = self.schema(), self.room.tools
        if standard is None:
            return self.asked()
        table = self.wanted().table
        compute = partial(tools.values, table, standard, self.asked())
        sure = _fact(key_of("valeurs", self.shape()), lambda: tools.certain(compute()))
        said = self.asked().values
        values = {name: {**sure.get(name, {}), **said.get(name, {})} for name in {**sure, **said}}
        return replace(self.asked(), values=values)

    @once
    def conversions(self) -> Mapping[str, Any]:
        """Field -> the unit of the file and that of the standard, where they differ."""
        standard = self.schema()
        if standard is None:
            return {}
        found: Mapping[str, Any] = self.room.tools.conversions(
            standard, self.fields(), self.asked().units
        )
        return found

    # --- what is published -------------------------------------------------------------------

    @once
    def shape(self) -> str:
        """What tells this state of the table from any other."""
        return key_of(*self._read_key(), self.schema_id(), self.fields(), self.transforms())

    @once
    def table(self) -> pa.Table:
        """The table to publish: the standard's columns, or those kept without a standard."""
        return _table(key_of("table", self.shape()), self._carry)

    def _carry(self) -> pa.Table:
        standard, table = self.schema(), self.wanted().table
        if standard is None:
            return table.select([name for name, field in self.fields().items() if field])
        return self.room.tools.carried(table, standard, self.choices())

    @once
    def verdict(self) -> Any | None:
        """What the validator says of that table; None without a standard, or where it broke."""
        standard = self.schema()
        if standard is None:
            return None
        compute = partial(
            self.room.tools.validate,
            self.table(),
            standard,
            territory=self.room.place,
            name=self.name,
        )
        with st.spinner("Contrôle de toutes les lignes…"):
            try:
                return _fact(key_of("contrôle", self.shape(), self.room.place.code), compute)
            except (Refused, Unreadable):
                raise
            except Exception as error:  # a check that breaks must not stop the five other steps
                logging.getLogger("ui").error("contrôle non effectué", exc_info=error)
                return None

    def dataset(self) -> Dataset | None:
        """The data of the diagnosis that this file is; None when it serves none."""
        return catalog().datasets.get(self.made.dataset)

    @once
    def published(self) -> frozenset[str]:
        """The columns of the file that go into what is published."""
        chosen = {name for name, field in self.fields().items() if field}
        made = self.transforms()
        chosen |= {one["header"] for one in made.get("splits", ())}
        chosen |= {name for one in made.get("merges", ()) for name in one["headers"]}
        return frozenset(chosen)


def schema(room: Room, asked: str) -> Schema:
    """A standard kept here, or one at an address. Raises Refused, in words."""
    try:
        if asked.startswith("https://"):
            return _fact(key_of("schéma", asked), lambda: room.tools.schema_at(asked))
        return standard(asked)  # never a path that somebody typed
    except standards.UnknownSchema as unknown:
        raise Refused(str(unknown)) from unknown


@cache
def standard(name: str) -> Schema:
    """A standard kept here, read once. Raises standards.UnknownSchema."""
    return standards.standard(name)


def datasets_for(chosen: Schema | None) -> list[str]:
    """The data of the reference that follow a standard."""
    if chosen is None:
        return []
    named = str(chosen.raw.get("id") or chosen.id)
    return [card.id for card in catalog().datasets.values() if card.standard == named]
