"""Mon plan: the actions a team writes, the public policy first; by gain, then by deadline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from data import entries
from data.catalog import catalog
from data.cells import XLSX
from data.entries import ACTION_STATES, DROPPED, PLANNED, STARTED, Kept, PlannedAction
from data.records import LONGEST
from data.store import Store
from data.territories import Territory
from diagnostics.combination import EFFORT_DAYS
from diagnostics.missing import Gain, MissingData
from drawing import blocks, french, paths, signs, tidings
from drawing.blocks import Cell, prose
from ui import choosing, frame, keeping, menu, missing_list, who

Plan = Sequence[Kept[PlannedAction]]
TABS = ("Le plus court chemin", "Données manquantes", "Mon plan", "Calendrier")
ASKED = "jeu"  # of the address: the data an action is to be written for
NEW = "Nouvelle action"
SERIAL = "plan_serie"  # of the form: a new one after each write, with fresh fields
SAID = "plan_dit"  # what the last write kept, said once on the next run
RUNNING = (PLANNED, STARTED)
HEADERS = ("Action", "Responsable", "Échéance", "Effort et gain", "État")
FIELDS = {
    "policy": "politique publique",
    "title": "titre",
    "dataset": "donnée",
    "owner": "responsable",
    "deadline": "échéance",
    "effort_days": "effort (jours d'agent)",
    "means": "moyens",
    "stakeholders": "parties prenantes",
    "civil_society": "société civile",
    "success": "signe de réussite",
    "state": "état",
    "comment": "commentaire",
}
# Public policies that most towns carry: examples for the first field, never a claim about a town.
POLICIES = (
    "Projet de territoire",
    "Plan climat-air-énergie territorial (PCAET)",
    "Opération de revitalisation de territoire (ORT)",
    "Plan communal de sauvegarde (PCS)",
    "Plan local d'urbanisme (PLU)",
)
# The context sheet of the fictional place of each level.
_CONTEXTS = {"commune": "city", "epci": "agglomeration", "departement": "department"}


def tabs() -> Sequence[Any]:
    """The four parts of the screen; a link that names a dataset opens on the plan."""
    asked = st.query_params.get(ASKED, "") in catalog().datasets
    return st.tabs(TABS, default=TABS[2] if asked else None)


def plan(store: Store, place: Territory, gains: Mapping[str, Gain]) -> Plan | None:
    """The team's actions in their order; None for someone who may not read them."""
    if not who.internal():
        return None
    return ordered(entries.of(store, PlannedAction, place.code), gains)


def ordered(kept: Plan, gains: Mapping[str, Gain]) -> Plan:
    """Running actions first; then the greatest gain of their data, then the nearest deadline."""
    return sorted(kept, key=lambda line: _order(line.entry, gains))


def _order(action: PlannedAction, gains: Mapping[str, Gain]) -> tuple[int, float, date, str]:
    found = gains.get(action.dataset)
    rank = 0 if action.state in RUNNING else ACTION_STATES.index(action.state)
    high = found.points.high if found else 0.0
    return rank, -round(high, 1), action.deadline or date.max, action.key


def planned(kept: Plan | None) -> set[str] | None:
    """The datasets that an action of the plan is about; None without access to the plan."""
    if kept is None:
        return None
    return {line.entry.dataset for line in kept if line.entry.state != DROPPED}


def mine(
    kept: Plan | None,
    store: Store,
    place: Territory,
    missing: Sequence[MissingData],
    gains: Mapping[str, Gain],
    day: date,
) -> None:
    """The plan as a table, then one form to add an action or change it."""
    if kept is None:
        st.write("Le plan d'action de l'équipe ne se lit et ne s'écrit que par elle.")
        who.read_only()
        return
    keeping.said(SAID)
    _table(kept, gains, day)
    _writing(kept, store, place, missing)


