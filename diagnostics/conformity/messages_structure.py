"""What is said of the structure of a file: its header, its columns, its lines, its keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diagnostics.conformity.cells import Issue
from diagnostics.conformity.wording import NBSP, cited, counted, listed, number

Said = tuple[str, str]

# code -> title, sentence about one, sentence about several, what to do.
# {field}, {count}, {first}, {example} are filled in.
LINES = {
    "missing-cell": (
        "Cellule manquante",
        "{count} a moins de cellules que l'en-tête{first}",
        "{count} ont moins de cellules que l'en-tête{first}",
        "Vérifiez les séparateurs de cette partie du fichier",
    ),
    "extra-cell": (
        "Valeur surnuméraire",
        "{count} a plus de cellules que l'en-tête{first}",
        "{count} ont plus de cellules que l'en-tête{first}",
        "Une valeur qui contient le séparateur doit être entre guillemets",
    ),
    "blank-row": (
        "Ligne vide",
        "{count} est vide{first}",
        "{count} sont vides{first}",
        "Supprimez toute ligne vide",
    ),
    "primary-key": (
        "Clé primaire",
        "{count} n'a pas un identifiant{field} rempli et unique{first}{example}",
        "{count} n'ont pas un identifiant{field} rempli et unique{first}{example}",
        "Donnez à chaque ligne le sien",
    ),
    "unique-error": (
        "Valeur dupliquée",
        "{count} répète une valeur déjà vue{field}{first}{example}",
        "{count} répètent une valeur déjà vue{field}{first}{example}",
        "Chaque valeur doit y être unique",
    ),
    "foreign-key": (
        "Clé étrangère",
        "{count} renvoie à une ligne qui n'existe pas{field}{first}{example}",
        "{count} renvoient à une ligne qui n'existe pas{field}{first}{example}",
        "Corrigez l'identifiant cité",
    ),
    "duplicate-row": (
        "Ligne dupliquée",
        "{count} en répète une autre{first}",
        "{count} en répètent une autre{first}",
        "Supprimez les répétitions",
    ),
    "row-constraint": (
        "Contrainte de ligne",
        "{count} ne suit pas une contrainte du standard{first}",
        "{count} ne suivent pas une contrainte du standard{first}",
        "Vérifiez les valeurs de la ligne",
    ),
}
FILES = {
    "missing-label": (
        "Colonne manquante",
        "La colonne obligatoire{field} n'est pas dans le fichier",
        "Ajoutez-la",
    ),
    "missing-optional-label": (
        "Colonne manquante",
        "La colonne facultative{field} n'est pas dans le fichier",
        "Ajoutez-la si vous avez ces valeurs",
    ),
    "extra-label": (
        "Colonne surnuméraire",
        "La colonne{field} n'est pas décrite par le standard",
        "Retirez-la, ou renommez-la si elle correspond à une colonne du standard",
    ),
    "incorrect-label": (
        "Colonnes désordonnées",
        "Les colonnes ne sont pas dans l'ordre du standard",
        "Le fichier reste accepté",
    ),
    "blank-label": (
        "En-tête manquant",
        "Une colonne n'a pas de nom{example}",
        "Donnez-lui un nom ou retirez-la",
    ),
    "blank-header": (
        "En-tête manquant",
        "La première ligne du fichier ne porte pas les noms des colonnes",
        "Ajoutez-les",
    ),
    "duplicate-label": (
        "En-têtes dupliqués",
        "Deux colonnes portent le même nom{field}",
        "Renommez ou retirez l'une d'elles",
    ),
    "encoding-error": (
        "Erreur d'encodage",
        "Le texte du fichier n'a pas pu être lu",
        "Enregistrez-le en CSV UTF-8",
    ),
    "source-error": (
        "Fichier vide",
        "Le fichier ne contient aucune ligne de données",
        "Vérifiez que c'est le bon fichier",
    ),
    "schema-error": (
        "Schéma mal formé",
        "Le schéma lui-même est mal formé",
        "Vos données n'ont pas pu être jugées",
    ),
    "error": (
        "Fichier impossible à contrôler",
        "Le fichier n'a pas pu être contrôlé",
        "Vérifiez son en-tête et son format",
    ),
}
# code -> sentence about several columns, what to do: {columns} are counted, their names follow.
COLUMNS = {
    "missing-label": (
        "{columns} obligatoires ne sont pas dans le fichier",
        "Ajoutez-les",
    ),
    "missing-optional-label": (
        "{columns} facultatives ne sont pas dans le fichier",
        "Ajoutez celles dont vous avez les valeurs",
    ),
    "extra-label": (
        "{columns} ne sont pas décrites par le standard",
        "Retirez-les, ou renommez celles qui correspondent à une colonne du standard",
    ),
}
SHOWN = 40  # names of columns in a sentence
SAME = {"duplicate-labels": "duplicate-label", "primary-key-error": "primary-key"}


def said(
    code: str, field: str | None, count: int, rows: tuple[int, ...], example: str | None
) -> Said:
    """The title and the sentence of a code of structure, known or not."""
    code = SAME.get(code, code)
    filled = {
        "field": f" {cited(field)}" if field else "",
        "count": counted(count, "ligne"),
        "first": f" (ligne de données {number(rows[0])})" if rows else "",
        "example": f"{NBSP}: {cited(example)}" if example else "",
    }
    if code in LINES:
        title, one, many, then = LINES[code]
        return title, _joined((one if count < 2 else many).format(**filled), then)
    if code in FILES:
        title, one, then = FILES[code]
        return title, _joined(one.format(**filled), then)
    return "Erreur", _joined("Le fichier ne suit pas une règle du standard" + filled["first"], "")


def together(issues: Sequence[Issue]) -> Iterator[str]:
    """The sentences of issues, one for all the columns of which no more than the same is said."""
    for issue in issues:
        alike = [one for one in issues if one.code == issue.code and one.suggestion is None]
        names = [one.field for one in alike]
        if issue.code not in COLUMNS or issue.suggestion is not None or len(names) < 2:
            yield issue.message
        elif issue is alike[0]:
            told, then = COLUMNS[issue.code]
            counts = told.format(columns=counted(len(names), "colonne"))
            yield _joined(f"{counts}{NBSP}: {listed(names, most=SHOWN)}", f"{then}.")


def _joined(sentence: str, then: str) -> str:
    return f"{sentence}. {then}" if then else sentence
