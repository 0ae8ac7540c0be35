"""The reference pages of docs/, written from the cards and the SQL headers.

`python -m diagnostics.documentation` writes docs/datasets.md, docs/indicators.md and
docs/connectors.md; with `--check` it writes nothing and ends with code 1 where one is stale.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from data.catalog import REFERENCE, Catalog, Dataset, Source, catalog, read_yaml
from diagnostics.indicators.header import THEMES, Indicator, indicators

DOCS = Path(__file__).resolve().parent.parent / "docs"
NOTICE = (
    "<!-- Page produite par `make docs` : corriger la fiche ou l'en-tête, jamais cette page. -->"
)
CRITICALITIES = {"indispensable": "indispensable", "useful": "utile", "comfort": "de confort"}
LEVELS = {
    "commune": "commune",
    "epci": "intercommunalité",
    "departement": "département",
    "region": "région",
    "national": "France",
}
DUTY_KINDS = {
    "publish": "publication prévue par la loi",
    "transmit": "à transmettre",
    "adopt": "à adopter",
    "keep_available": "à tenir à disposition",
    "voluntary": "volontaire",
}
DUTY_NOTICE = (
    "S'y ajoute l'obligation générale de publier (CRPA, L. 312-1-1), pour tout jeu public local "
    "existant. Information générale, à confirmer avec votre service juridique."
)
RUNS = {
    None: "pour une ville comme pour le programme",
    "town": "pour une ville, pas pour tout le programme",
    "programme": "pour tout le programme seulement",
}
_ASKED_AT_ONCE = "un appel pour tous les territoires"
THEME_TITLES = {
    "portrait": "Portrait",
    "climat": "Climat",
    "risques": "Risques",
    "biodiversite": "Biodiversité",
    "centre_ville": "Centre-ville",
}


def pages() -> dict[str, str]:
    """File name -> text of each generated page."""
    return {
        "datasets.md": datasets_page(catalog()),
        "indicators.md": indicators_page(list(indicators().values())),
        "connectors.md": connectors_page(catalog()),
    }


def stale(folder: Path = DOCS) -> list[str]:
    """Names of the pages that differ from what the cards and headers say today."""
    return [name for name, text in pages().items() if _read(folder / name) != text]


def write(folder: Path = DOCS) -> list[str]:
    """Write the pages that changed; their names."""
    changed = stale(folder)
    for name in changed:
        (folder / name).write_text(pages()[name], encoding="utf-8")
    return changed


def datasets_page(reference: Catalog) -> str:
    """Every dataset by producer family, then the columns of those a connector feeds."""
    needs = reference.needs()
    base, context = (
        [card for card in reference.datasets.values() if card.kind == kind]
        for kind in ("base", "context")
    )
    lines = [
        "# Jeux de données",
        "",
        f"{len(needs)} données du référentiel des {len(reference.experiments)} projets, "
        f"{len(base)} du socle commun ou prévues par la loi qu'aucun projet ne demande, et "
        f"{len(context)} que l'outil ajoute pour dire d'où viennent ses chiffres. Une donnée sans "
        "connecteur est une donnée à obtenir : c'est une information, pas un oubli. Le statut est "
        "celui que le référentiel suppose, jamais un constat sur une ville.",
    ]
    for family in reference.producers:
        cards = [card for card in needs.values() if card.producer == family["code"]]
        lines += _section(2, family["label"], _dataset_table(cards, reference))
    title = "Socle commun et publications prévues par la loi, hors projets"
    lines += _section(2, title, _dataset_table(base, reference))
    lines += _section(2, "Ajoutées par l'outil", _dataset_table(context, reference))
    lines += _section(2, "Obligations", _duty_table(reference.datasets.values()))
    lines += ["", DUTY_NOTICE]
    lines += ["", "## Colonnes", "", "La première colonne de chaque table est `territory`."]
    for card in reference.datasets.values():
        if card.columns:
            lines += _section(3, f"`{card.id}` : {card.title}", _column_table(card))
    return _page(lines)


def _dataset_table(cards: list[Dataset], reference: Catalog) -> list[str]:
    words = {made["code"]: made["short"] for made in reference.statuses["access_statuses"]}
    heads = ("Identifiant", "Donnée", "Détenteur", "Statut supposé", "Standard", "Connecteurs")
    rows = [
        (
            f"`{card.id}`",
            card.title,
            card.producer_label,
            words[card.likely_status],
            f"`{card.standard}`" if card.standard else "aucun",
            _codes(source.connector for source in card.sources) or "à obtenir",
            _asked_by(card, reference),
        )
        for card in cards
    ]
    return _table((*heads, "Demandée par"), rows)


def _asked_by(card: Dataset, reference: Catalog) -> str:
    """« A1 (indispensable), C2 (utile) », in catalogue order."""
    found = [
        f"{experiment.code} ({CRITICALITIES[need.criticality]})"
        for experiment in reference.needed_by(card.id)
        for need in experiment.needs
        if need.dataset == card.id
    ]
    return ", ".join(found) or "aucun projet"


def _duty_table(cards: Iterable[Dataset]) -> list[str]:
    """One line a duty: kind, text, whom it binds, what the tool does not check."""
    rows = [
        (
            f"`{card.id}`",
            DUTY_KINDS[duty.kind],
            duty.text,
            duty.holder or ", ".join(LEVELS[level] for level in duty.binds),
            duty.not_checked,
        )
        for card in cards
        for duty in card.duties
    ]
    return _table(("Identifiant", "Nature", "Texte", "Qui il lie", "Non vérifié par l'outil"), rows)


def _column_table(card: Dataset) -> list[str]:
    rows = [
        (f"`{column.name}`", column.label, column.type, column.unit or "")
        for column in card.columns
    ]
    return _table(("Colonne", "Sens", "Type", "Unité"), rows)


def indicators_page(made: list[Indicator]) -> str:
    """Every indicator by theme: what it says, from which data, how to read it, its cautions."""
    lines = [
        "# Indicateurs",
        "",
        f"{len(made)} chiffres, un fichier SQL par chiffre ou par famille de chiffres. Le fichier "
        "porte ses exemples, et les tests les rejouent.",
    ]
    for theme in THEMES:
        found = [indicator for indicator in made if indicator.theme == theme]
        lines += ["", f"## {THEME_TITLES[theme]}"]
        lines += ["", "Aucun indicateur pour l'instant."] if not found else []
        for indicator in found:
            lines += _indicator_lines(indicator)
    return _page(lines)


def _indicator_lines(made: Indicator) -> list[str]:
    facts = {
        "Lecture": made.reading,
        "Unité": made.unit,
        "Niveaux": ", ".join(LEVELS[level] for level in made.levels),
        "Données": _codes(made.datasets),
        "Source": made.source,
        "Bornes plausibles": f"de {made.plausible[0]} à {made.plausible[1]}",
        "Intervalle": made.interval,
    }
    return ["", f"### `{made.id}` : {made.title}", "", *_facts(facts, made.caveats)]


def connectors_page(reference: Catalog) -> str:
    """Every connector with what it brings, under which terms, and what was not seen live."""
    lines = [
        "# Connecteurs",
        "",
        "Un connecteur va chercher une source et rend des lignes, rien d'autre. « Vrai zéro » : "
        "la source est exhaustive, une réponse sans ligne y vaut zéro ; ailleurs elle ne dit rien.",
    ]
    fed: dict[str, list[tuple[Dataset, Source]]] = {}
    for card in reference.datasets.values():
        for source in card.sources:
            fed.setdefault(source.connector, []).append((card, source))
    for name in sorted(fed):
        lines += ["", f"## `{name}`"]
        for card, source in fed[name]:
            lines += ["", f"### `{card.id}` : {card.title}", "", *_source_lines(source)]
    return _page(lines)


def _source_lines(source: Source) -> list[str]:
    facts = {
        "Producteur": source.producer,
        "Licence": source.licence,
        "Niveau": LEVELS.get(source.level, source.level),
        "Couverture": source.coverage,
        "Départements absents": ", ".join(source.excluded_departements),
        "Millésime": source.vintage,
        "Par l'intermédiaire de": source.via,
        "Zones décrites": str(source.areas) if source.areas else None,
        "Règle du millésime": source.vintage_rule,
        "Adresse": _address(source),
        "Récupération": _run_words(source),
        "Vrai zéro": "oui" if source.exhaustive else "non",
        "Non vérifié sur la source réelle": source.not_seen_live,
    }
    return _facts(facts, source.caveats)


def _address(source: Source) -> str | None:
    """« https://geo.api.gouv.fr, remplacée par `ACV_ENDPOINT_GEO` »."""
    if not source.endpoint:
        return None
    origin = _origins()[source.endpoint]
    return f"{origin}, remplacée par `ACV_ENDPOINT_{source.endpoint}`"


