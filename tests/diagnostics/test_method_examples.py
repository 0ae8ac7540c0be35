"""The examples worked by hand in docs/method.md give what the model gives, to the tenth."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from diagnostics import scoring
from diagnostics.readiness import Required, readiness
from diagnostics.scoring import NOT_TESTED, Interval, State

PAGE = Path(__file__).resolve().parents[2] / "docs/method.md"
BLOCKS = re.findall(r"^```yaml\n(exemple:.*?)^```", PAGE.read_text("utf-8"), re.S | re.M)
EXAMPLES = {made["exemple"]: made for made in map(yaml.safe_load, BLOCKS)}


def state(need: dict) -> State:
    checks = {name: float(value) for name, value in need.get("controles", {}).items()}
    quality = Interval(*need["qualite"]) if "qualite" in need else scoring.quality(checks)
    return State(
        need["statut"],
        established=not need.get("suppose"),
        quality=quality,
        adequacy=need.get("adequation", 1.0),
        reachable=0 not in (checks.get("link", NOT_TESTED), checks.get("readable", NOT_TESTED)),
        substitute=bool(need.get("substitut")),
        grounded=bool(need.get("fonde")),
        reasoned=bool(need.get("raison")),
    )


def test_the_page_has_its_examples():
    assert len(EXAMPLES) >= 8


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_worked_by_hand(name):
    example = EXAMPLES[name]
    needs = [(need["criticite"], state(need)) for need in example["besoins"]]
    wanted = example["attendu"]
    for key, score in (
        ("utilisable", scoring.usable_score(needs)),
        ("ouverture", scoring.openness_score(needs)),
    ):
        if key in wanted:
            assert (score.low, score.high) == pytest.approx(wanted[key], abs=0.005), key
    found = readiness([Required(f"n{i}", *need) for i, need in enumerate(needs)])
    assert found.verdict == wanted["verdict"]
    assert found.expected == wanted.get("attendu", found.expected)
    assert scoring.evaluated_share(needs) == pytest.approx(wanted["part_evaluee"])
