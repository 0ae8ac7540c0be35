"""Why a column was given a field, or none: one French sentence for the person who decides."""

from __future__ import annotations

from data.schemas import Field
from diagnostics.mapping.names import squashed
from diagnostics.mapping.personal import TEXT, PersonalFlag

_EXPECTED = {
    "date": "des dates",
    "datetime": "des dates",
    "number": "des nombres",
    "integer": "des nombres entiers",
    "boolean": "des oui ou non",
    "year": "des années",
    "geopoint": "des coordonnées",
}


def reason(
    header: str,
    field: Field | None,
    *,
    corrected: bool = False,
    flag: PersonalFlag | None = None,
    name: float = 0.0,
    fit: float = 0.0,
    sure: bool = False,
    rival: str | None = None,
) -> str:
    """The sentence; `name` and `fit` are the likeness of the names and the fit of the values."""
    if corrected:
        return _remembered(field)
    if flag is not None:
        return _personal(flag, field)
    if field is None:
        return "Aucun champ du standard ne correspond assez à cette colonne."
    said = f"{_by_name(header, field, name)}{_by_values(field, fit, name)}"
    doubt = "" if sure else _doubt(rival)
    return f"{said}.{doubt}"


def _remembered(field: Field | None) -> str:
    if field is None:
        return "Vous avez déjà écarté cette colonne pour ce producteur et ce standard."
    return f"Vous avez déjà choisi {_quoted(field.name)} pour ce producteur et ce standard."


def _personal(flag: PersonalFlag, field: Field | None) -> str:
    if field is None:
        return f"Données personnelles, colonne laissée de côté. {flag.why}"
    ask = "relisez-le avant de publier" if flag.kind == TEXT else "confirmez qu'elle peut paraître"
    return f"Données personnelles possibles. {flag.why} Pour {_quoted(field.name)}, {ask}."


def _by_name(header: str, field: Field, name: float) -> str:
    if squashed(header) == squashed(field.name):
        return f"Le nom est celui du champ {_quoted(field.name)}"
    if name >= 0.999:
        return f"{_quoted(header)} est une appellation courante de {_quoted(field.name)}"
    if name >= 0.7:
        return f"{_quoted(header)} dit à peu près la même chose que {_quoted(field.name)}"
    if name >= 0.4:
        return f"{_quoted(header)} ressemble en partie à {_quoted(field.name)}"
    return f"Le nom ne dit rien de sûr\u00a0; il s'agirait de {_quoted(field.name)}"


def _by_values(field: Field, fit: float, name: float) -> str:
    link = "et" if name >= 0.4 else "car"
    if fit >= 0.5:
        what = _EXPECTED.get(field.type)
        return (
            f", {link} les valeurs sont bien {what}"
            if what
            else f", {link} les valeurs conviennent"
        )
    if fit <= -0.3:
        return ", mais les valeurs ne sont pas celles qu'il attend"
    return ""


def _doubt(rival: str | None) -> str:
    return f" À vérifier\u00a0: ce peut être {_quoted(rival)}." if rival else " À vérifier."


def _quoted(text: str) -> str:
    return f"«\u00a0{text}\u00a0»"
