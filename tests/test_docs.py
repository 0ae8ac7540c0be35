"""The documentation tells the truth: generated pages are fresh, commands run, paths exist."""

from __future__ import annotations

import importlib
import re
import subprocess
from pathlib import Path

import pytest

from diagnostics import documentation, scoring
from diagnostics.indicators.header import indicators

ROOT = Path(__file__).resolve().parent.parent
WRITTEN = ["README.md", "docs/adding.md", "docs/method.md", "docs/operations.md"]
NBSP = "\u00a0"


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands_in(name: str) -> list[str]:
    """The shell commands of a page: lines of fenced blocks and code spans, comments aside."""
    page = text(name)
    blocks = re.findall(r"^```\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    spans = re.findall(r"`((?:make|python -m) [^`\n]+)`", page)
    lines = [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in [*lines, *spans] if line]


# --- generated pages -----------------------------------------------------------------------------


def test_the_generated_pages_say_what_the_cards_and_headers_say() -> None:
    assert documentation.stale() == [], "lancer `make docs`"


def test_a_page_edited_by_hand_is_seen_as_stale_and_written_again(tmp_path: Path) -> None:
    assert set(documentation.write(tmp_path)) == set(documentation.pages())
    assert documentation.stale(tmp_path) == []
    page = tmp_path / "indicators.md"
    page.write_text(page.read_text(encoding="utf-8").replace("Lecture", "Lectures", 1))
    assert documentation.stale(tmp_path) == ["indicators.md"]
    assert documentation.write(tmp_path) == ["indicators.md"]
    assert documentation.stale(tmp_path) == []


def test_every_dataset_indicator_and_connector_has_its_line() -> None:
    from data.catalog import catalog

    cards = catalog().datasets.values()
    pages = documentation.pages()
    assert [card.id for card in cards if f"`{card.id}`" not in pages["datasets.md"]] == []
    assert [made for made in indicators() if f"`{made}`" not in pages["indicators.md"]] == []
    connectors = {source.connector for card in cards for source in card.sources}
    assert [name for name in connectors if f"## `{name}`" not in pages["connectors.md"]] == []


def test_what_was_not_seen_on_the_real_source_is_written_down() -> None:
    from data.catalog import catalog

    page = documentation.pages()["connectors.md"]
    unseen = [
        source.not_seen_live
        for card in catalog().datasets.values()
        for source in card.sources
        if source.not_seen_live
    ]
    assert [words for words in unseen if words not in page] == []


# --- pages written by hand -----------------------------------------------------------------------


@pytest.mark.parametrize("page", WRITTEN)
def test_every_make_target_that_a_page_names_exists(page: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    named = {line.split()[1] for line in commands_in(page) if line.startswith("make ")}
    assert named <= targets


@pytest.mark.parametrize("name", ["README.md", "docs/operations.md"])
def test_every_command_that_a_page_names_is_known_to_its_program(name: str) -> None:
    asked = {
        tuple(line.split()[2:4])
        for line in commands_in(name)
        if line.startswith(("python -m connectors", "python -m diagnostics"))
    }
    assert len(asked) >= 5
    unknown = [" ".join(words) for words in sorted(asked) if not _is_known(*words)]
    assert unknown == []


def _is_known(part: str, command: str) -> bool:
    """Whether the program's own help knows the command; it runs here, not in a process."""
    program = importlib.import_module(f"{part}.__main__")
    try:
        return program.main([command, "--help"]) == 0
    except SystemExit as ended:
        return ended.code in (0, None)


def test_a_command_that_does_not_exist_would_be_found() -> None:
    assert not _is_known("connectors", "invente")


@pytest.mark.parametrize("page", [*WRITTEN, "CHANGELOG.md"])
def test_every_path_that_a_page_names_exists(page: str) -> None:
    words = text(page)
    spans = re.findall(r"`([\w.-]+/[\w./-]*)`", words)
    links = re.findall(r"\]\(([^)#:]+)\)", words)
    made_later = ("data/local/",)
    folder = (ROOT / page).parent
    missing = [
        name
        for name in (*spans, *links)
        if not ((ROOT / name).exists() or (folder / name).exists())
        and not name.startswith(made_later)
        and not re.fullmatch(r"scdl/\w+", name)
    ]
    assert missing == []


def test_make_without_target_explains_itself() -> None:
    shown = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("run", "test", "check", "deep", "bench", "docs", "refresh"):
        assert re.search(rf"^{target} +\w", shown, re.MULTILINE), target


def test_the_method_gives_the_bands_and_weights_that_the_code_uses() -> None:
    from data.catalog import catalog

    page = text("docs/method.md").replace(NBSP, " ")
    words = {row["code"]: row["short"] for row in catalog().statuses["access_statuses"]}
    for code in ("open", "other", "candidate"):
        usable, openness = scoring.USABLE_BANDS[code], scoring.OPENNESS_BANDS[code]
        line = (
            f"| {words[code].lower()} | {usable.low:.0f} à {usable.high:.0f} "
            f"| {openness.low:.0f} à {openness.high:.0f} |"
        )
        assert line in page
    shares = re.search(r"\*\*Qualité\*\*.*", page)
    assert shares
    given = sorted(int(found) for found in re.findall(r"\((\d+)\)", shares.group()))
    assert given == sorted(round(100 * share) for share in scoring.CHECK_WEIGHTS.values())
    for criticality, weight in (("indispensable", 3), ("utile", 2), ("de confort", 1)):
        assert f"{criticality} {weight}" in page
    assert list(scoring.CRITICALITY_WEIGHTS.values()) == [3, 2, 1]
    assert f"ne dépasse pas {scoring.CAP:.0f}" in page
    assert "Non accessible sans raison valable" in page


def test_the_readme_says_it_is_independent_and_what_is_invented() -> None:
    readme = text("README.md").replace(NBSP, " ")
    assert "Outil indépendant, sans lien avec l'ANCT, l'État ou OpenDataFrance." in readme
    assert "FICTIF" in readme


def test_the_changelog_starts_with_what_is_not_published_yet() -> None:
    sections = re.findall(r"^## (.+)$", text("CHANGELOG.md"), re.MULTILINE)
    assert sections[0] == "[Non publié]"
    assert "### Rupture" in text("CHANGELOG.md")


# --- decision records ----------------------------------------------------------------------------

RECORDS = sorted((ROOT / "docs/decisions").glob("*.md"))


def test_decision_records_are_numbered_without_gap() -> None:
    assert [int(path.name[:3]) for path in RECORDS] == list(range(1, len(RECORDS) + 1))
    assert len(RECORDS) >= 18


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_decision_record_has_its_five_parts_and_stays_short(path: Path) -> None:
    words = path.read_text(encoding="utf-8")
    assert words.startswith(f"# {path.name[:3]}. ")
    parts = ["Statut", "**Contexte.**", "**Problème.**", "**Décision.**", "**Conséquences.**"]
    places = [words.find(part) for part in parts]
    assert places == sorted(places) and -1 not in places
    prose = [line for line in words.splitlines() if not line.startswith("|")]
    assert len(prose) <= 35
