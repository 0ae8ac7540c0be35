"""Delimited and GeoJSON files as the services would send them, some clean, most not."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from data.embedded.castelvoire import climate, nature, people, services, water
from data.embedded.castelvoire.paper import csv_bytes, french_date, french_number, lambert
from data.embedded.castelvoire.plane import chance
from data.embedded.castelvoire.sent import MISSING, sent


@sent(
    "inventaire_arbres_elagueur.csv",
    "tree_inventory",
    [
        "cp1252",
        "delimiter:;",
        "title_lines",
        "decimal_comma",
        "french_dates",
        "missing_ten_ways",
        "duplicate_rows:12",
        "genus_and_species_in_one_cell",
        "footnotes",
    ],
)
def trees_of_the_pruner() -> bytes:
    """6 400 trees and 12 lines typed twice."""
    frame = pd.DataFrame(dict(nature.tree_inventory()))
    rng = chance("pruner's file")
    rows = pd.DataFrame(
        {
            "N° arbre": frame["id_arbre"],
            "Essence": (frame["genre"].fillna("") + " " + frame["espece"].fillna("")).str.strip(),
            "Rue": frame["adresse"],
            "Hauteur (m)": frame["hauteur_m"].map(french_number),
            "Circ. à 1 m (cm)": frame["circonference_cm"].map(french_number),
            "Planté le": frame["date_plantation"].map(french_date),
            "Longitude": frame["longitude"].map(french_number),
            "Latitude": frame["latitude"].map(french_number),
            "Observations": rng.choice(
                ["", "", "", "à revoir", "champignon au collet", "tuteur"], len(frame)
            ),
        }
    )
    rows = _untidy(rows, ["Essence", "Hauteur (m)", "Planté le", "Longitude", "Latitude"], rng)
    twice = pd.concat([rows, rows.iloc[100:112]], ignore_index=True)
    title = [
        "FICTIF - Inventaire des arbres de Castelvoire - titulaire du marché d'élagage",
        "édité le 14/11/2024",
        "",
    ]
    return csv_bytes(
        twice, encoding="cp1252", before=title, after=["", "* arbres de plus de 20 ans seulement"]
    )


@sent("cartopartie_arbres_2026.geojson", "tree_survey", ["crowd_spelling", "overlaps_inventory"])
def trees_of_the_residents() -> bytes:
    """The residents' survey: 480 points."""
    frame = pd.DataFrame(dict(nature.tree_survey()))
    features = [
        _feature(
            row["longitude"],
            row["latitude"],
            FICTIF="donnée inventée",
            nom=row["nom_releve"],
            domaine=row["domaine"],
            releve=row["id_releve"],
        )
        for row in frame.to_dict("records")
    ]
    return _geojson(features)


@sent(
    "points_lumineux_syndicat.csv",
    "street_lights",
    ["utf8_bom", "delimiter:;", "crs:EPSG:2154", "units_in_cells", "sodium_abbreviations"],
)
def lamps_of_the_syndicate() -> bytes:
    """The energy body's file, in Lambert 93: formal figures, far outside the map's domain."""
    frame = pd.DataFrame(dict(services.street_lights()))
    x, y = lambert(frame["longitude"].to_numpy(), frame["latitude"].to_numpy())
    rows = pd.DataFrame(
        {
            "FICTIF_ID": frame["id_point"],
            "X_L93": [french_number(round(value, 2)) for value in x],
            "Y_L93": [french_number(round(value, 2)) for value in y],
            "TYPE": frame["source_lumineuse"].replace({"sodium ou iodures": "SHP/IM"}),
            "PUISSANCE": frame["puissance_w"].astype(str) + " W",
            "T_COULEUR": [
                f"{value} K" if pd.notna(value) else "" for value in frame["temperature_couleur_k"]
            ],
            "SECTEUR": frame["secteur_extinction"],
        }
    )
    return csv_bytes(rows, encoding="utf-8-sig")


@sent(
    "ruissellement_interventions.txt",
    "runoff_hotspots",
    ["tabs", "cp1252", "french_dates", "repeated_header"],
)
def storm_calls() -> bytes:
    """Crew book, tabs between cells, the header printed again on the second page."""
    frame = pd.DataFrame(dict(water.runoff_hotspots()))
    rows = pd.DataFrame(
        {
            "FICTIF point": frame["id_point"],
            "date": frame["date_evenement"].map(french_date),
            "cause": frame["cause"],
            "nb interventions": frame["interventions"].astype(str),
            "lat": frame["latitude"].map(french_number),
            "long": frame["longitude"].map(french_number),
        }
    )
    header = pd.DataFrame([rows.columns], columns=rows.columns)
    both = pd.concat([rows.iloc[:18], header, rows.iloc[18:]])
    return csv_bytes(both, encoding="cp1252", separator="\t")


