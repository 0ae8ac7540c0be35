"""What is said of the French custom checks."""

from __future__ import annotations

from collections.abc import Callable

from diagnostics.conformity.messages_values import Found, Said
from diagnostics.conformity.wording import NBSP, cited, counted, listed

OPERATORS = {
    ">": "supérieure à",
    ">=": "supérieure ou égale à",
    "==": "égale à",
    "<=": "inférieure ou égale à",
    "<": "inférieure à",
}
# rule -> title, fault, what to do
VALUES = {
    "siret": (
        "SIRET incorrect",
        "n'est pas un SIRET valide|ne sont pas des SIRET valides",
        f"Un SIRET a 14 chiffres, dont une clé{NBSP}: vérifiez-le à l'annuaire des entreprises.",
    ),
    "siren": (
        "SIREN incorrect",
        "n'est pas un SIREN valide|ne sont pas des SIREN valides",
        f"Un SIREN a 9 chiffres, dont une clé{NBSP}: vérifiez-le à l'annuaire des entreprises.",
    ),
    "nomenclature-acte": (
        "Nomenclature des actes incorrecte",
        "ne suit pas la nomenclature des actes|ne suivent pas la nomenclature des actes",
        f"Forme attendue{NBSP}: Finances locales/Subventions, sans espace autour de la barre.",
    ),
    "phone-number-value": (
        "Numéro de téléphone incorrect",
        "n'est pas un numéro valide|ne sont pas des numéros valides",
        f"Formes permises{NBSP}: 05 65 20 87 40, +33 5 65 20 87 40 ou un numéro court.",
    ),
    "opening-hours-value": (
        "Horaires d'ouverture incorrects",
        "ne suit pas l'écriture d'OpenStreetMap|ne suivent pas l'écriture d'OpenStreetMap",
        f"Exemple{NBSP}: Mo-Fr 09:00-12:00,14:00-17:30 pour du lundi au vendredi.",
    ),
    "year-interval-value": (
        "Intervalle d'années incorrect",
        "n'est pas une période de deux années dans l'ordre"
        "|ne sont pas des périodes de deux années dans l'ordre",
        f"Exemple{NBSP}: 2024/2025.",
    ),
    "gps-reversed": (
        "Coordonnées GPS inversées",
        "a sa latitude avant sa longitude|ont leur latitude avant leur longitude",
        "Écrivez la longitude avant la latitude.",
    ),
    "gps": (
        "Coordonnées GPS invalides",
        "n'est pas un point situé en France|ne sont pas des points situés en France",
        "Vérifiez la longitude et la latitude.",
    ),
    "code-commune-insee": (
        "Code de commune incorrect",
        "n'est pas un code INSEE de commune|ne sont pas des codes INSEE de commune",
        "Ce n'est pas le code postal.",
    ),
    "code-postal": (
        "Code postal incorrect",
        "n'est pas un code postal français|ne sont pas des codes postaux français",
        "",
    ),
    "code-region": (
        "Code de région incorrect",
        "n'est pas un code de région|ne sont pas des codes de région",
        "",
    ),
    "numero-departement": (
        "Numéro de département incorrect",
        "n'est pas un numéro de département|ne sont pas des numéros de département",
        "",
    ),
    "departement": (
        "Département incorrect",
        "n'est pas le nom d'un département|ne sont pas des noms de département",
        "",
    ),
    "commune": (
        "Commune incorrecte",
        "n'est pas le nom d'une commune|ne sont pas des noms de commune",
        "",
    ),
    "region": (
        "Région incorrecte",
        "n'est pas le nom d'une région|ne sont pas des noms de région",
        "",
    ),
    "canton": (
        "Canton incorrect",
        "n'est pas le nom d'un canton|ne sont pas des noms de canton",
        "",
    ),
    "pays": ("Pays incorrect", "n'est pas le nom d'un pays|ne sont pas des noms de pays", ""),
    "code-pays-iso2": (
        "Code de pays incorrect",
        "n'est pas un code de pays de deux lettres|ne sont pas des codes de pays de deux lettres",
        "",
    ),
    "code-pays-iso3": (
        "Code de pays incorrect",
        "n'est pas un code de pays de trois lettres|ne sont pas des codes de pays de trois lettres",
        "",
    ),
}
SOLIDARITY, ONE_REQUIRED = "Colonnes non solidaires", "Un élément requis"


def said(at: Found) -> Said | None:
    """The title and the sentence of a custom check; None for another code."""
    made = _COLUMNS.get(at.check.code)
    if made:
        return made(at)
    known = VALUES.get(at.check.rule)
    if known is None:
        return None
    title, fault, then = known
    if at.check.rule == "year-interval-value" and at.check.details.get("alone"):
        fault = fault.replace("|", " ni une année seule|") + " ni des années seules"
    return title, at.values(fault, then)


def absent(code: str, names: tuple[str, ...], missing: tuple[str, ...]) -> Said:
    """Columns that go together, of which the file lacks some."""
    if code == "one-of-required":
        return ONE_REQUIRED, f"Il faut au moins une des colonnes {listed(names, 'ou')}"
    verb = "manque" if len(set(missing)) < 2 else "manquent"
    return SOLIDARITY, (
        f"Les colonnes {listed(names)} vont ensemble, or {listed(sorted(set(missing)))} {verb}."
        " Ajoutez ce qui manque ou retirez les autres"
    )


def _lines(at: Found, fault: str, faults: str, then: str) -> str:
    told = fault if at.count < 2 else faults
    first = f" ({at.line()})" if at.rows else ""
    return f"{counted(at.count, 'ligne')} {told}{first}. {then}"


def _cohesive(at: Found) -> Said:
    names = listed(at.check.details.get("columns", ()))
    then = f"Les colonnes {names} doivent être toutes remplies ou toutes vides"
    return SOLIDARITY, _lines(
        at, "n'est remplie qu'en partie", "ne sont remplies qu'en partie", then
    )


def _one_of(at: Found) -> Said:
    names = listed(at.check.details.get("columns", ()), "ou")
    return ONE_REQUIRED, _lines(
        at, "est incomplète", "sont incomplètes", f"Remplissez au moins {names}"
    )


def _compare(at: Found) -> Said:
    first, second = at.check.details.get("columns", ("", ""))
    relation = OPERATORS.get(str(at.check.details.get("op")), "comparable à")
    fault = f"de {cited(first)} n'est pas {relation} celle de {cited(second)}"
    faults = f"de {cited(first)} ne sont pas {_several(relation)} celles de {cited(second)}"
    told = fault if at.count < 2 else faults
    return "Erreur de comparaison", (
        f"{counted(at.count, 'valeur')} {told} sur la même ligne{at.shown()}."
        " Vérifiez les deux colonnes"
    )


def _several(relation: str) -> str:
    return " ".join(
        f"{word}s" if word.endswith(("re", "le")) else word for word in relation.split(" ")
    )


def _sum(at: Found) -> Said:
    whole, *parts = at.check.details.get("columns", ("",))
    fault = "n'est pas la somme" if at.count < 2 else "ne sont pas la somme"
    return "Somme de colonnes incorrecte", (
        f"{counted(at.count, 'valeur')} de {cited(whole)} {fault} de {listed(parts)}{at.shown()}."
        " Vérifiez le total ou ses parties"
    )


_COLUMNS: dict[str, Callable[[Found], Said]] = {
    "cohesive-columns-value": _cohesive,
    "one-of-required": _one_of,
    "compare-columns-value": _compare,
    "sum-columns-value": _sum,
}
