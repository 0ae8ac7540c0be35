"""axe-core on every screen, by day and by night: no serious violation of ours."""

from pathlib import Path

import pytest

from tests.browser.conftest import visiting

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
GRAVE = ("serious", "critical")
SCREENS = (
    "/",
    "/?territoire=46042",
    "/tableau_de_bord?territoire=46042",
    "/disponibilite?territoire=00001",
    "/donnees_manquantes?territoire=46042",
    "/donnee?territoire=46042&jeu=radon_potential",
    "/sources?territoire=46042",
)


def violations(page) -> list[str]:
    """Serious violations as 'rule : first element'."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{rule['id']} ({rule['impact']}) : {rule['nodes'][0]['html'][:160]}"
        for rule in found["violations"]
        if rule["impact"] in GRAVE or rule["id"] == "heading-order"
    ]


@pytest.mark.parametrize(
    ("path", "scheme"),
    [(path, "light") for path in SCREENS]
    + [(SCREENS[1], "dark")]
    + [pytest.param(path, "dark", marks=pytest.mark.deep) for path in SCREENS[2:4]],
)
def test_a_screen_has_no_serious_violation(examined, shared_app, path, scheme):
    if not AXE.exists():
        pytest.skip("axe-core absent")
    with visiting(examined, shared_app, scheme=scheme) as visit:
        page = visit.open(path)
        page.wait_for_timeout(800)
        assert violations(page) == []
