"""From lines to a table: headers, titles, notes, units, totals, groups, broken lines."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from data.reading import text_grid
from data.reading.framing import framed
from data.reading.reading import Frame, Grid, Unreadable, Wishes

NONE = Wishes()


def table(*lines: list[str | None], header: tuple[str, ...] | None = None) -> Grid:
    """A sheet of a workbook."""
    width = max(len(line) for line in lines)
    columns = {
        str(place): pa.array(
            [line[place] if place < len(line) else None for line in lines], pa.string()
        )
        for place in range(width)
    }
    return Grid(pa.table(columns), sheet="Feuille 1", header=header)


def frame(folder: Path, content: str, wishes: Wishes = NONE) -> Frame:
    path = folder / "sent.csv"
    path.write_text(content, "utf-8", newline="")
    return framed(text_grid.grid(path, wishes), wishes)


def shown(made: Frame) -> list[str]:
    """Lines with « | » between cells."""
    return ["|".join(cell or "" for cell in row.values()) for row in made.cells.to_pylist()]


def kinds(made: Frame) -> set[str]:
    return {repair.kind for repair in made.repairs}


CASES = {
    "title, blank line, note": (
        "Liste des arbres\n\nid,nom,ville\n1,a,b\n2,c,d\nSource : x, y et z\n",
        3, "id|nom|ville", ["1|a|b", "2|c|d"], ["footnotes_dropped"]),
    "title with delimiters, units, total, two notes": (
        "Arbres 2024;;\nEspaces verts;;\n;;\nid;nom;haut\n;;(m)\n1;chêne;12\n2;orme;13\n"
        "Total;;25\n\nSource : ville\n(1) estimé\n",
        4, "id|nom|haut", ["1|chêne|12", "2|orme|13"],
        ["footnotes_dropped", "units_row", "total_row_dropped"]),
    "lines of facts above the header": (
        "Date d'extraction;12/03/2024;\nSource;INSEE;\nid;nom;valeur\n1;a;3\n2;b;4\n",
        3, "id|nom|valeur", ["1|a|3", "2|b|4"], []),
    "a title in two cells": (
        "Commune de Cahors;;2024\nid;nom;valeur\n1;a;3\n2;b;4\n",
        2, "id|nom|valeur", ["1|a|3", "2|b|4"], []),
    "a comment": ("# export 2024\nid;nom\n1;a\n", 2, "id|nom", ["1|a"], []),
    "one column, apart from its title": (
        "Les noms\n\nnom\nDupont\nMartin\n\nSource : x\n",
        3, "nom", ["Dupont", "Martin"], ["footnotes_dropped"]),
    "groups with merges downwards": (
        "Code;Nom;Population;;Logements;\n;;2019;2020;2019;2020\n46042;Cahors;1;2;3;4\n"
        "46043;Figeac;5;6;7;8\n",
        2, "Code|Nom|Population 2019|Population 2020|Logements 2019|Logements 2020",
        ["46042|Cahors|1|2|3|4", "46043|Figeac|5|6|7|8"], []),
    "groups above a full line": (
        ";;Population;;Logements;\nCode;Nom;2019;2020;2019;2020\n46042;Cahors;1;2;3;4\n"
        "46043;Figeac;5;6;7;8\n",
        2, "Code|Nom|Population 2019|Population 2020|Logements 2019|Logements 2020",
        ["46042|Cahors|1|2|3|4", "46043|Figeac|5|6|7|8"], []),
    "years as names": (
        "commune;2019;2020;2021\nCahors;10;20;30\nFigeac;11;22;33\n",
        1, "commune|2019|2020|2021", ["Cahors|10|20|30", "Figeac|11|22|33"], []),
    "no header": (
        "1;Dupont;12/03/2020\n2;Martin;13/03/2020\n3;Durand;14/03/2020\n",
        None, "||", ["1|Dupont|12/03/2020", "2|Martin|13/03/2020", "3|Durand|14/03/2020"],
        ["no_header"]),
    "one line of data": ("1;Dupont;12\n", None, "||", ["1|Dupont|12"], ["no_header"]),
    "an empty name": (
        "id;nom;;ville\n1;Dupont;x;Cahors\n2;Durand;y;Figeac\n",
        1, "id|nom||ville", ["1|Dupont|x|Cahors", "2|Durand|y|Figeac"], []),
    "an empty name among texts": (
        "nom;;ville\nDupont;Jean;Cahors\nDurand;Luc;Figeac\n",
        1, "nom||ville", ["Dupont|Jean|Cahors", "Durand|Luc|Figeac"], []),
    "same names twice": ("a;a;b\n1;2;3\n", 1, "a|a|b", ["1|2|3"], []),
    "columns of nothing at the sides": (
        ";id;nom;;;\n;1;a;;;\n;2;b;;;\n", 1, "id|nom", ["1|a", "2|b"], []),
    "the header again": (
        "id;nom\n1;a\n2;b\nid;nom\n3;c\n", 1, "id|nom", ["1|a", "2|b", "3|c"],
        ["repeated_header_dropped"]),
    "blank lines": ("id;nom\n1;a\n\n;\n2;b\n", 1, "id|nom", ["1|a", "2|b"], []),
    "sub-totals, and a street of that name": (
        "quartier;rue;nb\nNord;rue A;1\n;rue B;2\nSous-total Nord;;3\nSud;rue C;4\n"
        ";rue du Total;5\nSous-total Sud;;9\nTotal général;;12\n",
        1, "quartier|rue|nb", ["Nord|rue A|1", "Nord|rue B|2", "Sud|rue C|4", "Sud|rue du Total|5"],
        ["total_row_dropped", "filled_down"]),
    "filling stations": (
        "station;adresse;prix\nTotal Access;12 rue A;1,5\nEsso;rue B;1,6\n"
        "TotalEnergies;rue C;1,7\n",
        1, "station|adresse|prix",
        ["Total Access|12 rue A|1,5", "Esso|rue B|1,6", "TotalEnergies|rue C|1,7"], []),
    "a filling station without address": (
        "station;adresse;places\nEsso;rue B;16\nTotal Access;;15\nAvia;rue C;17\nElan;rue D;18\n",
        1, "station|adresse|places",
        ["Esso|rue B|16", "Total Access||15", "Avia|rue C|17", "Elan|rue D|18"],
        ["total_row_suspected:2"]),
    "a school whose name begins as a total": (
        "École;Adresse;Élèves\nEnsemble scolaire Moulin;;12\nÉcole B;rue B;13\nÉcole C;rue C;15\n",
        1, "École|Adresse|Élèves",
        ["Ensemble scolaire Moulin||12", "École B|rue B|13", "École C|rue C|15"], []),
    "a total that sums up": (
        "sexe;effectif\nHommes;10\nFemmes;12\nEnsemble;22\n",
        1, "sexe|effectif", ["Hommes|10", "Femmes|12"], ["total_row_dropped"]),
    "a total that does not": (
        "service;agents\nVoirie;10\nÉcoles;12\nTotal;25\nParcs;3\n",
        1, "service|agents", ["Voirie|10", "Écoles|12", "Total|25", "Parcs|3"],
        ["total_row_suspected:3"]),
    "a value of a second column": (
        "commune;sexe;n\nCahors;Hommes;1\nCahors;Ensemble;9\nFigeac;Hommes;3\nFigeac;Ensemble;4\n",
        1, "commune|sexe|n",
        ["Cahors|Hommes|1", "Cahors|Ensemble|9", "Figeac|Hommes|3", "Figeac|Ensemble|4"], []),
    "a total first": (
        "code;nom;pop\n;Total;30\n46042;A;10\n46043;B;20\n",
        1, "code|nom|pop", ["46042|A|10", "46043|B|20"], ["total_row_dropped"]),
    "a total without a word": (
        "site;kwh;eau\nA;1;2\nB;3;4\nC;5;6\n;9;12\n",
        1, "site|kwh|eau", ["A|1|2", "B|3|4", "C|5|6"], ["total_row_dropped"]),
    "a signature": (
        "date;objet;prix\n2024-01-01;Achat;12,5\n2024-01-02;Vente;13\n\n"
        "Fait à Cahors;;le 3 janvier\n",
        1, "date|objet|prix", ["2024-01-01|Achat|12,5", "2024-01-02|Vente|13"],
        ["footnotes_dropped"]),
    "a comma in a value, one reading": (
        "id,adresse,cp\n1,rue A, bat B,46000\n2,rue C,46000\n3,rue D,46000\n4,rue E,46001\n",
        1, "id|adresse|cp", ["1|rue A, bat B|46000", "2|rue C|46000", "3|rue D|46000",
                             "4|rue E|46001"], ["row_repaired:1"]),
    "a comma in a value, several readings": (
        "nom,adresse,ville\nx,rue A,bat B,Cahors\nz,rue C,Figeac\ny,rue D,Figeac\nw,rue E,Pau\n",
        1, "nom|adresse|ville|", ["x|rue A|bat B|Cahors", "z|rue C|Figeac|", "y|rue D|Figeac|",
                                  "w|rue E|Pau|"], ["row_too_long:1"]),
    "a line break in a value": (
        "id;adresse;cp\n1;rue A\nbat B;46000\n2;rue C;46000\n3;rue D;46000\n5;rue F;46001\n",
        1, "id|adresse|cp", ["1|rue A\nbat B|46000", "2|rue C|46000", "3|rue D|46000",
                             "5|rue F|46001"], ["row_repaired:1"]),
    "decimal commas among commas": (
        "id,nom,prix\n1,a,12,5\n2,b,13,7\n3,c,14,0\n",
        1, "id|nom|prix", ["1|a|12,5", "2|b|13,7", "3|c|14,0"], ["row_repaired:1,2,3"]),
    "a short line": (
        "id;nom;note\n1;a\n2;b;x\n3;c;\n", 1, "id|nom|note", ["1|a|", "2|b|x", "3|c|"],
        ["row_too_short:1"]),
    "white space and letters encoded twice": (
        "nom;ville\n a\u00a0b ;Cahors\n\tÃ\u0089cole  d\u2019Ã©tÃ©\t;ChÃ¢teauroux\n",
        1, "nom|ville", ["a b|Cahors", "École  d’été|Châteauroux"], ["mojibake_repaired"]),
    "codes that a spreadsheet protects": (
        'id;cp\n1;="04600"\n2;="01000"\n', 1, "id|cp", ["1|04600", "2|01000"], []),
    "a header and nothing else": ("id;nom\n", 1, "id|nom", [], ["empty"]),
    "a title, a header and nothing else": ("Titre\n\nid;nom;x\n", 3, "id|nom|x", [], ["empty"]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_text_is_framed(tmp_path, name):
    body, header_row, names, rows, flags = CASES[name]
    made = frame(tmp_path, body)
    assert (made.header_row, "|".join(made.names)) == (header_row, names)
    assert shown(made) == rows
    assert list(made.flags) == flags


def test_each_line_left_out_is_listed_and_may_be_kept(tmp_path):
    body = "Titre\n\nid;nom;n\n;;(m)\n1;a;2\nid;nom;n\n2;b;3\nTotal;;5\n\nSource : x\n"
    made = frame(tmp_path, body)
    texts = {repair.kind: (repair.count, repair.before) for repair in made.repairs}
    assert texts == {
        "title_dropped": (1, "Titre"),
        "units_dropped": (1, "(m)"),
        "repeated_header_dropped": (1, "id; nom; n"),
        "total_dropped": (1, "Total; 5"),
        "note_dropped": (1, "Source : x"),
        "blank_row_dropped": (2, ""),
    }
    for kind in set(texts) - {"blank_row_dropped"}:
        kept = frame(tmp_path, body, Wishes(refused=frozenset({(kind, None)})))
        assert kept.cells.num_rows > made.cells.num_rows, kind
        assert kind not in kinds(kept)


def test_repairs_tell_rows_of_data(tmp_path):
    made = frame(tmp_path, "Titre\n\nnom;n\nid Ã©tÃ©;1\nnom;n\nx\u00a0y;2\n\n z;3\nTotal;6\n")
    by = {(repair.kind, repair.column): repair for repair in made.repairs}
    assert by["white_space", "nom"].rows == (2, 3)
    assert by["white_space", "nom"].examples[0] == (2, "x\u00a0y", "x y")
    assert by["mojibake", "nom"].rows == (1,)
    assert made.flags == ("repeated_header_dropped", "total_row_dropped", "mojibake_repaired")


def test_merged_groups_are_filled_only_when_they_are_groups():
    groups = framed(
        table(["Secteur", "École", "Élèves"], ["Nord", "A", "1"], [None, "B", "2"],
              [None, "C", "3"], ["Sud", "D", "4"], [None, "E", "5"]), NONE)  # fmt: skip
    assert groups.flags == ("filled_down",)
    assert groups.cells.column(0).to_pylist() == ["Nord"] * 3 + ["Sud"] * 2
    (repair,) = groups.repairs
    assert (repair.kind, repair.column, repair.count, repair.rows) == (
        "filled_down", "Secteur", 3, (2, 3, 5))  # fmt: skip
    holes = framed(
        table(["Remarque", "École", "Élèves"], ["vue", "A", "1"], [None, "B", "2"],
              [None, "C", "3"], ["vue", "D", "4"], [None, "E", "5"]), NONE)  # fmt: skip
    assert holes.flags == () and holes.cells.column(0).null_count == 3
    refused = Wishes(refused=frozenset({("filled_down", "Secteur")}))
    assert framed(table(["Secteur", "n"], ["N", "1"], [None, "2"], [None, "3"], ["S", "4"]),
                  refused).flags == ()  # fmt: skip


def test_a_header_given_by_the_format_is_the_header():
    made = framed(table(["1", "a"], ["2", "b"], header=("id", "nom")), NONE)
    assert (made.header_row, made.names, shown(made)) == (None, ("id", "nom"), ["1|a", "2|b"])


def test_an_offset_table_in_a_sheet():
    made = framed(
        table([None] * 4, [None, "Titre", None, None], [None] * 4, [None, None, "id", "nom"],
              [None, None, "1", "a"], [None, None, "2", "b"]), NONE)  # fmt: skip
    assert (made.header_row, made.names, shown(made)) == (4, ("id", "nom"), ["1|a", "2|b"])


def test_notes_are_seen_above_the_padding_of_a_workbook():
    made = framed(
        table(["id", "nom", "n"], ["1", "a", "2"], ["2", "b", "3"], [None], ["Source : x"],
              *[[None]] * 500), NONE)  # fmt: skip
    assert shown(made) == ["1|a|2", "2|b|3"] and made.flags == ("footnotes_dropped",)


def test_sums_below_zero_between_brackets(tmp_path):
    made = frame(tmp_path, "a;b;c\nF;x;10\nF;Sous-total;10\nI;y;7\nI;z;(3,50)\nI;Sous-total;3,50\n")
    assert shown(made) == ["F|x|10", "I|y|7", "I|z|(3,50)"]


@pytest.mark.parametrize("content", [";;;\n;;;\n", " ; \n", '""\n""\n'])
def test_nothing_in_the_cells_is_refused(tmp_path, content):
    with pytest.raises(Unreadable):
        frame(tmp_path, content)


def test_many_columns_and_many_odd_lines_stay_quick(tmp_path):
    wide = ";".join(f"c{n}" for n in range(500)) + "\n"
    wide += "".join(";".join(str(n) for n in range(500)) + "\n" for _ in range(60))
    assert frame(tmp_path, wide).cells.num_columns == 500
    odd = "a,b,c\n" + "x,y\nx,y,z,t\n,,\n" * 400
    assert frame(tmp_path, odd).cells.num_rows == 800
