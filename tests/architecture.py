"""The rules of the tree as functions: each takes a root folder and returns what breaks the rule."""

from __future__ import annotations

import ast
import json
import re
import statistics
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

PARTS = ("data", "connectors", "diagnostics", "drawing", "restitution", "ui", "pages")

# What each part may import of ours besides itself: a part, or one module of it.
OURS: dict[str, set[str]] = {
    "data": set(),
    "connectors": {"data"},
    "diagnostics": {"data"},
    "drawing": {"data", "diagnostics"},
    "restitution": {"data", "diagnostics", "drawing"},
    "ui": {"data", "diagnostics", "drawing"},
    "pages": {
        "ui",
        "drawing",
        "diagnostics",
        "restitution",
        "connectors.refresh",
        "connectors.local_file",
        "connectors.datagouv_publish",
        "connectors.schema_fetch",
        "data.catalog",
        "data.territories",
        "data.records",
    },
    "app.py": {"ui", "diagnostics", "data", "connectors.refresh"},
}

# Parts that take only the values of diagnostics (classes, constants), never what computes them.
VALUES_ONLY = ("drawing", "ui")

# A library that is named here may be imported nowhere else.
FILES = ("geopandas", "pyogrio", "pyproj", "python_calamine", "shapely")
ONLY: dict[str, set[str]] = {
    **dict.fromkeys(("duckdb", "yaml", "jsonschema", *FILES), {"data"}),
    "requests": {"connectors"},
    "altair": {"drawing"},
    **dict.fromkeys(
        ("typst", "pptx", "docx", "xlsxwriter", "vl_convert", "fontTools", "PIL"), {"restitution"}
    ),
    "streamlit": {"ui", "pages", "app.py"},
    "pydeck": {"ui"},
    "starlette": {"app.py"},
}

# Ways out to the network; connectors/network/http.py alone takes them.
NETWORK = ("requests", "urllib3", "urllib.request", "http.client", "httpx", "aiohttp", "ftplib")
NETWORK_MODULE = "connectors/network/http.py"

# Flat modules of connectors/ that are no source of a card: the contract, the embedded default, and
# what screens and commands call. The rest stands in a package named by what it knows.
NO_SOURCES = {
    "datagouv_publish",
    "discovery",
    "embedded",
    "fetching",
    "geocoding",
    "local_file",
    "locating",
    "refresh",
    "schema_fetch",
}
CARDS = "data/reference/datasets"

MENU = "ui/menu.py"
PAGE_LINES = 60
FUNCTION_LINES = 60
FUNCTION_MEDIAN = 15
_NPM = "devDependencies"
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "shared"}

SQL = re.compile(
    r"^\s*(select|insert|delete|update|create\s+table|drop\s+table|alter\s+table|with\s+\w+\s+as)\s"
    r"|\bselect\b.+?\bfrom\b|\binsert\s+into\b|\bdelete\s+from\b|\bupdate\s+\w+\s+set\b",
    re.IGNORECASE | re.DOTALL,
)


def python_files(root: Path) -> Iterator[tuple[str, Path, ast.Module]]:
    """Each product file as (part, path, syntax tree); the part of app.py is "app.py"."""
    files = [path for part in PARTS for path in sorted((root / part).rglob("*.py"))]
    files += [path for path in [root / "app.py"] if path.exists()]
    for path in files:
        if "local" in path.relative_to(root).parts:
            continue
        yield path.relative_to(root).parts[0], path, _parsed(path, path.stat().st_mtime_ns)


@cache
def _parsed(path: Path, _changed: int) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


@cache
def imported(tree: ast.AST, package: str = "") -> tuple[tuple[str, str, int], ...]:
    """Each import of a file as (module, name or "", line), lazy and dynamic ones included."""
    return tuple(_imported(tree, package))


