"""Ma semaine: alerts, late answers, deadlines, what moved, hours, who can help nearby."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from data import entries, nearby
from data.entries import Hours, Kept, Visit
from data.nearby import Body
from data.records import Refused
from data.store import Store, StoreError
from data.territories import Territory
from diagnostics.changes import Change
from diagnostics.week import NOTICE_DAYS, Awaited, Deadline, Move, Spent
from drawing import blocks, duties, french, mentions, tidings
from drawing.blocks import Cell, prose
from drawing.tidings import Line
from ui import choosing, frame, keeping, menu, who

FIRST = 12  # lines shown before « tout afficher »
WEEKS = 4  # weeks of hours shown
NEW = "Nouvelle ligne"
SHORTEST = 0.25  # hours
SAID = "semaine_dit"  # what the last write kept, said once on the next run
KINDS = {
    "digital_syndicate": "Syndicat numérique",
    "technical_agency": "Agence technique départementale",
    "data_facilitator": "Animateur territorial des données",
    "departement": "Département",
    "intercommunality": "Intercommunalité",
    "prefecture": "Préfecture",
    "network": "Réseau national",
}
NONE_LISTED = "Aucun organisme repéré dans notre liste, ce qui ne veut pas dire qu'il n'y en a pas."


def closed() -> bool:
    """Whether this session may not see what people wrote; the sentence is drawn."""
    if who.internal():
        return False
    st.write(
        "Cet écran montre ce que l'équipe a saisi\u00a0: alertes, demandes, échéances, heures. Il "
        "se lit depuis le poste qui porte l'outil, ou avec un compte d'éditeur."
    )
    return True


def said() -> None:
    """What the last write kept."""
    if words := st.session_state.pop(SAID, None):
        st.toast(words)


# --- alerts ---------------------------------------------------------------------------------


def alerts(
    store: Store,
    place: Territory,
    visit: Kept[Visit] | None,
    found: Sequence[Change],
    seen: Mapping[str, Any],
) -> None:
    """What changed since the last « j'ai vu », and the button that says it again."""
    st.header("Depuis la dernière visite")
    if visit is None:
        st.write(
            "Première visite\u00a0: rien à comparer. «\u00a0J'ai vu\u00a0» garde l'état "
            "d'aujourd'hui\u00a0; les alertes diront ensuite ce qui a changé."
        )
    else:
        _since(visit, found)
    st.button(
        "J'ai vu", type="primary", key="jai_vu", on_click=partial(_seen, store, place.code, seen)
    )


def _since(visit: Kept[Visit], found: Sequence[Change]) -> None:
    by = f", par {visit.author}" if visit.author else ""
    when = f"le {french.day(visit.recorded_at)}{by}"
    today = frame.today()
    if found:
        count = french.plural(len(found), "changement")
        frame.html(blocks.text(f"{count} depuis la visite notée {when}.", frame.theme()))
    else:
        words = f"Aucun changement repéré depuis la visite notée {when}."
        frame.html(blocks.text(words, frame.theme()))
    _lines("Alertes", [tidings.change(made, today) for made in found], "alertes")


def _seen(store: Store, code: str, seen: Mapping[str, Any]) -> None:
    """A refused write is said like a kept one: callbacks draw nothing of their own."""
    try:
        entries.keep(store, who.person(), code, Visit(seen=dict(seen)))
        st.session_state[SAID] = "Visite notée\u00a0: les alertes repartent de maintenant."
    except (Refused, StoreError) as refused:
        st.session_state[SAID] = keeping.why(refused)


# --- requests, deadlines, moves -------------------------------------------------------------


def late(found: Sequence[Awaited]) -> None:
    """Late answers, those that may be reminded of, and the way to the requests."""
    st.header("Réponses en attente")
    if not found:
        st.write("Aucune réponse attendue n'a dépassé sa date.")
        return
    ready = sum(made.remind for made in found)
    overdue = french.plural(len(found), "réponse attendue", "réponses attendues")
    sent = french.plural(ready, "relance prête", "relances prêtes")
    st.write(f"**{overdue}** au-delà de la date espérée, {sent} à envoyer.")
    today = frame.today()
    _lines("Réponses en attente", [tidings.awaited(made, today) for made in found], "attente")
    choosing.go("demandes", "Écrire les relances")


def deadlines(found: Iterable[Deadline]) -> None:
    """What falls due within thirty days, and what has passed."""
    st.header("Échéances")
    today = frame.today()
    made = list(found)
    lines = [tidings.deadline(one, today) for one in made]
    if not lines:
        st.write(f"Aucune échéance connue dans les {NOTICE_DAYS} jours, aucune passée.")
    else:
        st.write(f"Celles des {NOTICE_DAYS} prochains jours, et celles qui sont passées.")
    _lines("Échéances", lines, "echeances")
    if any(one.badge for one in made):
        frame.aside(duties.LEGAL)


def moves(found: Sequence[Move]) -> None:
    """What the team wrote these seven days."""
    st.header("Ce qui a bougé cette semaine")
    if not found:
        st.write("Rien n'a été saisi ces sept derniers jours.")
    _lines("Mouvements", [tidings.move(made) for made in found], "mouvements")


