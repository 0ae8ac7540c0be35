"""A filled inventory that comes back: what it changes, what clashes, what cannot be kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from data import inventory_words as words
from data import records
from data.catalog import catalog
from data.inventory_file import Returned, Row, Unreadable, read
from data.records import Declaration, Refused
from data.store import Store, StoreError
from data.territories import Territory
from diagnostics.inventory_merge import Difference, Merged, Outcome
from drawing import blocks, french
from drawing.blocks import Cell, prose
from ui import changed, frame, keeping, uploading, who
from ui.instruct import Effects

KEY = "inventaire-retour"
KEEP, TAKE = "Garder l'actuel", "Prendre le fichier"
OLD_DAYS = 300  # an export older than this is said to be
NOTHING = "rien"  # shown where a field is empty

Merge = Callable[[Sequence[Row], str, list[str], list[Declaration]], Merged]
Made = Callable[[Merged, Sequence[str]], list[Declaration]]
_KINDS = {
    "new": ("réponse nouvelle", "réponses nouvelles"),
    "conflict": ("conflit", "conflits"),
    "refused": ("ligne refusée", "lignes refusées"),
    "unknown": ("ligne inconnue", "lignes inconnues"),
    "unchanged": ("ligne sans changement", "lignes sans changement"),
}


def draw(store: Store, place: Territory, merge: Merge, made: Made, effects: Effects) -> None:
    """The file, what it would change, the choices, and « Enregistrer »."""
    st.header("Reprendre un fichier rempli")
    changed.draw(KEY)
    _not_taken(st.session_state.pop(f"{KEY}-reste", []))
    turn = st.session_state.get(f"{KEY}-tour", 0)
    sent = uploading.box(
        "Le fichier rempli par un service (XLSX ou CSV, 10\u00a0Mo au plus)\u00a0: rien n'est "
        "enregistré avant votre accord",
        f"{KEY}-fichier-{turn}",
        10,
    )
    if sent is None:
        return
    try:
        found = _read(sent.getvalue())
    except Unreadable as refused:
        keeping.refused(refused)
        return
    datasets = list(words.inventory_datasets())
    merged = merge(found.rows, place.code, datasets, store.declaration_history(place.code))
    _preview(found, merged)
    taken = _choices(merged)
    _save(store, merged, taken, made, effects)


def _not_taken(sentences: Sequence[str]) -> None:
    """After saving: the lines to mend in the file, so that none is lost."""
    if sentences:
        st.subheader("Ce qui n'a pas été repris")
        _sentences(sentences)


@st.cache_data(max_entries=4, show_spinner="Lecture du fichier…")
def _read(body: bytes) -> Returned:
    return read(body)


# --- preview ---------------------------------------------------------------------------------


def _preview(found: Returned, merged: Merged) -> None:
    counts = {kind: len(merged.of(kind)) for kind in _KINDS}
    told = [french.plural(count, *_KINDS[kind]) for kind, count in counts.items() if count]
    read_ = french.plural(len(merged.outcomes), "ligne lue", "lignes lues")
    st.write(f"**{read_}**\u00a0: {french.listed(told)}." if told else "**Aucune ligne lue.**")
    _sentences([*_about(found, merged), *found.problems])
    new = merged.of("new")
    if new:
        st.subheader("Ce qui sera enregistré")
        rows = [_new(one) for one in new]
        headers = ("Donnée", "Ce que dit le fichier")
        frame.html(blocks.table("Ce qui sera enregistré", headers, rows, frame.theme()))
    left = _left(merged)
    if left:
        st.subheader("Ce qui ne sera pas repris")
        _sentences(left)


def _about(found: Returned, merged: Merged) -> list[str]:
    """What the file leaves out, how old it is, whether its marks were lost."""
    said = []
    if merged.absent:
        absent = french.plural(merged.absent, "donnée n'est pas", "données ne sont pas")
        said.append(f"{absent} dans ce fichier\u00a0: rien n'y change.")
    days = [row.mark.exported_on for row in found.rows if row.mark]
    if days and (frame.today() - min(days)).days > OLD_DAYS:
        said.append(f"Ce fichier a été exporté le {french.day(min(days))}\u00a0: relisez-le.")
    lost = sum(row.mark is None for row in found.rows)
    if lost:
        said.append(_lost(lost, merged.others))
    return said


def _lost(lost: int, others: Sequence[str]) -> str:
    """What becomes of the rows that do not say which territory they speak of."""
    lines = f"{french.plural(lost, 'ligne')} sans «\u00a0{words.MARK}\u00a0»"
    if others:
        return (
            f"{lines}, et ce fichier nomme un autre territoire ({french.listed(others)})\u00a0: "
            "ce qu'elles changeraient est à trancher une à une."
        )
    return f"{lines}\u00a0: tout ce qui y remplace une réponse est montré comme un conflit."


def _new(one: Outcome) -> list[Cell]:
    told = [f"{_header(made)}\u00a0: {_change(made)}" for made in one.differences]
    if one.ours is None and one.made and one.made.status is None:
        told.append("Statut laissé vide\u00a0: celui que l'on connaît ne change pas.")
    return [
        Cell(f"<strong>{prose(_title(one))}</strong><br>{prose(one.row.place)}", 2, "11rem"),
        Cell(blocks.texts(told, frame.theme()), 4, "16rem", labelled=False),
    ]


def _change(made: Difference) -> str:
    now, then = _shown(made.name, made.ours), _shown(made.name, made.theirs)
    return then if made.ours in (None, "") else f"{now} → {then}"


def _left(merged: Merged) -> list[str]:
    """One sentence per reason, with all the lines it holds for."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for one in merged.outcomes:
        if one.sentence:
            groups[one.sentence].append(one)
    return [f"{_lines(group)}\u00a0: {sentence}" for sentence, group in groups.items()]


