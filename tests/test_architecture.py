"""The tree keeps its shape, and each rule that says so can fail: it is shown a planted fault."""

import importlib
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from data.catalog import catalog
from tests import architecture

ROOT = Path(__file__).resolve().parent.parent
Rule = Callable[[Path], list[str]]

RULES: dict[str, Rule] = {
    "a part imports only what the table allows": architecture.forbidden_imports_of_ours,
    "ui and drawing take values only": architecture.computing_imported_where_values_only,
    "a restricted library stays in its part": architecture.forbidden_libraries,
    "one module goes out to the network": architecture.network_outside_its_module,
    "no module imports itself in a circle": architecture.cycles,
    "SQL is never glued outside data and diagnostics": architecture.sql_built_by_formatting,
    "a page draws and does nothing else": architecture.bad_pages,
    "a page shows what a session may see": architecture.pages_that_assess,
    "every page stands in the menu": architecture.pages_missing_from_menu,
    "no module is named utils": architecture.vague_modules,
    "a connector is a card's, and fetches": architecture.connectors_unlike_cards,
    "functions stay short": architecture.long_functions,
    "requirements are exact and give no index": architecture.loose_requirements,
    "every library is declared": architecture.undeclared_libraries,
    "every dependency has its reason": architecture.unexplained_dependencies,
}


@pytest.mark.parametrize("rule", RULES)
def test_the_tree_keeps_the_rule(rule: str) -> None:
    assert RULES[rule](ROOT) == []


def test_the_rules_read_the_real_tree() -> None:
    parts = {part for part, _, _ in architecture.python_files(ROOT)}
    assert parts >= {"data", "connectors", "diagnostics", "drawing", "ui", "pages", "app.py"}
    assert len(architecture.function_lengths(ROOT)) > 200


LONG = "\n".join(["def slow():", *["    x = 1"] * architecture.FUNCTION_LINES])

