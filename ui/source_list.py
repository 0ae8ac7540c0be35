"""Sources et méthode: the state of each source, what to do about it, and the method."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import streamlit as st

from data.catalog import catalog
from data.store import Store
from data.territories import Territory
from drawing import blocks, french, signs
from drawing.blocks import Cell, Share, prose
from ui import choosing, fetching, frame, menu, source_changes, source_state_file, who
from ui import source_state_words as words
from ui.source_state import COUNTED, STATES, Standing, standings

METHOD = Path(__file__).resolve().parent.parent / "docs" / "method.md"
HEADERS = ("Source", "Copie qui sert", "Taille", "Prochain pas")
FIRST = 6  # lines of a group shown before « afficher »
SOURCE, STATE = "source", "etat"  # in the address
TO_MEND = ("failed", "refused")
FILE = "etat_des_sources.csv"


@dataclass(frozen=True)
class Room:
    """What the parts of the screen share."""

    door: Any  # connectors.refresh
    store: Store
    place: Territory | None  # None: no real territory is chosen, the whole log is read
    today: date
    found: tuple[Standing, ...]
    reached: frozenset[tuple[str, str]]  # (dataset, connector) that a run on the place would ask

    def reachable(self, made: Standing) -> bool:
        """Whether a run on the chosen territory would ask this source."""
        return (made.card.id, made.source.connector) in self.reached

    @property
    def acting(self) -> Territory | None:
        """The territory for which a run may be started by this person."""
        return self.place if who.internal() else None


def room(door: Any, store: Store, chosen: Territory | None) -> Room:
    """The sources as they stand for the chosen territory, or for all without a real one."""
    place = None if chosen is None or chosen.fictional else chosen
    tasks = door.plan([place]) if place else []
    reached = frozenset((task.dataset.id, task.source.connector) for task in tasks)
    found = _standings(place.code if place else "", store.version, store, place)
    return Room(door, store, place, frame.today(), found, reached)


@st.cache_resource(max_entries=50, show_spinner=False)
def _standings(
    code: str, version: str, _store: Store, _place: Territory | None
) -> tuple[Standing, ...]:
    """Computed again only when the store has changed: the log of a programme is long."""
    scopes = _place.scopes if _place else None
    kept = _store.latest(scopes).values() if scopes else [_store.standing()]
    lines = (line for made in kept for line in made)
    found = standings(catalog().datasets.values(), lines, _store.findings(scopes), _place)
    return tuple(_once(found))


def _once(found: Sequence[Standing]) -> Iterator[Standing]:
    """Without the programme's own sources of what a source of the territory brings as well."""
    asked = {made.card.id for made in found if made.state not in ("programme", "embedded")}
    yield from (made for made in found if made.state != "programme" or made.card.id not in asked)


def fetch_all(door: Any, store: Store, place: Territory | None) -> None:
    """Fetch everything for the chosen territory, when there is one."""
    if place is not None:
        st.header(f"Récupérer pour {french.upper_first(place.name)}")
        fetching.all_button(door, store, place)


def state(room: Room) -> None:
    """Every source by state: the counts, what is to be mended, then the others."""
    where = f" {french.inside(room.place.name, room.place.level)}" if room.place else ""
    st.header(f"État des sources{where}")
    _counts(room)
    picked = _filter(room)
    for code in STATES:
        group = [made for made in room.found if made.state == code]
        if group and picked in (None, code):
            _group(room, code, group, whole=picked == code)
    _download(room)


def _counts(room: Room) -> None:
    numbers = {code: sum(made.state == code for made in room.found) for code in STATES}
    said = [_number(code, count) for code, count in numbers.items() if count]
    without = sum(not card.sources for card in catalog().needs().values())
    st.write(f"**{french.plural(len(room.found), 'source')}**\u00a0: {french.listed(said)}.")
    shares = [Share(STATES[code], count, _number(code, count)) for code, count in numbers.items()]
    frame.html(blocks.bar(shares, frame.theme(), "Sources", height="1rem"))
    if without:
        frame.aside(
            f"{french.plural(without, 'donnée')} du référentiel n'ont aucune source en ligne"
            "\u00a0: elles se demandent à leur détenteur."
        )


def _number(code: str, count: int) -> str:
    return f"{french.number(count)}\u00a0{french.agree(count, *COUNTED[code])}"


def _filter(room: Room) -> str | None:
    """One state, or all; what is picked stands in the address."""
    numbers = Counter(made.state for made in room.found)
    present = [code for code in STATES if numbers[code]]
    named = st.query_params.get(STATE)
    picked = st.pills(
        "Ne montrer que",
        present,
        default=named if named in present else None,
        format_func=lambda code: f"{STATES[code].symbol} {STATES[code].word} ({numbers[code]})",
    )
    if picked:
        st.query_params[STATE] = picked
    else:
        st.query_params.pop(STATE, None)
    return picked


