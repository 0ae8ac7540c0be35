"""Publier, step 6: the package, the data put to work in the diagnosis, the platform."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from data.records import Refused
from data.store import StoreError
from drawing import blocks, french
from ui import changed, choosing, frame, keeping, publish_package, publish_push, who
from ui import publish_room as rooms
from ui.publish_decide import lacks
from ui.publish_work import Work

WORKED = "publier-travail"
KINDS = {
    "data.csv": ("Les données, CSV", "text/csv"),
    "data.geojson": ("Les données, GeoJSON", "application/geo+json"),
    "data.parquet": ("Les données, Parquet", "application/vnd.apache.parquet"),
    "datapackage.json": ("Description du paquet", "application/json"),
    "dcat.jsonld": ("Fiche pour les catalogues (DCAT-AP)", "application/ld+json"),
    "catalogue.csv": ("Ligne du catalogue SCDL", "text/csv"),
    "fiche.html": ("Fiche descriptive", "text/html"),
    "transformations.json": ("Journal des transformations", "application/json"),
    "modele.xlsx": (
        "Modèle à remplir la prochaine fois",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


def step(work: Work) -> None:
    """One thing to press first: the package; then what it may be used for."""
    made = publish_package.to_publish(work)
    lacking = lacks(work, made)
    if lacking:
        st.write("Avant de publier, il manque une décision\u00a0:")
        frame.html(blocks.texts(lacking, frame.theme()))
        st.button(
            "Revenir aux décisions",
            type="primary",
            on_click=rooms.open_file,
            args=(work.key, 5),
            key="publier-decisions",
        )
        return
    written = is_written(work)
    _summary(work, made)
    _package(work, written)
    if written:
        _at_work(work, made)
        publish_push.draw(work, made)


def is_written(work: Work) -> bool:
    """Whether the package of this very state was written."""
    return bool(work.made.outcome.get("state") == _digest(work))


def _digest(work: Work) -> str:
    return hashlib.sha256(publish_package.state(work).encode()).hexdigest()[:16]


def _summary(work: Work, made: Any) -> None:
    said = made.said
    lines = french.plural(made.table.num_rows, "ligne")
    frame.html(
        blocks.text(
            f"« {said.title} » : {lines}, au nom de {said.organisation}, sous "
            f"{_licence_name(made)}.",
            frame.theme(),
        )
    )
    if made.verdict is None and work.schema() is not None:
        frame.html(
            blocks.note(
                "Le contrôle n'a pas pu être fait (étape 4) : rien ne dit que ce fichier est "
                "conforme, et la fiche ne le dira pas.",
                frame.theme(),
            )
        )
    if made.verdict is not None and not made.verdict.valid:
        kinds = french.plural(len(made.verdict.errors), "sorte d'erreur", "sortes d'erreur")
        frame.html(
            blocks.note(
                f"Ce fichier ne respecte pas encore son standard ({kinds}) : la fiche le dira.",
                frame.theme(),
            )
        )


def _licence_name(made: Any) -> str:
    return {"lov2": "Licence Ouverte 2.0", "odbl": "licence ODbL 1.0"}.get(
        made.said.licence, made.said.licence
    )


# --- the package -----------------------------------------------------------------------------


def _package(work: Work, written: bool) -> None:
    st.subheader("1. Le paquet")
    if not written:
        st.write(
            "Le fichier au standard, sa fiche, son journal et un modèle pour la prochaine fois."
        )
        if st.button("Écrire le paquet", type="primary", key="publier-ecrire"):
            _write(work)
        return
    stem = Path(work.name).stem
    st.download_button(
        "Télécharger le paquet (ZIP)",
        data=lambda: publish_package.zipped(work),
        file_name=f"{stem}_{work.room.place.code}.zip",
        mime="application/zip",
        type="primary",
        on_click="ignore",
        key="publier-zip",
    )
    with st.expander("Fichier par fichier"):
        for name, size in work.made.outcome.get("files", {}).items():
            _file(work, name, size)
        for part, reason in work.made.outcome.get("skipped", ()):
            frame.aside(f"{part} n'est pas écrit : {reason}")
        frame.aside("Pour l'équipe seulement, hors du paquet\u00a0:")
        st.download_button(
            "Journal interne (noms et valeurs d'avant réparation)",
            data=lambda: publish_package.built(work).journal,
            file_name=f"INTERNE_journal_{stem}.json",
            mime="application/json",
            type="tertiary",
            on_click="ignore",
            key="publier-journal",
        )


def _file(work: Work, name: str, size: int) -> None:
    title, mime = KINDS.get(name, (name, "application/octet-stream"))
    st.download_button(
        f"{title} – {blocks.plain(name)} ({french.number(max(size / 1000, 1))}\u00a0ko)",
        data=lambda: publish_package.files(work)[name],
        file_name=name,
        mime=mime,
        type="tertiary",
        on_click="ignore",
        key=f"publier-fichier-{name}",
    )


def _write(work: Work) -> None:
    try:
        with st.spinner("Écriture du paquet…"):
            built = publish_package.built(work)
    except Refused as refused:
        keeping.refused(refused)
        return
    outcome = {
        **work.now().outcome,
        "state": _digest(work),
        "files": {name: len(content) for name, content in built.files.items()},
        "skipped": [list(one) for one in built.skipped],
    }
    work.change("Paquet écrit.", outcome=outcome)
    st.rerun()


# --- at work in the diagnosis ----------------------------------------------------------------


def _at_work(work: Work, made: Any) -> None:
    st.subheader("2. Au travail dans le diagnostic")
    _told()
    card = work.dataset()
    if card is None:
        st.write(
            "Ce fichier ne renseigne aucune donnée du diagnostic (étape 3 pour en choisir une)."
        )
        return
    done = work.made.outcome.get("brought") == _digest(work)
    if done:
        st.write(f"«\u00a0{blocks.plain(card.title)}\u00a0» a été mise à jour avec ce fichier.")
        choosing.go("tableau_de_bord", "Voir les indicateurs de la ville")
        choosing.go("donnee", "Voir cette donnée", jeu=card.id)
    else:
        st.write(
            f"«\u00a0{blocks.plain(card.title)}\u00a0» devient une donnée de la ville\u00a0: son "
            "statut, les projets et les indicateurs qui en dépendent sont recalculés."
        )
    sure = done or _replaced(work, card.id, made.table.num_rows)
    if st.button(
        "Mettre de nouveau les données au travail" if done else "Mettre les données au travail",
        key="publier-travailler",
        disabled=not sure,
    ):
        _bring(work, made)


def _replaced(work: Work, dataset: str, rows: int) -> bool:
    """Say which rows these would take the place of; far fewer ones are confirmed."""
    held = [one for one in work.room.store.fetches(dataset, work.room.place.code) if one.good]
    last = max(held, key=lambda one: one.fetched_at, default=None)
    if last is None or not last.rows:
        return True
    was = french.plural(last.rows, "ligne")
    frame.html(
        blocks.text(
            f"Aujourd'hui : {was} ({last.source}, {french.day(last.fetched_at)}), remplacées par "
            f"les {french.number(rows)} de ce fichier.",
            frame.theme(),
        )
    )
    if rows >= last.rows / 2:
        return True
    return st.checkbox(
        "Ce fichier a beaucoup moins de lignes\u00a0: je confirme qu'il les remplace",
        key=f"publier-moins-{work.key}",
    )


def _bring(work: Work, made: Any) -> None:
    tools, card = work.room.tools, work.dataset()
    said = made.said
    verdict = made.verdict

    def write() -> None:
        tools.bring(
            work.room.store,
            card,
            work.room.place,
            made.table,
            work.schema(),
            source=said.producer or said.organisation,
            licence=_licence_name(made),
            vintage=(said.end or work.room.day.isoformat())[:10],
            valid_share=verdict.share_valid_rows if verdict else None,
        )

    if not who.internal():
        return
    before = _figures(tools.figures())
    try:
        with st.spinner("Calcul du diagnostic et des indicateurs…"):
            found = tools.effects([card.id], write) if card else ()
            after = _figures(tools.figures())
    except (Refused, StoreError) as refused:
        keeping.refused(refused)
        return
    changed.keep(WORKED, "Les données sont au travail.", found)
    st.session_state[f"{WORKED}-chiffres"] = moved(before, after)
    work.change(outcome={**work.now().outcome, "brought": _digest(work)})
    st.rerun()


def _figures(values: Sequence[Any]) -> dict[str, tuple[str, str]]:
    """Title and written value of each indicator, by id."""
    return {made.id: (made.title, _figure(made)) for made in values}


def _figure(made: Any) -> str:
    if made.value is None:
        return "non connu"
    if isinstance(made.value, int | float):
        decimals = french.decimals_for(made.value, made.unit)
        return f"{french.number(made.value, decimals)}\u00a0{made.unit or ''}".strip()
    return french.readable_day(str(made.value))


def moved(
    before: Mapping[str, tuple[str, str]], after: Mapping[str, tuple[str, str]]
) -> list[tuple[str, str, str]]:
    """(title, before, after) of each indicator that is written otherwise."""
    return [
        (title, before.get(key, ("", "non connu"))[1], value)
        for key, (title, value) in after.items()
        if before.get(key, ("", "non connu"))[1] != value
    ]


def _told() -> None:
    """What the last « au travail » changed, once."""
    changed.draw(WORKED)
    found = st.session_state.pop(f"{WORKED}-chiffres", None)
    if found is None:
        return
    if not found:
        frame.aside("Aucun indicateur ne change.")
        return
    lines = [f"{title} : {was} → {now}" for title, was, now in found]
    st.markdown("**Indicateurs qui changent**")
    frame.html(blocks.texts(lines, frame.theme()))
