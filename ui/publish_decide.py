"""Publier, step 5: who agrees, who decided the licence, and the record, with its nine points."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from drawing import blocks, french, signs
from drawing.blocks import prose
from ui import frame, publish_package
from ui import publish_room as rooms
from ui.publish_steps import onward
from ui.publish_work import Work

AGREED, OPINION = "Accord du producteur", "Avis du délégué à la protection des données"
DECIDED = "Licence décidée par"
TOWN, PERSON = "town", "person"
ORGANISATION = "organisation_id"  # beside the consents: where it is published on the platform
# firstname.lastname@…: a functional mailbox is asked for, not somebody's.
_SOMEBODY = re.compile(r"[a-zà-ÿ]{2,20}\.[a-zà-ÿ-]{2,30}@", re.IGNORECASE)
_FUNCTIONS = ("service", "mairie", "open", "data", "contact", "espaces", "accueil", "direction")


def step(work: Work) -> None:
    """The decisions, the record, the points; what lacks is said beside the way on."""
    made = publish_package.to_publish(work)
    _consents(work, publish_package.risks(work))
    _account(work)
    _record(work, made.said)
    _points(publish_package.points(work))
    lacking = lacks(work, made)
    if lacking:
        st.subheader("Il manque encore")
        frame.html(blocks.texts(lacking, frame.theme()))
    onward(work, 6, "Continuer\u00a0: publier", disabled=bool(lacking))


def lacks(work: Work, made: Any) -> list[str]:
    """What must be given before anything leaves, one sentence each."""
    said = list(made.lacking)
    if work.made.consents.get("account") == PERSON and not made.consents.personal_account:
        said.append(
            "Compte personnel : confirmez que le jeu sera publié au nom d'une personne, ou "
            "choisissez l'organisation de la ville."
        )
    return said


# --- decisions -------------------------------------------------------------------------------


def _consents(work: Work, risks: Sequence[Any]) -> None:
    st.subheader("Décisions")
    frame.aside("Ces noms restent dans le journal interne\u00a0: ils ne sont jamais publiés.")
    text(work, "consents", "producer", f"{AGREED}\u00a0: qui, dans le service qui a le fichier")
    day(work, "consents", "producer_on", "Donné le (facultatif)")
    if risks:
        _officer(work, risks)
    choice(
        work,
        "consents",
        "licence",
        "Licence",
        {code: made.title for code, made in work.room.tools.package.licences.items()},
    )
    text(work, "consents", "licence_by", f"{DECIDED} (élu, délégation, délibération)")


def _officer(work: Work, risks: Sequence[Any]) -> None:
    reasons = [french.upper_first(risk.why.rstrip(".")) + "." for risk in risks]
    lead = f"{OPINION} : à demander, car :"
    items = "".join(f"<li>{prose(reason)}</li>" for reason in dict.fromkeys(reasons))
    frame.html(
        f'<div role="note" style="background:{signs.TINT[frame.theme()]};border-radius:4px;'
        f'padding:.5rem .8rem;margin:.3rem 0"><strong>{prose(lead)}</strong>'
        f'<ul style="margin:.2rem 0 0;padding-left:1.2rem">{items}</ul></div>'
    )
    text(work, "consents", "officer", f"{OPINION}\u00a0: qui, et ce qu'il dit")
    day(work, "consents", "officer_on", "Rendu le (facultatif)")


def _account(work: Work) -> None:
    place = french.of_place(work.room.place.name, work.room.place.level)
    options = {TOWN: f"L'organisation {place}", PERSON: "Un compte personnel"}
    key = rooms.follow(f"publier-compte-{work.key}", work.made.consents.get("account", TOWN))
    st.radio(
        "Publié au nom de",
        list(options),
        format_func=options.__getitem__,
        horizontal=True,
        key=key,
        on_change=lambda: put(work, "consents", "account", st.session_state[key]),
    )
    if work.made.consents.get("account") != PERSON:
        text(
            work,
            "consents",
            ORGANISATION,
            "Identifiant de l'organisation sur data.gouv.fr (pour l'envoi\u00a0; facultatif)",
        )
        return
    frame.html(
        blocks.note(
            "Le jeu paraîtra au nom d'une personne, pas de la ville : si elle part, la ville perd "
            "la main. Préférez l'organisation.",
            frame.theme(),
        )
    )
    sure = rooms.follow(
        f"publier-personnel-{work.key}", bool(work.made.consents.get("personal_account"))
    )
    st.checkbox(
        "Je confirme la publication sous un compte personnel",
        key=sure,
        on_change=lambda: put(work, "consents", "personal_account", st.session_state[sure]),
    )


# --- the record ------------------------------------------------------------------------------


def _record(work: Work, said: Any) -> None:
    """The record; what is left empty is filled from what is known, and shown as such."""
    st.subheader("Fiche")
    frame.aside("Ce qui reste vide prend la valeur proposée en gris.")
    text(work, "metadata", "title", "Titre", placeholder=said.title)
    text(work, "metadata", "description", "Description", placeholder=said.description, tall=True)
    choice(
        work,
        "metadata",
        "frequency",
        "Fréquence de mise à jour",
        {code: made.label for code, made in work.room.tools.package.frequencies.items()},
        "unknown",
    )
    left, right = st.columns(2)
    with left:
        day(work, "metadata", "start", "Premier jour décrit")
    with right:
        day(work, "metadata", "end", "Dernier jour décrit")
    _keywords(work, said.keywords)
    text(
        work,
        "metadata",
        "contact",
        "Contact\u00a0: boîte fonctionnelle d'un service",
        placeholder="opendata@ville.fr",
    )
    _mailbox(str(work.made.metadata.get("contact") or ""))
    text(work, "metadata", "organisation", "Organisation", placeholder=said.organisation)
    text(
        work,
        "metadata",
        "siret",
        "SIRET de l'organisation",
        placeholder=said.siret or "14 chiffres",
    )


def _mailbox(contact: str) -> None:
    named = _SOMEBODY.match(contact)
    if named and not contact.casefold().startswith(_FUNCTIONS):
        st.warning(
            "Cette adresse semble être celle d'une personne\u00a0: donnez plutôt celle d'un "
            "service."
        )


def _keywords(work: Work, proposed: Sequence[str]) -> None:
    kept = ", ".join(work.made.metadata.get("keywords") or ())
    key = rooms.follow(f"publier-mots-{work.key}", kept)
    st.text_input(
        "Mots-clés, séparés par des virgules",
        key=key,
        max_chars=300,
        placeholder=", ".join(proposed),
        on_change=lambda: put(work, "metadata", "keywords", words(st.session_state[key])),
    )


def words(typed: str) -> list[str]:
    """'arbres, Parc ,' -> ['arbres', 'Parc'], each once."""
    return list(dict.fromkeys(word for part in typed.split(",") if (word := part.strip())))[:20]


# --- fields ----------------------------------------------------------------------------------


def text(
    work: Work, group: str, name: str, label: str, *, placeholder: str = "", tall: bool = False
) -> None:
    """A field of text, kept as soon as it is left."""
    key = rooms.follow(f"publier-{name}-{work.key}", str(getattr(work.made, group).get(name) or ""))
    options: dict[str, Any] = {
        "key": key,
        "placeholder": placeholder or None,
        "max_chars": 2000 if tall else 200,
        "on_change": lambda: put(work, group, name, st.session_state[key].strip()),
    }
    if tall:
        st.text_area(label, height=130, **options)
    else:
        st.text_input(label, **options)


def day(work: Work, group: str, name: str, label: str) -> None:
    """A day, kept as ISO text."""
    kept = str(getattr(work.made, group).get(name) or "")
    key = rooms.follow(f"publier-{name}-{work.key}", _day(kept))
    st.date_input(
        label,
        value=None,
        key=key,
        format="DD/MM/YYYY",
        min_value=date(1900, 1, 1),
        max_value=date(2100, 12, 31),
        on_change=lambda: put(work, group, name, _iso(st.session_state[key])),
    )


def _day(kept: str) -> date | None:
    try:
        return date.fromisoformat(kept)
    except ValueError:
        return None


def _iso(picked: date | None) -> str:
    return picked.isoformat() if picked else ""


def choice(
    work: Work, group: str, name: str, label: str, options: dict[str, str], usual: str = ""
) -> None:
    """One of a list."""
    now = getattr(work.made, group).get(name) or usual
    codes = [*([""] if not usual else []), *options]
    key = rooms.follow(f"publier-{name}-{work.key}", now if now in codes else codes[0])
    st.selectbox(
        label,
        codes,
        format_func=lambda code: options.get(code, "À choisir"),
        key=key,
        on_change=lambda: put(work, group, name, st.session_state[key]),
    )


def put(work: Work, group: str, name: str, value: Any) -> None:
    """Keep one value of a group; an empty one is taken away."""
    held = getattr(work.now(), group)
    changes: dict[str, Any] = {group: rooms.merged(held, **{name: value or None})}
    work.put(**changes)


# --- points ----------------------------------------------------------------------------------


def _points(points: Sequence[Any]) -> None:
    gained = sum(point.gained for point in points)
    st.subheader(f"Qualité sur data.gouv.fr\u00a0: {gained} {french.agree(gained, 'point')} sur 9")
    theme = frame.theme()
    lines = "".join(_point(point, theme) for point in points)
    frame.html(f'<ul style="list-style:none;padding:0;margin:.2rem 0 .8rem">{lines}</ul>')


def _point(point: Any, theme: str) -> str:
    sign, word = ("●", "gagné") if point.gained else ("○", "à gagner")
    colour = signs.STATUSES["open"].colour(theme) if point.gained else signs.MUTED[theme]
    how = "" if point.gained else f"\u00a0: {prose(point.how)}"
    return (
        f'<li style="margin:.15rem 0"><span style="color:{colour};white-space:nowrap">'
        f'<span aria-hidden="true">{sign}</span> {word}</span> '
        f"<strong>{prose(point.title)}</strong>{how}</li>"
    )
