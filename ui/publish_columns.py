"""Publier, step 3: what each column of the file says, among the fields of the standard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from data.schemas import Schema
from drawing import blocks, french
from ui import frame
from ui import publish_room as rooms
from ui.publish_words import confidence
from ui.publish_work import NO_STANDARD, Work

ASIDE = ""  # the column is not published
KINDS = {
    "person_name": "des noms de personnes",
    "email": "des adresses électroniques",
    "phone": "des numéros de téléphone",
    "birth_date": "des dates de naissance",
    "home_address": "des adresses de particuliers",
    "free_text": "du texte libre où des personnes peuvent être nommées",
}
EXAMPLES = 3


def draw(work: Work) -> None:
    """Columns to settle first, those with personal data, those that are sure, the others."""
    st.subheader("Chaque colonne")
    standard = work.schema()
    if standard is None:
        _without(work)
        return
    groups = grouped(work)
    _missing(work, standard)
    _group(work, standard, "À confirmer", groups["suggest"], opened=True)
    _suggestions(work, groups["suggest"])
    _group(work, standard, "Données personnelles", groups["personal"], opened=True)
    _group(work, standard, "Reconnues", groups["auto"], opened=len(groups["auto"]) <= 6)
    _group(work, standard, "Découpées", groups["cut"], opened=True)
    _group(work, standard, "Laissées de côté", groups["none"], opened=False)


def grouped(work: Work) -> dict[str, list[dict[str, Any]]]:
    """The columns of the proposal by what is left to do with each."""
    chosen, fields = work.made.mapping, work.fields()
    cut = {one["header"] for one in work.transforms().get("splits", ())}
    groups: dict[str, list[dict[str, Any]]] = {
        "suggest": [],
        "personal": [],
        "auto": [],
        "cut": [],
        "none": [],
    }
    for made in work.proposal()["columns"]:
        name = made["header"]
        if made["personal_data"]:
            groups["personal"].append(made)
        elif name in cut:
            groups["cut"].append(made)
        elif name in chosen or made["decision"] == "auto":
            groups["auto" if fields.get(name) else "none"].append(made)
        else:
            groups[made["decision"] if made["decision"] in groups else "none"].append(made)
    return groups


def missing(work: Work, standard: Schema) -> list[str]:
    """Required fields that no column fills."""
    made = work.transforms()
    filled = {field for field in work.fields().values() if field}
    filled |= set(made.get("constants", {})) | {one["field"] for one in made.get("merges", ())}
    filled |= {field for one in made.get("splits", ()) for field in one["fields"]}
    return [field.name for field in standard.fields if field.required and field.name not in filled]


def _missing(work: Work, standard: Schema) -> None:
    names = missing(work, standard)
    if not names:
        return
    listed = french.listed(f"« {name} »" for name in names)
    word = french.agree(len(names), "Champ obligatoire", "Champs obligatoires")
    frame.html(
        blocks.note(
            f"{word} sans colonne : {listed}. Choisissez la colonne qui le dit, découpez-en une, "
            "ou donnez la même valeur à toutes les lignes.",
            frame.theme(),
        )
    )


def _group(
    work: Work, standard: Schema, title: str, columns: Sequence[dict[str, Any]], *, opened: bool
) -> None:
    if not columns:
        return
    with st.expander(f"{title} ({len(columns)})", expanded=opened):
        for made in columns:
            _column(work, standard, made)


def _column(work: Work, standard: Schema, made: Mapping[str, Any]) -> None:
    name = made["header"]
    if any(one["header"] == name for one in work.transforms().get("splits", ())):
        frame.html(blocks.text(f"« {name} ». {made.get('why') or ''}", frame.theme()))
        return
    now = work.fields().get(name) or ASIDE
    now = now if standard.field(now) else ASIDE
    options = _options(made, standard)
    key = rooms.follow(f"publier-colonne-{work.key}-{standard.id}-{name}", now)
    st.selectbox(
        blocks.plain(name),
        options,
        format_func=lambda field: _option(field, made),
        key=key,
        on_change=lambda: _decide(work, name, st.session_state[key]),
    )
    frame.aside(_about(work, made))


def _options(made: Mapping[str, Any], standard: Schema) -> list[str]:
    """The likely fields first, then the others in the order of the standard."""
    likely = [one["field"] for one in made["candidates"] if standard.field(one["field"])]
    return [ASIDE, *dict.fromkeys([*likely, *standard.names])]


def _option(field: str, made: Mapping[str, Any]) -> str:
    if field == ASIDE:
        return "Laisser de côté"
    sure = {one["field"]: one["confidence"] for one in made["candidates"]}
    return f"{field} – {confidence(sure[field])}" if field in sure else field


def _about(work: Work, made: Mapping[str, Any]) -> str:
    name, why = made["header"], made.get("why") or ""
    if made["personal_data"]:
        why = why or "Contient des données personnelles."
        return why if work.fields().get(name) else f"{why} {_waiting(work, made)}".strip()
    values = french.listed(f"« {value} »" for value in examples(work, name))
    shown = f"Par exemple {values}." if values else "Colonne vide."
    best = made["candidates"][0] if made["candidates"] else None
    if made["decision"] == "suggest" and best and name not in work.made.mapping:
        shown = f"Proposé : « {best['field']} » ({confidence(best['confidence'])}). {shown}"
    return f"{shown} {why}".strip()


def _waiting(work: Work, made: Mapping[str, Any]) -> str:
    """What a field proposed for personal data waits for; nothing once somebody decided."""
    if not made["field"] or made["header"] in work.made.mapping:
        return ""
    return (
        "Laissée de côté en attendant votre confirmation : pour la publier, choisissez "
        f"« {made['field']} » dans cette liste."
    )


def examples(work: Work, name: str) -> list[str]:
    """The first distinct values of a column; those of persons are not repeated here."""
    table = work.reading().table
    if name not in table.column_names or name in work.personal():
        return []
    values = table.column(name).slice(0, 200).to_pylist()
    return [str(value)[:40] for value in dict.fromkeys(values) if value][:EXAMPLES]


def _decide(work: Work, name: str, field: str) -> None:
    """One column a field: the one that held it is left aside."""
    now = work.fresh()
    held = {other: None for other, was in now.fields().items() if was == field and field}
    work.change(mapping={**now.made.mapping, **held, name: field or None})


def _suggestions(work: Work, columns: Sequence[dict[str, Any]]) -> None:
    taken = {field for field in work.fields().values() if field}
    likely: dict[str, str | None] = {}
    for made in columns:
        best = made["field"] or (made["candidates"][0]["field"] if made["candidates"] else None)
        if best and best not in taken:
            likely[made["header"]] = best
            taken.add(best)
    if likely:
        word = french.plural(len(likely), "proposition")
        st.button(
            f"Accepter {french.agree(len(likely), 'la', 'les')} {word}",
            key="publier-accepter",
            on_click=lambda: work.put(mapping={**work.now().mapping, **likely}),
        )


def personal_words(work: Work) -> list[str]:
    """One sentence a column that holds personal data: what it holds, what becomes of it."""
    kept = work.published()
    said = []
    for flag in work.flags():
        fate = "elle sera publiée" if flag.column in kept else "laissée de côté"
        held = KINDS.get(flag.kind, "des données personnelles")
        said.append(f"La colonne « {flag.column} » contient {held} : {fate}. {flag.why}".strip())
    return said


def _without(work: Work) -> None:
    """Without a standard: which columns are published, as they are."""
    names = [column.name for column in work.reading().columns]
    kept = [name for name, field in work.fields().items() if field]
    for said in personal_words(work):
        frame.html(blocks.text(said, frame.theme()))
    key = rooms.follow(f"publier-gardees-{work.key}", kept)
    st.multiselect(
        "Colonnes publiées",
        names,
        key=key,
        placeholder="Choisir",
        on_change=lambda: _keep(work, names, st.session_state[key]),
    )


def _keep(work: Work, names: Sequence[str], kept: Sequence[str]) -> None:
    chosen = {name: name if name in kept else None for name in names}
    work.change(schema=NO_STANDARD, mapping=chosen)
