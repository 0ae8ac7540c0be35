"""More files as services send them: headers on two lines, totals, amounts, tables one on another.

Each was read wrongly once, or without a word.
"""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow as pa
import pytest

from data.reading import text_grid
from data.reading.delimiters import form_of
from data.reading.door import read
from data.reading.reading import Wishes
from data.reading.words import DOUBT, flag
from data.scratch import write_csv

TREES = "nom;haut;espèce\nÉcole Jean-Moulin;12;Érable\nHôtel de ville;8;Chêne à feuilles\n"
TREES_ROWS = ["École Jean-Moulin|12|Érable", "Hôtel de ville|8|Chêne à feuilles"]
TWO = "Cahors;46042;9;10\nFigeac;46102;4;5\n"
TWO_ROWS = ["Cahors|46042|9|10", "Figeac|46102|4|5"]

# name: (content, names, rows, flags: all of them)
FILES = {
    # --- headers on two lines
    "groups over every column": (
        "Commune;;Effectifs;\nNom;Code;Hommes;Femmes\n" + TWO,
        "Commune Nom|Commune Code|Effectifs Hommes|Effectifs Femmes", TWO_ROWS, []),
    "groups under a title": (
        "État des lieux\nCommune;;Effectifs;\nNom;Code;Hommes;Femmes\n" + TWO,
        "Commune Nom|Commune Code|Effectifs Hommes|Effectifs Femmes", TWO_ROWS, []),
    "groups and units": (
        "Commune;;Effectifs;\nNom;Code;Hommes;Femmes\n;;nb;nb\n" + TWO,
        "Commune Nom|Commune Code|Effectifs Hommes|Effectifs Femmes", TWO_ROWS, ["units_row"]),
    "groups of texts": (
        "Identité;;Adresse;;\nNom;Usage;Voie;CP;Ville\nA;B;rue X;46000;Cahors\n"
        "C;D;rue Y;46100;Figeac\n",
        "Identité Nom|Identité Usage|Adresse Voie|Adresse CP|Adresse Ville",
        ["A|B|rue X|46000|Cahors", "C|D|rue Y|46100|Figeac"], []),
    "a vertical merge last": (
        "Commune;Effectifs;;Total\nNom;Hommes;Femmes;\nCahors;9;10;19\nFigeac;4;5;9\n",
        "Commune Nom|Effectifs Hommes|Effectifs Femmes|Total",
        ["Cahors|9|10|19", "Figeac|4|5|9"], []),
    "a fact above": (
        "Exercice;2023;;\nNom;Code;Hommes;Femmes\n" + TWO, "Nom|Code|Hommes|Femmes", TWO_ROWS, []),
    "a fact with a colon above": (
        "Service :;Voirie;;\nNom;Code;Hommes;Femmes\n" + TWO, "Nom|Code|Hommes|Femmes", TWO_ROWS,
        []),
    "names of a database below": (
        "Nom du lieu;Code INSEE;Nombre\nnom_lieu;code_insee;nb\nA;46042;1\nB;46102;2\n",
        "Nom du lieu|Code INSEE|Nombre", ["A|46042|1", "B|46102|2"], ["repeated_header_dropped"]),
    "a header again in capitals": (
        "id;nom\n1;A\nID;NOM\n3;C\n", "id|nom", ["1|A", "3|C"], ["repeated_header_dropped"]),
    "groups of groups": (
        "Commune;;Population;;;\n;;2021;;2022;\nNom;Code;H;F;H;F\nCahors;46042;1;2;3;4\n"
        "Figeac;46102;5;6;7;8\n",
        "Commune Nom|Commune Code|Population 2021 H|Population 2021 F|Population 2022 H"
        "|Population 2022 F", ["Cahors|46042|1|2|3|4", "Figeac|46102|5|6|7|8"], []),
    "a first line cut too often": (
        "NOM;SIRET;ID;DATE;OBJET;POUR\nCahors;21460042100014;24-01;12/03/2024;Budget ; section;29\n"
        "Cahors;21460042100014;24-02;le 13 mars 2024;Subvention;28\n",
        "NOM|SIRET|ID|DATE|OBJET|POUR",
        ["Cahors|21460042100014|24-01|2024-03-12|Budget ; section|29",
         "Cahors|21460042100014|24-02|2024-03-13|Subvention|28"],
        ["row_repaired:1", "siret_invalid:SIRET:1,2"]),
    # --- totals and groups
    "sub-totals": (
        "quartier;rue;n\nNord;A;1\nNord;B;2\nSous-total Nord;;3\nSud;C;4\nSous-total Sud;;4\n"
        "Total général;;7\n", "quartier|rue|n", ["Nord|A|1", "Nord|B|2", "Sud|C|4"],
        ["total_row_dropped"]),
    "short sub-totals": (
        "poste;a;b\nVoirie;100;1\nS/total;100;1\nSport;200;2\nS/T;200;2\nCumul;300;3\n",
        "poste|a|b", ["Voirie|100|1", "Sport|200|2"], ["total_row_dropped"]),
    "a total in euros": (
        "quartier;montant\nNord;1 000,50 €\nSud;234,00 €\nTOTAL;1 234,50 €\n", "quartier|montant",
        ["Nord|1000.50", "Sud|234.00"], ["total_row_dropped", "unit:montant:€"]),
    "a total of another sum": (
        "poste;montant\nVoirie;100\nSport;200\nTotal;310\n", "poste|montant",
        ["Voirie|100", "Sport|200"], ["total_row_dropped"]),
    "totals that are values of a second column": (
        "classe;sexe;n\nCP;H;1\nCP;F;2\nCP;Ensemble;3\nCE1;H;1\nCE1;F;4\nCE1;Ensemble;5\n",
        "classe|sexe|n", ["CP|H|1", "CP|F|2", "CP|Ensemble|3", "CE1|H|1", "CE1|F|4",
                          "CE1|Ensemble|5"], ["total_row_suspected:3,6"]),
    "groups on lines of their own": (
        "Secteur;Rue;Long\nNord;;\n;rue A;12\n;rue B;13\nSud;;\n;rue C;1\n", "Secteur|Rue|Long",
        ["Nord|rue A|12", "Nord|rue B|13", "Sud|rue C|1"], ["filled_down"]),
    "a line alone among full ones": (
        "nom;nb;x\nA;1;2\nB;2;3\n\nQuartier Nord;;\nC;3;4\nD;4;5\n", "nom|nb|x",
        ["A|1|2", "B|2|3", "Quartier Nord||", "C|3|4", "D|4|5"], ["group_row_suspected:3"]),
    # --- tables one on another
    "a second table": (
        "nom;nb\nA;1\nB;2\n\nadresse;type;surface;prix\nrue X;appart;12;100\nrue Y;maison;13;120\n",
        "nom|nb", ["A|1", "B|2"], ["second_table:5"]),
    "a second table with its title": (
        "nom;date;nb\nA;12/01/2024;1\nB;13/02/2024;2\n\n\nDépenses\nService;Budget;Réalisé\n"
        "Voirie;1200;1000\nSports;300;200\n", "nom|date|nb",
        ["A|2024-01-12|1", "B|2024-02-13|2"], ["second_table:7"]),
    "a summary above a long table": (
        "type;nombre\nÉcole;3\nCrèche;2\n\nid;nom;adresse;places\n"
        + "".join(f"{n};site {n};rue {n};{n + 20}\n" for n in range(1, 21)),
        "id|nom|adresse|places", [f"{n}|site {n}|rue {n}|{n + 20}" for n in range(1, 21)],
        ["second_table:1"]),
    "perhaps a second table": (
        "nom;nb\nA;1\nB;2\n\nTarifs 2024\nservice;tarif\nPiscine;3\nCinéma;4\n", "nom|nb",
        ["A|1", "B|2", "Tarifs 2024|", "service|tarif", "Piscine|3", "Cinéma|4"],
        ["second_table_suspected:6", "row_too_short:3", "not_a_number:nb:4"]),
    "a word among numbers after a blank line": (
        "nom;nb;x\nA;1;2\nB;2;3\n\nPiscine;Gratuit;\nC;3;4\nD;4;5\n", "nom|nb|x",
        ["A|1|2", "B|2|3", "Piscine|Gratuit|", "C|3|4", "D|4|5"], ["not_a_number:nb:3"]),
    # --- numbers
    "thousands under n": (
        "annee;n\n2019;1 200\n2020;1 300\n2021;12\n", "annee|n",
        ["2019|1200", "2020|1300", "2021|12"], []),
    "postal codes with spaces": (
        "nom;code postal\nA;75 001\nB;46 000\n", "nom|code postal", ["A|75001", "B|46000"], []),
    "accounts": (
        "poste;montant\nA;1 200,50 €\nB;(300,00)\nC;-45,00 €\n", "poste|montant",
        ["A|1200.50", "B|-300.00", "C|-45.00"], ["unit:montant:€"]),
    "minus after the amount": (
        "poste;montant\nA;1 200,50\nB;45,00-\nC;12,00\n", "poste|montant",
        ["A|1200.50", "B|-45.00", "C|12.00"], []),
    "brackets among counts": (
        "poste;n\nA;12\nB;(300)\nC;45\nD;46\nE;47\n", "poste|n",
        ["A|12", "B|(300)", "C|45", "D|46", "E|47"], ["not_a_number:n:2"]),
    "numbers and words": (
        "id;valeur\n1;<5\n2;12\n3;13\n4;14\n5;>100\n", "id|valeur",
        ["1|<5", "2|12", "3|13", "4|14", "5|>100"], ["mixed_types:valeur"]),
    "an unheard unit": (
        "objet;debit\nA;12 pouces\nB;15 pouces\n", "objet|debit", ["A|12 pouces", "B|15 pouces"],
        ["unknown_unit:debit:pouces"]),
    "amounts with their tax": (
        "objet;montant\nA;12500 EUR HT\nB;1500 EUR HT\n", "objet|montant", ["A|12500", "B|1500"],
        ["unit:montant:EUR HT"]),
    "numbers nearly": (
        "nom;n\nA;~12\nB;env. 13\nC;14\n", "nom|n", ["A|~12", "B|env. 13", "C|14"],
        ["mixed_types:n"]),
    "a secret": (
        "commune;densite\nCahors;312,5\nFigeac;ND\nGramat;secret\n", "commune|densite",
        ["Cahors|312,5", "Figeac|", "Gramat|secret"], ["mixed_types:densite"]),
    "seconds under date": (
        "date;n\n1710230400;1\n1710316800;2\n", "date|n", ["1710230400|1", "1710316800|2"],
        ["not_a_date:date:1,2"]),
    "two signs of thousands": (
        "id;nb\n1;1 200\n2;1.300\n3;12\n", "id|nb", ["1|1200", "2|1.300", "3|12"],
        ["ambiguous_number:nb"]),
    "codes in thousands": (
        "code_x;nb\n1 200;1\n1 300;4\n", "code_x|nb", ["1 200|1", "1 300|4"],
        ["ambiguous_number:code_x"]),
    "a year too long": (
        "annee_pose;n\n1998;1\n19998;2\n2005;3\n", "annee_pose|n",
        ["1998|1", "19998|2", "2005|3"], ["not_a_year:annee_pose:2"]),
    "decimals cut by their comma, two ways": (
        "nom,valeur,n\nA,12,5,3\nB,13,7,4\n", "nom|valeur|n|colonne_4", ["A|12|5|3", "B|13|7|4"],
        ["unnamed_column:colonne_4"]),
    # --- codes
    "a postal code among INSEE codes": (
        "commune;code insee\nCahors;46000\nFigeac;46102\n", "commune|code insee",
        ["Cahors|46042", "Figeac|46102"], ["postal_instead_of_insee"]),
    "a code of no commune": (
        "nom;code_insee\nA;46042\nB;46102\nC;46999\n", "nom|code_insee",
        ["A|46042", "B|46102", "C|46999"], ["code_unknown:code_insee:3"]),
    "numbers of pages": (
        "nom;adresse;n\nA;x;1\nPage 1/2;;\nB;y;2\nC;z;3\nPage 2/2;;\n", "nom|adresse|n",
        ["A|x|1", "B|y|2", "C|z|3"], ["footnotes_dropped"]),
    "a small table under blank lines": (
        "Service;Budget;Réalisé;Taux\nVoirie;1200;1000;0,8\nSport;300;200;0,6\n;;;\n;;;\n"
        "Rue;Nb arbres;;\nA;3;;\nB;4;;\n", "Service|Budget|Réalisé|Taux",
        ["Voirie|1200|1000|0.8", "Sport|300|200|0.6"], ["second_table:6"]),
    # --- texts and times
    "texts marked": (
        "code;n\n'0123;1\n'0456;2\n'0789;3\n", "code|n", ["0123|1", "0456|2", "0789|3"], []),
    "one text marked": ("code;n\n0123;1\n'0456;2\n", "code|n", ["0123|1", "0456|2"], []),
    "apostrophes": ("nom;n\n'l'eau;1\nd'ici;2\nA;3\n", "nom|n", ["'l'eau|1", "d'ici|2", "A|3"], []),
    "hours alone": (
        "lieu;ouverture\nA;8h30\nB;18h\n", "lieu|ouverture", ["A|08:30:00", "B|18:00:00"], []),
    "columns by blanks": (
        "nom       n    ville\nAlice     12   Cahors\nBob       13   Figeac\n", "nom n ville",
        ["Alice     12   Cahors", "Bob       13   Figeac"], ["no_delimiter"]),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_comes_out_right_and_told(name: str, tmp_path: Path) -> None:
    content, names, rows, flags = FILES[name]
    path = tmp_path / "recu.csv"
    path.write_text(content, "utf-8")
    made = read(path)
    assert made.refused is None
    assert "|".join(made.table.column_names) == names
    columns = [column.to_pylist() for column in made.table.columns]
    assert ["|".join(cell or "" for cell in row) for row in zip(*columns, strict=True)] == rows
    assert list(made.flags) == flags


@pytest.mark.parametrize("encoding", ["iso8859-15", "cp850", "mac_roman", "utf-16-le", "utf-16-be"])
def test_old_encodings_are_told_by_what_they_make_of_french(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "recu.csv"
    euro = "" if encoding == "cp850" else "Œuvre;9;prix 5 €\n"
    path.write_bytes((TREES + euro).encode(encoding))
    made = read(path)
    wanted = TREES_ROWS + (["Œuvre|9|prix 5 €"] if euro else [])
    assert made.encoding == encoding
    assert ["|".join(row.values()) for row in made.table.to_pylist()] == wanted


def test_a_sign_between_brackets_is_told_and_may_be_refused(tmp_path: Path) -> None:
    path = tmp_path / "recu.csv"
    path.write_text("poste;montant\nA;12,50\nB;(300,00)\nC;45,00\nD;1,00\n", "utf-8")
    told = {(made.kind, made.before, made.after) for made in read(path).repairs}
    assert ("accounting_negative", "(300,00)", "-300.00") in told
    kept = read(path, Wishes(refused=frozenset({("accounting_negative", "montant")})))
    assert kept.table.column("montant").to_pylist() == ["12.50", "(300,00)", "45.00", "1.00"]
    assert kept.flags == ("not_a_number:montant:2",)


def test_a_second_table_may_be_kept(tmp_path: Path) -> None:
    path = tmp_path / "recu.csv"
    path.write_text(FILES["a second table"][0], "utf-8")
    kept = read(path, Wishes(refused=frozenset({("second_table_dropped", None)})))
    assert kept.table.num_rows == 5


def test_both_ways_of_cutting_lines_agree(tmp_path: Path) -> None:
    """Arrow takes only the files of which it makes the same cells as the exact reader."""
    path = tmp_path / "recu.csv"
    taken = 0
    for seed in range(150):
        draw = random.Random(seed)
        signs = draw.choice(['a",\n', 'ab""," \n', 'a",\n\r;', 'N"",,\nx'])
        end = draw.choice(["", "\n", "\n4,5,6\n"])
        content = "a,b,c\n1,2,3\n" + "".join(draw.choices(signs, k=draw.randint(3, 14))) + end
        path.write_bytes(content.encode())
        form = form_of(content, True)
        if form.delimiter is None or form.spaced or form.wrapped:
            continue
        quick = text_grid._by_arrow(path, form, content)
        if quick is not None:
            taken += 1
            assert _rows(quick.cells) == _rows(text_grid._by_rows(path, form).cells), content
    assert taken > 20


def _rows(cells: pa.Table) -> list[str]:
    lines = ["\x1f".join(cell or "" for cell in row.values()) for row in cells.to_pylist()]
    return [line.rstrip("\x1f") for line in lines]


@pytest.mark.parametrize("block", [7, 64])
def test_quotes_across_blocks(tmp_path: Path, monkeypatch, block: int) -> None:
    monkeypatch.setattr(text_grid, "BLOCK", block)
    path = tmp_path / "recu.csv"
    regular = '"a ""b"" c","d"\n"""","e\nf"\n' * 9
    form = form_of(regular, True)
    path.write_text(regular, "utf-8")
    assert text_grid._regular_quotes(path, form)
    for wrong in ('""N,b\n', 'a,b"\n', '"a"b,c\n', 'a,"b\n'):
        path.write_text(regular + wrong, "utf-8")
        with pytest.raises(pa.ArrowInvalid):
            text_grid._regular_quotes(path, form)


def test_names_that_differ_by_case_are_written_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "made.csv"
    columns = [["a", None], ["1", 'x,"y"'], [1, None]]
    write_csv(pa.table(columns, names=["Nom", "nom", "NOM, usuel"]), path)
    assert path.read_text("utf-8") == 'Nom,nom,"NOM, usuel"\na,1,1\n,"x,""y""",\n'


def test_rows_of_one_column_are_said_with_its_name() -> None:
    level, sentence = flag("not_a_number:montant:2,3")
    assert level == DOUBT and "2, 3 de «\u00a0montant\u00a0»" in sentence