def _imported(tree: ast.AST, package: str) -> Iterator[tuple[str, str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "", node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level:
                parents = package.split(".")[: len(package.split(".")) - node.level + 1]
                module = ".".join([*parents, module] if module else parents)
            yield from ((module, alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.Call) and _is_dynamic_import(node):
            yield str(node.args[0].value), "", node.lineno  # type: ignore[attr-defined]


def _is_dynamic_import(call: ast.Call) -> bool:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    constant = bool(call.args) and isinstance(call.args[0], ast.Constant)
    return constant and name in ("import_module", "__import__")


def package_of(root: Path, path: Path) -> str:
    return ".".join(path.relative_to(root).parent.parts)


def forbidden_imports_of_ours(root: Path) -> list[str]:
    found = []
    for part, path, tree in python_files(root):
        allowed = OURS[part] | {part}
        if path.name == "__main__.py":
            allowed |= {"connectors"}
        for module, name, line in imported(tree, package_of(root, path)):
            if module.split(".")[0] not in PARTS:
                continue
            if not {module, f"{module}.{name}", module.split(".")[0]} & allowed:
                found.append(f"{path.relative_to(root)}:{line} : {part} importe {module} {name}")
    return found


def computing_imported_where_values_only(root: Path) -> list[str]:
    """Of diagnostics, ui and drawing may import classes and constants: names with a capital."""
    return [
        f"{path.relative_to(root)}:{line} : {part} importe {module} {name}, seules les valeurs"
        for part, path, tree in python_files(root)
        if part in VALUES_ONLY
        for module, name, line in imported(tree, package_of(root, path))
        if module.split(".")[0] == "diagnostics" and not name[:1].isupper()
    ]


def forbidden_libraries(root: Path) -> list[str]:
    found = []
    for part, path, tree in python_files(root):
        for module, _, line in imported(tree, package_of(root, path)):
            library = module.split(".")[0]
            if part not in ONLY.get(library, {part}):
                found.append(f"{path.relative_to(root)}:{line} : {part} importe {library}")
    return found


def network_outside_its_module(root: Path) -> list[str]:
    return [
        f"{path.relative_to(root)}:{line} : {module} hors de {NETWORK_MODULE}"
        for _, path, tree in python_files(root)
        if path.relative_to(root).as_posix() != NETWORK_MODULE
        for module, name, line in imported(tree, package_of(root, path))
        if any(
            f"{given}.".startswith(f"{way}.")
            for way in NETWORK
            for given in (module, f"{module}.{name}")
        )
    ]


def cycles(root: Path) -> list[str]:
    """Modules that import one another, at any distance, lazily or not."""
    graph = _module_graph(root)
    found: list[str] = []
    done: set[str] = set()

    def visit(module: str, trail: list[str]) -> None:
        if module in trail:
            found.append(" -> ".join([*trail[trail.index(module) :], module]))
        elif module not in done:
            for other in sorted(graph[module]):
                visit(other, [*trail, module])
            done.add(module)

    for module in sorted(graph):
        visit(module, [])
    return found


def _module_graph(root: Path) -> dict[str, set[str]]:
    trees = {_module_name(root, path): (path, tree) for _, path, tree in python_files(root)}
    graph: dict[str, set[str]] = {}
    for module, (path, tree) in trees.items():
        targets = set()
        for source, name, _ in imported(tree, package_of(root, path)):
            targets.add(f"{source}.{name}" if f"{source}.{name}" in trees else source)
        graph[module] = {target for target in targets if target in trees and target != module}
    return graph


def _module_name(root: Path, path: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def sql_built_by_formatting(root: Path) -> list[str]:
    """SQL glued to values by f-string, %, +, format or join, outside data and diagnostics."""
    return [
        f"{path.relative_to(root)}:{node.lineno} : SQL assemblé par mise en forme de texte"
        for part, path, tree in python_files(root)
        if part not in ("data", "diagnostics")
        for node in ast.walk(tree)
        if SQL.search(_formatted_text(node))
    ]


def _formatted_text(node: ast.AST) -> str:
    """The literal text of a string that is put together at run time, else ''."""
    if isinstance(node, ast.JoinedStr) and any(
        isinstance(value, ast.FormattedValue) for value in node.values
    ):
        return _literals(node)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        return _literals(node) if _has_variable(node) else ""
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("format", "join"):
        return _literals(node.func)
    return ""


def _literals(node: ast.AST) -> str:
    return " ".join(
        child.value
        for child in ast.walk(node)
        if isinstance(child, ast.Constant) and isinstance(child.value, str)
    )


def _has_variable(node: ast.AST) -> bool:
    return any(isinstance(child, ast.Name | ast.Call | ast.Attribute) for child in ast.walk(node))


def bad_pages(root: Path) -> list[str]:
    """Pages that are too long, hold SQL or a definition, or have a name unfit for an address."""
    found = []
    for path in sorted((root / "pages").rglob("*.py")):
        text = path.read_text()
        tree = ast.parse(text)
        if path.name == "__init__.py" and not tree.body:
            continue
        found += [f"pages/{path.name} : {why}" for why in _page_faults(path, text, tree)]
    return found


def _page_faults(path: Path, text: str, tree: ast.Module) -> Iterator[str]:
    lines = len(text.splitlines())
    if lines > PAGE_LINES:
        yield f"{lines} lignes, {PAGE_LINES} au plus"
    if not re.fullmatch(r"[a-z][a-z0-9_]*", path.stem):
        yield "nom attendu en minuscules ASCII, chiffres et soulignés"
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    if any(isinstance(node, definitions) for node in ast.walk(tree)):
        yield "une page ne définit rien (def, class, lambda)"
    if any(SQL.search(_literals(node)) for node in ast.walk(tree) if isinstance(node, ast.expr)):
        yield "une page ne contient pas de SQL"


def pages_that_assess(root: Path) -> list[str]:
    """Pages draw what `diagnostics.shown` lets a session see, never the whole assessment."""
    return [
        f"{path.relative_to(root)}:{line} : une page prend shown, jamais assess"
        for part, path, tree in python_files(root)
        if part == "pages"
        for module, name, line in imported(tree, package_of(root, path))
        if f"{module}.{name}".rstrip(".") in _WHOLE
    ]


_WHOLE = {
    "diagnostics.availability",
    "diagnostics.availability.assess",
    "diagnostics.availability.assessment",
    "diagnostics.availability.*",
}


def pages_missing_from_menu(root: Path) -> list[str]:
    """Pages that no string of ui/menu.py names, alone or as the end of a path."""
    named = {
        Path(node.value).stem
        for node in ast.walk(ast.parse((root / MENU).read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return [
        f"pages/{path.name} : absente du menu"
        for path in sorted((root / "pages").glob("*.py"))
        if path.stem != "__init__" and path.stem not in named
    ]


def vague_modules(root: Path) -> list[str]:
    return [
        f"{path.relative_to(root)} : un module porte le nom de ce qu'il sait"
        for _, path, _ in python_files(root)
        if path.stem in VAGUE_NAMES or path.parent.name in VAGUE_NAMES
    ]


def connectors_unlike_cards(root: Path) -> list[str]:
    """Connectors of cards that no module fetches, and flat modules that are no card's connector."""
    cards = [path.read_text() for path in sorted((root / CARDS).glob("*.yml"))]
    named = set(re.findall(r"\bconnector: *([a-z_]+)", "\n".join(cards))) - NO_SOURCES
    flat = {path.stem for path in (root / "connectors").glob("*.py")}
    stray = sorted(name for name in flat - named - NO_SOURCES if not name.startswith("__"))
    return [
        *(
            f"connectors/{name} : fetch ou fetch_many attendu"
            for name in sorted(named - _fetch(root))
        ),
        *(f"connectors/{name}.py : ni connecteur d'une fiche, ni porte" for name in stray),
    ]


def _fetch(root: Path) -> set[str]:
    """Modules and packages of connectors/ that define, or expose, what a run calls."""
    top = [*(root / "connectors").glob("*.py"), *(root / "connectors").glob("*/__init__.py")]
    return {
        _module_name(root, path).removeprefix("connectors.")
        for path in top
        if {"fetch", "fetch_many"} & _bound(_parsed(path, path.stat().st_mtime_ns))
    }


def _bound(tree: ast.Module) -> set[str]:
    """Functions that a module defines or imports under their own name."""
    found = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    return found | {alias.asname or alias.name for node in imports for alias in node.names}


def function_lengths(root: Path) -> dict[str, int]:
    """Lines of each function of the product, keyed by file:line function."""
    return {
        f"{path.relative_to(root)}:{node.lineno} {node.name}": _lines_of(node)
        for _, path, tree in python_files(root)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def _lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def long_functions(root: Path) -> list[str]:
    lengths = function_lengths(root)
    found = [f"{name} : {n} lignes" for name, n in lengths.items() if n > FUNCTION_LINES]
    median = statistics.median(lengths.values()) if lengths else 0
    return found + ([f"médiane de {median} lignes"] if median >= FUNCTION_MEDIAN else [])


def requirements(path: Path) -> dict[str, str]:
    """Name (normalised) -> whole line of each requirement a file states itself."""
    lines = (line.split("#")[0].strip() for line in path.read_text().splitlines())
    return {
        re.split(r"[=<>!~\[;@ ]", line)[0].lower().replace("_", "-"): line
        for line in lines
        if line and not line.startswith("-")
    }


def loose_requirements(root: Path) -> list[str]:
    """Requirements without an exact version, and files that give an index address."""
    found = []
    for path in sorted(root.glob("requirements*.txt")):
        found += [
            f"{path.name} : {line} (version exacte attendue)"
            for line in requirements(path).values()
            if not re.fullmatch(r"[\w.\[\]-]+==[\w.+]+", line)
        ]
        if re.search(r"^\s*(-i|--index|--extra-index|--find-links|-f)\b", path.read_text(), re.M):
            found.append(f"{path.name} : adresse d'index")
    return found


def undeclared_libraries(root: Path) -> list[str]:
    """Third-party imports that the requirement files do not state."""
    declared = set(requirements(root / "requirements.txt"))
    development = declared | set(requirements(root / "requirements-dev.txt"))
    found = []
    for part, path, tree in python_files(root):
        # The scripts that rebuild the embedded data are no part of the running product.
        rebuilds = path.relative_to(root).parts[:2] == ("data", "embedded")
        for module, _, line in imported(tree, package_of(root, path)):
            if _is_undeclared(module.split(".")[0], development if rebuilds else declared):
                found.append(f"{path.relative_to(root)}:{line} : {module} ({part})")
    return found


def _is_undeclared(library: str, declared: set[str]) -> bool:
    if library in (*PARTS, "app") or library in sys.stdlib_module_names:
        return False
    names = _installed().get(library, [library])
    return not declared & {name.lower().replace("_", "-") for name in names}


@cache
def _installed() -> dict[str, list[str]]:
    """Import name -> packages that give it."""
    return dict(packages_distributions())


def unexplained_dependencies(root: Path) -> list[str]:
    """Dependencies without their reason: a line of docs/decisions that names them as code."""
    words = " ".join(path.read_text() for path in (root / "docs/decisions").glob("*.md")).lower()
    named = {name.replace("_", "-") for name in re.findall(r"`([^`\n]+)`", words)}
    wanted = [
        (path.name, name)
        for path in sorted(root.glob("requirements*.txt"))
        for name in requirements(path)
    ]
    if (package := root / "package.json").exists():
        wanted += [(package.name, name) for name in json.loads(package.read_text())[_NPM]]
    return [f"{file} : {name} sans raison écrite" for file, name in wanted if name not in named]


def places_named(root: Path, files: list[Path]) -> list[str]:
    """Registry addresses and paths of one machine, which no file of the repository may hold."""
    slash = "/"
    hosts = ("pypi" + ".org", "files.python" + "hosted", "registry." + "npmjs", "deb." + "debian")
    folders = rf"(?<![\w./]){slash}(?:work|root|home{slash}\w+|tmp{slash}team){slash}"
    pattern = re.compile("|".join([*map(re.escape, hosts), folders]))
    found = []
    for path in files:
        for number, line in enumerate(_lines(path), start=1):
            if match := pattern.search(line):
                found.append(f"{path.relative_to(root)}:{number} : {match.group()}")
    return found


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (UnicodeDecodeError, OSError):
        return []  # binary: Parquet, images, fonts
