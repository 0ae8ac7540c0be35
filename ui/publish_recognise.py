"""Publier, step 3: the standard it looks like, why, and the others; the data it serves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import streamlit as st

from data import entries, standards
from data.catalog import catalog
from data.entries import Correction
from data.records import Refused
from drawing import blocks, french
from ui import frame, keeping, publish_columns, publish_transforms
from ui import publish_room as rooms
from ui.publish_steps import forward
from ui.publish_work import NO_STANDARD, UNDECIDED, Work, datasets_for, schema, standard

ELSEWHERE = "adresse"
NOTHING = ""  # no data of the diagnosis
ALONE = "alone"  # said in the record: it is published and serves no data of the diagnosis


def step(work: Work) -> None:
    """The standard, then each column, then what turns several columns into one."""
    _standard(work)
    try:
        work.schema()
    except Refused as refused:
        keeping.refused(refused)
        return
    if work.schema_id() == UNDECIDED:
        st.button("Continuer\u00a0: contrôler", type="primary", disabled=True)
        return
    _dataset(work)
    publish_columns.draw(work)
    publish_transforms.draw(work)
    if st.button("Continuer\u00a0: contrôler", type="primary", key="publier-suite-4"):
        _remember(work)
        forward(work, 4, schema=work.schema_id(), dataset=_served(work))


# --- the standard ----------------------------------------------------------------------------


def _standard(work: Work) -> None:
    found = {made.folder: made for made in work.recognised()}
    now = work.schema_id()
    known = titles()
    others = sorted((name for name in known if name not in found), key=known.__getitem__)
    options = [*found, *others, ELSEWHERE, NO_STANDARD]
    if now == UNDECIDED:
        options.insert(0, UNDECIDED)
    asked = st.session_state.get("publier-adresse")
    shown = now if now in options and not asked else ELSEWHERE
    _why(work, found)
    key = rooms.follow(f"publier-standard-{work.key}", shown)
    st.selectbox(
        "Standard",
        options,
        format_func=lambda name: _named(name, found, known),
        key=key,
        on_change=lambda: _choose(work, st.session_state[key]),
    )
    if shown == ELSEWHERE:
        _address(work, now)


@cache
def titles() -> dict[str, str]:
    """The standards kept here that describe columns, by folder name."""
    return {name: _title(name) for name in standards.folders() if standard(name).fields}


def _title(name: str) -> str:
    made = standard(name)
    return f"{made.title} ({made.version})" if made.version else made.title


def _named(name: str, found: dict[str, Any], known: dict[str, str]) -> str:
    if name == UNDECIDED:
        return "À choisir"
    if name == NO_STANDARD:
        return "Sans standard\u00a0: les colonnes telles qu'elles sont"
    if name == ELSEWHERE:
        return "Un autre schéma, par son adresse"
    title = known.get(name) or str(getattr(found.get(name), "title", name))
    if name in found:
        return f"{title} – ressemblance {french.percent(100 * found[name].score, 0)}"
    return title


def _why(work: Work, found: Mapping[str, Any]) -> None:
    """Why this standard; or which ones it may be, for a person to say."""
    now, theme = work.schema_id(), frame.theme()
    if now in found:
        lead = "Standard choisi :" if work.made.schema else "Ce fichier ressemble à"
        said = [f"{lead} « {titles().get(now, found[now].title)} ». {found[now].why}"]
    elif now != UNDECIDED:
        said = []
    elif found:
        said = ["Rien n'est sûr : à vous de choisir, ou de publier sans standard."]
        said += [f"Peut-être « {titles().get(key, one.title)} ». {one.why}"
                 for key, one in found.items()]  # fmt: skip
    else:
        said = [
            "Aucun standard connu ne ressemble à ce fichier : choisissez-en un, ou publiez sans "
            "standard."
        ]
    frame.html(blocks.texts(said, theme) if said else "")


def _choose(work: Work, name: str) -> None:
    st.session_state["publier-adresse"] = name == ELSEWHERE
    if name not in (ELSEWHERE, UNDECIDED):
        work.change(schema=name, mapping={}, transforms={})


def _address(work: Work, now: str) -> None:
    with st.form(f"publier-adresse-{work.key}"):
        typed = st.text_input(
            "Adresse du schéma (Table Schema en JSON)",
            value=now if now.startswith("https://") else "",
            placeholder="https://schema.data.gouv.fr/schemas/…/schema.json",
            max_chars=500,
        ).strip()
        if st.form_submit_button("Lire ce schéma"):
            _read(work, typed)


def _read(work: Work, typed: str) -> None:
    scheme, colon, rest = typed.partition(":")
    typed = f"{scheme.lower()}{colon}{rest}"
    if not typed.startswith("https://"):
        st.error("Donnez une adresse complète, qui commence par https://.")
        return
    try:
        schema(work.room, typed)
    except Refused as refused:
        keeping.refused(refused)
        return
    st.session_state["publier-adresse"] = False
    work.change("Schéma lu.", schema=typed, mapping={}, transforms={})
    st.rerun()


# --- the data of the diagnosis ---------------------------------------------------------------


def _served(work: Work) -> str:
    """The data chosen; else the only one that follows this standard."""
    if work.made.dataset or work.made.metadata.get(ALONE):
        return work.made.dataset
    likely = datasets_for(work.schema())
    return likely[0] if len(likely) == 1 else NOTHING


def _dataset(work: Work) -> None:
    likely = datasets_for(work.schema())
    cards = catalog().datasets
    rest = sorted((key for key in cards if key not in likely), key=lambda key: cards[key].title)
    options = [NOTHING, *likely, *rest]
    key = rooms.follow(f"publier-donnee-{work.key}", _served(work))
    st.selectbox(
        "Donnée du diagnostic que ce fichier renseigne",
        options,
        format_func=lambda code: cards[code].title if code else "Aucune\u00a0: publier seulement",
        key=key,
        on_change=lambda: _serve(work, st.session_state[key]),
    )


def _serve(work: Work, code: str) -> None:
    """The data it serves; choosing none is kept too, or the likely one would come back."""
    metadata = rooms.merged(work.now().metadata, **{ALONE: None if code else True})
    work.put(dataset=code, metadata=metadata)


# --- memory ----------------------------------------------------------------------------------


def _remember(work: Work) -> None:
    """Keep what was corrected here, for the next file of this producer in this standard."""
    pairs = _corrected(work, work.proposal()["columns"])
    if not pairs or work.schema_id() == NO_STANDARD:
        return
    made = Correction(work.made.producer, work.schema_id(), {**work.corrections(), **pairs})
    lines = entries.of(work.room.store, Correction, work.room.place.code)
    if all(line.entry != made for line in lines):
        work.room.keep(made)


def _corrected(work: Work, columns: Sequence[dict[str, Any]]) -> dict[str, str | None]:
    known = {made["header"]: made for made in columns}
    return {name: field for name, field in work.made.mapping.items() if name in known}
