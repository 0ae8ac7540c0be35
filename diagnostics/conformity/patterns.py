"""What a pattern asks for, in words: found by trying values on it, never by showing it.

Patterns come from schemas that anyone may write: they run in RE2, whose time is linear.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data.scratch import Scratch, ScratchError

UNKNOWN = "la forme demandée par le standard"
MOST_DIGITS = 20
LONGEST = 2_000  # characters of a pattern that is tried


@dataclass(frozen=True)
class Shape:
    """A form that patterns often ask for: all of `good` pass, none of `bad`."""

    words: str
    good: tuple[str, ...]
    bad: tuple[str, ...] = ()


SHAPES = (
    Shape("un numéro SIRET, 14 chiffres sans espace", ("21460042100017",), ("2146004210001",)),
    Shape("un numéro SIREN, 9 chiffres sans espace", ("214600421",), ("21460042", "2146004215")),
    Shape(
        "un code INSEE de commune, 5 caractères",
        ("46042", "2A004", "01001"),
        ("4604", "460420", "AB004", "46 42"),
    ),
    Shape("un code postal, 5 chiffres", ("46000", "01000"), ("4600", "460000", "2A004", "Cahors")),
    Shape("un identifiant d'association, W et 9 chiffres", ("W461000123",), ("461000123",)),
    Shape(
        "une date écrite année-mois-jour", ("2024-03-15",), ("15/03/2024", "2024", "2024-03-15T")
    ),
    Shape(
        "une date écrite jour/mois/année", ("15/03/2024",), ("2024-03-15", "2024", "texte 15/03")
    ),
    Shape("une date et une heure", ("2024-03-15T08:30:00",), ("2024-03-15", "texte")),
    Shape("une année ou une période", ("2024", "2024/2025"), ("24", "2024-2025")),
    Shape("une période de deux années", ("2024/2025",), ("2024", "2024-2025")),
    Shape("une année et un mois", ("2024-03",), ("2024", "03/2024", "texte")),
    Shape("une année, 4 chiffres", ("2024",), ("24", "20245", "abcd")),
    Shape("une heure", ("08:30",), ("8h30", "texte")),
    Shape("un numéro de téléphone", ("0565208740",), ("texte", "56520")),
    Shape("un numéro de téléphone avec son indicatif", ("+33565208740",), ("texte", "0565208740")),
    Shape("un numéro de téléphone", ("05 65 20 87 40",), ("texte",)),
    Shape("une adresse électronique", ("accueil@exemple.fr",), ("accueil", "exemple.fr")),
    Shape(
        "l'adresse d'une page, qui commence par https://",
        ("https://www.exemple.fr/page",),
        ("texte", "accueil@exemple.fr"),
    ),
    Shape("un identifiant UUID", ("1b4e28ba-2fa1-41d2-883f-0016d3cca427",), ("1b4e28ba", "texte")),
    Shape("une longitude et une latitude entre crochets", ("[1.4406, 44.4472]",), ("1.4406",)),
    Shape("une longitude et une latitude entre crochets", ("[1.4406,44.4472]",), ("1.4406",)),
    Shape("une longitude et une latitude", ("1.4406,44.4472",), ("1.4406", "texte")),
    Shape("un code de matière, chiffre point chiffre", ("7.5", "1.10"), ("7", "7,5", "1.100")),
    Shape("un nombre avec un point pour les décimales", ("12.5", "3"), ("12,5", "texte")),
    Shape("un code de département", ("46", "2A", "971"), ("4", "Lot")),
    Shape("des lettres majuscules", ("LOT", "CAHORS"), ("lot", "Cahors", "123")),
    Shape("un mot en lettres minuscules", ("lot", "cahors"), ("LOT", "123")),
    Shape("un code de pays de deux lettres", ("FR",), ("FRA", "fr", "12")),
)
DIGITS = tuple("1234567890" * 3)


def described(scratch: Scratch, pattern: str, example: str | None = None) -> tuple[str, str | None]:
    """What a pattern asks for, and a good value; the example of the schema comes first."""
    tried = [value for shape in SHAPES for value in (*shape.good, *shape.bad)]
    counts = ["".join(DIGITS[:length]) for length in range(1, MOST_DIGITS + 1)]
    passed = passing(scratch, pattern, [*tried, *counts, *([example] if example else [])])
    if passed is None:
        return UNKNOWN, example
    kept = example if example in passed else None
    for shape in SHAPES:
        if passed.issuperset(shape.good) and passed.isdisjoint(shape.bad):
            return shape.words, kept or shape.good[0]
    of_digits = [value for value in counts if value in passed]
    if len(of_digits) == 1:
        length = len(of_digits[0])
        return (f"{length} chiffres" if length > 1 else "un chiffre"), kept or of_digits[0]
    return UNKNOWN, kept


def passing(scratch: Scratch, pattern: str, values: Sequence[str]) -> set[str] | None:
    """The values that a pattern accepts whole; None when it cannot be tried here."""
    if len(pattern) > LONGEST:
        return None
    try:
        found = scratch.rows(
            "select v from (select unnest($1::varchar[]) as v) where regexp_full_match(v, $2)",
            [list(values), pattern],
        )
    except ScratchError:
        return None
    return {value for (value,) in found}
