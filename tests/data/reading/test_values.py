"""Numbers, dates, yes and no, missing values: each kind of dirt, and the traps beside it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.data.reading.test_settling import settle

FEW = settings(max_examples=40, deadline=None, derandomize=True)
MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre"]
MONTHS += ["octobre", "novembre", "décembre"]

# (header, values, values wanted, type, flags)
NUMBERS = [
    ("q", ["1 234,50", "12,5", "3"], ["1234.50", "12.5", "3"], "number", ()),
    ("q", ["1\u202f234", "12\u00a0345"], ["1234", "12345"], "integer", ()),
    ("q", ["1.234,56", "2.000", "12,00"], ["1234.56", "2000", "12.00"], "number", ()),
    ("q", ["1.234.567", "1.234"], ["1234567", "1234"], "integer", ()),
    ("q", ["1,234.56", "1,234"], ["1234.56", "1234"], "number", ()),
    ("q", ["1'234.50", "1’000"], ["1234.50", "1000"], "number", ()),
    ("q", ["-12,5", "+3", "− 4"], ["-12.5", "3", "-4"], "number", ()),
    ("q", ["1.234"], ["1.234"], "number", ("ambiguous_number:q",)),
    ("q", ["1.234", "0.5"], ["1.234", "0.5"], "number", ()),
    ("q", ["1.234", "12,5"], ["1.234", "12.5"], "number", ("ambiguous_number:q",)),
    ("q", ["1,234", "12.5", "7.25"], ["1,234", "12.5", "7.25"], "number",
     ("ambiguous_number:q", "not_a_number:q:1")),
    ("latitude", ["48.856", "48.857"], ["48.856", "48.857"], "number", ()),
    ("h", ["12,5", "13", "environ 12", "14"], ["12.5", "13", "environ 12", "14"], "number",
     ("not_a_number:h:3",)),
    ("q", ["1,5E+03", "2,5"], ["1.5E+03", "2.5"], "number", ()),
    ("q", ["12 34", "5 6"], ["12 34", "5 6"], "string", ()),
    ("q", ["007", "012"], ["007", "012"], "string", ()),
    ("q", ["0,5", "05", "1,2"], ["0.5", "05", "1.2"], "number", ()),
    ("numero", ["12", "12 bis", "3"], ["12", "12 bis", "3"], "string", ()),
    ("voie", ["12", "12 bis", "3 b", "1 200"], ["12", "12 bis", "3 b", "1 200"], "string", ()),
    ("ident", ["1e3", "2e5"], ["1e3", "2e5"], "string", ()),
    ("code", ["1,5", "2,5"], ["1,5", "2,5"], "string", ()),
    ("lignes", ["1,2,3", "1,2"], ["1,2,3", "1,2"], "string", ()),
    ("obs", ["Voir la note, svp", "12,5"], ["Voir la note, svp", "12,5"], "string", ()),
    ("q", ["10-20", "15 000- 89 999,99"], ["10-20", "15 000- 89 999,99"], "string", ()),
    ("id", ["1", "2", "10"], ["1", "2", "10"], "integer", ()),
    ("annee", ["2024", "2023"], ["2024", "2023"], "year", ()),
    ("q", ["2024", "2023"], ["2024", "2023"], "integer", ()),
    ("valeur", ["75 000", "1 000"], ["75000", "1000"], "integer", ()),
    ("taux", ["12,5 %", "100 %", "0%"], ["0.125", "1", "0"], "number", ("percent:taux",)),
    ("taux", ["12 %", "5"], ["12 %", "5"], "string", ("mixed_units:taux",)),
    ("h", ["12 m", "3,5 m", "1 200m"], ["12", "3.5", "1200"], "number", ("unit:h:m",)),
    ("h", ["12 m", "4 mètres"], ["12", "4"], "integer", ("unit:h:m",)),
    ("h", ["12 m", "120 cm"], ["12 m", "120 cm"], "string", ("mixed_units:h",)),
    ("s", ["12 m²", "3,5 m²"], ["12", "3.5"], "number", ("unit:s:m²",)),
    ("m", ["1 234,56 €", "12 €", "300"], ["1234.56", "12", "300"], "number", ("unit:m:€",)),
    ("m", ["€12.50", "€ 3"], ["12.50", "3"], "number", ("unit:m:€",)),
    ("m", ["12 k€", "3 M€"], ["12 k€", "3 M€"], "string", ("mixed_units:m",)),
    ("c", ["12 places", "3 places", "1 200 places"], ["12", "3", "1200"], "integer",
     ("unit:c:places",)),
]  # fmt: skip

DATES = [
    ("d", ["12/03/2024", "2024-05-06", "1er mars 2024"],
     ["2024-03-12", "2024-05-06", "2024-03-01"], "date", ()),
    ("d", ["2024/03/12", "12.03.2024", "12-3-2024"],
     ["2024-03-12", "2024-03-12", "2024-03-12"], "date", ("duplicate_rows:2",)),
    ("d", ["mardi 12 mars 2024", "le 3 août 2023"], ["2024-03-12", "2023-08-03"], "date", ()),
    ("d", ["March 12, 2024", "12 Sept. 2023"], ["2024-03-12", "2023-09-12"], "date", ()),
    ("d", ["12/03/24", "01/02/45"], ["2024-03-12", "1945-02-01"], "date", ("two_digit_year:d",)),
    ("d", ["01/02/2024", "03/04/2024"], ["2024-02-01", "2024-04-03"], "date", ()),
    ("d", ["03/25/2024", "04/02/2024"], ["2024-03-25", "2024-04-02"], "date", ("month_first",)),
    ("d", ["13/04/2024", "04/25/2024", "01/02/2024"],
     ["2024-04-13", "2024-04-25", "01/02/2024"], "date", ("month_first", "ambiguous_date:d:3")),
    ("d", ["29/02/2023", "32/01/2024", "01/01/2023"],
     ["29/02/2023", "32/01/2024", "2023-01-01"], "date", ("impossible_date:d:1,2",)),
    ("d", ["12/03/2024", "mars 2024", "2023"], ["2024-03-12", "2024-03", "2023"], "date",
     ("partial_date:2,3",)),
    ("d", ["00/00/2015", "00/05/2016", "12/03/2015", "13/03/2015"],
     ["2015", "2016-05", "2015-03-12", "2015-03-13"], "date", ("partial_date:1,2",)),
    ("m", ["mars 2024", "févr. 2023"], ["2024-03", "2023-02"], "yearmonth", ()),
    ("mois", ["03/2024", "04/2024"], ["2024-03", "2024-04"], "yearmonth", ()),
    ("acte", ["3/2024", "4/2024"], ["3/2024", "4/2024"], "string", ()),
    ("lot", ["01-02-03", "01.02.04"], ["01-02-03", "01.02.04"], "string", ()),
    ("date de pose", ["2015", "2016"], ["2015", "2016"], "year", ("partial_date:1,2",)),
    ("date de pose", ["45000", "45001,5"], ["2023-03-15", "2023-03-16T12:00:00"], "date",
     ("excel_serial",)),
    ("d", ["12/03/2024", "14/03/2024", "15/03/2024", "45000"],
     ["2024-03-12", "2024-03-14", "2024-03-15", "2023-03-15"], "date", ("excel_serial",)),
    ("surface", ["45000", "45001"], ["45000", "45001"], "integer", ()),
    ("date_maj", ["20240312", "20240401"], ["2024-03-12", "2024-04-01"], "date", ()),
    ("ref_maj", ["20240312", "20240401"], ["20240312", "20240401"], "integer", ()),
    ("d", ["12/03/2024 14:30", "13/03/2024 à 8h05", "2024-03-14T08:00:01"],
     ["2024-03-12T14:30:00", "2024-03-13T08:05:00", "2024-03-14T08:00:01"], "datetime", ()),
    ("d", ["12/03/2024 00:00:00", "13/03/2024 00:00"], ["2024-03-12", "2024-03-13"], "date", ()),
    ("t", ["14h30", "8:05"], ["14:30:00", "08:05:00"], "time", ()),
    ("duree", ["2h30", "1h15"], ["2h30", "1h15"], "string", ()),
    ("ouverture", ["9h-12h", "14h-18h"], ["9h-12h", "14h-18h"], "string", ()),
    ("d", ["12/03/2024", "13/03/2024", "14/03/2024", "à fixer"],
     ["2024-03-12", "2024-03-13", "2024-03-14", "à fixer"], "date", ("not_a_date:d:4",)),
]  # fmt: skip

WORDS = [
    ("b", ["Oui", "NON", "oui", "nsp"], ["true", "false", "true", None], "boolean"),
    ("b", ["O", "N", "o"], ["true", "false", "true"], "boolean"),
    ("b", ["VRAI", "Faux"], ["true", "false"], "boolean"),
    ("b", ["x", None, "X"], ["true", None, "true"], "boolean"),
    ("b", ["✓", "oui", "1", "0"], ["true", "true", "true", "false"], "boolean"),
    ("est_accessible", ["1", "0"], ["true", "false"], "boolean"),
    ("gratuit ?", ["1", "0"], ["true", "false"], "boolean"),
    ("nb_lits", ["1", "0"], ["1", "0"], "integer"),
    ("q", ["1", "0"], ["1", "0"], "integer"),
    ("orientation", ["N", "O", "S", "E"], ["N", "O", "S", "E"], "string"),
    ("zone", ["N", None], ["N", None], "string"),
    ("acces", ["oui", "non", "partiel"], ["oui", "non", "partiel"], "string"),
    ("q", ["12", "NC", "--", "?", "inconnu", "#REF!", "\\N"], ["12", *[None] * 6], "integer"),
    ("espece", ["Chêne vert", "n/a", "non renseigné", "Sans objet", "NC", "-", "NÉANT"],
     ["Chêne vert", *[None] * 6], "string"),
    ("etat", ["Bon état", "inconnu"], ["Bon état", "inconnu"], "string"),
    ("pays", ["NA", "FR"], ["NA", "FR"], "string"),
    ("groupe", ["A+", "-", "B-"], ["A+", "-", "B-"], "string"),
    ("prenom", ["MARIE", "NAN"], ["MARIE", "NAN"], "string"),
    ("q", ["-", "-"], [None, None], "string"),
]  # fmt: skip


@pytest.mark.parametrize(("header", "values", "wanted", "kind", "flags"), NUMBERS + DATES)
def test_numbers_and_dates(header, values, wanted, kind, flags) -> None:
    made = settle((header, values))
    assert made.table.column(0).to_pylist() == wanted
    assert made.columns[0].type == kind
    assert set(made.flags) == set(flags)


@pytest.mark.parametrize(("header", "values", "wanted", "kind"), WORDS)
def test_yes_no_and_nothing(header, values, wanted, kind) -> None:
    made = settle((header, values))
    assert made.table.column(0).to_pylist() == wanted
    assert made.columns[0].type == kind
    kept = [name for name in made.flags if name.startswith("possible_missing")]
    assert bool(kept) == (header in ("pays", "groupe", "prenom"))


def test_mostly_yes_and_no_is_left_and_told() -> None:
    values = ["oui", "non", "oui (dimanche)", "oui", "non"]
    made = settle(("ouvert", values))
    assert made.table.column(0).to_pylist() == values
    assert "not_a_boolean:ouvert:3" in made.flags


@FEW
@given(
    st.decimals(-10_000_000, 10_000_000, places=2),
    st.sampled_from([" ", "\u00a0", "\u202f", ".", "'", "’", ""]),
)
def test_a_number_written_in_french_comes_back(number, sign) -> None:
    text = f"{number:,.2f}".replace(",", "T").replace(".", ",").replace("T", sign)
    made = settle(("q", [text, "0,25"]))
    assert made.table.column(0).to_pylist() == [f"{number:.2f}", "0.25"]


@FEW
@given(st.dates(date(1930, 1, 1), date(2030, 12, 31)), st.integers(0, 6))
def test_a_date_in_any_form_comes_back(day: date, form: int) -> None:
    month = MONTHS[day.month - 1]
    texts = (
        f"{day:%d/%m/%Y}", f"{day:%d-%m-%Y}", f"{day:%d.%m.%Y}", f"{day:%Y/%m/%d}", str(day),
        f"{day.day} {month} {day.year}", f"{day.day:02d} {month[:4]}. {day.year}",
    )  # fmt: skip
    made = settle(("d", [texts[form], "31/12/1999"]))
    assert made.table.column(0).to_pylist() == [str(day), "1999-12-31"]


@FEW
@given(st.lists(st.sampled_from(["Rue X, 12,5", "a 1 234", "le 12/03/2024", "oui, 3"]), min_size=3))
def test_free_text_is_left_alone(values: list[str]) -> None:
    assert settle(("obs", values)).table.column(0).to_pylist() == values
