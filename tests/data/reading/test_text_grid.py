"""Texts as cells: encodings, delimiters, quotes, line ends; a clean table always comes back."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from data.reading import encodings, text_grid
from data.reading.encodings import as_utf8, encoding_of
from data.reading.framing import framed
from data.reading.framing_white import once
from data.reading.reading import Frame, Grid, Unreadable, Wishes

NONE = Wishes()
ACCENTS = "nom;été\nÉcole Jules Ferry;déjà\nL'eau d'Arc à Châteauroux;où ça\n" * 2


def written(folder: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = folder / "sent.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def cells(grid: Grid | Frame) -> list[list[str | None]]:
    return [list(row.values()) for row in grid.cells.to_pylist()]


def read(folder: Path, content: str | bytes, encoding: str = "utf-8") -> Grid:
    return text_grid.grid(written(folder, content, encoding), NONE)


# --- encodings


@pytest.mark.parametrize(
    "name",
    ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le",
     "mac_roman", "cp850"],
)  # fmt: skip
def test_each_encoding_gives_back_its_text(tmp_path, name):
    path = written(tmp_path, ACCENTS, name)
    assert encoding_of(path).name == name
    copy = as_utf8(path, tmp_path)
    assert copy.read_text("utf-8-sig") == ACCENTS
    assert (copy == path) == name.startswith("utf-8")


def test_latin_9_is_told_by_its_oe(tmp_path):
    assert read(tmp_path, "nom;n\nSacré-Cœur;1\n", "iso8859-15").encoding == "iso8859-15"
    assert read(tmp_path, "nom;n\nSacré-Cœur 5 €;1\n", "cp1252").encoding == "cp1252"


def test_an_accent_at_the_very_end_is_seen(tmp_path):
    body = b"nom;n\n" + b"abc;1\n" * 30_000 + "Orléans;2\n".encode("cp1252")
    grid = read(tmp_path, body)
    assert (grid.encoding, grid.cells.num_rows) == ("cp1252", 30_002)
    assert grid.cells.column(0)[-1].as_py() == "Orléans"


def test_typographic_signs_of_cp1252_are_no_mac_letters(tmp_path):
    grid = read(tmp_path, "nom;n\nl’eau – 12 € « ici »…;1\nŽižek ™ à l’été;2\n", "cp1252")
    assert grid.encoding == "cp1252" and cells(grid)[1][0] == "l’eau – 12 € « ici »…"


@pytest.mark.parametrize("first", [True, False])
def test_two_encodings_in_one_file(tmp_path, first):
    one, other = "Chêne;à;1\n".encode(), "Épicéa;où;2\n".encode("cp1252")
    grid = read(tmp_path, b"nom;x;n\n" + (one + other if first else other + one))
    assert "mixed_encoding" in grid.flags
    assert {row[0] for row in cells(grid)[1:]} == {"Chêne", "Épicéa"}


def test_blocks_never_cut_a_character(tmp_path, monkeypatch):
    monkeypatch.setattr(encodings, "BLOCK", 3)
    for name in ("utf-8", "cp1252", "utf-16-le", "utf-32"):
        path = written(tmp_path, ACCENTS, name)
        assert "".join(encodings.decoded(path, encoding_of(path))) == ACCENTS


@pytest.mark.parametrize(
    ("twice", "meant"),
    [("Ã©tÃ©", "été"), ("Ã‰cole", "École"), ("lâ€™eau", "l’eau"), ("cÅ“ur", "cœur"), ("Ã\xa0", "à"),
     ("12 â‚¬", "12 €"), ("n\u00c2\u00b0 3", "n° 3"), ("Ã\x81gua", "Água"), ("ÃƒÂ©", "é"),
     ("São Paulo", "São Paulo"), ("Ångström", "Ångström"), ("été", "été"), ("Â", "Â")],
)  # fmt: skip
def test_letters_encoded_twice(twice, meant):
    assert once(twice) == meant


@pytest.mark.parametrize(
    "body",
    [b"", b"\xef\xbb\xbf", b"\n\n \n", b"\x00" * 2000, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9,
     b"%PDF-1.7\n1 0 obj", bytes(range(256)) * 20, b"\xff\xfe\x00\xd8\x00\xd8a\x00"],
)  # fmt: skip
def test_what_is_no_text_is_refused_in_one_sentence(tmp_path, body):
    with pytest.raises(Unreadable) as refused:
        framed(read(tmp_path, body), NONE)
    assert str(refused.value).endswith(".") and "Traceback" not in str(refused.value)


def test_a_huge_sparse_file_is_refused_by_its_size(tmp_path):
    path = tmp_path / "sparse.csv"
    with path.open("wb") as file:
        os.truncate(file.fileno(), 10_000_000_000)
    with pytest.raises(Unreadable, match="10000 Mo"):
        text_grid.grid(path, NONE)


def test_stray_zeros_are_removed_and_told(tmp_path):
    grid = read(tmp_path, b"a;b\n1;x\x00y\n" + b"2;z\n" * 30)
    assert "nul_removed" in grid.flags and cells(grid)[1] == ["1", "xy"]


# --- delimiters, quotes, line ends


@pytest.mark.parametrize(
    ("body", "delimiter", "expected"),
    [
        ("id;lat;nom\n1;44,1;a, b, c\n2;44,2;d, e\n", ";", ["1", "44,1", "a, b, c"]),
        ("a,b\n1;2,3\n4;5,6\n", ",", ["1;2", "3"]),
        ("nom\nDupont, Jean\nMartin, Paul\n", None, ["Dupont, Jean"]),
        ("valeur\n12,5\n13,75\n", None, ["12,5"]),
        ("geo_point\n44.1,1.4\n44.2,1.5\n", None, ["44.1,1.4"]),
        ("adresse\n12 rue A, 46000 Cahors\n3 rue B, 46100 Figeac\n", None,
         ["12 rue A, 46000 Cahors"]),
        ("adresse\nrue de Paris\nrue de Lyon\nrue de Pau\n", None, ["rue de Paris"]),
        ("horaire\n08:30\n09:45\n10:00\n", None, ["08:30"]),
        ("url\nhttps://a.fr\nhttps://b.fr\nhttps://c.fr\n", None, ["https://a.fr"]),
        ("a:b:c\n1:x:2\n3:y:4\n", ":", ["1", "x", "2"]),
        ("code pop part\n1 2 3.5\n4 5 6.5\n", " ", ["1", "2", "3.5"]),
        ("a\tb\n1;2\t3,4\n", "\t", ["1;2", "3,4"]),
        ("nom|note\nx|a, b; c\ny|d\n", "|", ["x", "a, b; c"]),
        ('"id,nom"\n"1,""Dupont, J"""\n"2,x"\n"3,y"\n', None, ['1,"Dupont, J"']),
        ('"id,nom,n"\n"1,""Dupont, J"",3"\n"2,x,4"\n', ",", ["1", "Dupont, J", "3"]),
        ("'id';'nom'\n'1';'l''eau; oui'\n'2';'x'\n", ";", ["1", "l'eau; oui"]),
        ('id; nom; n\n1; "a; b"; x\n2; "c"; y\n', ";", ["1", "a; b", "x"]),
        ("sep=;\nid;nom\n1;a,b\n", ";", ["1", "a,b"]),
        ("sep=,\nid,nom\n1,a;b\n", ",", ["1", "a;b"]),
        ("Titre, avec, des, virgules\n\nid;nom\n1;a\n2;b\n3;c\n", ";", None),
    ],
)  # fmt: skip
def test_the_delimiter_is_the_one_of_even_rows(tmp_path, body, delimiter, expected):
    grid = read(tmp_path, body)
    assert grid.delimiter == delimiter
    if expected is not None:
        assert cells(grid)[1] == expected


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(tmp_path, end):
    assert cells(read(tmp_path, end.join(["a;b", "1;2", "3;4"]))) == [
        ["a", "b"], ["1", "2"], ["3", "4"]]  # fmt: skip
    mixed = read(tmp_path, "a;b\r\n1;2\n3;4\r5;6")
    assert cells(mixed)[-1] == ["5", "6"] and mixed.lines == (1, 2, 3, 4)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('1;"rue "Victor Hugo""', ["1", 'rue "Victor Hugo"']),
        ('1;"rue "Hugo"; bis"', ["1", 'rue "Hugo', ' bis"']),
        ('1;"a ""b"" c"', ["1", 'a "b" c']),
        ('1;école "Hugo"', ["1", 'école "Hugo"']),
        ('1;"jamais fermé', ["1", '"jamais fermé']),
        ('1;"a \\"b\\" c"', ["1", 'a "b" c']),
        ('1;"a" ', ["1", "a"]),
        ('1;5"', ["1", '5"']),
        ('1;""', ["1", None]),
        ('1;"deux\nlignes"', ["1", "deux\nlignes"]),
    ],
)
def test_quotes(tmp_path, line, expected):
    got = cells(read(tmp_path, f"id;nom\n{line}\n2;b\n3;c\n"))
    assert [cell for cell in got[1] if cell != ""][: len(expected)] == expected
    assert [row[:2] for row in got[-2:]] == [["2", "b"], ["3", "c"]]


