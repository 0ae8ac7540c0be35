"""The French of what reading does and doubts: each kind of repair, each flag."""

from __future__ import annotations

DOUBT, NOTED = "doubt", "noted"  # to be settled by someone; only to be known

REPAIRS = {
    "second_table_dropped": "Second tableau, sous le premier, laissé de côté",
    "accounting_negative": "Montants négatifs entre parenthèses, écrits avec un signe moins",
    "blank_row_dropped": "Lignes vides retirées",
    "boolean": "Oui ou non écrits de la même façon",
    "code_case": "Codes écrits en capitales",
    "code_decimal": "Décimales retirées d'un code («\u00a046000.0\u00a0»)",
    "code_separators": "Espaces et points retirés d'un code",
    "column_renamed": "Noms de colonne nettoyés, complétés ou numérotés",
    "coordinate_precision": "Coordonnées écrites avec 7 décimales au plus",
    "crs": "Coordonnées converties en degrés (WGS84)",
    "date": "Dates écrites AAAA-MM-JJ",
    "datetime": "Dates et heures écrites de la même façon",
    "decimal_comma": "Virgule décimale changée en point",
    "displayed_zeros": "Zéros de tête rétablis, comme la cellule les montrait",
    "dms": "Degrés, minutes et secondes changés en degrés décimaux",
    "encoding": "Caractères remis en UTF-8",
    "excel_serial": "Numéros de jour d'Excel changés en dates",
    "excel_text": 'Marques de texte du tableur (="…", apostrophe) retirées',
    "filled_down": "Cellules fusionnées, valeur répétée sur chaque ligne",
    "footnotes_dropped": "Notes de bas de tableau retirées",
    "group_row_dropped": "Titres de groupe, portés sur chaque ligne et retirés",
    "header_joined": "En-tête sur deux lignes, réunis",
    "insee": "Codes INSEE remis sur 5 caractères",
    "latlon_swapped": "Latitude et longitude remises dans l'ordre",
    "leading_zero": "Zéros de tête rétablis",
    "missing": "Marques d'absence (NC, néant…) changées en cellule vide",
    "missing_value": "Marques d'absence (NC, néant…) changées en cellule vide",
    "mixed_encoding": "Caractères remis en UTF-8",
    "mojibake": "Accents abîmés, rétablis",
    "name": "Noms de colonne nettoyés",
    "note_dropped": "Lignes de note retirées",
    "nul_removed": "Caractères nuls retirés",
    "number": "Nombres écrits de la même façon",
    "number_sign": "Signe des nombres écrit de la même façon",
    "percent": "Pourcentages changés en part de 1",
    "phone": "Numéros de téléphone écrits sur 10 chiffres",
    "point": "Points écrits latitude puis longitude",
    "postal_instead_of_insee": "Codes postaux changés en codes INSEE",
    "repeated_header_dropped": "En-têtes répétés au milieu du tableau, retirés",
    "reprojected": "Coordonnées converties en degrés (WGS84)",
    "row_repaired": "Lignes trop courtes ou trop longues, rétablies",
    "sep_line_dropped": "Ligne «\u00a0sep=\u00a0» retirée",
    "sheets_stacked": "Feuilles de même forme, mises bout à bout",
    "siren": "SIREN remis sur 9 chiffres",
    "siret": "SIRET remis sur 14 chiffres",
    "stray_quotes": "Guillemets mal fermés, rétablis",
    "thousands": "Séparateurs de milliers retirés",
    "time": "Heures écrites de la même façon",
    "title_dropped": "Lignes de titre au-dessus du tableau, retirées",
    "total_dropped": "Lignes de total retirées",
    "total_row_dropped": "Lignes de total retirées",
    "unit": "Unité retirée des cellules",
    "units_dropped": "Ligne des unités retirée",
    "white_space": "Espaces en trop retirées",
    "year": "Années écrites sur 4 chiffres",
    "yearmonth": "Mois écrits AAAA-MM",
}