def _lines(name: str, lines: Sequence[Line], key: str) -> None:
    """Kind, subject with its screen, detail, when; the first ones, then all in one touch."""
    if not lines:
        return
    every = len(lines) <= FIRST or st.toggle(f"Afficher les {len(lines)} lignes", key=f"tout-{key}")
    rows = [
        [
            Cell(prose(line.kind), 1, "6rem", labelled=False),
            Cell(_subject(line), 3, "11rem", labelled=False),
            Cell(prose(line.detail), 4, "13rem", labelled=False),
            Cell(prose(line.when), 2, "9rem", labelled=False),
        ]
        for line in (lines if every else lines[:FIRST])
    ]
    frame.html(blocks.table(name, ("Quoi", "Sur quoi", "Détail", "Quand"), rows, frame.theme()))


def _subject(line: Line) -> str:
    if line.dataset:
        at = choosing.parameters(jeu=line.dataset)
        return blocks.page_link(line.subject, menu.address("donnee"), at)
    if line.experiment:
        at = choosing.parameters(experience=line.experiment)
        return blocks.page_link(line.subject, menu.address("disponibilite"), at)
    return prose(line.subject)


# --- hours ----------------------------------------------------------------------------------


def hours(store: Store, place: Territory, spent: Spent) -> None:
    """The total, by week, and a small form; a line can be corrected."""
    st.header("Heures passées")
    if spent.lines:
        weeks = [
            f"semaine du {french.day(monday)}\u00a0: {tidings.hours(total)}"
            for monday, total in spent.weeks[:WEEKS]
        ]
        st.write(f"**{tidings.hours(spent.total)}** en tout, dont {french.listed(weeks)}.")
    else:
        st.write("Aucune heure notée.")
    with st.expander("Noter ou corriger des heures"):
        _hours_form(store, place, spent)


def _hours_form(store: Store, place: Territory, spent: Spent) -> None:
    held = {made.entry.key: made.entry for made in spent.lines[:20]}
    picked = (
        st.selectbox(
            "Ligne", [NEW, *held], format_func=lambda key: _named(held.get(key)), key="heures_ligne"
        )
        if held
        else NEW
    )
    before = held.get(picked)
    with st.form(f"heures_{picked}", clear_on_submit=before is None, border=False):
        day = st.date_input("Jour", before.day if before else frame.today(), format="DD/MM/YYYY")
        given = min(24.0, max(SHORTEST, float(before.hours))) if before else None
        value = st.number_input("Heures", SHORTEST, 24.0, given, step=0.25, format="%.2f")
        what = st.text_input("Pour quoi", before.what if before else "", max_chars=200)
        who.name_field("heures_auteur")
        if st.form_submit_button("Enregistrer"):
            if value is None:
                st.warning("Écrivez d'abord le nombre d'heures.")
            else:
                _keep_hours(store, place.code, before, day, value, what)


def _named(line: Hours | None) -> str:
    if line is None:
        return NEW
    about = f", {line.what}" if line.what else ""
    return f"{french.day(line.day)}, {tidings.hours(line.hours)}{about}"


def _keep_hours(
    store: Store, code: str, before: Hours | None, day: Any, value: float, what: str
) -> None:
    same = {"key": before.key} if before else {}
    made = Hours(day, float(value), what.strip(), **same)
    kept = f"{tidings.hours(value)} notées pour le {french.day(day)}."
    if keeping.keep(partial(entries.keep, store, who.person(), code, made), kept, SAID):
        st.rerun()


# --- steering committee, nearby help --------------------------------------------------------


def steering(page: Callable[[], bytes], name: str) -> None:
    """One page to print for the committee."""
    st.header("Une page pour le comité de pilotage")
    st.write(
        "L'état des données, les projets, ce qui a bougé, les prochaines actions et échéances, sur "
        f"une page à imprimer. {mentions.INTERNAL}."
    )
    st.download_button(
        "Télécharger la page (HTML)", page, file_name=name, mime="text/html", on_click="ignore"
    )


def helpers(place: Territory) -> None:
    """Bodies that may help near here, each with its source and date."""
    st.header("Qui peut aider près d'ici")
    found = nearby.near(place)
    if not any(made.listed for made in found):
        st.write(NONE_LISTED)
    rows = [_body(made) for made in found]
    headers = ("Organisme", "Ce qu'il peut apporter", "Source")
    frame.html(blocks.table("Qui peut aider", headers, rows, frame.theme()))
    if rows:
        frame.aside(nearby.caveat())


def _body(made: Body) -> list[Cell]:
    kind = f'<br><span style="font-size:.86rem">{prose(KINDS[made.kind])}</span>'
    named = f"<strong>{prose(made.name)}</strong>"
    source = prose(made.source_title)
    if made.source_url:
        source = blocks.link(made.source_title, made.source_url)
    dated = _dated(made.source_date)
    return [
        Cell(named + (kind if made.listed else ""), 3, "12rem", labelled=False),
        Cell(prose(made.help), 4, "14rem", labelled=False),
        Cell(f'<span style="font-size:.86rem">{source} ({prose(dated)})</span>', 3, "11rem"),
    ]


def _dated(text: str | None) -> str:
    """'2020-01' -> 'janvier 2020'; a year or a day as usual."""
    if text is None:
        return "page non datée"
    year, _, month = text.partition("-")
    if len(month) == 2:
        return f"{french.MONTHS[int(month) - 1]}\u00a0{year}"
    return french.readable_day(text)
