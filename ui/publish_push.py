"""Publier, step 6: data.gouv.fr, the demonstration platform first, told before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from data import entries
from data.entries import Publication
from drawing import blocks, french
from ui import frame, publish_package
from ui.publish_decide import ORGANISATION, PERSON
from ui.publish_room import shown_name
from ui.publish_work import Work

DEMO, PRODUCTION = "demo", "production"
TARGETS = {DEMO: "Plateforme de démonstration", PRODUCTION: "data.gouv.fr, pour de vrai"}
NEW = ""
LOG = "log"
ACTIONS = {
    "create": "créer le jeu de données",
    "update": "mettre à jour le jeu de données",
    "add_file": "ajouter le fichier",
    "replace_file": "remplacer le fichier",
    "describe_file": "décrire le fichier",
}


def draw(work: Work, made: Any) -> None:
    """Where, with which key, what would be done; then the same, done."""
    st.subheader("3. Sur data.gouv.fr")
    target = _target(work)
    if target == PRODUCTION and work.room.place.fictional:
        st.write(
            f"{work.room.place.name} est une ville fictive\u00a0: rien d'elle ne part sur "
            "data.gouv.fr. La plateforme de démonstration suffit pour essayer."
        )
        return
    known = _known(work, target)
    key = st.text_input(
        "Votre clé d'API (réglages de votre compte sur la plateforme\u00a0; jamais gardée)",
        type="password",
        key=f"publier-cle-{target}",
        autocomplete="off",
    ).strip()
    notice = notice_of(work, made)
    told = f"publier-essai-{work.key}"
    mark = (target, publish_package.state(work), str(known))
    if st.button("Essai à blanc\u00a0: dire ce qui serait fait", disabled=not key):
        st.session_state[told] = (mark, _push(work, notice, key, target, known, dry_run=True))
    seen, answer = st.session_state.get(told, (None, None))
    if seen == mark and answer is not None:
        _answer(answer)
        if not answer.refused:
            _for_good(work, notice, key, target, known, told)
    _log(work)


def _target(work: Work) -> str:
    return str(
        st.radio(
            "Où",
            list(TARGETS),
            format_func=TARGETS.__getitem__,
            horizontal=True,
            key=f"publier-ou-{work.key}",
        )
    )


def notice_of(work: Work, made: Any) -> Any:
    """What the platform is told, and under which account."""
    personal = work.made.consents.get("account") == PERSON
    organisation = None if personal else work.made.consents.get(ORGANISATION) or None
    return work.room.tools.notice(
        **work.room.tools.package.notice(made),
        organisation=organisation,
        personal_confirmed=bool(personal and made.consents.personal_account),
    )


def _push(
    work: Work, notice: Any, key: str, target: str, known: Mapping[str, Any], *, dry_run: bool
) -> Any:
    with st.spinner("La plateforme répond…"):
        return work.room.tools.push(
            publish_package.files(work),
            notice,
            key=key,
            target=target,
            known=dict(known),
            dry_run=dry_run,
        )


# --- never twice -----------------------------------------------------------------------------


def published(work: Work, target: str) -> dict[str, dict[str, Any]]:
    """What this town already published there, by id: title, file, and what an update needs."""
    found: dict[str, dict[str, Any]] = {}
    for line in entries.of(work.room.store, Publication, work.room.place.code):
        told = line.entry.outcome.get("pushed", {}).get(target)
        if told and told.get("dataset"):
            found[str(told["dataset"])] = {
                **told,
                "same": line.entry.schema == work.schema_id()
                and line.entry.dataset == work.made.dataset,
                "own": line.entry.key == work.key,
                "file": shown_name(line.entry),
            }
    return found


def _known(work: Work, target: str) -> Mapping[str, Any]:
    """The dataset to update: this file's own, or that of the same standard; else a new one."""
    found = published(work, target)
    own = next((one for one in found.values() if one["own"]), None)
    if own:
        frame.aside("Déjà publié\u00a0: le même jeu sera mis à jour, jamais doublé.")
        return own
    likely = [code for code, one in found.items() if one["same"]]
    options = [*likely, *(code for code in found if code not in likely), NEW]
    if len(options) > 1:
        picked = st.selectbox(
            "Jeu de données",
            options,
            format_func=lambda code: _named(found, code),
            key=f"publier-jeu-{work.key}-{target}",
        )
        if picked:
            return found[picked]
    given = st.text_input(
        "Identifiant d'un jeu déjà publié, à mettre à jour (facultatif)",
        key=f"publier-identifiant-{work.key}-{target}",
        max_chars=60,
    ).strip()
    return {"dataset": given} if given else {}


def _named(found: Mapping[str, Mapping[str, Any]], code: str) -> str:
    if code == NEW:
        return "Un nouveau jeu de données"
    made = found[code]
    return f"Mettre à jour «\u00a0{made.get('title') or made['file']}\u00a0»"


# --- done ------------------------------------------------------------------------------------


def _answer(answer: Any) -> None:
    if answer.refused:
        st.error(blocks.plain(french.typeset(answer.refused)))
    lines = [
        f"{'Fait' if step.done else 'Serait fait'} : {ACTIONS.get(step.action, step.action)} "
        f"« {step.what} »"
        for step in answer.steps
    ]
    frame.html(blocks.texts(lines, frame.theme()))


def _for_good(
    work: Work, notice: Any, key: str, target: str, known: Mapping[str, Any], told: str
) -> None:
    sure = True
    if target == PRODUCTION:
        sure = st.checkbox(
            "Je confirme\u00a0: ce jeu devient public sur data.gouv.fr",
            key=f"publier-certain-{work.key}",
        )
    label = {DEMO: "Envoyer sur la plateforme de démonstration", PRODUCTION: "Publier pour de vrai"}
    if st.button(label[target], disabled=not (sure and key), key="publier-envoyer"):
        answer = _push(work, notice, key, target, known, dry_run=False)
        keep_answer(work, target, notice.title, answer)
        st.session_state.pop(told, None)
        st.rerun()


def keep_answer(work: Work, target: str, title: str, answer: Any) -> None:
    """Keep what happened, the ids first: what was begun and refused is known, never doubled."""
    outcome = dict(work.now().outcome)
    pushed = dict(outcome.get("pushed", {}))
    if answer.dataset:
        before = pushed.get(target, {})
        resources = {**before.get("resources", {}), **answer.known["resources"]}
        pushed[target] = {**answer.known, "resources": resources, "title": title}
        outcome["pushed"] = pushed
    line = {**answer.document(), "on": work.room.day.isoformat()}
    outcome[LOG] = [*outcome.get(LOG, ()), line]
    said = "" if answer.refused else "Envoyé\u00a0: la réponse de la plateforme est gardée."
    work.change(said, outcome=outcome)


def _log(work: Work) -> None:
    log = work.made.outcome.get(LOG, ())
    if not log:
        return
    st.markdown("**Envois**")
    for line in reversed(log):
        where = TARGETS.get(str(line.get("target")), "").lower()
        told = line.get("refused") or "envoyé"
        day = french.readable_day(str(line.get("on", "")))
        frame.html(blocks.text(f"{french.upper_first(day)}, {where} : {told}", frame.theme()))
        if line.get("url") and not line.get("refused"):
            frame.html(f"<p>{blocks.link('Voir le jeu sur la plateforme', str(line['url']))}</p>")