def test_a_quote_never_closed_swallows_no_line(tmp_path):
    body = "id;nom\n1;a\n" + '2;"ouvert\n' + "".join(f"{n};x\n" for n in range(3, 60)) + '60;"z"\n'
    got = cells(read(tmp_path, body))
    assert len(got) == 61 and got[2] == ["2", '"ouvert'] and got[-1] == ["60", "z"]


def test_limits_are_said(tmp_path, monkeypatch):
    with pytest.raises(Unreadable, match="1500 cellules"):
        read(tmp_path, "a;b\n" + ";".join("x" * 1500) + "\n")
    monkeypatch.setattr(text_grid, "ROWS", 10)
    monkeypatch.setattr(text_grid, "MARGIN", 0)
    with pytest.raises(Unreadable, match="lignes"):
        read(tmp_path, "a;b\n" + "1;2\n" * 30)


def test_form_for_reading_values_as_given(tmp_path):
    form = text_grid.form(written(tmp_path, "a;b\n1;é\n", "cp1252"))
    assert (form.encoding, form.delimiter, form.bom) == ("cp1252", ";", 0)
    assert text_grid.form(written(tmp_path, "nom\nx\n", "utf-8-sig")) == text_grid.TextForm(
        "utf-8-sig", ",", None, 3)  # fmt: skip
    assert text_grid.form(written(tmp_path, "nom\nDupont, Jean\n")).delimiter == ";"  # fmt: skip


