"""French as people read it: numbers, dates, ranges, place names, plurals."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

THIN = "\u202f"  # narrow no-break space: thousands
SPACE = "\u00a0"  # no-break space: before a unit, inside « »

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)

# Names whose H is mute although most communes in H are aspirated.
_MUTE_H = ("hy", "hé", "hendaye", "hirson", "houilles")
_VOWELS = "aeiouâàäéèêëîïôöûüœæ"

# Articles of départements, for « dans le Lot » and « du Lot »; the others take « le ».
_FEMININE = frozenset(
    """
    Charente Charente-Maritime Corrèze Corse-du-Sud Côte-d'Or Creuse Dordogne Drôme Gironde
    Guadeloupe Guyane Haute-Corse Haute-Garonne Haute-Loire Haute-Marne Haute-Saône Haute-Savoie
    Haute-Vienne Loire Loire-Atlantique Lozère Manche Marne Martinique Mayenne Meurthe-et-Moselle
    Meuse Moselle Nièvre Réunion Sarthe Savoie Saône-et-Loire Seine-Maritime Seine-Saint-Denis
    Seine-et-Marne Somme Vendée Vienne
    """.split()  # noqa: SIM905 - names read better as a text than as forty quoted strings
)
_PLURAL = frozenset(
    """
    Alpes-Maritimes Alpes-de-Haute-Provence Ardennes Bouches-du-Rhône Côtes-d'Armor Deux-Sèvres
    Hautes-Alpes Hautes-Pyrénées Hauts-de-Seine Landes Pyrénées-Atlantiques Pyrénées-Orientales
    Vosges Yvelines
    """.split()  # noqa: SIM905
)
_BARE = {"Paris": "à Paris", "Mayotte": "à Mayotte", "La Réunion": "à La Réunion"}


def number(value: float, decimals: int = 0) -> str:
    """25036 -> '25 036'; (12.5, 1) -> '12,5'; a whole number drops its zero decimals."""
    text = f"{value:,.{decimals}f}"
    if decimals and float(value).is_integer():
        text = f"{value:,.0f}"
    if text.startswith("-") and not text.strip("-0.,"):
        text = text[1:]
    return text.replace("-", "\u2212").replace(",", THIN).replace(".", ",")


def percent(value: float, decimals: int = 1) -> str:
    """12.5 (already in %) -> '12,5 %'."""
    return f"{number(value, decimals)}{SPACE}%"


def decimals_for(value: float, unit: str | None) -> int:
    """How many decimals a figure supports: shares below 100 get one, large numbers none."""
    if unit == "%":
        return 1
    return 0 if abs(value) >= 100 or float(value).is_integer() else 1


def unit_for(value: float, unit: str) -> str:
    """(1, 'jours/an') -> 'jour/an'; (1, 'arrêtés') -> 'arrêté'; other units unchanged."""
    head, slash, tail = unit.partition("/")
    words = head.split(" ")
    if abs(value) < 2:
        words = [w[:-1] if len(w) > 3 and w.endswith("s") else w for w in words]
    return " ".join(words) + slash + tail


def spoken_unit(value: float, unit: str) -> str:
    """(9, 'jours/an') -> 'jours par an', as said in council."""
    head, slash, tail = unit_for(value, unit).partition("/")
    return f"{head} par {tail}" if slash and tail.isalpha() else unit_for(value, unit)


def between(low: float, high: float, unit: str | None = None) -> str:
    """(7, 15) -> 'entre 7 et 15'."""
    return f"entre {_plain(low, unit)} et {_plain(high, unit)}"


def interval(low: float, high: float, unit: str | None = None) -> str:
    """(7, 15) -> '[7–15]'."""
    return f"[{_plain(low, unit)}–{_plain(high, unit)}]"


def _plain(value: float, unit: str | None) -> str:
    return number(value, decimals_for(value, unit))


def day(moment: date | datetime) -> str:
    """2026-11-21 -> '21 novembre 2026'; the first of a month is '1er'."""
    first = "1er" if moment.day == 1 else str(moment.day)
    return f"{first}{SPACE}{MONTHS[moment.month - 1]}{SPACE}{moment.year}"


def readable_day(text: str) -> str:
    """'2026-11-21…' -> '21 novembre 2026'; '2026-09' -> 'septembre 2026'; else unchanged."""
    if month := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text):
        return f"{MONTHS[int(month[2]) - 1]}{SPACE}{month[1]}"
    try:
        return day(date.fromisoformat(text[:10]))
    except ValueError:
        return text


def plural(count: int, one: str, many: str | None = None) -> str:
    """(1, 'projet') -> '1 projet'; (3, 'projet') -> '3 projets'; zero is singular in French."""
    return f"{number(count)}{SPACE}{agree(count, one, many)}"


def agree(count: int, one: str, many: str | None = None) -> str:
    """The word alone: (2, 'vérifiée') -> 'vérifiées'."""
    return (many or one + "s") if count >= 2 else one


def listed(items: Iterable[str], last: str = "et") -> str:
    """['a', 'b', 'c'] -> 'a, b et c'."""
    words = list(items)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def typeset(text: str) -> str:
    """No-break spaces where French wants them: before ; : ! ? » % and after «."""
    return re.sub(r"« ", "«" + SPACE, re.sub(r" (?=[;:!?»%€])", SPACE, text))


def lower_first(text: str) -> str:
    """'Inventaire des arbres' -> 'inventaire des arbres'; an acronym keeps its capitals."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """'à Cahors' -> 'À Cahors'."""
    return text[:1].upper() + text[1:]


def elides(name: str) -> bool:
    """Does « de » lose its e before this name? 'Avignon' -> True; 'Le Havre' -> False."""
    low = name.lower()
    if low.startswith("y"):
        return low[1:2] not in _VOWELS
    return low[:1] in _VOWELS or low.startswith(_MUTE_H)


def at(name: str) -> str:
    """'Cahors' -> 'à Cahors'; 'Le Havre' -> 'au Havre'; 'Les Sables' -> 'aux Sables'."""
    head, _, tail = name.partition(" ")
    return {"Le": f"au {tail}", "Les": f"aux {tail}"}.get(head, f"à {name}")


def of(name: str) -> str:
    """'Cahors' -> 'de Cahors'; 'Avignon' -> 'd'Avignon'; 'Le Havre' -> 'du Havre'."""
    head, _, tail = name.partition(" ")
    contracted = {"Le": f"du {tail}", "Les": f"des {tail}"}.get(head)
    return contracted or (f"d'{name}" if elides(name) else f"de {name}")