# (rule, file, its text, a word of the message); each file alone breaks the rule.
PLANTED = [
    (
        architecture.forbidden_imports_of_ours,
        "data/a.py",
        "import connectors.network.http",
        "connectors",
    ),
    (architecture.forbidden_imports_of_ours, "data/a.py", "from ui import frame", "ui"),
    (architecture.forbidden_imports_of_ours, "data/x/a.py", "from diagnostics import x", "a.py:1"),
    (architecture.forbidden_imports_of_ours, "diagnostics/a.py", "import connectors", "import"),
    (architecture.forbidden_imports_of_ours, "pages/a.py", "from data import store", "store"),
    (
        architecture.forbidden_imports_of_ours,
        "pages/a.py",
        "import connectors.network.http",
        "http",
    ),
    (architecture.forbidden_imports_of_ours, "app.py", "import connectors.network.http", "app.py"),
    (architecture.forbidden_imports_of_ours, "ui/a.py", "def f():\n  import connectors", "a.py:2"),
    (
        architecture.forbidden_imports_of_ours,
        "drawing/a.py",
        "import importlib\nimportlib.import_module('ui.frame')",
        "ui.frame",
    ),
    (
        architecture.computing_imported_where_values_only,
        "ui/a.py",
        "from diagnostics.indicators import compute",
        "compute",
    ),
    (
        architecture.computing_imported_where_values_only,
        "drawing/a.py",
        "import diagnostics.availability",
        "valeurs",
    ),
    (architecture.forbidden_libraries, "connectors/a.py", "import duckdb", "duckdb"),
    (architecture.forbidden_libraries, "diagnostics/a.py", "from yaml import safe_load", "yaml"),
    (architecture.forbidden_libraries, "drawing/a.py", "import streamlit as st", "streamlit"),
    (architecture.forbidden_libraries, "ui/a.py", "import altair", "altair"),
    (architecture.forbidden_libraries, "pages/a.py", "import pydeck", "pydeck"),
    (architecture.forbidden_libraries, "pages/a.py", "import requests", "requests"),
    (architecture.forbidden_libraries, "ui/a.py", "import starlette.routing", "starlette"),
    (architecture.network_outside_its_module, "connectors/geo.py", "import requests", "geo.py"),
    (
        architecture.network_outside_its_module,
        "data/a.py",
        "from urllib import request",
        "urllib",
    ),
    (
        architecture.network_outside_its_module,
        "connectors/a.py",
        "import http.client",
        "http.client",
    ),
    (architecture.sql_built_by_formatting, "ui/a.py", "q = f'select * from {x}'", "SQL"),
    (architecture.sql_built_by_formatting, "ui/a.py", "q = 'select * from ' + table", "SQL"),
    (architecture.sql_built_by_formatting, "ui/a.py", "q = 'delete from %s' % table", "SQL"),
    (architecture.sql_built_by_formatting, "pages/a.py", "q = 'UPDATE {} SET'.format(t)", "SQL"),
    (architecture.sql_built_by_formatting, "connectors/a.py", "q = f'insert into {t}'", "SQL"),
    (architecture.bad_pages, "pages/a.py", "x = 1\n" * 61, "61 lignes"),
    (architecture.bad_pages, "pages/a.py", "def f():\n    pass", "def"),
    (architecture.bad_pages, "pages/a.py", "f = lambda: 0", "lambda"),
    (architecture.bad_pages, "pages/a.py", "s.rows('select count(*) from trees')", "SQL"),
    (architecture.bad_pages, "pages/1_Données.py", "x = 1", "ASCII"),
    (
        architecture.pages_that_assess,
        "pages/a.py",
        "from diagnostics.availability import assess",
        "a.py:1",
    ),
    (architecture.pages_that_assess, "pages/a.py", "import diagnostics.availability", "shown"),
    (architecture.pages_missing_from_menu, "pages/hidden.py", "x = 1", "hidden.py"),
    (architecture.vague_modules, "ui/utils.py", "x = 1", "utils.py"),
    (architecture.vague_modules, "data/helpers/a.py", "x = 1", "helpers"),
    (architecture.connectors_unlike_cards, "connectors/a.py", "def fetch():\n    pass", "a.py"),
    (
        architecture.connectors_unlike_cards,
        "data/reference/datasets/a.yml",
        "sources:\n- connector: lost",
        "connectors/lost",
    ),
    (architecture.connectors_unlike_cards, "connectors/good.py", "VALUE = 1", "connectors/good"),
    (architecture.long_functions, "ui/a.py", LONG, "slow : 61"),
    (
        architecture.long_functions,
        "ui/a.py",
        "\n".join(["def f():", *["    x = 1"] * architecture.FUNCTION_MEDIAN, ""] * 20),
        "médiane",
    ),
    (architecture.loose_requirements, "requirements.txt", "pandas>=3", "pandas>=3"),
    (architecture.loose_requirements, "requirements-dev.txt", "pytest", "pytest"),
    (
        architecture.loose_requirements,
        "requirements.txt",
        "--extra-index-url somewhere",
        "adresse",
    ),
    (architecture.undeclared_libraries, "ui/a.py", "import numpy", "numpy"),
    (architecture.undeclared_libraries, "data/embedded/a.py", "import polars", "polars"),
    (architecture.unexplained_dependencies, "requirements.txt", "leftpad==1.0", "leftpad"),
    (
        architecture.unexplained_dependencies,
        "package.json",
        '{"devDependencies": {"leftpad": "1"}}',
        "leftpad",
    ),
]