# --- the property

WORDS = st.text("abcÉèçœ’ ,;|'\"-/()\n0123", min_size=1, max_size=12).map(
    lambda text: ("n " + text).strip()
)
ROWS = st.lists(st.tuples(WORDS, st.integers(-9999, 9999), WORDS), min_size=3, max_size=12)


def clean(rows, delimiter, end, quoting, above, below) -> str:
    out = io.StringIO()
    table = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    table.writerow(["identifiant", "libellé", "effectif", "observation"])
    table.writerows([n, *row] for n, row in enumerate(rows, 1))
    titles = "".join(line + end for line in above)
    return titles + out.getvalue() + "".join(line + end for line in below)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    ROWS,
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]),
    st.sampled_from([[], ["Effectifs de la commune"], ["Commune de Cahors", "", "État 2024", ""]]),
    st.sampled_from([[], ["", "Source : service des écoles"], ["(1) estimé", "Note : provisoire"]]),
    st.booleans(),
)
@example(
    [("n a", 1, "n b"), ("n c", 2, 'n "'), ("n,d", 3, "n")], ",", "\r", 1, "utf-16", [], [], True
)
def test_a_clean_table_comes_back(
    tmp_path_factory, rows, delimiter, end, quoting, encoding, above, below, fast
):
    folder = tmp_path_factory.mktemp("clean")
    if end == "\r":  # csv does not quote a line break other than its own
        rows = [(a.replace("\n", ""), b, c.replace("\n", "")) for a, b, c in rows]
    path = written(folder, clean(rows, delimiter, end, quoting, above, below), encoding)
    before = text_grid.SMALL
    text_grid.SMALL = 0 if fast else before
    try:
        frame = framed(text_grid.grid(path, NONE), NONE)
    finally:
        text_grid.SMALL = before
    assert frame.names == ("identifiant", "libellé", "effectif", "observation")
    expected = [[str(n), a, str(b), c] for n, (a, b, c) in enumerate(rows, 1)]
    assert cells(frame) == expected
    assert frame.header_row == len(above) + 1


def test_arrow_and_python_give_the_same_cells(tmp_path, monkeypatch):
    body = 'Titre\n\nid,nom,n\n1,a,2\n2,b\n3,"c, d",4\n\n4,e,5,6\n5,,\n6,g,7,,,\n\nSource : x, y\n'
    slow = read(tmp_path, body)
    monkeypatch.setattr(text_grid, "SMALL", 0)
    fast = read(tmp_path, body)
    assert cells(slow) == cells(fast) and slow.lines == fast.lines
    assert slow.odd_rows == fast.odd_rows