@sent(
    "lieux_frais_2024.csv",
    "cool_places",
    ["utf8_bom", "delimiter:,", "phone_numbers", "hours_as_text"],
)
def cool_places_of_the_agglomeration() -> bytes:
    """What the agglomération published in 2024."""
    frame = pd.DataFrame(dict(services.cool_places()))
    rows = pd.DataFrame(
        {
            "Nom (FICTIF)": frame["nom"],
            "Type": frame["type_lieu"],
            "Horaires d'été": frame["horaires_ete"]
            .str.replace("Mo-Fr", "du lundi au vendredi")
            .str.replace("Sa", "samedi"),
            "Gratuit": np.where(frame["gratuit"], "oui", "non"),
            "Téléphone": [f"01.99.00.{number:02d}.40" for number in range(20, 20 + len(frame))],
            "Latitude": frame["latitude"],
            "Longitude": frame["longitude"],
        }
    )
    return csv_bytes(rows, encoding="utf-8-sig", separator=",")


@sent(
    "equipements_publics_2021.csv",
    "public_facilities",
    ["cp1252", "delimiter:;", "duplicate_header", "trailing_empty_columns", "all_capitals"],
)
def facilities_of_2021() -> bytes:
    """Two columns bear the same name, three have none."""
    frame = pd.DataFrame(dict(services.public_facilities()))
    lines = ["NOM;NOM;THEME;Y;X;FICTIF;;;"]
    lines += [
        f"{row['equip_nom'].upper()};{row['equip_nom']};{row['equip_theme']};{row['latitude']};"
        f"{row['longitude']};oui;;;"
        for row in frame.to_dict("records")
    ]
    return ("\r\n".join(lines) + "\r\n").encode("cp1252")


@sent("parkings_2020.csv", "parking_lots", ["latlon_swapped", "thousands_space", "delimiter:;"])
def car_parks_of_2020() -> bytes:
    """Longitude under « latitude », and the other way round."""
    frame = pd.DataFrame(dict(services.parking_lots()))
    rows = pd.DataFrame(
        {
            "id FICTIF": frame["id_parking"],
            "nom": frame["nom"],
            "nb_places": frame["nb_places"],
            "surface": [f"{value:,}".replace(",", "\u00a0") for value in frame["surface_m2"]],
            "gratuit": np.where(frame["gratuit"], "VRAI", "FAUX"),
            "latitude": frame["longitude"],
            "longitude": frame["latitude"],
        }
    )
    return csv_bytes(rows, encoding="utf-8")


@sent(
    "deliberations_2026.csv",
    "council_decisions",
    ["month_words", "line_breaks_in_cells", "delimiter:;", "cp1252"],
)
def decisions_of_2026() -> bytes:
    """Typed from the PDF list: dates in words, objects on two lines."""
    objects = [
        "Plan de plantation de 3 000 arbres :\nlancement",
        "Extinction nocturne, secteurs B et C",
        "Règlement des terrasses",
        "Convention avec le syndicat d'énergie",
        "Tarifs de la piscine",
        "Dénomination de voies",
        "Garantie d'emprunt",
        "Périmètre de sauvegarde du commerce",
    ]
    rows = pd.DataFrame(
        {
            "N° FICTIF": [f"2026-{number:03d}" for number in range(11, 19)],
            "Séance du": ["12 mars 2026"] * 3 + ["4 juin 2026"] * 3 + ["1er octobre 2026"] * 2,
            "Objet": objects,
            "Pour": ["29", "22", "33", "33", "30", "33", "33", "27"],
            "Contre": ["0", "9", "", "0", "3", "", "néant", "5"],
        }
    )
    return csv_bytes(rows, encoding="cp1252")


@sent(
    "budget_2026.csv",
    "budget",
    ["thousands_nbsp", "parenthesised_negatives", "delimiter:;", "subtotals"],
)
def budget_of_2026() -> bytes:
    """Amounts with spaces, negatives in brackets, a sub-total by section."""
    rows = pd.DataFrame(
        [
            ["Fonctionnement", "Charges de personnel", "22\u00a0410\u00a0000,00"],
            ["Fonctionnement", "Fluides et énergie", "3\u00a0180\u00a0500,00"],
            ["Fonctionnement", "Sous-total", "25\u00a0590\u00a0500,00"],
            ["Investissement", "Plantations et espaces verts", "640\u00a0000,00"],
            ["Investissement", "Éclairage public", "415\u00a0200,50"],
            ["Investissement", "Reprise sur provision", "(38\u00a0000,00)"],
            ["Investissement", "Sous-total", "1\u00a0017\u00a0200,50"],
        ],
        columns=["Section (FICTIF)", "Libellé", "Montant €"],
    )
    return csv_bytes(rows, encoding="utf-8")


