"""Workbooks as the services would send them: titles, merged cells, totals, a sheet a year."""

from __future__ import annotations

from typing import Any

import pandas as pd

from data.embedded.castelvoire import centre, nature, services
from data.embedded.castelvoire.paper import french_date, workbook
from data.embedded.castelvoire.sent import MISSING, sent


@sent(
    "fontaines_fontainiers.xlsx",
    "drinking_fountains",
    [
        "title_lines",
        "header_two_lines",
        "point_in_one_cell",
        "merged_cells",
        "yes_no_variety",
        "total_row",
        "phone_numbers",
        "footnotes",
    ],
)
def fountains_of_the_crew() -> bytes:
    """A workbook kept by the crew: who to call, what runs."""
    frame = pd.DataFrame(dict(services.drinking_fountains()))
    words = {True: ["oui", "Oui", "X", "1", "o"], False: ["non", "", "Non", "0", "N"]}
    rows: list[list[Any]] = [
        ["FICTIF - Fontaines de Castelvoire (liste des fontainiers)"],
        [],
        ["Repère", "Emplacement", None, "Eau", None, "Contact"],
        [None, "Rue", "Point", "Potable ?", "En service", "Astreinte"],
    ]
    for number, row in enumerate(frame.to_dict("records")):
        point = f"{row['latitude']:.5f}, {row['longitude']:.5f}"
        rows.append(
            [
                f"F{number + 1}",
                row["adresse"],
                point,
                words[bool(row["potable"])][number % 5],
                words[row["etat"] == "en service"][number % 4],
                f"01 99 00 {number % 90 + 10:02d} 17",
            ]
        )
    rows += [["TOTAL", None, None, 23], [], ["NB : la fontaine du square est fermée l'hiver"]]
    return workbook({"Fontaines": rows}, merged={"Fontaines": ["B3:C3", "D3:E3"]})


@sent(
    "vitrines_centre.xlsx",
    "ground_floor_units",
    ["sheet_per_year", "hidden_sheet", "title_lines", "labels_vary", "summary_at_bottom"],
)
def shop_windows() -> bytes:
    """The paper survey typed in: one sheet a year."""
    frame = pd.DataFrame(dict(centre.ground_floor_units()))
    sheets: dict[str, list[list[Any]]] = {
        "param": [["FICTIF", "codes"], ["V", "vacant"], ["O", "occupé"]]
    }
    for year, part in frame.groupby("annee_releve"):
        marks = ["Vacant", "VACANT", "vide", "V"] if year == 2025 else ["vacant"]
        body = [
            [
                row["id_local"],
                row["adresse"],
                marks[i % len(marks)] if row["etat"] == "vacant" else "occupé",
                row["activite"] or "",
                row["surface_m2"],
            ]
            for i, row in enumerate(
                part.astype(object).where(part.notna(), None).to_dict("records")
            )
        ]
        vacant = int((part["etat"] == "vacant").sum())
        sheets[f"Relevé {year}"] = [
            [f"FICTIF - Relevé des vitrines, mars {year}"],
            [],
            ["Local", "Adresse", "État", "Activité", "Surface (m²)"],
            *body,
            ["Locaux", len(part), "dont vacants", vacant],
        ]
    return workbook(sheets, hidden=["param"])


@sent(
    "friches_agglo.xlsx",
    "brownfields",
    [
        "header_two_lines",
        "units_row",
        "subtotals",
        "total_row",
        "siret_scientific",
        "home_made_codes",
        "filled_down_commune",
    ],
)
def brownfields_of_the_planners() -> bytes:
    """The planners' own form: a commune named once for its sites, sub-totals between."""
    frame = pd.DataFrame(dict(centre.brownfields()))
    rows: list[list[Any]] = [
        ["FICTIF - Observatoire des friches, format maison", None, None, None, None, None],
        ["Commune", "Site", None, "Surface", "Propriétaire", "Sol"],
        [None, "Nom", "Type", None, "SIRET", "Pollution"],
        [None, None, None, "(ha)", None, None],
    ]
    for name, part in frame.groupby("comm_nom", sort=False):
        for first, row in zip([name, *[None] * len(part)], part.to_dict("records"), strict=False):
            rows.append(
                [
                    first,
                    row["site_nom"],
                    row["site_type"].replace("friche ", "F. "),
                    row["unite_fonciere_surface"] / 10_000,
                    "2,10000E+13",
                    row["sol_pollution_existe"],
                ]
            )
        rows.append(
            [f"Sous-total {name}", len(part), None, part["unite_fonciere_surface"].sum() / 10_000]
        )
    rows.append(
        ["TOTAL", len(frame), None, round(frame["unite_fonciere_surface"].sum() / 10_000, 2)]
    )
    return workbook({"Friches": rows})