def _group(room: Room, code: str, group: Sequence[Standing], *, whole: bool) -> None:
    name = blocks.mark(STATES[code], frame.theme())
    frame.html(
        f'<h3 style="font-size:1.2rem;margin:.8rem 0 0;padding:0">{name} ({len(group)})</h3>'
    )
    several = list(dict.fromkeys(made.card.id for made in group if room.reachable(made)))
    if code == "failed" and room.acting and len(several) > 1:
        label = f"Réessayer les {len(several)} sources en échec"
        if st.button(label, key="reessayer-tout"):
            fetching.start(room.door, room.store, room.acting, several)
    everything = whole or len(group) <= FIRST
    if not everything:
        everything = st.toggle(f"Afficher les {len(group)}", key=f"tout-{code}")
    shown = group if everything else group[:FIRST]
    if code in TO_MEND:
        for made in shown:
            _to_mend(room, made)
    else:
        held = any(made.good for made in shown)
        heads = HEADERS if held else (HEADERS[0], HEADERS[-1])
        rows = [_row(room, made, held) for made in shown]
        frame.html(blocks.table(STATES[code].word, heads, rows, frame.theme()))


def _to_mend(room: Room, made: Standing) -> None:
    """A source that asks for someone: what happened, what serves meanwhile, the button."""
    theme = frame.theme()
    told, button = st.columns([5, 2], vertical_alignment="center")
    with told:
        frame.html(
            f'<div style="border-top:1px solid {signs.BORDER[theme]};padding-top:.5rem">'
            f"{_title(made)}{blocks.text(words.trouble(made), theme)}"
            f"{_under(words.serving(made))}{_under(_advice(room, made))}</div>" + _technical(made)
        )
    with button:
        _buttons(room, made, "liste")


def _advice(room: Room, made: Standing) -> str:
    """What the buttons do not say by themselves."""
    if made.refusal:
        return "Vérifiez chez le producteur avant d'accepter la nouvelle version."
    offered = _offered(room, made) and not words.needs_key(made.last.detail if made.last else "")
    return "" if offered else words.step(made, room.today, room.reachable(made))


def _offered(room: Room, made: Standing) -> bool:
    return room.acting is not None and room.reachable(made)


def _technical(made: Standing) -> str:
    """The sentence of the log, on demand, for the team: it names machines."""
    detail = made.last.detail if made.last else None
    if not detail or made.state not in TO_MEND or not who.internal():
        return ""
    said = f'<p style="margin:.2rem 0;overflow-wrap:anywhere">{prose(detail[:600])}</p>'
    return blocks.folded("Détail technique", said, frame.theme())


def _buttons(room: Room, made: Standing, where: str) -> None:
    place = room.acting
    if place is None or not _offered(room, made):
        return
    verb = "Récupérer" if made.state == "never" else "Réessayer" if made.streak else "Rafraîchir"
    with st.container(horizontal=True):
        if st.button(f"{verb} pour {place.name}", key=f"essai-{where}-{made.key}"):
            fetching.start(room.door, room.store, place, [made.card.id])
        if made.refusal and st.button(
            "Accepter la nouvelle version",
            key=f"accepter-{where}-{made.key}",
            help="Elle remplace la copie d'avant, même avec bien moins de lignes.",
        ):
            fetching.start(room.door, room.store, place, [made.card.id], accept_fall=True)


def _row(room: Room, made: Standing, held: bool) -> list[Cell]:
    unseen = made.source.not_seen_live
    step = words.next_step(made, room.today, room.reachable(made))
    idle = step.startswith("Rien à faire")
    if _offered(room, made) and made.state != "embedded" and not idle:
        shown = _to_sheet(step, made)
    else:
        shown = prose(step)
    more = _under(f"Non vérifié en ligne\u00a0: {unseen}.") if unseen else ""
    copy = prose(words.copy(made, room.today)) + _under(words.vintage(made)) if made.good else "–"
    middle = [Cell(copy, 2, "9rem"), Cell(prose(words.extent(made)), 2, "7rem")] if held else []
    return [Cell(_title(made), 4, "13rem", labelled=False), *middle, Cell(shown + more, 4, "12rem")]


def _to_sheet(label: str, made: Standing) -> str:
    here = menu.address("sources")
    return blocks.page_link(label, here, choosing.parameters(**{SOURCE: made.key}))


def _title(made: Standing) -> str:
    """The title opens the whole sheet of the source; producer and licence under it."""
    via = f", via {made.source.via}" if made.source.via else ""
    return f"<strong>{_to_sheet(made.card.title, made)}</strong>" + _under(
        f"{made.source.producer}{via} · {made.source.licence}"
    )


