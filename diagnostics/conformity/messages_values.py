"""What is said of a cell that fails its type or a constraint of its field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data.schemas import Field
from diagnostics.conformity.cells import Cells, RowCheck
from diagnostics.conformity.patterns import UNKNOWN, described
from diagnostics.conformity.suggestions import FALSE, TRUE
from diagnostics.conformity.wording import NBSP, cited, counted, listed, number

Said = tuple[str, str]  # title, sentence

DATE_PARTS = {"%Y": "AAAA", "%y": "AA", "%m": "MM", "%d": "JJ", "%H": "HH", "%M": "MM", "%S": "SS"}
TEXTS = {
    "email": "n'est pas une adresse électronique|ne sont pas des adresses électroniques",
    "uri": "n'est pas une adresse de page internet|ne sont pas des adresses de page internet",
    "uuid": "n'est pas un identifiant UUID|ne sont pas des identifiants UUID",
    "binary": "n'est pas un texte encodé en base 64|ne sont pas des textes encodés en base 64",
}
EXAMPLES = {
    "email": f"Exemple{NBSP}: accueil@exemple.fr.",
    "uri": f"Exemple{NBSP}: https://www.exemple.fr/page.",
    "uuid": f"Exemple{NBSP}: 1b4e28ba-2fa1-41d2-883f-0016d3cca427.",
}
OUT_OF_LIST = "n'est pas dans la liste permise|ne sont pas dans la liste permise"
AGAINST = "ne suit pas une contrainte du standard|ne suivent pas une contrainte du standard"
OF_TIME = {
    "date": ("Format de date incorrect", "AAAA-MM-JJ (comme 2024-03-15)"),
    "datetime": (
        "Format de date et heure incorrect",
        "AAAA-MM-JJTHH:MM:SSZ (comme 2024-03-15T08:30:00Z)",
    ),
    "time": ("Format d'heure incorrect", "HH:MM:SS (comme 08:30:00)"),
    "year": ("Format d'année incorrect", "AAAA (comme 2024)"),
    "yearmonth": ("Format d'année et de mois incorrect", "AAAA-MM (comme 2024-03)"),
}
SIMPLE = {
    "number": (
        "Format de nombre incorrect",
        "n'est pas un nombre|ne sont pas des nombres",
        f"N'écrivez que des chiffres et le séparateur décimal{NBSP}: 12.5.",
    ),
    "integer": (
        "Format entier incorrect",
        "n'est pas un nombre entier|ne sont pas des nombres entiers",
        f"N'écrivez que des chiffres, sans espace ni décimale{NBSP}: 12.",
    ),
    "duration": (
        "Durée incorrecte",
        "n'est pas une durée|ne sont pas des durées",
        f"Exemple{NBSP}: P1Y pour un an.",
    ),
    "geopoint": (
        "Format de coordonnées incorrect",
        "n'est pas un point|ne sont pas des points",
        "Écrivez la longitude puis la latitude, en degrés, avec un point pour les décimales.",
    ),
    "geojson": (
        "Géométrie incorrecte",
        "n'est pas une géométrie GeoJSON|ne sont pas des géométries GeoJSON",
        "",
    ),
    "array": (
        "Liste incorrecte",
        "n'est pas une liste|ne sont pas des listes",
        f'Écrivez-la entre crochets{NBSP}: ["a", "b"].',
    ),
    "list": ("Liste incorrecte", "n'est pas une liste|ne sont pas des listes", ""),
    "object": (
        "Objet incorrect",
        "n'est pas un objet JSON|ne sont pas des objets JSON",
        f'Exemple{NBSP}: {{"nom":"valeur"}}.',
    ),
}
BOUNDS = {
    "minimum": ("Valeur trop petite", "est inférieure à {}|sont inférieures à {}"),
    "exclusiveMinimum": (
        "Valeur trop petite",
        "n'est pas supérieure à {}|ne sont pas supérieures à {}",
    ),
    "maximum": ("Valeur trop grande", "est supérieure à {}|sont supérieures à {}"),
    "exclusiveMaximum": (
        "Valeur trop grande",
        "n'est pas inférieure à {}|ne sont pas inférieures à {}",
    ),
    "minLength": ("Valeur trop courte", "a moins de {}|ont moins de {}"),
    "maxLength": ("Valeur trop longue", "a plus de {}|ont plus de {}"),
}


@dataclass(frozen=True)
class Found:
    """What a check found, before it is worded."""

    check: RowCheck
    cells: Cells
    count: int
    rows: tuple[int, ...]
    example: str | None
    suggestion: str | None

    @property
    def field(self) -> Field | None:
        """The field of the schema that bears the error."""
        return self.cells.schema.field(self.check.field or "")

    def values(self, fault: str, then: str = "") -> str:
        """« 3 valeurs de la colonne « X » ne sont pas..., par exemple « a » (ligne 4). »

        `fault` is said of one value, then, after a bar, of several.
        """
        where = f" de la colonne {cited(self.check.field)}" if self.check.field else ""
        one, _, many = fault.partition("|")
        told = one if self.count < 2 else many or one
        tail = f" {then}" if then else ""
        near = f" Valeur proche{NBSP}: {cited(self.suggestion)}." if self.suggestion else ""
        return f"{counted(self.count, 'valeur')}{where} {told}{self.shown()}.{near}{tail}"

    def shown(self) -> str:
        """The example and where it stands."""
        if self.example is None:
            return f" ({self.line()})" if self.rows else ""
        at = f" ({self.line()})" if self.rows else ""
        before = ", par exemple " if self.count > 1 else f"{NBSP}: "
        return f"{before}{cited(self.example)}{at}"

    def line(self) -> str:
        """The first line, counted as everywhere: header excluded."""
        return f"ligne de données {number(self.rows[0])}" if self.rows else ""


def said(at: Found) -> Said | None:
    """The title and the sentence of a type or constraint error; None for another code."""
    if at.check.code == "type-error":
        return _type(at)
    if at.check.code == "constraint-error":
        return _constraint(at)
    return None


def _type(at: Found) -> Said:
    kind = at.field.type if at.field else "string"
    if kind in OF_TIME:
        title, form = OF_TIME[kind]
        written = _form(at.field, form)
        return title, at.values(f"n'a pas la forme {written}|n'ont pas la forme {written}")
    if kind == "boolean":
        return "Valeur booléenne incorrecte", at.values(
            "n'est ni vraie ni fausse|ne sont ni vraies ni fausses", _boolean(at.field)
        )
    if kind in SIMPLE:
        title, fault, then = SIMPLE[kind]
        return title, at.values(fault, then)
    given = at.field.format if at.field else "default"
    fault = TEXTS.get(given, "n'est pas un texte|ne sont pas des textes")
    return "Format de texte incorrect", at.values(fault, EXAMPLES.get(given, ""))


def _form(field: Field | None, form: str) -> str:
    """« AAAA-MM-JJ (comme 2024-03-15) », from the format of the schema when it gives one."""
    given = field.format if field else "default"
    if "%" not in given:
        return form
    example = datetime(2024, 3, 15, 8, 30).strftime(given)
    for code, word in DATE_PARTS.items():
        given = given.replace(code, word)
    return f"{given} (comme {example})" if "%" not in given else f"de {example}"


def _boolean(field: Field | None) -> str:
    raw = field.raw if field else {}
    true, false = _words(raw.get("trueValues"), TRUE), _words(raw.get("falseValues"), FALSE)
    return f"Écrivez {cited(true[0])} ou {cited(false[0])}."


def _constraint(at: Found) -> Said:
    rule = at.check.rule.rpartition(".")[2]
    wanted = wanted_by(at.check, at.field, rule)
    if rule == "required":
        return "Valeur manquante", _required(at)
    if rule == "unique":
        return "Valeur dupliquée", duplicated(at)
    if rule == "enum":
        return "Valeur incorrecte", at.values(OUT_OF_LIST, _allowed(wanted))
    if rule == "pattern":
        return "Format incorrect", _pattern(at, wanted)
    if rule in BOUNDS:
        title, fault = BOUNDS[rule]
        return title, at.values(fault.replace("{}", _bound(rule, wanted)))
    return "Valeur incorrecte", at.values(AGAINST)


def wanted_by(check: RowCheck, field: Field | None, rule: str) -> Any:
    """What the constraint asks for: on the values, or on the items of a list."""
    item = field.raw.get("arrayItem") if field else None
    of_items = item.get("constraints") if isinstance(item, dict) else None
    for place in (field.constraints if field else {}, of_items, check.details):
        if isinstance(place, dict) and rule in place:
            return place[rule]
    return check.details.get("value")


def _required(at: Found) -> str:
    lines = "1\u00a0ligne n'y a" if at.count < 2 else f"{number(at.count)}\u00a0lignes n'y ont"
    first = f" (la première{NBSP}: {at.line()})" if at.rows and at.count > 1 else ""
    only = f" ({at.line()})" if at.rows and at.count < 2 else ""
    return (
        f"La colonne {cited(at.check.field)} est obligatoire{NBSP}: {lines} pas de valeur"
        f"{first}{only}. Complétez-la"
    )


def duplicated(at: Found) -> str:
    """Values that stand several times where each should stand once."""
    again = "répète une valeur" if at.count < 2 else "répètent une valeur"
    return (
        f"{counted(at.count, 'ligne')} {again} déjà vue dans la colonne"
        f" {cited(at.check.field)}{at.shown()}. Chaque valeur doit y être unique"
    )


def _allowed(wanted: Any) -> str:
    if not isinstance(wanted, list) or not wanted:
        return ""
    if len(wanted) == 1:
        return f"Seule valeur permise{NBSP}: {cited(wanted[0])}."
    return f"Valeurs permises{NBSP}: {listed(wanted)}."


def _pattern(at: Found, wanted: Any) -> str:
    example = at.field.raw.get("example") if at.field else None
    shown = str(example) if isinstance(example, str | int | float) else None
    if not isinstance(wanted, str):
        return at.values(f"n'a pas {UNKNOWN}|n'ont pas {UNKNOWN}")
    words, good = described(at.cells.scratch, wanted, shown)
    if words == UNKNOWN:
        fault = f"n'a pas {words}|n'ont pas {words}"
    else:
        fault = f"n'a pas la forme attendue, {words}|n'ont pas la forme attendue, {words}"
    then = f"Une valeur de cette forme{NBSP}: {cited(good)}." if good else ""
    return at.values(fault, then)


def _bound(rule: str, wanted: Any) -> str:
    if rule in ("minLength", "maxLength") and isinstance(wanted, int):
        return counted(wanted, "caractère")
    return str(wanted).replace(".", ",") if isinstance(wanted, float) else str(wanted)


def _words(given: Any, default: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(one) for one in given) if isinstance(given, list) and given else default