@sent(
    "temperatures_41_colleges.xlsx",
    "school_indoor_temperature",
    ["sheet_per_year", "months_in_columns", "header_two_lines", "missing_ten_ways"],
)
def classrooms_of_the_departement() -> bytes:
    """Hours over 28 degrees, one sheet a year, one column a month."""
    frame = pd.DataFrame(dict(services.school_indoor_temperature()))
    sheets: dict[str, list[list[Any]]] = {}
    for year, part in frame.groupby(frame["mois"].str[:4]):
        wide = part.pivot(index="etablissement", columns="mois", values="heures_plus_28")
        body = [
            [name, *[int(v) if pd.notna(v) else MISSING[i % 10] for i, v in enumerate(values)]]
            for name, values in zip(wide.index, wide.to_numpy(), strict=True)
        ]
        sheets[str(year)] = [
            [f"FICTIF - Heures au-dessus de 28 °C, {year}"],
            ["Établissement", "Heures > 28 °C", None, None],
            [None, "mai", "juin", "septembre"],
            *body,
        ]
    return workbook(sheets)


@sent(
    "subventions_2025.xlsx",
    "grants",
    ["siret_scientific", "currency_in_cells", "total_row", "title_lines"],
)
def grants_of_2025() -> bytes:
    """Amounts typed with their sign, SIRET turned into powers of ten."""
    frame = pd.DataFrame(dict(centre.grants())).query("annee == 2025")
    body = [
        [
            row["objet"],
            row["type_beneficiaire"],
            "2,10000E+13",
            f"{row['montant_eur']:,.2f} €".replace(",", " ").replace(".", ","),
        ]
        for row in frame.to_dict("records")
    ]
    total = int(frame["montant_eur"].sum())
    return workbook(
        {
            "2025": [
                ["FICTIF - Subventions versées en 2025"],
                [],
                ["Objet", "Bénéficiaire", "SIRET", "Montant"],
                *body,
                ["TOTAL", None, None, total],
            ]
        }
    )


@sent(
    "cours_ecole.xlsx",
    "schoolyards",
    ["merged_cells", "percent", "yes_no_variety", "offset_table", "footnotes"],
)
def yards_of_the_schools() -> bytes:
    """The table starts at C4; the share is typed as text."""
    frame = pd.DataFrame(dict(services.schoolyards()))
    body = [
        [
            None,
            None,
            row["nom"],
            row["surface_cour_m2"],
            f"{100 * row['surface_permeable_m2'] / row['surface_cour_m2']:.0f} %",
            ["oui", "OUI", "o", "non"][number % 4],
        ]
        for number, row in enumerate(frame.to_dict("records"))
    ]
    rows: list[list[Any]] = [
        ["FICTIF"],
        [],
        [],
        [None, None, "École", "Cour (m²)", "Perméable", "Arbre(s) ?"],
        *body,
        [None, None, "5 écoles restent à mesurer"],
    ]
    return workbook({"Cours": rows})


@sent(
    "plantations_3000_arbres.xlsx",
    "planting_projects",
    ["subtotals", "total_row", "title_lines", "filled_down_season"],
)
def plantings_to_come() -> bytes:
    """The 3 000 trees by season and street."""
    frame = pd.DataFrame(dict(nature.planting_projects()))
    rows: list[list[Any]] = [
        ["FICTIF - Plan « 3 000 arbres »"],
        [],
        ["Campagne", "Rue", "Nombre", "Essence"],
    ]
    for season, part in frame.groupby("campagne", sort=False):
        plain = part.astype(object).where(part.notna(), None).to_dict("records")
        rows += [
            [season if i == 0 else None, row["adresse"], row["nb_arbres"], row["essence_prevue"]]
            for i, row in enumerate(plain)
        ]
        rows.append([f"Sous-total {season}", None, int(part["nb_arbres"].sum())])
    rows.append(["TOTAL", None, 3000])
    return workbook({"Plantations": rows})


@sent(
    "comptages_pietons_2021.xlsx",
    "pedestrian_counts",
    ["hours_in_columns", "title_lines", "total_row"],
)
def walkers_of_2021() -> bytes:
    """Two Saturdays, one column an hour."""
    frame = pd.DataFrame(dict(centre.pedestrian_counts()))
    wide = frame.pivot(index="date", columns="heure", values="pietons")
    body = [
        [french_date(day), *[int(v) for v in values]]
        for day, values in zip(wide.index, wide.to_numpy(), strict=True)
    ]
    hours = [f"{hour} h" for hour in wide.columns]
    return workbook(
        {
            "Comptages": [
                ["FICTIF - Comptages rue des Drapiers"],
                ["Jour", *hours],
                *body,
                ["Total", *[int(v) for v in wide.sum()]],
            ]
        }
    )