@sent(
    "capteurs_ete_2026.csv",
    "heat_sensors",
    ["sentinel:-999", "french_datetimes", "decimal_comma", "delimiter:;", "unordered_rows"],
)
def sensors_of_summer() -> bytes:
    """July of the eight lent sensors: -999 where a sensor was silent, rows in no order."""
    frame = pd.DataFrame(dict(climate.heat_sensors()))
    frame = frame[frame["horodatage"].between("2026-07-01", "2026-07-31 23:00")]
    rows = pd.DataFrame(
        {
            "Capteur FICTIF": frame["capteur"],
            "Date heure": frame["horodatage"].dt.strftime("%d/%m/%Y %H:%M"),
            "T°C": [
                french_number(value) if pd.notna(value) else "-999"
                for value in frame["temperature_c"]
            ],
        }
    )
    shuffled = rows.iloc[chance("shuffle").permutation(len(rows))]
    return csv_bytes(shuffled, encoding="utf-8")


@sent(
    "poteaux_incendie_2022.csv",
    "fire_hydrants",
    ["units_in_cells", "yes_no_variety", "delimiter:;", "cp1252"],
)
def hydrants_of_2022() -> bytes:
    """Flow with its unit, availability in several words."""
    frame = pd.DataFrame(dict(services.fire_hydrants()))
    words = {True: ["oui", "disponible", "O"], False: ["non", "HS", "N"]}
    rows = pd.DataFrame(
        {
            "N° FICTIF": frame["id_pei"],
            "Type": frame["type_pei"],
            "Dispo": [words[bool(value)][i % 3] for i, value in enumerate(frame["disponible"])],
            "Débit": [
                f"{value:.0f} m3/h" if pd.notna(value) else "" for value in frame["debit_m3h"]
            ],
            "Lat": frame["latitude"],
            "Long": frame["longitude"],
        }
    )
    return csv_bytes(rows, encoding="cp1252")


@sent("capteur_riviere.csv", "local_river_sensors")
def sensor_of_the_river() -> bytes:
    """A clean file: UTF-8, ISO times, decimal points."""
    frame = pd.DataFrame(dict(water.local_river_sensors())).drop(columns="territory")
    frame["horodatage"] = pd.to_datetime(frame["horodatage"]).dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    return csv_bytes(frame, encoding="utf-8", separator=",", end="\n")


@sent("espaces_verts_2022.geojson", "green_spaces")
def green_spaces_of_2022() -> bytes:
    """A clean file of shapes."""
    frame = pd.DataFrame(dict(nature.green_spaces()))
    return _geojson(
        [
            {
                "type": "Feature",
                "properties": {
                    "FICTIF": "donnée inventée",
                    "nom": row["nom"],
                    "surface_ha": row["surface_ha"],
                },
                "geometry": json.loads(row["geometry_geojson"]),
            }
            for row in frame.to_dict("records")
        ]
    )


@sent(
    "effectifs_canicule_iris.csv",
    "vulnerable_register",
    ["secret_words", "delimiter:;", "total_row"],
)
def register_by_iris() -> bytes:
    """What the CCAS can give: a head count by IRIS, never under 11, never a name."""
    over_75 = people.squares().groupby("iris")["over_75"].sum()
    listed = chance("register").binomial(over_75, 0.045)
    rows = pd.DataFrame(
        {
            "IRIS FICTIF": over_75.index,
            "75 ans et plus": over_75.astype(str).to_numpy(),
            "Inscrits": [str(value) if value >= 11 else "< 11" for value in listed],
        }
    )
    rows.loc[len(rows)] = ["TOTAL", str(over_75.sum()), "secret"]
    return csv_bytes(rows, encoding="utf-8")


def _untidy(rows: pd.DataFrame, columns: Iterable[str], rng: np.random.Generator) -> pd.DataFrame:
    """Empty cells filled in ten different ways."""
    for name in columns:
        empty = rows[name].isna() | (rows[name] == "")
        rows.loc[empty, name] = rng.choice(MISSING, int(empty.sum()))
    return rows


def _feature(x: float, y: float, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Point", "coordinates": [x, y]},
    }


def _geojson(features: list[dict[str, Any]]) -> bytes:
    document = {"type": "FeatureCollection", "name": "FICTIF", "features": features}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
