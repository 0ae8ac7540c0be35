"""Names of columns: as the file gives them, made final, and what their words hint at."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

SPACES = re.compile(r"\s+")
HUMP = re.compile(r"(?<=[a-zé])(?=[A-Z])")
WORD = re.compile(r"[a-z]+|\d+")
NUMERO = re.compile(r"\s*n(?:[°º˚]|[o0r]\b|[\s_.]+\w)", re.IGNORECASE)  # « N° », « n d'acte »
INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")


def listed(text: str) -> frozenset[str]:
    """Words written one after the other."""
    return frozenset(text.split())


COUNTS = listed("nb nbr nbre nombre count effectif effectifs total quantite qte somme montant")
CODES = listed(
    "code codes id ident identifiant ref reference numero num no matricule parcelle section article"
    " chapitre nomenclature uai rna uuid cle version telephone tel siret siren"
)
AMOUNTS = listed(
    "montant montants solde credit debit depense depenses recette recettes budget ecart resultat"
    " prix cout total variation subvention euros eur"
)
DATES = listed("date dates dt datetime horodatage timestamp jour naissance echeance")
YEARS = listed("annee annees an year exercice millesime")
COMMUNES = listed("commune communes ville villes municipalite nomcom")


def final(names: Sequence[str | None]) -> list[str]:
    """Names in normal form: folded, `_2` and `_3` when repeated, `colonne_<n>` when empty."""
    cleaned = [clean(name or "") for name in names]
    given = {name for name in cleaned if name}
    taken: set[str] = set()
    made = []
    for place, name in enumerate(cleaned, start=1):
        wanted = name or f"colonne_{place}"
        if wanted in taken or (not name and wanted in given):
            wanted = _numbered(wanted, taken | given)
        taken.add(wanted)
        made.append(wanted)
    return made


def clean(name: str) -> str:
    """Trimmed, white space folded to one space, invisible signs gone; accents and case kept."""
    return SPACES.sub(" ", INVISIBLE.sub("", name)).strip()


def fold(text: str) -> str:
    """Lower case without accents."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).lower()


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """The words of a header: « dateDePlantation », « Date de plantation »: date, de, plantation."""
    return tuple(WORD.findall(fold(HUMP.sub(" ", name))))


def has(name: str, *wanted: str) -> bool:
    """Whether one of the words stands in the header, whole."""
    return not set(wanted).isdisjoint(words(name))


def joined(name: str) -> str:
    """The words of a header run together: « code INSEE » -> « codeinsee »."""
    return "".join(words(name))


def says_count(name: str) -> bool:
    """A header that announces how many, or how much."""
    return not COUNTS.isdisjoint(words(name))


def says_code(name: str) -> bool:
    """A header that announces an identifier: its figures are no quantity."""
    known = not CODES.isdisjoint(words(name)) or NUMERO.match(name) is not None
    return known and not says_count(name)


def says_amount(name: str) -> bool:
    """A header that announces money."""
    return not AMOUNTS.isdisjoint(words(name))


def says_date(name: str) -> bool:
    """A header that announces dates."""
    spoken = not DATES.isdisjoint(words(name))
    return spoken and not has(name, "nb", "nombre", "duree", "age", "nbr")


def says_year(name: str) -> bool:
    """A header that announces years."""
    return not YEARS.isdisjoint(words(name)) and not says_count(name)


def _numbered(name: str, taken: set[str]) -> str:
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"