# What comes after « : » in a flag stands at {0}, {1}.
FLAGS: dict[str, tuple[str, str]] = {
    "unnamed_column": (
        DOUBT,
        "Des colonnes ont des valeurs et pas de nom ({0})\u00a0: un nom manque, ou les lignes sont "
        "mal coupées.",
    ),
    "ambiguous_date": (
        DOUBT,
        "Des dates peuvent se lire de deux façons (lignes {0}).",
    ),
    "ambiguous_number": (
        DOUBT,
        "Dans «\u00a0{0}\u00a0», des nombres peuvent se lire de deux façons "
        "(1.234\u00a0: mille, ou un virgule deux).",
    ),
    "archive_member": (
        NOTED,
        "Le fichier lu dans l'archive est «\u00a0{0}\u00a0».",
    ),
    "code_unknown": (
        DOUBT,
        "Des codes de commune n'existent pas (lignes {0}).",
    ),
    "crs": (
        NOTED,
        "Les coordonnées étaient dans un autre système ({0}), converties en degrés.",
    ),
    "crs_guessed": (
        DOUBT,
        "Le système de coordonnées n'est pas dit\u00a0: il est déduit des valeurs. "
        "Vérifiez un point sur une carte.",
    ),
    "crs_unknown": (
        DOUBT,
        "Le système de coordonnées n'est pas reconnu\u00a0: rien n'est converti. "
        "Demandez-le au service.",
    ),
    "crs_wrong": (
        DOUBT,
        "Les coordonnées ne vont pas avec le système annoncé\u00a0: rien n'est converti.",
    ),
    "dms": (
        NOTED,
        "Des coordonnées étaient en degrés, minutes et secondes.",
    ),
    "duplicate_rows": (
        DOUBT,
        "{0} lignes sont exactement en double\u00a0: elles restent, à vous de dire si "
        "c'est une erreur.",
    ),
    "elevation_dropped": (
        NOTED,
        "L'altitude des points n'est pas reprise.",
    ),
    "empty": (
        DOUBT,
        "Le fichier a un en-tête et aucune ligne de données.",
    ),
    "error_cells": (
        DOUBT,
        "{0} cellules du classeur sont en erreur (#REF!, #N/A…)\u00a0: elles sont lues "
        "comme vides.",
    ),
    "excel_serial": (
        NOTED,
        "Des dates étaient enregistrées en numéros de jour d'Excel.",
    ),
    "filled_down": (
        NOTED,
        "Des cellules fusionnées ont été remplies sur chaque ligne.",
    ),
    "footnotes_dropped": (
        NOTED,
        "Des notes sous le tableau ont été retirées.",
    ),
    "formula_without_value": (
        DOUBT,
        "Des formules n'ont pas de valeur enregistrée\u00a0: ouvrez le classeur, "
        "enregistrez-le, déposez-le de nouveau.",
    ),
    "geometry_invalid": (
        DOUBT,
        "Des formes sont mal dessinées (lignes {0}).",
    ),
    "group_row_suspected": (
        DOUBT,
        "Des lignes n'ont que leur première cellule (lignes {0})\u00a0: ce sont peut-être des "
        "titres de groupe, elles restent.",
    ),
    "hidden_column": (
        DOUBT,
        "Des colonnes sont masquées dans le classeur ({0})\u00a0: devaient-elles être "
        "envoyées\u00a0?",
    ),
    "hidden_row": (
        DOUBT,
        "Des lignes sont masquées dans le classeur (lignes {0})\u00a0: devaient-elles "
        "être envoyées\u00a0?",
    ),
    "hidden_sheet": (
        DOUBT,
        "Des feuilles sont masquées dans le classeur ({0}).",
    ),
    "impossible_date": (
        DOUBT,
        "Des dates n'existent pas (lignes {0})\u00a0: elles restent telles quelles.",
    ),
    "insee_invalid": (
        DOUBT,
        "Des codes INSEE ne sont pas justes (lignes {0}).",
    ),
    "latlon_swapped": (
        NOTED,
        "Latitude et longitude étaient inversées\u00a0: remises dans l'ordre.",
    ),
    "leading_zero_restored": (
        NOTED,
        "Des zéros de tête perdus ont été rétablis (lignes {0}).",
    ),
    "mixed_encoding": (
        DOUBT,
        "Le fichier mêle deux encodages\u00a0: relisez les accents.",
    ),
    "mixed_types": (
        DOUBT,
        "La colonne «\u00a0{0}\u00a0» mêle des nombres et du texte\u00a0: ses cellules ne sont "
        "pas changées.",
    ),
    "mixed_units": (
        DOUBT,
        "La colonne «\u00a0{0}\u00a0» mêle plusieurs unités\u00a0: ses cellules ne sont "
        "pas changées.",
    ),
    "mojibake_repaired": (
        NOTED,
        "Des accents abîmés («\u00a0Ã©\u00a0») ont été rétablis.",
    ),
    "month_first": (
        DOUBT,
        "Des dates sont écrites mois d'abord, à l'américaine\u00a0: vérifiez-en une.",
    ),
    "no_geometry": (
        DOUBT,
        "Aucune ligne n'a de point ni de contour.",
    ),
    "no_header": (
        DOUBT,
        "Aucune ligne ne nomme les colonnes\u00a0: elles sont numérotées, dites à "
        "l'étape 3 ce qu'elles sont.",
    ),
    "not_a_boolean": (
        DOUBT,
        "Des cellules ne disent ni oui ni non (lignes {0}).",
    ),
    "not_a_code": (
        DOUBT,
        "Des cellules ne sont pas des codes comme les autres (lignes {0}).",
    ),
    "not_a_date": (
        DOUBT,
        "Des cellules ne sont pas des dates (lignes {0}).",
    ),
    "not_a_number": (
        DOUBT,
        "Des cellules ne sont pas des nombres (lignes {0}).",
    ),
    "not_a_time": (
        DOUBT,
        "Des cellules ne sont pas des heures (lignes {0}).",
    ),
    "not_a_year": (
        DOUBT,
        "Des cellules ne sont pas des années (lignes {0}).",
    ),
    "no_delimiter": (
        DOUBT,
        "Aucun délimiteur n'est reconnu\u00a0: le fichier est lu en une seule colonne. "
        "Exportez-le de nouveau en CSV, avec des points-virgules.",
    ),
    "old_code": (
        DOUBT,
        "Des codes sont ceux de communes disparues depuis (lignes {0}).",
    ),
    "other_sheet": (
        NOTED,
        "La feuille «\u00a0{0}\u00a0» n'est pas lue\u00a0: choisissez-la à l'étape 1 si "
        "c'est elle.",
    ),
    "outside_france": (
        DOUBT,
        "Des points tombent hors de France (lignes {0}).",
    ),
    "partial_date": (
        DOUBT,
        "Des dates ne disent que l'année ou le mois (lignes {0})\u00a0: elles restent "
        "telles quelles.",
    ),
    "percent": (
        NOTED,
        "La colonne «\u00a0{0}\u00a0» était en pour cent\u00a0: 12,5\u00a0% y est écrit 0.125.",
    ),
    "phone_unrecognised": (
        DOUBT,
        "Des numéros de téléphone ne sont pas reconnus (lignes {0}).",
    ),
    "possible_missing": (
        DOUBT,
        "Dans «\u00a0{0}\u00a0», un mot veut peut-être dire que la valeur manque\u00a0: "
        "il reste tel quel.",
    ),
    "postal_instead_of_insee": (
        DOUBT,
        "Une colonne annoncée comme code INSEE porte des codes postaux\u00a0: vérifiez-la.",
    ),
    "projected": (
        NOTED,
        "Les coordonnées étaient projetées ({0}).",
    ),
    "repeated_header_dropped": (
        NOTED,
        "L'en-tête répété au milieu du tableau a été retiré.",
    ),
    "row_repaired": (
        DOUBT,
        "Des lignes avaient trop ou trop peu de cellules (lignes {0})\u00a0: relisez-les.",
    ),
    "row_too_long": (
        DOUBT,
        "Des lignes ont plus de cellules que l'en-tête (lignes {0}).",
    ),
    "row_too_short": (
        DOUBT,
        "Des lignes ont moins de cellules que l'en-tête (lignes {0}).",
    ),
    "sheets_stacked": (
        DOUBT,
        "Plusieurs feuilles de même forme ont été mises bout à bout\u00a0: vérifiez que "
        "c'est ce que vous voulez.",
    ),
    "second_table": (
        DOUBT,
        "Un autre tableau, d'autres colonnes, commence à la ligne {0} du fichier\u00a0: "
        "il n'est pas lu. Déposez-le à part.",
    ),
    "second_table_suspected": (
        DOUBT,
        "Un second tableau commence peut-être à la ligne {0} du fichier\u00a0: ses lignes sont "
        "lues sous les noms du premier. Si c'en est un, déposez-le à part.",
    ),
    "siren_invalid": (
        DOUBT,
        "Des SIREN ne sont pas justes (lignes {0})\u00a0: vérifiez-les.",
    ),
    "siren_unrecoverable": (
        DOUBT,
        "Des SIREN ont perdu des chiffres (lignes {0})\u00a0: demandez-les au service.",
    ),
    "siret_invalid": (
        DOUBT,
        "Des SIRET ne sont pas justes (lignes {0})\u00a0: vérifiez-les.",
    ),
    "siret_unrecoverable": (
        DOUBT,
        "Des SIRET ont perdu des chiffres (lignes {0})\u00a0: on ne peut pas les "
        "retrouver, demandez-les au service.",
    ),
    "title_dropped": (
        NOTED,
        "Des lignes de titre au-dessus du tableau ont été retirées.",
    ),
    "total_row_dropped": (
        NOTED,
        "Une ligne de total a été retirée\u00a0: ce n'est pas une donnée.",
    ),
    "total_row_suspected": (
        DOUBT,
        "Une ligne semble être un total (lignes {0})\u00a0: elle reste, à vous de dire.",
    ),
    "truncated": (
        DOUBT,
        "Le fichier paraît coupé\u00a0: sa dernière ligne est incomplète.",
    ),
    "two_digit_year": (
        DOUBT,
        "Dans «\u00a0{0}\u00a0», des années sont sur deux chiffres\u00a0: vérifiez le siècle.",
    ),
    "unit": (
        NOTED,
        "La colonne «\u00a0{0}\u00a0» était en {1}\u00a0: l'unité a été retirée des cellules.",
    ),
    "unknown_unit": (
        DOUBT,
        "La colonne «\u00a0{0}\u00a0» porte des nombres suivis de «\u00a0{1}\u00a0»\u00a0: ses "
        "cellules ne sont pas changées.",
    ),
    "units_row": (
        NOTED,
        "La ligne des unités, sous l'en-tête, a été retirée.",
    ),
}


