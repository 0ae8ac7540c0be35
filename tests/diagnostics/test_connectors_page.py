"""docs/connectors.md, as it would be written from the cards today."""

import pytest

from data.catalog import catalog
from diagnostics.documentation import connectors_page

PAGE = connectors_page(catalog())
SOURCES = [
    pytest.param(card, source, id=f"{card.id}.{source.connector}")
    for card in catalog().datasets.values()
    for source in card.sources
]


def part(card, source) -> str:
    """The lines of one source."""
    own = PAGE.split(f"\n## `{source.connector}`\n")[1].split("\n## ")[0]
    return own.split(f"\n### `{card.id}` ")[1].split("\n### ")[0]


@pytest.mark.parametrize(("card", "source"), SOURCES)
def test_every_source_says_where_when_how_much_and_under_which_terms(card, source):
    said = part(card, source)
    assert f"- Licence : {source.licence}\n" in said
    assert f"- Couverture : {source.coverage}\n" in said
    assert "- Récupération : " in said
    if source.endpoint:
        assert f"`ACV_ENDPOINT_{source.endpoint}`" in said
        assert ("gros fichier" in said) == bool(source.size_mb)
        assert ("communes par appel" in said) == (source.group > 1 and not source.bulk)
    else:
        assert "livrée avec l'outil" in said
    for words in (source.not_seen_live, source.vintage_rule, *source.caveats):
        assert (words or "") in said


def test_an_address_overridden_on_this_machine_does_not_change_the_page(monkeypatch):
    monkeypatch.setenv("ACV_ENDPOINT_GEO", "http://127.0.0.1:9")
    assert connectors_page(catalog()) == PAGE
