"""The views as one page that shows itself: projected, jumped through, searched, printed, offline.

The same markup, script and style serve the screen (handed to ui by the page) and the file saved the
eve, which runs nothing but the script whose hash its own policy gives.
"""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from data.entries import Draft
from data.store import Store
from data.territories import Territory
from drawing import french
from restitution import pictures, web_font
from restitution.account import Account
from restitution.answers import index
from restitution.deck import AUDIENCES, Deck, View, arranged, deck
from restitution.document import BALLOT, EDITED, FICTIONAL, NOTICE, marks
from restitution.drafts import DECK, Pictures, draft_of
from restitution.export import Made
from restitution.html import csp_hash
from restitution.html_blocks import SIGNS, Where, attribute, blocks, words

ASSETS = Path(__file__).parent / "assets"
SCRIPTS = ("deck.state.js", "deck.search.js", "deck.check.js", "deck.notes.js", "deck.js")
MINUTES = 20
AROUND = "@page{size:1366px 768px;margin:0}@media print{#root{display:none!important}}"


def as_html(account: Account, draft: Draft | None, picture: Pictures) -> Made:
    """The whole file, UTF-8: views, notes, search; it calls nobody."""
    audience = draft.audience if draft and draft.audience in AUDIENCES else next(iter(AUDIENCES))
    made = arranged(deck(account, audience), draft, picture)
    style = web_font.face() + "body{margin:0}" + sheet() + AROUND
    script = f"(()=>{{{_engine()}{_asset('deck.file.js')}}})();"
    data = _data(facts(account, made))
    policy = _policy((data, script), style)
    return Made(
        (
            '<!doctype html><html lang="fr"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
            f"<title>{words(_title(made))}</title><style>{style}</style></head><body>{markup(made)}"
            f'<script type="application/json" id="deck">{data}</script>'
            f"<script>{script}</script></body></html>"
        ).encode()
    )


def shown(
    store: Store, place: Territory, day: date, internal: bool, drafted: bool, audience: str
) -> dict[str, Any]:
    """What the projector of the screens is given: `html`, `deck`, `style`, `around`.

    What the team typed is laid over the views only when `drafted`.
    """
    account = Account(store, place, day, internal)
    draft = draft_of(account, DECK, audience) if drafted else None
    made = arranged(deck(account, audience), draft, pictures.reader(store))
    return {
        "html": markup(made),
        "deck": facts(account, made),
        "style": sheet(),
        "around": AROUND,
    }


@cache
def module() -> str:
    """The script of the component, an ES module."""
    return _engine() + _asset("deck.mount.js")


@cache
def sheet() -> str:
    """The style of the views, on screen and on paper."""
    named = "".join(
        f".sign-{code}{{color:{made.light}}}.contrast .sign-{code}{{color:{made.dark}}}"
        for code, made in SIGNS.items()
    )
    widths = "".join(f".w{share}{{width:{share}%}}" for share in range(1, 101))
    return _asset("deck.css") + named + widths


def facts(account: Account, made: Deck) -> dict[str, Any]:
    """What the script reads: titles and notes by view, the answers of the search."""
    return {
        "channel": "-".join(
            ("restitution", made.place.code, made.audience, "interne" if made.internal else "")
        ),
        "about": f"{_title(made)}. {_where(made)}",
        "minutes": MINUTES,
        "views": [{"id": v.id, "title": v.title, "notes": list(v.notes)} for v in made.views],
        "index": index(account),
    }


def markup(made: Deck) -> str:
    """The views, every text escaped; without a script they are read one under the other."""
    drawn = [_view(made, view) for view in made.views]
    if drawn and not any(words(BALLOT) in view for view in drawn):
        drawn[-1] = _view(made, made.views[-1], BALLOT)
    return (
        f'<div class="projection" lang="fr"><h1 class="unseen">{words(_title(made))}</h1>'
        f"{''.join(drawn)}</div>"
    )


def _title(made: Deck) -> str:
    named = f"{made.title}, {AUDIENCES[made.audience].lower()}"
    return " – ".join((*marks(made), named))


def _view(made: Deck, view: View, ballot: str = "") -> str:
    name = escape(f"vue-{view.id}")
    body = blocks(view.body, Where(f"vue-{view.id}-bloc"))
    # A block repeats the source of its view for documents where it stands by itself.
    kind = "content" + (" sourced" if view.source else "") + ("" if body else " alone")
    return (
        f'<section class="view" id="{name}" data-view="{escape(view.id)}" '
        f'data-title="{attribute(view.title)}" aria-labelledby="{name}-titre">{_marks(made)}'
        f'<div class="{kind}"><h2 id="{name}-titre">{words(view.title)}</h2>'
        f'<div class="said">{_sentence(view)}{body}</div>{_source(view)}</div>'
        f"{_foot(made, ballot)}</section>"
    )


def _marks(made: Deck) -> str:
    said = marks(made)
    if not said:
        return ""
    across = (
        f'<div class="watermark" aria-hidden="true"><span data-words="{FICTIONAL}"></span></div>'
        if made.place.fictional
        else ""
    )
    return f'{across}<p class="marks">{"".join(f"<span>{words(one)}</span>" for one in said)}</p>'


def _sentence(view: View) -> str:
    if not view.sentence:
        return ""
    hand = f' <span class="by-hand">({EDITED})</span>' if view.edited else ""
    return f'<p class="sentence" dir="auto">{words(view.sentence)}{hand}</p>'


def _source(view: View) -> str:
    return f'<p class="source">Source\u00a0: {words(view.source)}</p>' if view.source else ""


def _where(made: Deck) -> str:
    return f"{french.upper_first(made.place.name)}, {french.day(made.day)}. {NOTICE}"


def _foot(made: Deck, ballot: str) -> str:
    also = f"<span>{words(ballot)}</span>" if ballot else ""
    return f'<p class="foot"><span>{words(_where(made))}</span>{also}</p>'


# --- what may run, and what it reads --------------------------------------------------------------


@cache
def _engine() -> str:
    return "".join(map(_asset, SCRIPTS))


@cache
def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def _policy(scripts: tuple[str, ...], style: str) -> str:
    allowed = " ".join(map(csp_hash, scripts))
    return (
        f"default-src 'none'; script-src {allowed}; style-src {csp_hash(style)}; "
        "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )


def _data(found: dict[str, Any]) -> str:
    """JSON that no sign of it can take out of its tag."""
    text = json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