def repair(kind: str) -> str:
    """What a repair does, as a title; a kind without words of its own is named as it is."""
    return REPAIRS.get(kind) or f"Réparation «\u00a0{kind}\u00a0»"


def flag(given: str) -> tuple[str, str]:
    """(doubt or noted, sentence) of a flag « name:detail:detail »."""
    name, _, rest = given.partition(":")
    if name not in FLAGS:
        return DOUBT, f"À vérifier\u00a0: {given}."
    level, sentence = FLAGS[name]
    return level, sentence.format(*_details(name, rest))


def _details(name: str, rest: str) -> tuple[str, str]:
    """What a flag says after its name; a column may hold « : », a unit does not."""
    if name in ("unit", "unknown_unit"):
        column, _, unit = rest.rpartition(":")
        return column, unit
    if name == "crs":
        return rest, ""
    column, _, rows = rest.rpartition(":")
    if column and rows and set(rows) <= set("0123456789,+"):
        return f"{_spread(rows)} de «\u00a0{column}\u00a0»", ""
    return _spread(rest) or "non dit", ""


def _spread(rest: str) -> str:
    """Rows « 3,7,12 » with spaces; a long list is cut."""
    parts = [part.strip() for part in rest.split(",") if part.strip()]
    more = f" et {len(parts) - 12} autres" if len(parts) > 12 else ""
    return ", ".join(parts[:12]) + more
