"""Instructing one need or several at once: only the fields that matter for the chosen status."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data import attachments, records
from data.catalog import Dataset, catalog
from data.records import SILENCE, Declaration, Refused
from data.store import Store, StoreError
from data.territories import Territory
from diagnostics.effects import Change
from drawing import blocks, french, signs
from ui import changed, frame, keeping, kept_fields, uploading, who

Effects = Callable[[Sequence[str], Callable[[], None]], Sequence[Change]]
_COMMON = ("holder", "contact", "evidence", "url", "note")
NONE = ""  # nothing chosen in a list
OTHER = "autre"  # a text of law that the list does not hold

_ADVICE = {
    "open": "Publiée sous licence ouverte\u00a0: donnez l'adresse où on la trouve.",
    "candidate": "Elle existe et rien ne s'oppose à sa publication.",
    "closed_unjustified": "Demande une trace\u00a0: un refus écrit, ou une demande écrite restée "
    "un mois sans réponse, avec la pièce (mots, lien ou fichier). Sans elle, laissez "
    "«\u00a0Non évaluée\u00a0».",
    "closed_justified": "Demande une raison, le texte qui protège et une pièce\u00a0; dites aussi "
    "ce qui peut être donné à la place.",
    "other": "Payante, ou réservée à certains\u00a0: dites sous quelles conditions.",
    "not_produced": "Personne ne la produit ici, après vérification auprès du service concerné.",
    "not_evaluated": "Personne n'a encore vérifié\u00a0: gardez ici qui interroger.",
    "not_concerned": "Sort du calcul\u00a0: dites pourquoi elle ne concerne pas ce territoire.",
}
_WHY = {
    "candidate": "Ce qui reste à faire avant de la publier (facultatif)",
    "closed_justified": "Pourquoi elle est protégée (facultatif)",
    "other": "Conditions ou prix",
    "not_produced": "Ce que l'on sait de cette absence (facultatif)",
    "not_concerned": "Pourquoi elle ne concerne pas ce territoire",
}


@dataclass(frozen=True)
class Sheet:
    """One form being filled: where its widgets keep their state, what it starts from."""

    root: str
    choice: str
    start: Declaration | None
    fills: bool = False  # for several: what is left blank stays as each one says it

    @property
    def key(self) -> str:
        """Where the fields of one status keep their state."""
        return f"{self.root}-{self.choice}"

    def place(self, name: str) -> str:
        """The key of a field: what any status may hold survives a change of status."""
        return f"{self.root if name in _COMMON else self.key}-{name}"

    def was(self, name: str) -> Any:
        """What the declaration in force says, so that nothing is typed twice.

        A reason answers the question of its status: it is no answer to another's.
        """
        if self.start is None or (name == "reason" and not self._same):
            return None
        return getattr(self.start, name)

    @property
    def _same(self) -> bool:
        return self.start is not None and kept_fields.choice_of(self.start) == self.choice

    def text(self, name: str, label: str, **options: Any) -> str | None:
        """A line of text, trimmed; None when empty."""
        typed = st.text_input(
            label,
            value=self.was(name) or "",
            key=self.place(name),
            max_chars=records.LONGEST,
            **options,
        )
        return typed.strip() or None

    def area(self, name: str, label: str) -> str | None:
        """A few lines of text, trimmed; None when empty."""
        typed = st.text_area(
            label,
            value=self.was(name) or "",
            key=self.place(name),
            max_chars=records.LONGEST,
            height=80,
        )
        return typed.strip() or None

    def pick(self, name: str, label: str, options: dict[str, str], now: str | None) -> str | None:
        """One of a list, or nothing."""
        keys = [NONE, *options]
        picked = st.selectbox(
            label,
            keys,
            index=keys.index(now) if now in options else 0,
            format_func=lambda code: options.get(code, "À choisir"),
            key=f"{self.key}-{name}",
        )
        return picked or None


def form(
    cards: Sequence[Dataset],
    store: Store,
    place: Territory,
    key: str,
    effects: Effects | None = None,
) -> None:
    """Declare the status of these datasets; after it, say what changed.

    `effects(datasets, write)` runs `write` and gives the changes of the projects that use them
    (diagnostics.effects.around); without it only what was kept is said.
    """
    if not who.internal():
        who.read_only()
        return
    with st.container():  # what stands under it keeps its place when it goes
        changed.draw(key)
        warned = _warning(key)
    if not cards:
        st.text("Choisissez d'abord une donnée.")
        return
    held = store.declarations(place.code)
    ids = [card.id for card in cards]
    start = held.get(ids[0]) if len(ids) == 1 else None
    turn = f"{key}-{st.session_state.get(f'{key}-tour', 0)}"
    with _frame(turn, start, open_=warned):
        before = {key: held[key] for key in ids if key in held} if len(ids) > 1 else {}
        typed = _sheet(turn, start, fills=bool(before))
        if typed is None:
            return
        frame.html(blocks.texts(kept_fields.told(before, typed), frame.theme()))
        seen = _seen(turn, cards, held)
        if st.button(_label(cards), type="primary", key=f"{turn}-enregistrer"):
            _save(_Entry(ids, store, place, key, typed, before, effects), seen, held)


def start_again(key: str) -> None:
    """Empty a form: it starts again from what is in force."""
    st.session_state[f"{key}-tour"] = st.session_state.get(f"{key}-tour", 0) + 1


def _frame(turn: str, start: Declaration | None, *, open_: bool) -> DeltaGenerator:
    """Folded once something is declared: the page is then read more than it is filled."""
    if start is None:
        return st.container()
    return st.expander("Modifier la déclaration", expanded=open_, key=f"{turn}-ouvrir")


def _warning(key: str) -> bool:
    """Say once, above the form, why nothing was kept; what was typed is still there."""
    said = st.session_state.pop(f"{key}-averti", None)
    if said:
        st.warning(said)
    return said is not None


def _sheet(turn: str, start: Declaration | None, *, fills: bool) -> dict[str, Any] | None:
    """What is filled in; None while no status is chosen."""
    choice = _choice(turn, start)
    if choice is None:
        return None
    frame.aside(_ADVICE[choice])
    typed = _filled(Sheet(turn, choice, start, fills))
    who.name_field(f"{turn}-auteur")
    return typed


def _choice(turn: str, start: Declaration | None) -> str | None:
    options = list(signs.STATUSES)
    now = kept_fields.choice_of(start) if start else None
    return st.radio(
        "Statut",
        options,
        index=options.index(now) if now in options else None,
        format_func=lambda code: f"{signs.STATUSES[code].symbol} {signs.STATUSES[code].word}",
        horizontal=True,
        key=f"{turn}-statut",
    )


def _label(cards: Sequence[Dataset]) -> str:
    if len(cards) == 1:
        return "Enregistrer la déclaration"
    return f"Enregistrer pour les {len(cards)} données"


# --- fields -----------------------------------------------------------------------------------


def _filled(sheet: Sheet) -> dict[str, Any]:
    """What the fields of the chosen status hold, keyed as in Declaration (and « paper »)."""
    typed: dict[str, Any] = {"status": sheet.choice, "existence": "unknown"}
    if sheet.choice == "not_produced":
        typed |= {"status": "not_evaluated", "existence": "not_produced"}
    for group in _GROUPS[sheet.choice]:
        typed |= group(sheet)
    typed["note"] = sheet.area("note", "Note pour l'équipe (facultatif, jamais diffusée)")
    return typed


def _existence(sheet: Sheet) -> dict[str, Any]:
    words = {"exists": "Existe", "partial": "Existe en partie", "unknown": "On ne sait pas"}
    if sheet.choice == "open":
        words.pop("unknown")
    usual = "unknown" if sheet.choice == "not_evaluated" else "exists"
    now = sheet.was("existence") if sheet.was("existence") in words else usual
    if sheet.fills:
        words = {NONE: f"Comme déjà déclarée, sinon «\u00a0{words[usual]}\u00a0»", **words}
        now = NONE
    options = list(words)
    picked = st.radio(
        "Existence",
        options,
        index=options.index(now),
        format_func=words.__getitem__,
        horizontal=True,
        key=f"{sheet.key}-existence",
    )
    return {"existence": picked or None, "usual": usual}


def _why(sheet: Sheet) -> dict[str, Any]:
    return {"reason": sheet.area("reason", _WHY[sheet.choice])}


def _code(sheet: Sheet) -> dict[str, Any]:
    options = _labels(_status_card(sheet.choice)["reasons"])
    return {"reason_code": sheet.pick("reason_code", "Raison", options, sheet.was("reason_code"))}


def _ground(sheet: Sheet) -> dict[str, Any]:
    """A text of the reference, or one typed; those that fit the reason come first."""
    grounds = {made["code"]: made for made in catalog().statuses["legal_grounds"]}
    now = sheet.was("legal_ground")
    code = next((key for key, made in grounds.items() if made["text"] == now), OTHER if now else "")
    options = {key: f"{made['label']} – {made['text']}" for key, made in grounds.items()}
    picked = sheet.pick(
        "ground", "Texte qui la protège (à confirmer avec votre service juridique)",
        {**options, OTHER: "Un autre texte"}, code,
    )  # fmt: skip
    if picked == OTHER:
        return {"legal_ground": sheet.text("legal_ground", "Quel texte, quel article")}
    return {"legal_ground": grounds[picked]["text"] if picked else None}


def _substitute(sheet: Sheet) -> dict[str, Any]:
    options = _labels(catalog().statuses["substitutes"])
    now = sheet.was("substitute")
    if now and now not in options:
        options[now] = now  # words of before the list
    label = "Ce qui peut être donné à la place (facultatif)"
    return {"substitute": sheet.pick("substitute", label, options, now)}


def _trace(sheet: Sheet) -> dict[str, Any]:
    options = _labels(catalog().statuses["traces"])
    trace = sheet.pick("trace", "Trace", options, sheet.was("trace"))
    if trace is None:
        return {"trace": None}
    day = st.date_input(
        "Date de la demande écrite" + ("" if trace == SILENCE else " (facultatif)"),
        value=sheet.was("asked_on"),
        max_value=frame.today(),
        format="DD/MM/YYYY",
        key=f"{sheet.key}-asked_on",
    )
    return {"trace": trace, "asked_on": day}


def _holder(sheet: Sheet) -> dict[str, Any]:
    who_holds = {
        "not_produced": "Service ou organisme qui pourrait la produire",
        "not_evaluated": "Service ou organisme à interroger",
    }
    left, right = st.columns(2)
    with left:
        label = who_holds.get(sheet.choice, "Détenteur (service ou organisme, pas une personne)")
        holder = sheet.text("holder", label)
    with right:
        contact = sheet.text("contact", "Contact public (standard, boîte du service)")
    return {"holder": holder, "contact": contact}


def _proof(sheet: Sheet) -> dict[str, Any]:
    left, right = st.columns(2)
    with left:
        asked = sheet.choice in ("closed_unjustified", "closed_justified")
        optional = "" if asked else " (facultatif)"
        evidence = sheet.text("evidence", f"Pièce, en mots{optional}")
    with right:
        label = "Adresse de la donnée" if sheet.choice == "open" else "Lien de la pièce"
        url = sheet.text("url", f"{label}{optional}", placeholder="https://")
    return {"evidence": evidence, "url": url, **_paper(sheet)}


def _paper(sheet: Sheet) -> dict[str, Any]:
    kept = sheet.was("file")
    name = attachments.shown_name(kept)
    if name and not st.checkbox(
        f"Garder la pièce déjà jointe\u00a0: {french.typeset(_bare(name))}",
        value=True,
        key=f"{sheet.key}-garder",
    ):
        kept = None
    megabytes = attachments.LARGEST // 2**20
    paper = uploading.box(
        f"Joindre la pièce (un fichier de {megabytes}\u00a0Mo au plus, gardé sur ce poste)",
        f"{sheet.key}-file",
        megabytes,
    )
    return {"file": kept, "paper": paper}


def _bare(name: str) -> str:
    """A name for a label, which reads Markdown."""
    return "".join(sign for sign in name if sign not in "\\`*_[]$<>#~|")


def _labels(rows: Sequence[dict[str, Any]]) -> dict[str, str]:
    return {row["code"]: row["label"] for row in rows}


def _status_card(code: str) -> dict[str, Any]:
    return next(row for row in catalog().statuses["access_statuses"] if row["code"] == code)


_GROUPS: dict[str, tuple[Callable[[Sheet], dict[str, Any]], ...]] = {
    "open": (_existence, _proof, _holder),
    "candidate": (_existence, _why, _holder, _proof),
    "closed_unjustified": (_existence, _trace, _proof, _holder),
    "closed_justified": (_existence, _code, _why, _ground, _proof, _substitute, _holder),
    "other": (_existence, _code, _why, _holder, _proof),
    "not_produced": (_why, _holder, _proof),
    "not_evaluated": (_existence, _holder),
    "not_concerned": (_why, _proof),
}


# --- saving -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Entry:
    """All that saving one form asks for."""

    ids: Sequence[str]
    store: Store
    place: Territory
    key: str
    typed: dict[str, Any]
    before: Mapping[str, Declaration]  # of several: those that are replaced, by dataset
    effects: Effects | None


def _seen(turn: str, cards: Sequence[Dataset], held: dict[str, Declaration]) -> dict[str, str]:
    """The declarations this form was opened on, to notice one written in the meantime."""
    seen: dict[str, str] = st.session_state.setdefault(f"{turn}-vu", {})
    for card in cards:
        seen.setdefault(card.id, _latest(held, card.id))
    return seen


def _latest(held: dict[str, Declaration], dataset: str) -> str:
    return held[dataset].id if dataset in held else ""


def _save(entry: _Entry, seen: dict[str, str], held: dict[str, Declaration]) -> None:
    moved = [key for key in entry.ids if _latest(held, key) != seen[key]]
    if moved:
        titles = french.listed(catalog().datasets[key].title for key in moved)
        seen.update({key: _latest(held, key) for key in moved})
        st.session_state[f"{entry.key}-averti"] = (
            "Rien n'est enregistré\u00a0: une autre déclaration a été faite entre-temps sur "
            f"«\u00a0{titles}\u00a0». Relisez-la\u00a0; si la vôtre vaut mieux, enregistrez-la de "
            "nouveau."
        )
        st.rerun()
    try:
        found = _kept(entry)
    except (Refused, StoreError) as refused:
        keeping.refused(refused)
        return
    said = french.plural(len(entry.ids), "donnée")
    changed.keep(entry.key, f"Déclaration enregistrée pour {said}.", found)
    start_again(entry.key)
    st.rerun()


def _kept(entry: _Entry) -> Sequence[Change]:
    """Write, and what it changed where the page can tell."""
    if entry.effects:
        return entry.effects(entry.ids, lambda: _write(entry))
    _write(entry)
    return ()


def _write(entry: _Entry) -> None:
    """Everything is checked before a file is written: a refusal leaves nothing behind."""
    typed = dict(entry.typed)
    paper, person = typed.pop("paper", None), who.person()
    content = paper.getvalue() if paper else b""
    if paper:
        typed["file"] = attachments.named(paper.name, content)
    made = [
        Declaration(entry.place.code, key, **kept_fields.over(entry.before.get(key), typed))
        for key in entry.ids
    ]
    records.check_role(person)
    for one in made:
        records.check(replace(one, author=person.name))
    if paper:
        attachments.keep(entry.store, paper.name, content)
    records.declare(entry.store, person, *made)
