"""Who is at the keyboard: an editor on this very machine, or one that the sign-in names.

Served beyond the machine without a sign-in, everyone reads and nobody writes; the default, when
nothing is known of the connection, is the most closed.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from data.records import ANIMATOR, EDITOR, READER, Person

AUTHOR = "auteur"
_RELAYED = ("x-forwarded-for", "x-forwarded-host", "x-real-ip", "forwarded", "via")


def person() -> Person:
    """The person of this session, with the role that counts when something is kept."""
    if _sign_in():
        return _signed_in()
    if loopback(dict(st.context.headers), st.context.ip_address):
        return Person(EDITOR, st.session_state.get(AUTHOR) or None)
    return Person()


def internal() -> bool:
    """Whether notes, requests, history and names may be shown to this session."""
    return person().may_write


def loopback(headers: dict[str, str], address: str | None) -> bool:
    """Whether a connection comes from this machine and was relayed by nobody."""
    held = {name.lower(): value for name, value in headers.items()}
    if any(name in held for name in _RELAYED):
        return False
    host = urlsplit(f"//{held.get('host', '')}").hostname or ""
    # A proxy may rewrite the host: the page's own origin, which the browser gives, still tells.
    origin = urlsplit(held["origin"]).hostname or "" if held.get("origin") else host
    near = all(map(_is_loopback, (host, origin)))
    return near and (address is None or _is_loopback(address))


def _is_loopback(place: str) -> bool:
    if place == "localhost":
        return True
    try:
        return ip_address(place).is_loopback
    except ValueError:
        return False


def _secrets() -> dict[str, Any]:
    try:
        return dict(st.secrets)
    except FileNotFoundError:
        return {}


def _sign_in() -> bool:
    return "auth" in _secrets()


def _signed_in() -> Person:
    mail = str(st.user.get("email") or "").lower() if st.user.get("is_logged_in") else ""
    roles = ((ANIMATOR, "animators"), (EDITOR, "editors"))
    named = _secrets().get("roles", {})
    role = next((role for role, group in roles if mail and mail in named.get(group, ())), READER)
    return Person(role, str(st.user.get("name") or mail) or None if mail else None)


def name_field(key: str) -> None:
    """« Votre nom »: signs what is kept; the sign-in gives it when there is one.

    A screen may hold several: they show the same name, whichever was typed in.
    """
    if _sign_in():
        return
    held, known = st.session_state.setdefault(AUTHOR, ""), f"{key}-connu"
    if st.session_state.get(known) != held:  # typed in another field since
        st.session_state[key] = held
    typed = st.text_input(
        "Votre nom ou votre service (facultatif, gardé avec ce que vous saisissez)",
        key=key,
        max_chars=80,
    )
    st.session_state[AUTHOR] = st.session_state[known] = (typed or "").strip()


def read_only() -> None:
    """Said where a form would stand, to someone who may not write."""
    st.info(
        "Lecture seule\u00a0: la saisie se fait depuis le poste qui porte l'outil, ou avec un "
        "compte d'éditeur."
    )