def _lines(group: Sequence[Outcome]) -> str:
    if len(group) > 3:
        return french.plural(len(group), "ligne")
    return french.upper_first(french.listed(_named(one) for one in group))


def _named(one: Outcome) -> str:
    return f"{one.row.place} ({_title(one)})" if one.row.dataset else one.row.place


def _title(one: Outcome) -> str:
    card = catalog().datasets.get(one.row.dataset or "")
    return card.title if card else one.row.asked


def _header(made: Difference) -> str:
    return next(column.header for column in words.filled() if column.name == made.name)


def _shown(name: str, value: Any) -> str:
    if value in (None, ""):
        return NOTHING
    if isinstance(value, date):
        return french.day(value)
    column = next(made for made in words.filled() if made.name == name)
    return words.word(column, str(value))


def _sentences(said: Sequence[str]) -> None:
    frame.html(blocks.texts(said, frame.theme()) if said else "")


# --- conflicts -------------------------------------------------------------------------------


def _choices(merged: Merged) -> Mapping[str, str | None]:
    """Both versions of each conflict side by side, and the choice made for it."""
    conflicts = merged.of("conflict")
    if not conflicts:
        return {}
    doubtful = any(one.doubtful for one in conflicts)
    why = "à trancher" if doubtful else "quelqu'un a répondu entre-temps"
    st.subheader(f"Conflits\u00a0: {why}")
    found = {}
    for one in conflicts:
        frame.html(_side_by_side(one))
        found[str(one.row.dataset)] = st.radio(
            blocks.plain(f"Que garder pour «\u00a0{_title(one)}\u00a0»\u00a0?"),
            (KEEP, TAKE),
            index=None,
            horizontal=True,
            key=f"{KEY}-{one.row.dataset}-{one.ours.id if one.ours else ''}",
        )
    return found


def _side_by_side(one: Outcome) -> str:
    ours = one.ours
    who_said = "rien de déclaré" if one.doubtful else "plus rien de déclaré"
    if ours:
        who_said = f"{french.day(ours.recorded_at)}, {ours.author or 'auteur non dit'}"
    rows = [
        [
            Cell(f"<strong>{prose(_header(made))}</strong>", 1, "8rem", labelled=False),
            Cell(prose(_shown(made.name, made.ours)), 2, "11rem"),
            Cell(prose(_shown(made.name, made.theirs)), 2, "11rem"),
        ]
        for made in one.differences
    ]
    headers = ("Colonne", f"Actuel ({who_said})", f"Fichier ({one.row.place})")
    name = f'<p style="margin:.6rem 0 0"><strong>{prose(_title(one))}</strong></p>'
    if one.doubtful:
        name += blocks.text(
            "Ligne sans repère\u00a0: est-elle de ce territoire\u00a0?", frame.theme()
        )
    return name + blocks.table(f"Conflit\u00a0: {_title(one)}", headers, rows, frame.theme())


# --- saving ----------------------------------------------------------------------------------


def _save(
    store: Store,
    merged: Merged,
    choices: Mapping[str, str | None],
    made: Made,
    effects: Effects,
) -> None:
    taken = [dataset for dataset, choice in choices.items() if choice == TAKE]
    waiting = sum(choice is None for choice in choices.values())
    answers = made(merged, taken)
    if waiting:
        st.text(f"Il reste {french.plural(waiting, 'conflit')} à trancher avant d'enregistrer.")
    elif not answers:
        st.text("Rien à enregistrer.")
        return
    who.name_field(f"{KEY}-auteur")
    label = f"Enregistrer {french.plural(len(answers), 'réponse')}"
    if st.button(label, type="primary", disabled=bool(waiting), key=f"{KEY}-enregistrer"):
        _kept(store, answers, merged, effects)


def _kept(store: Store, answers: list[Declaration], merged: Merged, effects: Effects) -> None:
    def write() -> None:
        records.declare(store, who.person(), *answers)

    try:
        found = effects([one.dataset for one in answers], write)
    except (Refused, StoreError) as refused:
        _sentences([str(refused)])
        return
    said = french.plural(len(answers), "réponse enregistrée", "réponses enregistrées")
    changed.keep(KEY, f"{said} depuis le fichier.", found)
    st.session_state[f"{KEY}-reste"] = _left(merged)  # what was refused stays in sight
    st.session_state[f"{KEY}-tour"] = st.session_state.get(f"{KEY}-tour", 0) + 1
    st.rerun()
