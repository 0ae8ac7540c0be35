"""The words of catalogues for the same things: frequencies, licences, themes, media types."""

from __future__ import annotations

import re
from dataclasses import dataclass

EU = "http://publications.europa.eu/resource/authority"
IANA = "https://www.iana.org/assignments/media-types"


@dataclass(frozen=True)
class Frequency:
    """How often a dataset changes; the key is data.gouv.fr's."""

    label: str  # French
    scdl: str  # FREQ_MAJ of the SCDL catalogue
    eu: str  # code of the European authority list


UNKNOWN = "unknown"
FREQUENCIES: dict[str, Frequency] = {
    UNKNOWN: Frequency("inconnue", "Inconnue", "UNKNOWN"),
    "punctual": Frequency("une seule fois", "Ponctuelle", "NEVER"),
    "irregular": Frequency("irrégulière", "Irrégulière", "IRREG"),
    "continuous": Frequency("en continu", "Continuelle", "UPDATE_CONT"),
    "hourly": Frequency("toutes les heures", "Toutes les heures", "HOURLY"),
    "daily": Frequency("chaque jour", "Quotidienne ou plusieurs fois par jour", "DAILY"),
    "weekly": Frequency("chaque semaine", "Hebdomadaire ou plusieurs fois par semaine", "WEEKLY"),
    "monthly": Frequency("chaque mois", "Mensuelle ou plusieurs fois par mois", "MONTHLY"),
    "bimonthly": Frequency("tous les deux mois", "Bimestrielle", "BIMONTHLY"),
    "quarterly": Frequency("chaque trimestre", "Trimestrielle", "QUARTERLY"),
    "semiannual": Frequency("chaque semestre", "Semestrielle", "ANNUAL_2"),
    "annual": Frequency("chaque année", "Annuelle", "ANNUAL"),
    "biennial": Frequency("tous les deux ans", "Biennale", "BIENNIAL"),
    "triennial": Frequency("tous les trois ans", "Triennale", "TRIENNIAL"),
    "quinquennial": Frequency("tous les cinq ans", "Quinquennale", "QUINQUENNIAL"),
}


@dataclass(frozen=True)
class Licence:
    """A licence that a town may choose without asking the State (CRPA, D. 323-2-1)."""

    title: str
    name: str  # SPDX or the name that Data Packages use
    path: str
    scdl: str


LICENCES: dict[str, Licence] = {
    "lov2": Licence(
        "Licence Ouverte 2.0",
        "etalab-2.0",
        "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
        "Licence Ouverte-LO",
    ),
    "odbl": Licence(
        "ODbL 1.0",
        "ODbL-1.0",
        "https://opendatacommons.org/licenses/odbl/1-0/",
        "Open Database License-ODBL",
    ),
}

# European data themes: code -> French label.
THEMES = {
    "ENVI": "Environnement",
    "TRAN": "Transports",
    "GOVE": "Administration et action publique",
    "ECON": "Économie et finances",
    "HEAL": "Santé",
    "SOCI": "Population et société",
    "EDUC": "Éducation, culture et sport",
    "REGI": "Régions et villes",
    "ENER": "Énergie",
    "JUST": "Justice et sécurité publique",
}
_THEME_OF = (
    ("ENVI", r"arbre|fontaine|dechet|occupation-sol|continuite|eau\b"),
    ("TRAN", r"irve|stationnement|covoiturage|comptage|cyclable|voirie"),
    ("ECON", r"budget|subvention|dette|marche"),
    ("HEAL", r"dae|sante"),
    ("JUST", r"pei|incendie|risque"),
    ("SOCI", r"prenom|mediation|erp|accessibilite"),
    ("EDUC", r"menu|plat"),
    ("REGI", r"bal|friche|urbanisme|adresse"),
)

MEDIA = {
    "csv": "text/csv",
    "geojson": "application/geo+json",
    "parquet": "application/vnd.apache.parquet",
}
EU_FILE_TYPES = {"csv": "CSV", "geojson": "GEOJSON", "parquet": "PARQUET"}

LEVELS = {  # COUV_SPAT_MAILLE of the SCDL catalogue
    "commune": "Communale",
    "epci": "Intercommunale",
    "departement": "Départementale",
    "region": "Régionale",
}


def theme_of(schema_id: str) -> str:
    """The European theme that the name of a standard suggests; GOVE when none does."""
    named = schema_id.casefold()
    return next((code for code, words in _THEME_OF if re.search(words, named)), "GOVE")