def in_departement(name: str) -> str:
    """'Lot' -> 'dans le Lot'; 'Ain' -> 'dans l'Ain'; 'Paris' -> 'à Paris'."""
    return _BARE.get(name) or f"dans {_with_article(name)}"


def _with_article(name: str) -> str:
    bare = name.removeprefix("La ").removeprefix("la ")
    if bare in _PLURAL:
        return f"les {bare}"
    if elides(bare) or bare in {"Hérault", "Yonne"}:
        return f"l'{bare}"
    return f"la {bare}" if bare in _FEMININE or bare != name else f"le {bare}"


def inside(name: str, level: str) -> str:
    """Where a sentence takes place: 'à Cahors', 'dans la CA du Grand Cahors', 'dans le Lot'."""
    if level == "departement":
        return in_departement(name)
    if level == "region":
        return f"en région {name}"
    if level == "epci" and name.split(" ", 1)[0] in {"CA", "CC", "CU"}:
        return f"dans la {name}"
    return at(name)


def of_place(name: str, level: str) -> str:
    """'de Cahors', 'de la CA du Grand Cahors', 'du Lot'."""
    if level == "departement":
        said = _BARE[name].removeprefix("à ") if name in _BARE else _with_article(name)
        return of(said[:1].upper() + said[1:]) if said[:3] in ("le ", "les") else f"de {said}"
    if level == "epci" and name.split(" ", 1)[0] in {"CA", "CC", "CU"}:
        return f"de la {name}"
    return of(name)