def _table(kept: Plan, gains: Mapping[str, Gain], day: date) -> None:
    if not kept:
        st.write(
            "Aucune action n'est encore écrite. Commencez par celle qui débloque un projet\u00a0: "
            "une action sert d'abord une politique publique."
        )
        return
    st.write(_counted(kept, day))
    rows = [_row(line.entry, gains, day) for line in kept]
    frame.html(blocks.table("Actions du plan", HEADERS, rows, frame.theme()))


def _counted(kept: Plan, day: date) -> str:
    running = [line.entry for line in kept if line.entry.state in RUNNING]
    known = [made.effort_days for made in running if made.effort_days is not None]
    said = f"**{french.plural(len(running), 'action')}** en cours ou à venir"
    if known:
        said += f", {french.number(sum(known), 1)}\u00a0jours d'agent annoncés"
        unsaid = len(running) - len(known)
        said += f" ({unsaid} sans effort dit)" if unsaid else ""
    passed = sum(is_past(made, day) for made in running)
    if passed:
        said += f", {french.plural(passed, 'échéance passée', 'échéances passées')}"
    return f"{said}."


def is_past(action: PlannedAction, day: date) -> bool:
    """A running action whose deadline is behind."""
    return action.state in RUNNING and action.deadline is not None and action.deadline < day


def deadline(action: PlannedAction, day: date) -> str:
    """'le 3 mars 2027', 'échéance du 3 mars 2026 passée', 'sans échéance'."""
    if action.deadline is None:
        return "sans échéance"
    said = french.day(action.deadline)
    return f"échéance du {said} passée" if is_past(action, day) else said


def _row(action: PlannedAction, gains: Mapping[str, Gain], day: date) -> list[Cell]:
    return [
        Cell(_what(action), 5, "13rem", labelled=False),
        Cell(prose(action.owner or "à désigner"), 2, "7rem"),
        Cell(prose(deadline(action, day)), 2, "8.5rem"),
        Cell(_effort(action, gains), 2, "7.5rem"),
        Cell(prose(tidings.ACTIONS[action.state]), 1, "6rem"),
    ]


def _what(action: PlannedAction) -> str:
    theme = frame.theme()
    policy = (
        f'<span style="font-size:.86rem;color:{signs.MUTED[theme]}">{prose(action.policy)}</span>'
    )
    card = catalog().datasets.get(action.dataset)
    about = ""
    if card:
        link = blocks.page_link(
            card.title, menu.address("donnee"), choosing.parameters(jeu=card.id)
        )
        about = f'<br><span style="font-size:.86rem">{prose("Donnée : ")}{link}</span>'
    return f"{policy}<br>{prose(action.title)}{about}{_details(action)}"


def _details(action: PlannedAction) -> str:
    """What the table has no room for, behind one touch; nothing when nothing was written."""
    shown = ("means", "stakeholders", "civil_society", "success", "comment")
    said = [
        f"{french.upper_first(FIELDS[name])} : {value}"
        for name in shown
        if (value := getattr(action, name))
    ]
    theme = frame.theme()
    return blocks.folded("Détail", blocks.texts(said, theme), theme) if said else ""


def _effort(action: PlannedAction, gains: Mapping[str, Gain]) -> str:
    """Days announced, then what the step on its data would bring, when it is about one."""
    days = action.effort_days
    said = prose("effort non dit" if days is None else paths.days(days))
    found = gains.get(action.dataset)
    if found is None:
        return said
    return missing_list.small(said, paths.gain(found.points.low, found.points.high))


# --- writing -------------------------------------------------------------------------------------