@cache
def _origins() -> dict[str, str]:
    """The addresses of the file: the page must not change with who writes it."""
    path = REFERENCE / "endpoints.yml"
    return dict(read_yaml(path.read_text(encoding="utf-8"), path.name))


def _run_words(source: Source) -> str:
    """When a source is asked, of how many places at once, and what one call costs."""
    if not source.endpoint:
        return "livrée avec l'outil, rien n'est demandé"
    said = [RUNS[source.runs]]
    said.append(_ASKED_AT_ONCE if source.bulk else _group_words(source.group))
    plural = "s" if source.requests > 1 else ""
    said.append(
        f"gros fichier d'environ {source.size_mb:g} Mo"
        if source.size_mb
        else f"{source.requests} demande{plural} par appel"
    )
    if source.bulk:
        said.append(f"copie gardée {source.keep_days} jours")
    return " ; ".join(said)


def _group_words(group: int) -> str:
    return f"jusqu'à {group} communes par appel" if group > 1 else "un appel par territoire"


def _facts(facts: dict[str, str | None], caveats: tuple[str, ...]) -> list[str]:
    lines = [f"- {name} : {value}" for name, value in facts.items() if value]
    return lines + [f"- Attention : {caveat}" for caveat in caveats]


def _section(level: int, title: str, body: list[str]) -> list[str]:
    return ["", f"{'#' * level} {title}", "", *body] if body else []


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    if not rows:
        return []
    lines = [heads, tuple("---" for _ in heads), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _page(lines: list[str]) -> str:
    return "\n".join([NOTICE, "", *lines]).rstrip() + "\n"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def main() -> int:
    """Write the pages, or with --check only say which ones are stale."""
    parser = argparse.ArgumentParser(description="Pages de référence de docs/")
    parser.add_argument("--check", action="store_true", help="ne rien écrire")
    if parser.parse_args().check:
        late = stale()
        if late:
            print(f"À régénérer par `make docs` : {', '.join(late)}", file=sys.stderr)
        return 1 if late else 0
    for name in write():
        print(f"docs/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
