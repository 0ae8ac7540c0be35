"""Publier, step 3: one column cut in several, several made one, a constant, values translated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow.compute as pc
import streamlit as st

from data.schemas import Field, Schema
from drawing import blocks, french
from ui import frame
from ui.publish_work import Work

KINDS = {
    "splits": "Découper",
    "merges": "Réunir",
    "constants": "Même valeur partout",
    "values": "Traduire des valeurs",
}
SEPARATORS = {",": "virgule", ";": "point-virgule", " ": "espace", "-": "tiret", "/": "barre"}
LATLON = "latlon"
_POINT = "un point «\u00a0latitude, longitude\u00a0»"
MOST_VALUES = 30  # distinct values that one translates by hand


def draw(work: Work) -> None:
    """What is in place, each with a way back; then one form for another one."""
    standard = work.schema()
    if standard is None:
        return
    made = work.transforms()
    odd = {field.name: values for field in standard.fields if (values := unknown(work, field))}
    count = sum(len(made.get(name, ())) for name in KINDS)
    title = f"Découper, réunir, remplir, traduire ({count} en place)"
    if odd:
        told = french.listed(f"« {name} »" for name in odd)
        frame.html(
            blocks.note(
                f"Des valeurs ne sont pas dans la liste du standard ({told}) : traduisez-les "
                "ci-dessous.",
                frame.theme(),
            )
        )
    with st.expander(title, expanded=bool(odd or count)):
        _in_place(work, made)
        key = f"publier-transformer-{work.key}"
        kind = st.segmented_control(
            "Ajouter",
            list(KINDS),
            format_func=KINDS.__getitem__,
            default="values" if odd else None,
            key=key,
        )
        if kind:
            _FORMS[kind](work, standard)


# --- in place --------------------------------------------------------------------------------


def _in_place(work: Work, made: Mapping[str, Any]) -> None:
    for kind, rank, told in told_of(made):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(blocks.plain(french.typeset(told)))
            st.button(
                "Retirer",
                type="tertiary",
                key=f"publier-retirer-{kind}-{rank}",
                on_click=_remove,
                args=(work, kind, rank),
            )


def told_of(made: Mapping[str, Any]) -> list[tuple[str, Any, str]]:
    """(kind, rank or name, sentence) of each transformation in place."""
    splits = [
        ("splits", rank, f"« {one['header']} » découpée en {french.listed(one['fields'])}")
        for rank, one in enumerate(made.get("splits", ()))
    ]
    merges = [
        ("merges", rank, f"{french.listed(one['headers'])} réunies dans « {one['field']} »")
        for rank, one in enumerate(made.get("merges", ()))
    ]
    constants = [
        ("constants", name, f"« {name} » vaut « {value} » partout")
        for name, value in made.get("constants", {}).items()
    ]
    values = [
        ("values", name, f"« {name} » : {french.plural(len(pairs), 'valeur traduite', _MANY)}")
        for name, pairs in made.get("values", {}).items()
    ]
    return [*splits, *merges, *constants, *values]


_MANY = "valeurs traduites"


def _remove(work: Work, kind: str, rank: Any) -> None:
    now = work.fresh().transforms()
    held = now.get(kind)
    if isinstance(held, Mapping):
        left: Any = {name: value for name, value in held.items() if name != rank}
    else:
        left = [one for place, one in enumerate(held or ()) if place != rank]
    work.change(transforms={**now, kind: left})


def _add(work: Work, kind: str, made: Any) -> None:
    now = work.fresh().transforms()
    held = now.get(kind)
    grown: Any = {**(held or {}), **made} if isinstance(made, dict) and kind in _NAMED else None
    grown = grown if grown is not None else [*(held or ()), made]
    if work.change("Transformation enregistrée.", transforms={**now, kind: grown}):
        st.rerun()


_NAMED = ("constants", "values")

# --- forms -----------------------------------------------------------------------------------


def _headers(work: Work) -> list[str]:
    return [column.name for column in work.reading().columns]


def _split(work: Work, standard: Schema) -> None:
    with st.form("publier-decouper"):
        header = st.selectbox("Colonne à découper", _headers(work))
        by = st.selectbox(
            "Selon",
            [LATLON, *SEPARATORS],
            format_func=lambda one: SEPARATORS.get(
                one, "un point «\u00a0latitude, longitude\u00a0»"
            ),
        )
        fields = st.multiselect(
            "Champs, dans l'ordre", standard.names, placeholder="Choisir", max_selections=6
        )
        if st.form_submit_button("Découper"):
            _cut(work, header, by, fields)


def _cut(work: Work, header: str, by: str, fields: Sequence[str]) -> None:
    needed = 2 if by == LATLON else 1
    if len(fields) < needed or (by == LATLON and len(fields) != needed):
        st.error("Un point donne deux champs\u00a0: latitude, puis longitude.")
        return
    separator = "," if by == LATLON else by
    made = {
        "header": header,
        "fields": list(fields),
        "by": LATLON if by == LATLON else "separator",
        "separator": separator,
    }
    _add(work, "splits", made)


def _merge(work: Work, standard: Schema) -> None:
    with st.form("publier-reunir"):
        headers = st.multiselect("Colonnes à réunir", _headers(work), placeholder="Choisir")
        field = st.selectbox("Dans le champ", standard.names)
        separator = st.selectbox("Séparées par", [" ", ", ", "-"], format_func=_separator)
        if st.form_submit_button("Réunir"):
            if len(headers) < 2:
                st.error("Choisissez au moins deux colonnes.")
            else:
                made = {"headers": list(headers), "field": field, "separator": separator}
                _add(work, "merges", made)


def _separator(sign: str) -> str:
    return {" ": "une espace", ", ": "une virgule", "-": "un tiret"}[sign]


def _constant(work: Work, standard: Schema) -> None:
    with st.form("publier-constante"):
        field = st.selectbox("Champ", standard.names)
        value = st.text_input("Valeur pour toutes les lignes", max_chars=200).strip()
        if st.form_submit_button("Remplir"):
            if value:
                _add(work, "constants", {field: value})
            else:
                st.error("Donnez la valeur.")


def _values(work: Work, standard: Schema) -> None:
    odd = {field.name: made for field in standard.fields if (made := unknown(work, field))}
    if not odd:
        st.write("Aucune valeur à traduire\u00a0: celles des listes du standard sont reconnues.")
        return
    name = st.selectbox("Champ à traduire", list(odd), key="publier-traduire-champ")
    field = standard.field(name)
    allowed = [str(value) for value in field.constraints["enum"]] if field else []
    with st.form(f"publier-traduire-{name}"):
        pairs = {
            value: st.selectbox(
                blocks.plain(f"«\u00a0{value}\u00a0» devient"),
                ["", *allowed],
                format_func=lambda one: one or "À choisir",
            )
            for value in odd[name][:MOST_VALUES]
        }
        if st.form_submit_button("Traduire"):
            chosen = {value: kept for value, kept in pairs.items() if kept}
            held = work.made.transforms.get("values", {}).get(name, {})
            if chosen:
                _add(work, "values", {name: {**held, **chosen}})
            else:
                st.error("Choisissez ce que devient une valeur au moins.")


_FORMS: dict[str, Callable[[Work, Schema], None]] = {
    "splits": _split,
    "merges": _merge,
    "constants": _constant,
    "values": _values,
}


def unknown(work: Work, field: Field) -> list[str]:
    """The values of a field that its list does not hold and that nothing translates yet."""
    allowed = field.constraints.get("enum")
    header = next((name for name, to in work.fields().items() if to == field.name), None)
    table = work.wanted().table
    if not isinstance(allowed, list) or header not in table.column_names:
        return []
    translated = work.choices().values.get(field.name, {})
    known = {str(value) for value in allowed} | set(translated)
    values = pc.unique(table.column(header)).to_pylist()
    return [str(value) for value in values if value and str(value) not in known]