def _writing(kept: Plan, store: Store, place: Territory, missing: Sequence[MissingData]) -> None:
    st.header("Ajouter ou modifier une action")
    titles = {line.entry.key: line.entry.title for line in kept}
    key = st.selectbox(
        "Action",
        ["", *titles],
        format_func=lambda one: titles.get(one, NEW),
        key="plan_action",
    )
    held = next((line.entry for line in kept if line.entry.key == key), None)
    start = held or _started(kept, place, missing)
    sent = _form(start, is_new=held is None)
    if held is not None:
        _history(entries.history(store, PlannedAction, place.code, held.key))
    if sent is not None:
        made = replace(held, **sent) if held else PlannedAction(dataset=start.dataset, **sent)
        _keep(store, place, made, is_new=held is None)


def _started(kept: Plan, place: Territory, missing: Sequence[MissingData]) -> PlannedAction:
    """A new action, begun from a policy and a dataset that one touch gives."""
    columns = st.columns(2)
    with columns[0]:
        policy = st.selectbox(
            "Partir d'une politique publique",
            suggestions(kept, place),
            index=None,
            placeholder="Exemples, à adapter à votre mandat",
            key=f"plan_politique_{_serial()}",
        )
    lines = {line.dataset: line for line in missing}
    asked = st.query_params.get(ASKED, "")
    options = [*lines, *([asked] if asked in catalog().datasets and asked not in lines else [])]
    with columns[1]:
        dataset = st.selectbox(
            "Partir d'une donnée",
            options,
            index=options.index(asked) if asked in options else None,
            format_func=lambda one: catalog().datasets[one].title,
            placeholder="Facultatif",
            key=f"plan_donnee_{_serial()}_{asked}",
        )
    line = lines.get(dataset or "")
    title = catalog().datasets[dataset].title if dataset else ""
    return PlannedAction(
        policy=policy or "",
        title=f"{title}\u00a0: {french.lower_first(line.next_step)}"[:200] if line else title,
        dataset=dataset or "",
        stakeholders=line.holder if line else "",
        key="",
    )


def suggestions(kept: Plan, place: Territory) -> list[str]:
    """Policies already written in the plan, the goals of a fictional town, then examples."""
    written = [line.entry.policy for line in kept]
    kind = _CONTEXTS.get(place.level) if place.fictional else None
    sheets = [made for made in catalog().contexts.values() if made["kind"] == kind]
    goals = [goal for made in sheets for goal in made["mandate_goals"]]
    return list(dict.fromkeys([*written, *goals, *POLICIES]))


def _form(start: PlannedAction, *, is_new: bool) -> dict[str, Any] | None:
    """The fields of an action, the public policy first; once sent, those to write.

    Of an action that exists only what this person changed: what someone else kept meanwhile in
    another field stays.
    """
    seed = f"{_serial()}_{start.key}_{start.policy if is_new else ''}_{start.dataset}"
    shown = st.session_state.setdefault(f"plan_montre_{seed}", start)
    with st.form(f"plan_{seed}", border=True):
        typed: dict[str, Any] = {
            "policy": _text("Politique publique servie (obligatoire)", shown.policy, seed, 200),
            "title": _text("Action (obligatoire)", shown.title, seed, 200),
            **_who_and_when(shown, seed),
            **{name: _text(label, getattr(shown, name), seed) for name, label in _LONG.items()},
        }
        who.name_field(f"plan_nom_{seed}")
        sent = st.form_submit_button("Ajouter au plan" if is_new else "Enregistrer", type="primary")
    if not sent:
        return None
    return typed if is_new else _changed(shown, typed)


_LONG = {
    "means": "Moyens (budget, outil, prestataire)",
    "stakeholders": "Parties prenantes",
    "civil_society": "Société civile, dès le départ (habitants, associations, commerçants…)",
    "success": "Signe de réussite\u00a0: à quoi verra-t-on que c'est fait\u00a0?",
    "comment": "Commentaire",
}


