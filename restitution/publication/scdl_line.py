"""The line of the town's catalogue: SCDL « catalogue » 0.1.3, twenty fields, all required."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection

from data.cells import neutral
from drawing import french
from restitution.publication.datapackage import TITLES
from restitution.publication.to_publish import ToPublish, slug
from restitution.publication.vocabularies import FREQUENCIES, LEVELS, LICENCES, THEMES

FIELDS = (
    "COLL_NOM", "COLL_SIRET", "ID", "TITRE", "DESCRIPTION", "THEME", "PRODUCTEUR_NOM",
    "PRODUCTEUR_SIRET", "COUV_SPAT_MAILLE", "COUV_SPAT_NOM", "COUV_TEMP_DEBUT", "COUV_TEMP_FIN",
    "DATE_PUBL", "FREQ_MAJ", "DATE_MAJ", "MOTS_CLES", "LICENCE", "NOMBRE_RESSOURCES",
    "FORMAT_RESSOURCES", "URL",
)  # fmt: skip
# A reserved name: the address cannot be mistaken for one that answers.
TO_COME = "https://adresse-a-completer.invalid"


def as_line(made: ToPublish, files: Collection[str]) -> tuple[bytes, list[tuple[str, str]]]:
    """The header and the line, and the fields that a person must complete with their reason."""
    values, lacking = _values(made, files), _lacking(made)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(FIELDS)
    writer.writerow([neutral(values[name]) for name in FIELDS])
    return text.getvalue().encode(), [(f"catalogue.csv, {name}", why) for name, why in lacking]


def _values(made: ToPublish, files: Collection[str]) -> dict[str, str]:
    said, place = made.said, made.place
    sent = [name for name in TITLES if name in files]
    day = made.day.isoformat()
    name = slug(f"{place.code}-{said.title}")
    return {
        "COLL_NOM": said.organisation,
        "COLL_SIRET": said.siret,
        "ID": name,
        "TITRE": said.title,
        "DESCRIPTION": " ".join(said.description.split()),
        "THEME": THEMES[said.theme],
        "PRODUCTEUR_NOM": said.producer,
        "PRODUCTEUR_SIRET": said.producer_siret or said.siret,
        "COUV_SPAT_MAILLE": LEVELS.get(place.level, "Autre"),
        "COUV_SPAT_NOM": made.titled(place.name),
        "COUV_TEMP_DEBUT": _whole(said.start, "-01-01") or day,
        "COUV_TEMP_FIN": _whole(said.end, "-12-31") or day,
        "DATE_PUBL": day,
        "FREQ_MAJ": FREQUENCIES[said.frequency].scdl,
        "DATE_MAJ": day,
        "MOTS_CLES": ";".join(word.replace(";", ",") for word in said.keywords),
        "LICENCE": LICENCES[said.licence].scdl,
        "NOMBRE_RESSOURCES": str(max(1, len(sent))),
        "FORMAT_RESSOURCES": ";".join(name.rpartition(".")[2] for name in sent),
        "URL": said.url or f"{TO_COME}/{name}",
    }


def _whole(text: str, rest: str) -> str:
    """A day; a year alone begins on its first day and ends on its last."""
    return f"{text}{rest}" if len(text) == 4 else text


def _lacking(made: ToPublish) -> list[tuple[str, str]]:
    said = made.said
    lacking = []
    if not said.siret:
        lacking.append(("COLL_SIRET", "Numéro SIRET non donné : à compléter, il ne s'invente pas."))
    if not (said.producer_siret or said.siret):
        lacking.append(("PRODUCTEUR_SIRET", "Numéro SIRET non donné : à compléter."))
    if not (said.start and said.end):
        why = "Période non donnée : le jour de la publication y est écrit, à corriger."
        lacking.append(("COUV_TEMP_DEBUT, COUV_TEMP_FIN", why))
    if not said.url:
        lacking.append(("URL", "Adresse connue une fois le jeu publié : à compléter alors."))
    return [(name, french.typeset(why)) for name, why in lacking]