def _under(said: str) -> str:
    if not said:
        return ""
    return (
        f'<span style="display:block;font-size:.84rem;color:{signs.MUTED[frame.theme()]}">'
        f"{prose(said)}</span>"
    )


def _download(room: Room) -> None:
    st.download_button(
        "Télécharger l'état des sources (CSV)",
        lambda: source_state_file.as_csv(room.found, room.today, room.reachable),
        file_name=FILE,
        mime="text/csv",
        on_click="ignore",
    )


# --- one source ------------------------------------------------------------------------------


def chosen(room: Room) -> None:
    """The whole sheet of the source that the address names."""
    key = st.query_params.get(SOURCE, "")[:100]
    if not key:
        return
    made = next((one for one in room.found if one.key == key), None)
    with st.container(border=True):
        if made is None:
            st.write(f"La source «\u00a0{blocks.plain(key)}\u00a0» n'est pas connue ici.")
        else:
            _sheet(room, made)
        st.button("Fermer la fiche", on_click=_close)


def _close() -> None:
    st.query_params.pop(SOURCE, None)


def _sheet(room: Room, made: Standing) -> None:
    theme = frame.theme()
    st.header(blocks.plain(made.card.title))
    said = [words.trouble(made)] if made.state in TO_MEND else []
    frame.html(blocks.mark(STATES[made.state], theme) + blocks.texts(said, theme))
    rows = [
        [Cell(f"<strong>{prose(name)}</strong>", 1, "11rem", False), Cell(body, 4, "16rem", False)]
        for name, body in _facts(room, made)
    ]
    _buttons(room, made, "fiche")
    frame.html(blocks.table(made.card.title, ("", ""), rows, theme) + _technical(made))


def _facts(room: Room, made: Standing) -> list[tuple[str, str]]:
    """(name, HTML) of all that is known of a source; what is not known is left out."""
    source, line = made.source, made.last
    level = signs.LEVELS.get(source.level, source.level)
    areas = f" ; {french.number(source.areas)} zones" if source.areas else ""
    via = f", via {source.via}" if source.via else ""
    caught = source_changes.said(room.store.findings(_scopes(room)), made.card.id)[:3]
    facts = [
        ("Producteur", prose(f"{source.producer}{via} · {source.licence}")),
        ("Couverture", prose(f"niveau {level} ; {french.lower_first(source.coverage)}{areas}")),
        ("Dernier succès", prose(words.copy(made, room.today)) if made.good else ""),
        ("Dernier échec", prose(words.attempt(made.failure)) if made.failure else ""),
        ("Millésime", prose(_vintage(made))),
        ("Taille", prose(_cost(made)) if line else ""),
        ("Non vérifié en ligne", prose(source.not_seen_live or "")),
        ("À savoir", "<br>".join(map(prose, source.caveats))),
        ("Changements", "<br>".join(map(prose, caught))),
        ("Essais", "<br>".join(prose(words.attempt(one)) for one in made.lines[:5])),
        ("Adresse", blocks.link(source.url, source.url) if source.url else ""),
        ("Prochain pas", prose(words.next_step(made, room.today, room.reachable(made)))),
    ]
    return [(name, body) for name, body in facts if body]


def _scopes(room: Room) -> tuple[str, ...] | None:
    return room.place.scopes if room.place else None


def _vintage(made: Standing) -> str:
    rule = f" ; lu ainsi : {made.source.vintage_rule}" if made.source.vintage_rule else ""
    return words.vintage(made) + rule


def _cost(made: Standing) -> str:
    """What it weighs, and what one call costs."""
    calls = made.source.requests
    asked = f"gros fichier d'environ {french.number(made.source.size_mb)}\u00a0Mo"
    each = asked if made.source.size_mb else f"{french.plural(calls, 'demande')} par appel"
    return words.extent(made) if made.state == "embedded" else f"{words.extent(made)} ; {each}"


# --- method ----------------------------------------------------------------------------------


def method() -> None:
    """How figures, statuses and verdicts are made."""
    st.header("Méthode")
    if METHOD.exists():
        st.markdown(_lowered(_without_examples(METHOD.read_text(encoding="utf-8"))))


def _without_examples(text: str) -> str:
    """The page less its sums worked by hand, which the tests play and the file keeps."""
    return re.sub(r"^## Exemples calculés à la main\n.*?(?=^## )", "", text, flags=re.S | re.M)


def _lowered(text: str) -> str:
    """Headings one level under the screen's own, and no second title."""
    lines = text.splitlines()
    body = lines[1:] if lines and lines[0].startswith("# ") else lines
    return "\n".join("#" + line if line.startswith("##") else line for line in body)