def _who_and_when(shown: PlannedAction, seed: str) -> dict[str, Any]:
    left, right = st.columns(2)
    with left:
        owner = _text("Responsable", shown.owner, seed, 200)
        days = st.number_input(
            "Effort, en jours d'agent",
            min_value=0.0,
            max_value=2000.0,
            value=None if shown.effort_days is None else float(shown.effort_days),
            step=0.5,
            help=_supposed(),
            key=f"plan_effort_{seed}",
        )
    with right:
        due = st.date_input(
            "Échéance", value=shown.deadline, format="DD/MM/YYYY", key=f"plan_echeance_{seed}"
        )
        state = st.selectbox(
            "État",
            ACTION_STATES,
            index=ACTION_STATES.index(shown.state),
            format_func=tidings.ACTIONS.__getitem__,
            key=f"plan_etat_{seed}",
        )
    return {"owner": owner, "effort_days": days, "deadline": due, "state": state}


def _changed(shown: PlannedAction, typed: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in typed.items() if value != getattr(shown, name)}


def _serial() -> int:
    return int(st.session_state.get(SERIAL, 0))


def _text(label: str, value: str, seed: str, longest: int = LONGEST) -> str:
    typed = st.text_input(label, value=value, max_chars=longest, key=f"{label}_{seed}")
    return (typed or "").strip()


def _supposed() -> str:
    classes = [
        f"{french.lower_first(signs.EFFORTS[code])} = {french.number(days, 1)}"
        for code, days in EFFORT_DAYS.items()
    ]
    return f"Repères supposés par l'outil, en jours d'agent\u00a0: {' ; '.join(classes)}."


def _keep(store: Store, place: Territory, made: PlannedAction, *, is_new: bool) -> None:
    state = tidings.ACTIONS[made.state]
    said = "Action ajoutée au plan." if is_new else f"Action enregistrée. État\u00a0: {state}."
    if not keeping.keep(partial(entries.keep, store, who.person(), place.code, made), said, SAID):
        return
    st.session_state[SERIAL] = _serial() + 1
    st.query_params.pop(ASKED, None)
    st.rerun()


def _history(lines: Sequence[Kept[PlannedAction]]) -> None:
    """Every line of an action: when, by whom, what changed; nothing is ever erased."""
    said = []
    for rank, line in enumerate(lines):
        what = changes(lines[rank - 1].entry, line.entry) if rank else "ajoutée"
        said.append(f"{french.day(line.recorded_at)}, {line.author or 'sans nom'} : {what}.")
    theme = frame.theme()
    frame.html(blocks.folded(f"Historique ({len(lines)})", blocks.texts(said, theme), theme))


def changes(before: PlannedAction, after: PlannedAction) -> str:
    """'état : prévue → commencée ; échéance : … → …'."""
    moved = [
        f"{label} : {_shown(before, name)} → {_shown(after, name)}"
        for name, label in FIELDS.items()
        if getattr(before, name) != getattr(after, name)
    ]
    return " ; ".join(moved) or "sans changement"


def _shown(action: PlannedAction, name: str) -> str:
    value = getattr(action, name)
    if value in (None, ""):
        return "non dit"
    if name == "state":
        return tidings.ACTIONS[value]
    if name == "effort_days":
        return french.number(value, 1)
    return french.day(value) if isinstance(value, date) else str(value)


# --- taking it away ------------------------------------------------------------------------------


def downloads(
    kept: Plan | None,
    as_xlsx: Callable[[Plan], bytes],
    as_calendar: Callable[[Plan], bytes],
    names: Sequence[str],
) -> None:
    """The plan as a spreadsheet and as a calendar, for the team alone."""
    if not kept:
        return
    frame.aside("Documents internes, ne pas diffuser\u00a0: ils portent des noms.")
    made = (
        ("Télécharger le plan (XLSX)", as_xlsx, XLSX),
        ("Télécharger le calendrier (ICS)", as_calendar, "text/calendar"),
    )
    with st.container(horizontal=True):
        for (label, write, mime), name in zip(made, names, strict=True):
            taken = partial(write, kept)
            st.download_button(label, taken, file_name=name, mime=mime, on_click="ignore")
