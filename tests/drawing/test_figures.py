"""A figure, its interval, its place and its absence, in words."""

from types import SimpleNamespace

from data.territories import territory
from diagnostics.indicators import compute, indicators
from drawing import figures, signs


def values_of(store, code):
    return {value.id: value for value in compute(store, territory(code))}


def test_a_figure_reads_with_its_unit_interval_and_place(embedded_store):
    value = values_of(embedded_store, "46042")["d35_2050"]
    assert figures.amount(value) == "12\u00a0jours/an"
    assert figures.spoken(value) == "12\u00a0jours par an"
    assert figures.interval(value) == "[7–15]"
    assert figures.place(value).startswith("Au-dessus de la moitié centrale (médiane")


def test_no_figure_is_ever_ranked(embedded_store):
    for value in values_of(embedded_store, "46042").values():
        said = figures.place(value)
        assert "rang" not in said
        assert "ᵉ" not in said


def test_a_source_line_says_who_when_at_which_level_and_under_which_licence(embedded_store):
    value = values_of(embedded_store, "46042")["seniors_share"]
    said = " · ".join(part for part in figures.source_parts(value) if part)
    for word in ("Insee", "2021", "niveau commune", "récupéré le", "Licence Ouverte"):
        assert word in said


def test_an_absence_has_its_words_and_never_a_zero(embedded_store):
    for value in values_of(embedded_store, "97611").values():
        if value.value is None:
            assert figures.amount(value) == signs.absence(value.status).words
            assert "0" not in figures.amount(value)


def test_absences_of_different_kinds_are_not_merged(embedded_store):
    found = figures.absences(values_of(embedded_store, "97611").values())
    assert {status for status, _ in found} >= {"not_fetched", "not_covered"}
    block = figures.absence_block("not_fetched", "<b>", [], "", "light")
    assert "<b>" not in block


def test_a_known_figure_stands_for_its_theme_before_an_absent_one(embedded_store):
    values = list(values_of(embedded_store, "46042").values())
    assert figures.headline(values, "climat").id == "d35_2050"
    assert figures.headline(values, "risques").id == "catnat_recognitions"
    assert figures.headline([], "climat") is None


def test_projections_come_in_the_order_of_time(embedded_store):
    found = figures.variants(values_of(embedded_store, "46042").values())
    assert list(found)[0] == "d35"
    assert list(found["d35"]) == ["reference", "2030", "2050", "2100"]
    points = figures.points(found["d35"])
    assert [point.value for point in points] == [3, 9, 12, 25]
    assert figures.common_title(found["d35"].values()) == "Jours à 35 °C ou plus"


def test_few_towns_are_said_to_be_few(embedded_store):
    found = values_of(embedded_store, "46042")
    assert figures.brief_place(found["d35_2050"]).endswith("16\u00a0villes seulement")
    assert "seulement" in figures.place(found["d35_2050"])
    assert "seulement" not in figures.brief_place(found["seniors_share"])


def test_an_absence_does_not_say_its_words_twice(embedded_store):
    for value in values_of(embedded_store, "200023737").values():
        if value.status == "not_applicable":
            assert "sans objet" not in figures.why_absent(value).lower()


def test_a_day_that_a_source_says_is_not_said_again(embedded_store):
    found = values_of(embedded_store, "46042")
    count, old = found["catnat_recognitions"], found["seniors_share"]
    assert figures.year_beside(count, count.source) is None
    assert figures.year_beside(old, old.source) == "2021"


def test_many_figures_are_folded_and_none_is_lost():
    known = [SimpleNamespace(id=one.id, theme=one.theme) for one in indicators().values()]
    for theme in signs.THEMES:
        own = [one for one in known if one.theme == theme]
        shown, more = figures.folded(own)
        assert len(shown) <= figures.MANY or not figures.ESSENTIAL.get(theme)
        assert [*shown, *more] == figures.ordered(own)
        assert sorted(one.id for one in [*shown, *more]) == sorted(one.id for one in own)


def test_what_is_read_first_is_known_to_the_reference():
    named = [name for made in figures.ESSENTIAL.values() for group in made for name in group]
    named += [name for made in figures.HEADLINES.values() for name in made]
    assert set(named) <= set(indicators())
