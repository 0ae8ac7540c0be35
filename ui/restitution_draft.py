"""Restitution, the eve: parts or views in order, texts rewritten, comments, pictures; versions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

import streamlit as st

from data import attachments, entries
from data.entries import Draft, Kept
from data.records import LONGEST, Refused
from data.store import StoreError
from drawing import blocks, french, signs
from drawing.blocks import prose
from ui import frame, keeping, uploading, who
from ui.restitution_volets import Room, follows, internal, write

DOCUMENT = "document"  # of the address
SAID, TURN = "brouillon_dit", "brouillon_tour"
LONGEST_CAPTION = 300
NOBODY = (
    "Ce document est à diffuser\u00a0: n'y nommez personne, et n'y mettez rien qui permette de "
    "reconnaître quelqu'un."
)


class Piece(Protocol):
    """A part of a document, or a view: its texts are pairs (id of a draft, words of today)."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def empty(self) -> str: ...
    @property
    def texts(self) -> Sequence[tuple[str, str]]: ...


class Choice(Protocol):
    """A document, or the views for an audience, that one may prepare."""

    @property
    def document(self) -> str: ...
    @property
    def audience(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def pieces(self) -> Callable[[Any], Sequence[Piece]]: ...


@dataclass
class Desk:
    """A draft being written: what it is now, and what it started from."""

    draft: Draft
    kept: Draft  # the latest version when it was begun, or an empty one
    versions: int  # how many there were
    turn: int  # of the session: fresh fields each time a draft is laid on the desk

    @property
    def changed(self) -> bool:
        """Whether something would be lost by leaving."""
        return self.draft != self.kept

    def put(self, name: str, key: str, value: str) -> None:
        """One text, comment, picture or caption; taken out when empty."""
        held = {**getattr(self.draft, name), key: value}
        some: dict[str, Any] = {name: {one: made for one, made in held.items() if made}}
        self.draft = replace(self.draft, **some)

    def arrange(self, names: Sequence[str], usual: Sequence[str]) -> None:
        """The pieces kept, in order; nothing to say when they are all there as usual."""
        self.draft = replace(self.draft, parts=None if list(names) == list(usual) else list(names))

    def start_again(self, draft: Draft) -> None:
        """Another draft on the desk, in fresh fields."""
        self.draft, self.turn = draft, _next_turn()


def _next_turn() -> int:
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    return int(st.session_state[TURN])


def draw(
    room: Room,
    choices: Callable[[], Iterator[Choice]],
    named: Callable[[Any, Draft], str],
    keep_picture: Callable[[str, bytes], str],
) -> None:
    """Choose a document, order its pieces, rewrite what must be, keep it as a version."""
    if not who.internal():
        st.write("Les documents se préparent par l'équipe qui les remet.")
        who.read_only()
        return
    with st.container():  # what stands under it keeps its place when it goes
        keeping.said(SAID)
    choice, wanted = _chosen(room, list(choices()))
    lines = _versions(room, choice, wanted)
    desk = _desk(room, choice, wanted, lines)
    if not wanted:
        frame.aside(NOBODY)
    found = choice.pieces(room.account(wanted))
    order = st.container()  # drawn last: its marks say what has just been typed
    _edit(desk, ordered(found, desk.draft), keep_picture)
    with order:
        _order(desk, found)
    if said := named(room.account(wanted), desk.draft):
        st.warning(blocks.plain(said))
    _save(room, desk, lines)
    _history(room, lines)


def _chosen(room: Room, choices: Sequence[Choice]) -> tuple[Choice, bool]:
    """What one prepares, named in the address; else the views of the audience it names."""
    found = {one.audience or one.document: one for one in choices}
    asked = st.query_params.get(DOCUMENT, room.audience())
    now = asked if asked in found else next(iter(found))
    key = follows(DOCUMENT, now)
    picked = st.selectbox(
        "Document à préparer",
        list(found),
        format_func=lambda one: found[one].title,
        key=key,
        on_change=lambda: write(DOCUMENT, st.session_state[key]),
    )
    return found[picked], internal()


def _versions(room: Room, choice: Choice, wanted: bool) -> list[Kept[Draft]]:
    key = Draft(choice.document, choice.audience, wanted).key
    return entries.history(room.store, Draft, room.place.code, key)


def _desk(room: Room, choice: Choice, wanted: bool, lines: Sequence[Kept[Draft]]) -> Desk:
    """The draft of this session; begun again from the latest version while nothing is typed."""
    empty = Draft(choice.document, choice.audience, wanted)
    name = f"brouillon/{room.place.code}/{empty.key}"
    kept = lines[-1].entry if lines else empty
    desk: Desk | None = st.session_state.get(name)
    if desk is None or (not desk.changed and desk.versions != len(lines)):
        desk = st.session_state[name] = Desk(kept, kept, len(lines), _next_turn())
    return desk


# --- order ---------------------------------------------------------------------------------------


def ordered(pieces: Sequence[Piece], draft: Draft) -> list[Piece]:
    """The pieces kept, in the order of the draft, then those left out."""
    if draft.parts is None:
        return list(pieces)
    rank = {name: place for place, name in enumerate(draft.parts)}
    return sorted(pieces, key=lambda piece: rank.get(piece.id, len(rank)))


def kept_ids(pieces: Sequence[Piece], draft: Draft) -> list[str]:
    """The ids of the pieces kept, in order."""
    names = [piece.id for piece in pieces]
    return names if draft.parts is None else [name for name in names if name in draft.parts]


def moved(names: Sequence[str], name: str, by: int) -> list[str]:
    """The names with one of them moved up (-1) or down (1); unchanged at an end."""
    made, place = list(names), names.index(name)
    target = min(max(place + by, 0), len(made) - 1)
    made.insert(target, made.pop(place))
    return made


def _order(desk: Desk, found: Sequence[Piece]) -> None:
    """Each piece with its box and its two arrows; texts that were touched are marked."""
    st.header("Vues, dans l'ordre" if desk.draft.audience else "Parties, dans l'ordre")
    frame.html(_ARROWS)
    usual = [piece.id for piece in found]
    pieces = ordered(found, desk.draft)
    names = kept_ids(pieces, desk.draft)
    with st.container(gap=None):
        for piece in pieces:
            with st.container(
                horizontal=True,
                vertical_alignment="center",
                gap="xsmall",
                key=f"rang_{piece.id}",
            ):
                _box(desk, piece, names, usual)
                for by in ARROWS:
                    _arrow(desk, piece, names, usual, by)


ARROWS = {-1: ("Monter", "upward"), 1: ("Descendre", "downward")}


def _arrow(desk: Desk, piece: Piece, names: Sequence[str], usual: Sequence[str], by: int) -> None:
    word, icon = ARROWS[by]
    still = piece.id not in names or piece.id == names[0 if by < 0 else -1]
    st.button(
        f"{word} «\u00a0{blocks.plain(piece.title)}\u00a0»",
        key=f"fleche_{by}_{piece.id}",
        icon=f":material/arrow_{icon}:",
        disabled=still,
        on_click=lambda: desk.arrange(moved(names, piece.id, by), usual),
    )


_ARROWS = """<style>
[class*="st-key-fleche_"] button p{position:absolute;width:1px;height:1px;overflow:hidden;
clip-path:inset(50%);white-space:nowrap}
[class*="st-key-fleche_"] button{padding:0 .5rem;min-width:2.5rem}
[class*="st-key-rang_"]{flex-wrap:nowrap}
</style>"""


def _box(desk: Desk, piece: Piece, names: Sequence[str], usual: Sequence[str]) -> None:
    marks = touched(desk.draft, piece)
    said = f" · {french.listed(marks)}" if marks else ""
    key = f"garder_{desk.draft.key}_{desk.turn}_{piece.id}"
    asked = st.checkbox(
        f"{blocks.plain(piece.title)}{said}",
        value=piece.id in names,
        key=key,
        width="stretch",
        wrap=True,
    )
    if asked == (piece.id in names):
        return
    desk.arrange([*names, piece.id] if asked else [n for n in names if n != piece.id], usual)
    st.rerun()


def touched(draft: Draft, piece: Piece) -> list[str]:
    """What a draft changes of a piece: 'texte réécrit', 'commentaire', 'image'."""
    texts = [name for name, words in piece.texts if draft.texts.get(name, words) != words]
    marks = {
        "texte réécrit": texts,
        "commentaire": draft.comments.get(piece.id),
        "image": draft.pictures.get(piece.id),
    }
    found = [mark for mark, made in marks.items() if made]
    doubt = any(strange(draft.texts[name], words) for name, words in piece.texts if name in texts)
    return [*found, "chiffre à vérifier"] if doubt else found


# --- texts, comment, picture ---------------------------------------------------------------------

_FIGURE = re.compile(r"\d(?:[\d\s.,]*\d)?")


def strange(words: str, original: str) -> list[str]:
    """The figures of a rewritten text that the words of today do not hold, in order."""
    known = set(map(_bare, _FIGURE.findall(original)))
    return [made for made in _FIGURE.findall(words) if _bare(made) not in known]


def _bare(figure: str) -> str:
    return re.sub(r"\s", "", figure).replace(".", ",")


def _edit(desk: Desk, pieces: Sequence[Piece], keep: Callable[[str, bytes], str]) -> None:
    st.header("Textes")
    titles = {piece.id: piece for piece in pieces}
    picked = st.selectbox(
        "Vue à modifier" if desk.draft.audience else "Partie à modifier",
        list(titles),
        format_func=lambda name: titles[name].title,
        key=f"partie_{desk.draft.key}",
    )
    piece = titles[picked]
    if piece.empty:
        st.text(f"Cette partie est vide\u00a0: {piece.empty}")
    for name, words in piece.texts:
        _text(desk, name, words)
    if not piece.texts:
        st.write("Cette partie n'a pas de texte à réécrire\u00a0: elle vient des tableaux.")
    _comment(desk, piece)
    _picture(desk, piece, keep)


def _text(desk: Desk, name: str, words: str) -> None:
    """One text to rewrite, with the words of today when they are no longer the same."""
    held = desk.draft.texts.get(name, words)
    typed = st.text_area(
        "Texte du document" if held == words else "Texte réécrit à la main, signalé comme tel",
        value=held,
        max_chars=LONGEST,
        height="content",
        key=f"texte_{desk.draft.key}_{desk.turn}_{name}",
    )
    mine = (typed or "").strip()
    desk.put("texts", name, "" if mine == words.strip() else mine)
    if name not in desk.draft.texts:
        return
    frame.aside(f"Texte d'origine, aujourd'hui : {words}")
    if doubt := strange(mine, words):
        frame.html(blocks.note(_doubt(doubt), frame.theme()))
    if st.button("Remettre le texte d'origine", key=f"remettre_{name}"):
        desk.put("texts", name, "")
        desk.start_again(desk.draft)
        st.rerun()


def _doubt(figures: Sequence[str]) -> str:
    one = len(figures) == 1
    said = "Un chiffre que" if one else "Des chiffres que"
    return (
        f"{said} le texte d'origine n'a pas : {french.listed(figures)}. Vérifiez : un document ne "
        "doit pas contredire le tableau de bord."
    )


def _comment(desk: Desk, piece: Piece) -> None:
    spoken = "Note pour l'orateur, ajoutée à cette vue"
    label = spoken if desk.draft.audience else "Commentaire ajouté à cette partie"
    typed = st.text_area(
        label,
        value=desk.draft.comments.get(piece.id, ""),
        max_chars=LONGEST,
        height=80,
        key=f"commentaire_{desk.draft.key}_{desk.turn}_{piece.id}",
    )
    desk.put("comments", piece.id, (typed or "").strip())


def _picture(desk: Desk, piece: Piece, keep: Callable[[str, bytes], str]) -> None:
    """A picture with the words that stand for it; its hidden data are taken out at once."""
    held = desk.draft.pictures.get(piece.id)
    seed = f"{desk.draft.key}_{desk.turn}_{piece.id}"
    if held is None:
        _join(desk, piece, keep, seed)
        return
    st.text(f"Image jointe\u00a0: {attachments.shown_name(held) or 'nom illisible'}")
    typed = st.text_input(
        "Description de l'image, pour qui ne la voit pas (obligatoire)",
        value=desk.draft.captions.get(piece.id, ""),
        max_chars=LONGEST_CAPTION,
        key=f"legende_{seed}",
    )
    desk.put("captions", piece.id, (typed or "").strip())
    if st.button("Retirer l'image", key=f"retirer_{seed}"):
        desk.put("pictures", piece.id, "")
        desk.put("captions", piece.id, "")
        desk.start_again(desk.draft)
        st.rerun()


def _join(desk: Desk, piece: Piece, keep: Callable[[str, bytes], str], seed: str) -> None:
    sent = uploading.box("Image à joindre (PNG ou JPEG, 10\u00a0Mo au plus)", f"image_{seed}", 10)
    frame.aside(
        "Le lieu, la date et l'auteur que l'appareil a écrits dans la photo sont effacés. "
        "Aucun visage reconnaissable sans accord."
    )
    if sent is None:
        return
    try:
        desk.put("pictures", piece.id, keep(sent.name, sent.getvalue()))
    except (Refused, StoreError) as error:
        keeping.refused(error)
        return
    desk.start_again(desk.draft)
    st.rerun()


# --- keeping -------------------------------------------------------------------------------------


def _save(room: Room, desk: Desk, lines: Sequence[Kept[Draft]]) -> None:
    """One version more, or back to the latest one."""
    if desk.changed:
        other = " Une autre version a été enregistrée depuis\u00a0: la vôtre s'ajoutera après."
        told = "Vos changements ne sont pas encore enregistrés."
        told += other if desk.versions != len(lines) else ""
        frame.html(blocks.note(told, frame.theme()))
    who.name_field("brouillon_nom")
    with st.container(horizontal=True):
        saved = st.button("Enregistrer le brouillon", type="primary", disabled=not desk.changed)
        if desk.changed and st.button("Abandonner ces changements"):
            desk.start_again(desk.kept)
            st.rerun()
    if saved:
        _keep(room, desk.draft, "Brouillon enregistré.")


def _keep(room: Room, draft: Draft, said: str) -> None:
    write = partial(entries.keep, room.store, who.person(), room.place.code, draft)
    if keeping.keep(write, said, SAID):
        st.session_state.pop(f"brouillon/{room.place.code}/{draft.key}", None)
        st.rerun()


def _history(room: Room, lines: Sequence[Kept[Draft]]) -> None:
    """Every version, the latest first; going back writes a new one, nothing is erased."""
    if not lines:
        frame.aside("Aucun brouillon enregistré\u00a0: le document part tel que l'outil l'écrit.")
        return
    st.header("Versions")
    for rank, line in reversed(list(enumerate(lines, start=1))):
        with st.container(horizontal=True, vertical_alignment="center"):
            frame.html(_version(rank, line))
            if rank < len(lines) and st.button(
                f"Revenir à la version {rank}", key=f"version_{line.entry.key}_{rank}"
            ):
                _keep(room, line.entry, f"Version {rank} reprise : rien n'est effacé.")


def _version(rank: int, line: Kept[Draft]) -> str:
    theme = frame.theme()
    when = f"{french.day(line.recorded_at)}, {line.recorded_at:%H:%M}\u00a0UTC"
    return (
        f'<p style="margin:0"><strong>{prose(f"Version {rank}")}</strong> '
        f'<span style="color:{signs.MUTED[theme]}">{prose(when)}, '
        f"{prose(line.author or 'sans nom')}</span><br>{prose(summary(line.entry))}</p>"
    )


def summary(draft: Draft) -> str:
    """'6 parties gardées, 2 textes réécrits, 1 commentaire'."""
    counts: Mapping[str, int] = {
        "texte réécrit|textes réécrits": len(draft.texts),
        "commentaire|commentaires": len(draft.comments),
        "image|images": len(draft.pictures),
    }
    said = [french.plural(count, *name.split("|")) for name, count in counts.items() if count]
    kept = [] if draft.parts is None else [f"{french.plural(len(draft.parts), 'partie')} en ordre"]
    return french.upper_first(french.listed([*kept, *said]) or "document d'origine")