def plant(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.fixture
def bare_tree(tmp_path: Path) -> Path:
    """A tree that breaks no rule: one small file a part, one page in the menu."""
    for part in architecture.PARTS:
        plant(tmp_path, f"{part}/good.py", "import json\n\nVALUE = json.dumps(1)\n")
    plant(tmp_path, "connectors/good.py", "def fetch(): return 1\n")
    plant(tmp_path, "data/reference/datasets/good.yml", "sources:\n- connector: good\n")
    plant(tmp_path, "ui/menu.py", "MENU = ['pages/good.py', 'a']\n" + "def f(): return 1\n" * 9)
    plant(tmp_path, "requirements.txt", "")
    plant(tmp_path, "requirements-dev.txt", "-r requirements.txt\n")
    plant(tmp_path, "docs/decisions/001-x.md", "# Rien\n")
    return tmp_path


@pytest.mark.parametrize("rule", RULES)
def test_a_tree_without_fault_passes(rule: str, bare_tree: Path) -> None:
    assert RULES[rule](bare_tree) == []


@pytest.mark.parametrize(("rule", "name", "text", "word"), PLANTED)
def test_a_planted_fault_is_found(
    rule: Rule, name: str, text: str, word: str, bare_tree: Path
) -> None:
    plant(bare_tree, name, text)
    found = rule(bare_tree)
    assert len(found) == 1, found
    assert word in found[0]


def test_every_rule_was_shown_a_fault_or_a_cycle() -> None:
    shown = {rule for rule, *_ in PLANTED} | {architecture.cycles}
    assert shown == set(RULES.values())


@pytest.mark.parametrize(
    "files",
    [
        {"ui/a.py": "from ui import b", "ui/b.py": "import ui.a"},
        {"data/a.py": "import data.b", "data/b.py": "def f():\n    from data.a import x"},
        {"ui/a.py": "import ui.b", "ui/b.py": "import ui.c", "ui/c.py": "from . import a"},
        {"data/p/__init__.py": "from data.p.q import x", "data/p/q.py": "from data.p import y"},
    ],
)
def test_a_planted_cycle_is_found(files: dict[str, str], bare_tree: Path) -> None:
    for name, text in files.items():
        plant(bare_tree, name, text)
    assert len(architecture.cycles(bare_tree)) == 1


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("connectors/__main__.py", "import connectors.refresh"),
        ("diagnostics/__main__.py", "import connectors.refresh"),
        ("pages/a.py", "from connectors import refresh\nfrom data.territories import search"),
        ("ui/a.py", "from diagnostics.availability import Assessment"),
        ("ui/a.py", "label = f'<select>{options}</select> mise à jour depuis {year}'"),
        ("data/a.py", "sql = f'select * from {name}'"),
    ],
)
def test_what_the_table_allows_passes(part: str, text: str, bare_tree: Path) -> None:
    plant(bare_tree, part, text)
    assert [found for rule in RULES.values() for found in rule(bare_tree)] == []


def test_the_modules_that_cards_name_are_those_that_a_run_imports() -> None:
    """As `Run.perform` does it: by the name of the card, for one scope or for several communes."""
    wanted = {
        (source.connector, "fetch_many" if source.group > 1 else "fetch")
        for dataset in catalog().datasets.values()
        for source in dataset.sources
        if source.connector != "embedded"
    }
    missing = [
        f"connectors.{name}.{function}"
        for name, function in sorted(wanted)
        if not callable(getattr(importlib.import_module(f"connectors.{name}"), function, None))
    ]
    assert len(wanted) > 20 and missing == []


# --- the whole repository, not only its code -----------------------------------------------------


def repository_files() -> list[Path]:
    """Every file that is, or would be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("git absent")
    names = listed.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    assert architecture.places_named(ROOT, repository_files()) == []


@pytest.mark.parametrize(
    "line",
    [
        "https://" + "pypi" + ".org/simple",
        "open('/" + "work/shared/x')",
        "see /" + "root/.cache/",
        "registry." + "npmjs.org",
    ],
)
def test_a_planted_place_is_found(line: str, tmp_path: Path) -> None:
    path = plant(tmp_path, "a.md", line)
    assert len(architecture.places_named(tmp_path, [path])) == 1


def test_no_lock_file_is_kept() -> None:
    kept = {path.name for path in repository_files()}
    assert not kept & {"package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "poetry.lock"}
    assert "package-lock=false" in (ROOT / ".npmrc").read_text()
